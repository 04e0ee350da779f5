"""How often do the checks name the fault? Runs `tenfold.examine` over the development set, and scores what it says.

    python benchmarks/diagnosis/measure.py --seeds 3               # all programs that checks may be tuned on
    python benchmarks/diagnosis/measure.py --sound                 # false findings only
    python benchmarks/diagnosis/measure.py --fault dropout capacity --again
    python benchmarks/diagnosis/measure.py --only xor_relu_end     # one program: every finding is printed
    python benchmarks/diagnosis/measure.py --real                  # held-out: look once, when the thresholds stand
    python benchmarks/diagnosis/measure.py --publish               # from the lines to benchmarks/results and docs

One line of JSON a program and seed goes to `.benchmarks/diagnosis/examined.jsonl`. What is there is not run again
without `--again`; the last line counts.
"""

import argparse
import datetime as dt
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "1")  # one worker a core, one device a worker

from diagnosis.catalogue import add_choices, chosen, everything  # noqa: E402
from diagnosis.diagnosis_page import write_page  # noqa: E402
from diagnosis.program import PROGRAMS  # noqa: E402
from diagnosis.scoring import summary  # noqa: E402
from machine import describe_machine  # noqa: E402

LINES = ROOT / ".benchmarks" / "diagnosis" / "examined.jsonl"
RESULTS = ROOT / "benchmarks" / "results" / "diagnosis"
PAGE = ROOT / "docs" / "diagnosis.md"
SECONDS_ALLOWED = 300
PROGRAMS_A_WORKER = 12
"""A worker is replaced after so many, since compiled programs stay in memory."""


def examined(name: str, seed: int) -> dict[str, Any]:
    """What `examine` says of one program, as a line."""
    import tenfold

    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(SECONDS_ALLOWED)
    line: dict[str, Any] = {"program": name, "seed": seed}
    try:
        with _quiet():
            findings, line["seconds"] = _findings(tenfold, name, seed)
        line["findings"] = [
            {"code": one.code, "fault": one.fault, "severity": one.severity, "message": one.message} for one in findings
        ]
    except Exception as problem:  # noqa: BLE001  # an error is an answer too: a bad one
        line |= {"findings": [], "error": f"{type(problem).__name__}: {problem}"[:400]}
    finally:
        signal.alarm(0)
    return line


def _findings(tenfold: Any, name: str, seed: int) -> tuple[list[Any], float]:
    import keras

    program = PROGRAMS[name]
    x, y, validation = program.data(seed)
    keras.utils.set_random_seed(seed)
    model = program.build()
    start = time.perf_counter()
    settings = {"epochs": program.epochs, "batch_size": program.batch_size, "seed": seed}
    findings = list(tenfold.examine(model, x, y, validation_data=validation, **settings))
    return findings, round(time.perf_counter() - start, 3)


def _stop(*_: Any) -> None:
    raise TimeoutError(SECONDS_ALLOWED)


def _quiet() -> Any:
    import warnings

    return warnings.catch_warnings(action="ignore")


def run(tasks: Sequence[tuple[str, int]], processes: int) -> Iterator[dict[str, Any]]:
    """Lines of these programs and seeds, as they come."""
    many = processes * PROGRAMS_A_WORKER
    for first in range(0, len(tasks), many):  # Python 3.11 can hang where it replaces workers itself (gh-115634)
        with ProcessPoolExecutor(processes, get_context("spawn"), initializer=os.nice, initargs=(10,)) as pool:
            for done in as_completed([pool.submit(examined, *task) for task in tasks[first : first + many]]):
                yield done.result()


def lines_of(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The last line of each program and seed."""
    lines = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return {(line["program"], line["seed"]): line for line in lines}


def show(lines: Iterable[dict[str, Any]]) -> None:
    """Prints each program with what was said of it, and the shares."""
    lines = list(lines)
    for line in lines:
        _show_line(line)
    found = summary(everything(), lines)
    print(json.dumps({key: value for key, value in found.items() if not isinstance(value, dict)}, indent=1))
    for fault, row in found["faults"].items():
        print(
            f"{fault:20s} named {row['named']:.2f}  first {row['first']:.2f}  of {row['runs']:3d}  {row['first_names']}"
        )


def _show_line(line: dict[str, Any]) -> None:
    program = PROGRAMS[line["program"]]
    said = [f"{one['fault']} ({one['code']}, {one['severity']})" for one in line["findings"]]
    print(f"{program.fault or 'sound':20s} {program.name:36s} {line['seed']}  {line.get('error') or ', '.join(said)}")


def publish() -> None:
    """Writes the results of everything that was run, and the page."""
    known = set(PROGRAMS)
    lines = [line for line in lines_of(LINES).values() if line["program"] in known]
    kept = [{key: value for key, value in line.items() if key != "findings"} | _short(line) for line in lines]
    results = {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat(), "lines": kept}
    RESULTS.mkdir(parents=True, exist_ok=True)
    rows = ",\n  ".join(json.dumps(line) for line in sorted(kept, key=lambda one: (one["program"], one["seed"])))
    head = json.dumps(results | {"lines": []}, indent=1)
    (RESULTS / "examined.json").write_text(head.replace('"lines": []', f'"lines": [\n  {rows}\n ]') + "\n")
    write_page(RESULTS, PAGE)


def _short(line: dict[str, Any]) -> dict[str, Any]:
    return {"findings": [[one["code"], one["fault"], one["severity"]] for one in line["findings"]]}


def main() -> None:
    """Measures what is asked for, prints it, and publishes when asked."""
    options = _arguments()
    if options.publish:
        publish()
        return
    asked = [(program.name, seed) for program in chosen(options) for seed in range(options.seeds)]
    known = lines_of(LINES)
    tasks = [task for task in asked if options.again or task not in known or "error" in known[task]]
    LINES.parent.mkdir(parents=True, exist_ok=True)
    with LINES.open("a") as file:
        for line in run(tasks, options.processes):
            file.write(json.dumps(line) + "\n")
            file.flush()
            _show_line(line)
            if options.only:
                print(json.dumps(line["findings"], indent=1))
    known = lines_of(LINES)
    show(known[task] for task in asked if task in known)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_choices(parser)
    parser.add_argument("--again", action="store_true", help="run what was run before")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="workers side by side")
    parser.add_argument("--publish", action="store_true", help="write results and page from the lines that are there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
