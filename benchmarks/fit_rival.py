"""Fits one rival on the outer folds of one table, in a process of its own; folds that are there are not fitted again.

The folder holds `inputs.parquet`, `target.npy` and `folds.json`. Each fold leaves `RIVAL/FOLD.npz`: its predictions
and the seconds they took.
"""

import json
import os
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from processes import answer, task
from rivals import RIVALS, Rival, probabilities_of

__all__ = ["positions_within"]


def positions_within(rows: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Where some rows stand among others; both ascending.

    >>> positions_within(np.array([2, 5, 7, 9]), np.array([5, 9]))
    array([1, 3])
    """
    return np.searchsorted(rows, some)


def fit_fold(rival: Rival, inputs: pd.DataFrame, target: np.ndarray, fold: dict[str, Any], num_classes: int) -> Any:
    """Predictions for the rows that score, after training on the fold's training rows only."""
    train = np.sort(np.asarray(fold["train"]))
    pairs = [tuple(positions_within(train, np.sort(np.asarray(side))) for side in pair) for pair in fold["inner"]]
    model = rival.make("classes" if num_classes else "number", pairs)
    model.fit(inputs.iloc[train].reset_index(drop=True), target[train])
    return probabilities_of(model, inputs.iloc[fold["validation"]].reset_index(drop=True), num_classes)


def main() -> None:
    """Answers the task: a folder, a rival and the number of classes."""
    asked = task()
    warnings.simplefilter("ignore")  # of defaults that stop before they converge: they are what is measured
    folder = Path(asked["folder"])
    rival = next(one for one in RIVALS if one.name == asked["rival"])
    inputs, target = pd.read_parquet(folder / "inputs.parquet"), np.load(folder / "target.npy")
    folds = json.loads((folder / "folds.json").read_text())
    place = folder / asked["key"]
    place.mkdir(parents=True, exist_ok=True)
    for number, fold in enumerate(folds):
        path = place / f"{number}.npz"
        if path.exists():
            continue
        start, cpu = time.perf_counter(), time.process_time()
        prediction = fit_fold(rival, inputs, target, fold, asked["num_classes"])
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        with path.with_suffix(".part").open("wb") as file:
            np.savez(file, prediction=prediction, seconds=seconds, cpu_seconds=cpu_seconds)
        path.with_suffix(".part").replace(path)
        print(f"{asked['table']} {rival.name} fold {number}: {seconds:.1f} s", flush=True)
    answer(cores=len(os.sched_getaffinity(0)))


if __name__ == "__main__":
    main()
