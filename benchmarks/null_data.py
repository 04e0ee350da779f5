"""What the seven steps say where there is nothing to find: random targets, every setting tuned, two hundred runs.

    python benchmarks/null_data.py               # 200 runs on two processes, then the page
    python benchmarks/null_data.py --runs 6      # does it work? nothing is kept in the results

Columns and target are drawn apart, so no method can do better than chance: an area under the ROC curve of 0.5, and for
a number the mean absolute deviation from its median. The reported 95 % interval should hold that value in 95 of 100
runs, and a run must not praise a network. Every step is the real one; only the networks are small.

A line a run is kept under `.benchmarks/null_data`, by the sources of Tenfold: a killed benchmark continues. Results are
in `benchmarks/results/null_data/`, one file a machine, and as a page in `docs/null-data.md`.
"""

import argparse
import datetime as dt
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from environments import ROOT
from machine import describe_machine, machine_slug
from null_data_page import write_page

RESULTS = ROOT / "benchmarks" / "results" / "null_data"
KEPT = ROOT / ".benchmarks" / "null_data"
PAGE = ROOT / "docs" / "null-data.md"
NUM_RUNS, NUM_ROWS, NUM_COLUMNS, NUM_PROCESSES = 200, 150, 8, 2
CHANCE = {"two_classes": 0.5, "number": float(np.sqrt(2 / np.pi))}
"""ROC AUC of a random order; mean absolute deviation of a standard normal number from its median."""

MOST_UNITS = 16
"""Units of a layer: with 96 rows to train on, 16 remember them as well as 128 do, in less time."""

BUDGET = "small networks"


def main() -> None:
    """Runs what is missing, keeps the results, writes the page."""
    options = _arguments()
    if options.worker is not None:
        return work(options.worker, options.runs, Path(options.lines))
    lines = KEPT / f"{hash_of_sources()[:12]}.jsonl"
    lines.parent.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    workers = [_start_worker(number, options.runs, lines) for number in range(NUM_PROCESSES)]
    exit_codes = [worker.wait() for worker in workers]
    if any(exit_codes):
        raise SystemExit("a process ended early: start again to continue")
    found = sorted(read_lines(lines), key=lambda one: one["run"])[: options.runs]
    if options.runs < NUM_RUNS:
        return print(json.dumps(found, indent=1))
    results = {
        "machine": describe_machine(),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "wall_seconds": time.perf_counter() - began,
        "rows": NUM_ROWS,
        "columns": NUM_COLUMNS,
        "most_units": MOST_UNITS,
        "runs": found,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{machine_slug()}.json").write_text(json.dumps(results, indent=1) + "\n")
    return write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=NUM_RUNS, help="how many; fewer than 200 are only printed")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--lines", help=argparse.SUPPRESS)
    return parser.parse_args()


def _start_worker(number: int, num_runs: int, lines: Path) -> subprocess.Popen[bytes]:
    """A process that takes every second run, on one core of its own."""
    command = [sys.executable, __file__, "--worker", str(number), "--runs", str(num_runs), "--lines", str(lines)]
    environment = os.environ | {"KERAS_BACKEND": "jax", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, env=environment)


def work(number: int, num_runs: int, lines: Path) -> None:
    """Take a process's share of the runs that have no line yet."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[number % len(cores)]})
    _offer_small_budget()
    known = {one["run"] for one in read_lines(lines)}
    for run in range(number, num_runs, NUM_PROCESSES):
        if run not in known:
            line = json.dumps(one_run(run))
            with lines.open("a") as file:
                file.write(line + "\n")
            print(line, flush=True)


def random_table(run: int) -> tuple[str, pd.DataFrame]:
    """Columns and a target that have nothing to do with each other; classes and numbers in turn.

    Args:
        run: Number of the run, from which all is drawn.

    Returns:
        The kind of problem, and a frame with a column `target`. Both classes have as many rows in every run, so that
        folds are equally large and the runs of a process share their compiled programs.
    """
    rng = np.random.default_rng([20, run])
    frame = pd.DataFrame(rng.normal(size=(NUM_ROWS, NUM_COLUMNS)), columns=[f"x{at}" for at in range(NUM_COLUMNS)])
    if run // NUM_PROCESSES % 2:
        return "number", frame.assign(target=rng.normal(size=NUM_ROWS))
    return "two_classes", frame.assign(target=rng.permutation(np.arange(NUM_ROWS) % 2))


def one_run(run: int) -> dict[str, Any]:
    """The seven steps on one random table, and what they say."""
    import tenfold
    from tenfold.progress import silence
    from tenfold.report.standing import standing_of

    kind, frame = random_table(run)
    began, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        facts = tenfold.run(frame, "target", out=Path(folder) / "run", seed=run, budget=BUDGET, progress=silence).facts
    standing = standing_of(facts)
    assert facts.problem.kind == kind
    assert standing is not None
    assert facts.verdict is not None
    score, gain = standing.network.score, standing.network_gain.interval
    return {
        "run": run,
        "kind": kind,
        "chance": CHANCE[kind],
        "better": facts.measure.better,
        "score": [score.value, score.low, score.high],
        "gain": [gain.value, gain.low, gain.high],
        "code": facts.verdict.code,
        "networks": facts.work.num_networks if facts.work else 0,
        "settings": facts.work.num_settings if facts.work else 0,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _offer_small_budget() -> None:
    """Let this process's runs ask for small networks: the standard budget, each architecture narrowed."""
    import tenfold.question.budget
    from tenfold.networks import ladder

    standard = tenfold.question.budget.find_budget("standard")
    ladder.CONTENDERS = tuple(_narrowed(one) for one in ladder.CONTENDERS)
    small = replace(standard, name=BUDGET, ladder=tuple(map(_narrowed, standard.ladder)))
    tenfold.question.budget.BUDGETS = (*tenfold.question.budget.BUDGETS, small)


def _narrowed(rung: Any) -> Any:
    return replace(rung, widths=tuple(min(width, MOST_UNITS) for width in rung.widths))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The runs that are there; a last line that was not finished is left out."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def hash_of_sources() -> str:
    """Name of the Tenfold that runs: other sources, another name."""
    import tenfold

    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(Path(tenfold.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
