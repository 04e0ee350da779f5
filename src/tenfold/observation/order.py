"""The order of the rows: whether labels come in blocks, numbers in rank order, neighbours alike."""

from collections.abc import Mapping

import numpy as np

from tenfold.observation.quick_model import Question

__all__ = ["order_measures"]

_TAIL = 0.2
"""Part of the rows at the end that `validation_split=0.2` takes."""

_EXPECTED_IN_TAIL = 5.0
"""Rows of a class that are expected at the end before their absence says something: by chance one in 150 is absent."""


def order_measures(question: Question) -> Mapping[str, float]:
    """Measures of the order of the targets; cheap, on all rows."""
    values = question.values
    if len(values) < 3 or np.all(values == values[0]):  # noqa: PLR2004 - no order to speak of
        return {}
    return _of_classes(values) if question.num_classes else _of_numbers(values)


def _of_classes(values: np.ndarray) -> dict[str, float]:
    counts = np.bincount(values)
    tail = values[len(values) - max(1, int(_TAIL * len(values))) :]
    in_tail = np.bincount(tail, minlength=len(counts))
    expected = counts * len(tail) / len(values)
    missing = (in_tail == 0) & (expected >= _EXPECTED_IN_TAIL)
    return {
        "num_runs": float(1 + np.count_nonzero(np.diff(values))),
        "runs_z": _runs_z(values, counts),
        "tail_classes_missing": float(missing.sum()),
    }


def _runs_z(values: np.ndarray, counts: np.ndarray) -> float:
    """Z score of the number of runs, for two classes and more.

    Source: Wald and Wolfowitz (1940); for several classes Mood (1940), as in Barton and David (1957): with n rows and
    counts c the mean is (n(n+1) - sum c^2) / n and the variance
    (sum c^2 (sum c^2 + n(n+1)) - 2n sum c^3 - n^3) / (n^2 (n-1)).
    """
    rows = float(len(values))
    squares, cubes = float((counts.astype(float) ** 2).sum()), float((counts.astype(float) ** 3).sum())
    mean = (rows * (rows + 1) - squares) / rows
    variance = (squares * (squares + rows * (rows + 1)) - 2 * rows * cubes - rows**3) / (rows**2 * (rows - 1))
    runs = 1 + np.count_nonzero(np.diff(values))
    return float((runs - mean) / np.sqrt(variance)) if variance > 0 else 0.0


def _of_numbers(values: np.ndarray) -> dict[str, float]:
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)
    steps = np.diff(values)
    moving = steps[steps != 0]
    rising = float(np.mean(moving > 0)) if moving.size else 0.0
    return {
        "rows_in_order": abs(_correlation(ranks, np.arange(len(values), dtype=np.float64))),
        "neighbours_in_order": _correlation(values[1:], values[:-1]),
        "steps_one_way": max(rising, 1 - rising) if moving.size else 0.0,
    }


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
