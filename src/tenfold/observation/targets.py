"""Target arrays as plain facts: classes or numbers, in which form, how many of each.

What a whole number means cannot be read from the array alone: three to nine may be grades or counts. The loss and the
metrics of the output decide where they say something; else few values with several rows each are classes.
"""

import numpy as np

from tenfold.checks.facts import OutputFacts, TargetFacts
from tenfold.checks.heads import CROSSENTROPIES, NUMBERS

__all__ = ["target_facts"]

_MOST_VALUES = 50
"""Distinct values that are listed (facts.py)."""

_ROWS_A_CLASS = 5
"""Rows of a value, on average, below which whole numbers are counts and no classes: arbitrary."""

_ADDS_UP = 1e-3


def target_facts(name: str, values: np.ndarray, output: OutputFacts | None = None) -> TargetFacts:
    """One target array as facts.

    Args:
        name: Name of the output that it belongs to.
        values: The array; leading axis `row`.
        output: The output, where a model is known.
    """
    array = np.asarray(values)
    flat = array.reshape(-1)
    finite = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
    distinct, counts = np.unique(finite, return_counts=True)
    are_whole = bool(np.all(distinct == np.rint(distinct)))
    kind = _kind(array, distinct, are_whole=are_whole, output=output)
    return TargetFacts(
        name=name,
        kind=kind,
        shape=tuple(array.shape[1:]),
        values=tuple(map(float, distinct)) if len(distinct) <= _MOST_VALUES else (),
        counts=_counts(array, kind, counts),
        minimum=float(distinct[0]) if distinct.size else 0.0,
        maximum=float(distinct[-1]) if distinct.size else 0.0,
        mean=float(finite.mean()) if finite.size else 0.0,
        std=float(finite.std()) if finite.size else 0.0,
        num_missing=int(flat.size - finite.size),
        are_whole=are_whole,
    )


def _kind(array: np.ndarray, distinct: np.ndarray, *, are_whole: bool, output: OutputFacts | None) -> str:
    is_column = array.ndim == 1 or array.shape[1:] == (1,)
    has_steps = output is not None and len(output.shape) > 1 and output.shape[0] == (array.shape[1:] or (0,))[0]
    if array.ndim > 2 or has_steps:  # noqa: PLR2004 - axes of a plain target
        return "sequence"
    if is_column:
        return _kind_of_column(distinct, len(array), are_whole=are_whole, output=output)
    return _kind_of_rows(array, distinct, are_whole=are_whole)


_MOST_COUNTED = 10
"""Whole numbers up to which an accuracy beside a regression loss says that they are meant as classes."""


def _kind_of_rows(array: np.ndarray, distinct: np.ndarray, *, are_whole: bool) -> str:
    """Kind of a target with several entries a row."""
    sums = array.sum(axis=1, dtype=np.float64)
    if are_whole and np.isin(distinct, (0, 1)).all():
        return "one-hot" if np.all(sums == 1) else "multi-label"
    adds_up = bool(np.all(np.abs(sums - 1) < _ADDS_UP) and distinct[0] >= 0)
    return "distribution" if adds_up else "numbers"


def _kind_of_column(distinct: np.ndarray, num_rows: int, *, are_whole: bool, output: OutputFacts | None) -> str:
    """Kind of a target with one entry a row."""
    loss = "" if output is None else output.loss
    if len(distinct) == 2 and (are_whole or loss in CROSSENTROPIES):  # noqa: PLR2004 - two classes
        return "two classes"
    if not are_whole or len(distinct) < 2:  # noqa: PLR2004
        return "number"
    counts_hits = output is not None and any("acc" in metric for metric in output.metrics)
    is_number = output is not None and output.units == 1 and loss == "custom"
    if (is_number or loss in NUMBERS | {"poisson"}) and (not counts_hits or len(distinct) > _MOST_COUNTED):
        return "number"
    limit = num_rows / 2 if loss in CROSSENTROPIES else min(_MOST_VALUES, num_rows / _ROWS_A_CLASS)
    return "classes" if len(distinct) <= limit else "number"


def _counts(array: np.ndarray, kind: str, counts: np.ndarray) -> tuple[int, ...]:
    if kind == "one-hot":
        return tuple(map(int, array.sum(axis=0)))
    return tuple(map(int, counts)) if kind in ("two classes", "classes") else ()
