"""Tenfold: a member's step alone and in a population, and ten folds cold and warm."""

import time
from typing import Any

import keras
import numpy as np
from processes import answer, task
from workloads import Workload, workload_named

import tenfold
from tenfold.engine.member import Member
from tenfold.engine.population import train_population

LEAST_SECONDS = 2.0
"""What the epochs of `tenfold.fit` must take beyond compiling, so that the compiler's scatter does not count."""


def time_population(workload: Workload, repeats: int, num_members: int, mode: str) -> dict[str, Any]:
    """A member's step among so many members that train on all rows, each from its own seed."""
    x, y = workload.data()
    rows, nothing = np.arange(len(x)), np.arange(0)
    members = [Member(rows, nothing, seed=seed) for seed in range(num_members)]
    results = [
        train_population(
            lambda: workload.build(keras),
            x,
            y,
            members,
            epochs=workload.epochs,
            batch_size=workload.batch_size,
            mode=mode,
        )
        for _ in range(repeats)
    ]
    num_steps = workload.epochs * workload.steps * num_members
    return {
        "compile_seconds": results[0].compile_seconds,
        "step_seconds": [result.run_seconds / num_steps for result in results],
        "chosen_mode": results[0].mode,
        "num_programs": results[0].num_programs,
    }


def time_fit(workload: Workload, repeats: int) -> dict[str, Any]:
    """A step of `tenfold.fit`: what more epochs add to a training of one, which compiles the same programs."""
    x, y = workload.data()

    def fit(epochs: int) -> float:
        model = workload.build(keras)
        start = time.perf_counter()
        tenfold.fit(model, x, y, epochs=epochs, batch_size=workload.batch_size, verbose=0)
        return time.perf_counter() - start

    short, more = min(fit(1) for _ in range(3)), workload.epochs
    while fit(1 + more) - short < LEAST_SECONDS:
        more *= 4
    return {
        "compile_seconds": short,
        "step_seconds": [(fit(1 + more) - short) / (more * workload.steps) for _ in range(repeats)],
    }


def time_folds(workload: Workload, epochs: int, num_folds: int) -> dict[str, Any]:
    """A whole cross-validation, twice in this process."""
    x, y = workload.data()

    def cross_validate() -> float:
        start = time.perf_counter()
        tenfold.cross_validate(
            lambda: workload.build(keras), x, y, cv=num_folds, epochs=epochs, batch_size=workload.batch_size, verbose=0
        )
        return time.perf_counter() - start

    return {"fit_seconds": [cross_validate()], "warm_seconds": cross_validate()}


def main() -> None:
    """Answers the task."""
    asked = task()
    workload = workload_named(asked["workload"])
    if asked["measure"] == "folds":
        answer(**time_folds(workload, asked["epochs"], asked["num_fits"]))
    elif asked["num_members"] == 0:
        answer(**time_fit(workload, asked["repeats"]))
    else:
        answer(**time_population(workload, asked["repeats"], asked["num_members"], asked["mode"]))


main()
