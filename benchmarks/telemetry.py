"""What the checks cost: those of every training, and the telemetry of a probe training.

    python benchmarks/telemetry.py                        # all of it, then the page
    python benchmarks/telemetry.py --only houses --repetitions 5

Each network is trained with and without, in turns, in one process whose programs are compiled before. Let the machine
do nothing else; the file says how busy it was. Beside wall-clock seconds stand those of the processor, which other
processes disturb less. Results are in `benchmarks/results/telemetry/`, one file a machine, and as a page in
`docs/checks-cost.md`.
"""

import argparse
import datetime as dt
import json
import os
import time
from collections.abc import Callable
from typing import Any

from environments import ROOT
from machine import describe_machine, machine_slug
from telemetry_page import write_page
from workloads import WORKLOADS, Workload

RESULTS = ROOT / "benchmarks" / "results" / "telemetry"
PAGE = ROOT / "docs" / "checks-cost.md"

EPOCHS = {"houses": 100, "digits": 20, "text": 20, "convnet": 5}
"""Epochs of one training, as one would ask for."""

Timed = tuple[float, float]


def main() -> None:
    """Measures what is asked for, keeps the results, writes the page."""
    options = _arguments()
    path = RESULTS / f"{machine_slug()}.json"
    results = json.loads(path.read_text()) if path.exists() else {"measured": {}}
    for name in options.only:
        load = os.getloadavg()[0]
        results["measured"][name] = _measured(name, options.repetitions) | {"load_before": load}
        print(f"{name}: {json.dumps(results['measured'][name])}", flush=True)
    results |= {"machine": describe_machine(), "date": dt.datetime.now(dt.UTC).date().isoformat()}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n")
    write_page(sorted(RESULTS.glob("*.json")), PAGE)


def _measured(name: str, repetitions: int) -> dict[str, Any]:
    from tenfold.engine.telemetry import Telemetry

    workload, epochs = WORKLOADS[name], EPOCHS[name]
    telemetry = Telemetry.for_steps(workload.steps)
    return {
        "steps_an_epoch": workload.steps,
        "epochs": epochs,
        "epochs_between_probes": telemetry.every,
        "looking": _looking(workload, epochs),
        "passive": _in_turns(_fitting(workload, epochs), repetitions),
        "probes": _in_turns(_population(workload, epochs, telemetry), repetitions),
    }


def _looking(workload: Workload, epochs: int, times: int = 25) -> list[float]:
    """Seconds of the look at model and data by itself, which is all that a training has more."""
    import keras

    from tenfold.engine.arrays import first_rows, to_arrays
    from tenfold.engine.network import Network
    from tenfold.observation.watching import watched

    data = to_arrays(*workload.data())
    network = Network(workload.build(keras), first_rows(data, workload.batch_size))
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        watched(network, data, epochs=epochs, batch_size=workload.batch_size)
        seconds.append(round(time.perf_counter() - start, 6))
    return seconds


def _in_turns(train: Callable[[bool], None], repetitions: int) -> dict[str, list[Timed]]:
    """Wall-clock and processor seconds, without and with, in turns whose order changes."""
    for watched in (False, True, False, True):
        train(watched)
    seconds: dict[str, list[Timed]] = {"without": [], "with": []}
    for turn in range(repetitions):
        for watched in (False, True) if turn % 2 else (True, False):
            seconds["with" if watched else "without"].append(_timed(train, watched=watched))
    return seconds


def _timed(train: Callable[[bool], None], *, watched: bool) -> Timed:
    wall, processor = time.perf_counter(), time.process_time()
    train(watched)
    return round(time.perf_counter() - wall, 6), round(time.process_time() - processor, 6)


def _fitting(workload: Workload, epochs: int) -> Callable[[bool], None]:
    """`tenfold.fit` of one model, again and again."""
    import keras

    import tenfold

    (x, y), model = workload.data(), workload.build(keras)

    def train(watched: bool) -> None:  # noqa: FBT001
        tenfold.fit(model, x, y, epochs=epochs, batch_size=workload.batch_size, verbose=0, checks=watched)

    return train


def _population(workload: Workload, epochs: int, telemetry: Any) -> Callable[[bool], None]:
    """One member of a population, whose program has the probes inside or not."""
    import keras
    import numpy as np

    from tenfold.engine.member import Member
    from tenfold.engine.population import train_population

    (x, y), members = workload.data(), [Member(np.arange(workload.num_rows))]

    def train(watched: bool) -> None:  # noqa: FBT001
        train_population(
            lambda: workload.build(keras), x, y, members, epochs=epochs, batch_size=workload.batch_size,
            telemetry=telemetry if watched else None,
        )  # fmt: skip

    return train


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(EPOCHS), default=tuple(EPOCHS), help="networks to measure")
    parser.add_argument("--repetitions", type=int, default=15, help="trainings each way")
    return parser.parse_args()


if __name__ == "__main__":
    main()
