"""Labels that the data contradict: confident answers for rows held out, and equal rows with different labels.

Confident learning (Northcutt, Jiang and Chuang 2021): a row is doubtful if its out-of-fold probability of another class
is at least as high as that class' own rows have on average. Where classes overlap that happens as well, but near the
border; the answers that are surest are then right. So doubt is counted among the surest third of the rows: labels that
were exchanged at random are contradicted there as often as anywhere.
"""

from collections.abc import Mapping

import numpy as np

from tenfold.observation.quick_model import Question

__all__ = ["doubt_measures", "repetition_measures", "row_marks"]

_SUREST = 1 / 3
_MOST_ROWS = 50_000


def doubt_measures(probabilities: np.ndarray, question: Question) -> Mapping[str, float]:
    """Fractions of rows that a confident answer contradicts.

    Args:
        probabilities: Out-of-fold probabilities, axes `(row, class)`.
        question: Labels of the same rows.
    """
    labels = question.values
    doubtful = _contradicted(probabilities, labels)
    margins = np.sort(probabilities, axis=1)[:, -1] - np.sort(probabilities, axis=1)[:, -2]
    surest = np.argsort(-margins, kind="stable")[: max(1, int(_SUREST * len(labels)))]
    return {"doubtful_labels": float(doubtful.mean()), "doubtful_among_surest": float(doubtful[surest].mean())}


def _contradicted(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    own = probabilities[np.arange(len(labels)), labels]
    counts = np.bincount(labels, minlength=probabilities.shape[1])
    thresholds = np.bincount(labels, weights=own, minlength=probabilities.shape[1]) / np.maximum(counts, 1)
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    answer = confident.argmax(axis=1)
    found: np.ndarray = (confident.max(axis=1) > 0) & (answer != labels)
    return found


def repetition_measures(arrays: list[np.ndarray], question: Question) -> Mapping[str, float]:
    """Fractions of rows whose inputs repeat another row's, and of those that answer otherwise than most of these."""
    values = question.values[:_MOST_ROWS]
    marks = row_marks(arrays, len(values))
    groups: dict[int, list[int]] = {}
    for place, mark in enumerate(marks):
        groups.setdefault(mark, []).append(place)
    repeated = [places for places in groups.values() if len(places) > 1]
    in_conflict = sum(len(places) - int(np.unique(values[places], return_counts=True)[1].max()) for places in repeated)
    return {"repeated_rows": sum(map(len, repeated)) / len(values), "conflicting_rows": in_conflict / len(values)}


def row_marks(arrays: list[np.ndarray], count: int) -> list[int]:
    """A number for each of the first rows that equal rows share."""
    rows = [np.ascontiguousarray(array[:count]) for array in arrays]
    return [hash(tuple(one[place].tobytes() for one in rows)) for place in range(count)]
