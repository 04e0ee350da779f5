"""What does `tenfold.repair` reach? Against random search for the same time, the fix a person made, and nothing.

    python benchmarks/repair.py --seeds 3                     # mutants of benchmarks/diagnosis
    python benchmarks/repair.py --only circles_all_ones
    python benchmarks/repair.py --fault lr_too_low --again
    python benchmarks/repair.py --publish                     # from the lines to benchmarks/results and docs/repair.md

Each program and seed has rows that neither side sees; scores are those of its development set. One line of JSON a
program and seed goes to `.benchmarks/repair/lines.jsonl`; what is there is not run again without `--again`.
"""

import argparse
import datetime as dt
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
os.environ.setdefault("KERAS_BACKEND", "jax")

from diagnosis.catalogue import add_choices, chosen  # noqa: E402
from diagnosis.program import PROGRAMS, Program, score_of  # noqa: E402
from machine import describe_machine, machine_slug  # noqa: E402
from repair_page import write_page  # noqa: E402

LINES = ROOT / ".benchmarks" / "repair" / "lines.jsonl"
RESULTS = ROOT / "benchmarks" / "results" / "repair"
PAGE = ROOT / "docs" / "repair.md"
BUDGET_SECONDS = 120.0


def measured(program: Program, seed: int, budget: float, *, is_told: bool) -> dict[str, Any]:
    """One program and seed, as a line.

    Args:
        program: A faulty program.
        seed: Of rows and of everything drawn.
        budget: Seconds that a repair may take.
        is_told: Whether the repair is told the fault, instead of asking the checks.
    """
    asked = {"seed": seed, "told": is_told, "budget": budget}
    line: dict[str, Any] = {"program": program.name, "fault": program.fault, **asked}
    line["untouched"] = _guarded(lambda: _trained(program, seed))
    line["human"] = _guarded(lambda: _trained(PROGRAMS[program.twin or ""], seed)) if program.twin else None
    start = time.monotonic()
    line |= _repaired(program, seed, budget, line["untouched"], is_told=is_told)
    line["seconds"] = round(time.monotonic() - start, 1)
    line |= _searched(program, seed, line["seconds"], line["untouched"])
    return line


def _guarded(work: Callable[[], float]) -> float:
    """A score; 0 where the program ends in an error, which is its harm."""
    try:
        return work()
    except (ValueError, TypeError, ArithmeticError):
        return 0.0


def _trained(program: Program, seed: int) -> float:
    """Score of a program as its user would train it."""
    import keras

    rows = program.rows(seed)
    keras.utils.set_random_seed(seed)
    model = program.build()
    model.fit(rows.x, rows.y, epochs=program.epochs, batch_size=program.batch_size, verbose=0)
    return _score(program, model, rows)


def _score(program: Program, model: Any, rows: Any) -> float:
    own = replace(program, threshold=_threshold(model, rows))
    return round(score_of(own, model.predict(rows.held_x, verbose=0, batch_size=512), rows.held_y), 5)


def _threshold(model: Any, rows: Any) -> float:
    """Where yes begins for this model: a repair may turn logits into probabilities."""
    from tenfold.repairing.outputs import loss_of, reads_logits

    has_signs = bool((np.asarray(rows.y) < 0).any()) if isinstance(rows.y, np.ndarray) else False
    return 0.0 if has_signs or reads_logits(model) or "hinge" in loss_of(model, 0) else 0.5


def _repaired(program: Program, seed: int, budget: float, untouched: float, *, is_told: bool) -> dict[str, Any]:
    import tenfold
    from tenfold.checks.finding import Finding

    rows = program.rows(seed)
    told = [Finding("TF000", program.fault or "", "error", "told")] if is_told else None
    fixed = tenfold.repair(
        program.build(), rows.x, rows.y, epochs=program.epochs, batch_size=program.batch_size, findings=told,
        validation_data=rows.validation, seed=seed, budget_seconds=budget, verbose=0,
    )  # fmt: skip
    score = _score(program, fixed.trained, rows) if fixed.changes else untouched
    found = [one["fault"] for one in fixed.evidence["findings"]]
    return {"repaired": score, "changes": [change.candidate for change in fixed.changes], "found": found}


def _searched(program: Program, seed: int, seconds: float, untouched: float) -> dict[str, Any]:
    from diagnosis.random_search import random_search

    rows = program.rows(seed)
    found = random_search(
        program.build(), rows.x, rows.y, epochs=program.epochs, batch_size=program.batch_size, seconds=seconds,
        seed=seed,
    )  # fmt: skip
    score = _score(program, found.model, rows) if found.is_changed else untouched
    return {"random": score, "trials": found.num_trials}


def lines_of(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    """The last line of each program and seed."""
    lines = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return {(line["program"], line["seed"]): line for line in lines}


def publish() -> None:
    """Writes everything that was measured, and the page."""
    lines = sorted(lines_of(LINES).values(), key=lambda line: (line["program"], line["seed"]))
    results = {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat(), "lines": lines}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{machine_slug()}.json").write_text(json.dumps(results, indent=1) + "\n")
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures what is asked for and not yet known."""
    options = _options(arguments)
    if options.publish:
        publish()
        return
    LINES.parent.mkdir(parents=True, exist_ok=True)
    known = {} if options.again else lines_of(LINES)
    tasks = [(program, seed) for seed in range(options.seeds) for program in chosen(options) if program.fault]
    for program, seed in tasks:
        if (program.name, seed) in known:
            continue
        with warnings.catch_warnings(action="ignore"):  # faulty programs are warned of by Keras
            line = measured(program, seed, options.budget, is_told=options.told)
        with LINES.open("a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", action="store_true", help="measure known programs anew")
    parser.add_argument("--budget", type=float, default=BUDGET_SECONDS, help="seconds that a repair may take")
    parser.add_argument("--told", action="store_true", help="tell the repair the fault instead of asking the checks")
    parser.add_argument("--publish", action="store_true", help="write results and page")
    add_choices(parser)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
