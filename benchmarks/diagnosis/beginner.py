"""What `tenfold examine` says of the twenty programs of `examples/beginner`, and the page that shows it.

    python benchmarks/diagnosis/beginner.py            # asks the command of each; writes results and docs/examine.md
    python benchmarks/diagnosis/beginner.py --page     # the page again, from the results

Each program is given to the command as a user would: `tenfold examine --build FILE.py:build`.
"""

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from machine import describe_machine  # noqa: E402

PROGRAMS = ROOT / "examples" / "beginner"
RESULTS = ROOT / "benchmarks" / "results" / "diagnosis" / "beginner.json"
PAGE = ROOT / "docs" / "examine.md"
SHOWN_WHOLE = ("price_of_flats.py", "digits_too_fast.py")
"""Programs whose whole transcript the page shows."""


def asked(name: str) -> dict[str, Any]:
    """The command's answer for one program."""
    command = [sys.executable, "-m", "tenfold", "examine", "--build", f"examples/beginner/{name}:build"]
    began = time.monotonic()
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, cwd=ROOT, check=False, env=_quiet())
    seconds = time.monotonic() - began
    answer = json.loads(done.stdout)
    found = {"program": name, "seconds": round(seconds, 1), "exit_code": done.returncode}
    found["findings"] = answer["findings"]
    if name in SHOWN_WHOLE:
        shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=_quiet())
        found["transcript"] = shown.stdout
    return found


def _quiet() -> dict[str, str]:
    return os.environ | {"KERAS_BACKEND": "jax", "TENFOLD_PROGRESS": "none"}


def page(results: dict[str, Any]) -> str:
    """docs/examine.md."""
    lines = [_HEAD.format(**results["machine"], date=results["date"])]
    expected = json.loads((PROGRAMS / "expected.json").read_text(encoding="utf-8"))
    for one in results["programs"]:
        if "transcript" in one:
            lines += [f"## {_title(one['program'])}", "", "```console",
                      f"$ tenfold examine --build examples/beginner/{one['program']}:build", one["transcript"].rstrip(),
                      "```", ""]  # fmt: skip
    right = sum(_names_it(one, expected[one["program"]]) for one in results["programs"])
    lines += [f"## All {len(results['programs'])}", "",
              f"The first cause stands first in {right} of {len(results['programs'])} programs.", ""]  # fmt: skip
    for one in results["programs"]:
        lines += _of_program(one, expected[one["program"]])
    return "\n".join(lines).rstrip() + "\n"


def _of_program(one: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    loud = [finding for finding in one["findings"] if finding["severity"] != "tip"]
    first = loud[0] if loud else None
    fault = expected["first"] + (f", {expected['second']}" if expected["second"] else "")
    lines = [f"**{_title(one['program'])}** (`{one['program']}`; what is wrong: {fault})", ""]
    if first is None:
        return [*lines, "> nothing above a tip", ""]
    said = f"{first['code']} {first['severity']} ({first['fault']}): {first['message']} *{first['repair']}*"
    lines += [f"> {line}" for line in textwrap.wrap(said, 110, break_on_hyphens=False)]
    others = ", ".join(f"{finding['code']} ({finding['fault']})" for finding in loud[1:])
    return [*lines, *([">", f"> then: {others}"] if others else []), ""]


def _names_it(one: dict[str, Any], expected: dict[str, Any]) -> bool:
    loud = [finding["fault"] for finding in one["findings"] if finding["severity"] != "tip"]
    return bool(loud) and loud[0] in (expected["first"], *expected["also_acceptable"])


def _title(name: str) -> str:
    words = (PROGRAMS / name).read_text(encoding="utf-8").splitlines()[0]
    return words.strip('"').rstrip(".")


_HEAD = """# What is wrong with this program?

`tenfold examine` reads a model and its data, trains it a few times for some seconds in different ways (as it is, with
other learning rates, with scaled data, longer, ...), and says what it found, the likeliest first cause first. Below are
twenty short programs as a beginner would write them, each with a fault, some with two
([examples/beginner](../examples/beginner/README.md)), and what the command says of them. The rules behind the codes:
[checks.md](checks.md). How often they are right on other programs: [diagnosis.md](diagnosis.md).

The exit code is 1 where something is above a tip (`--fail-on error` is milder), so the command can stand in CI.
From Python: `tenfold.examine(model, x, y, epochs=..., batch_size=...)`.

<!-- written by benchmarks/diagnosis/beginner.py from benchmarks/results/diagnosis/beginner.json -->

Asked on {date} on {processor} ({cores} cores).
"""


def main() -> None:
    """Ask, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="only write the page from the results")
    if not parser.parse_args().page:
        names = json.loads((PROGRAMS / "expected.json").read_text(encoding="utf-8"))
        found = []
        for name in names:
            found.append(asked(name))
            loud = [one["fault"] for one in found[-1]["findings"] if one["severity"] != "tip"]
            print(f"{name:34} {names[name]['first']:20} {', '.join(loud)}", flush=True)
        results = {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat(), "programs": found}
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
