"""Keras' own `fit` on the backend of this process: what a step costs, or what a whole training costs cold and warm."""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from processes import answer, task
from workloads import Workload, workload_named


def seconds(function: Callable[[], Any]) -> float:
    """Time of one call; `fit` returns when its numbers are on the host."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def time_steps(workload: Workload, repeats: int, compile_arguments: dict[str, Any]) -> dict[str, Any]:
    """A step once all is compiled, and what came before it."""
    (x, y), model = workload.data(), workload.build(keras, **compile_arguments)

    first = seconds(lambda: _fit(model, x, y, workload, 1))
    epochs = [seconds(lambda: _fit(model, x, y, workload, workload.epochs)) / workload.epochs for _ in range(repeats)]
    return {
        "compile_seconds": first - min(epochs),
        "step_seconds": [epoch / workload.steps for epoch in epochs],
        "num_parameters": model.count_params(),
    }


def time_fits(workload: Workload, epochs: int, num_fits: int, compile_arguments: dict[str, Any]) -> dict[str, Any]:
    """Whole trainings, as a loop over folds makes them: a new model each, on the rows of the other folds.

    `warm_seconds` is the last model trained once more, when everything it needs is compiled.
    """
    x, y = workload.data()
    times = []
    for fold in range(num_fits):
        keras.utils.set_random_seed(fold)
        model = workload.build(keras, **compile_arguments)
        train = np.arange(len(x)) % num_fits != fold if num_fits > 1 else np.ones(len(x), bool)
        times.append(seconds(lambda: _fit(model, x[train], y[train], workload, epochs)))  # noqa: B023 - called at once
    return {"fit_seconds": times, "warm_seconds": seconds(lambda: _fit(model, x[train], y[train], workload, epochs))}


def _fit(model: Any, x: np.ndarray, y: np.ndarray, workload: Workload, epochs: int) -> Any:
    return model.fit(x, y, epochs=epochs, batch_size=workload.batch_size, verbose=0)


def main() -> None:
    """Answers the task."""
    asked = task()
    workload, arguments = workload_named(asked["workload"]), asked.get("compile_arguments", {})
    if asked["measure"] == "steps":
        answer(**time_steps(workload, asked["repeats"], arguments))
    else:
        answer(**time_fits(workload, asked["epochs"], asked["num_fits"], arguments))


main()
