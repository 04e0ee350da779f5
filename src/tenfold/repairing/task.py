"""What the targets ask for, and how well answers fit them, whatever head and loss a program has.

Programs with different losses are compared by one measure: the share of rights for classes (balanced over the classes
where a class is rare), the share of variance explained for numbers (of absolute deviation, where the program trains on
absolute errors), at least 0: no better than a constant answer. Answers that are not finite are wrong.

A score is the mean of one number a row, so that programs can also be compared row by row.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float

__all__ = ["Kind", "Target", "read_target", "row_scores"]

Kind: TypeAlias = Literal["two classes", "classes", "one-hot", "multi-label", "numbers"]

MOST_CLASSES = 1000
"""Whole numbers with more different values are no classes (ImageNet has 1,000)."""

FEW_CLASSES = 20
"""Labels that are no whole numbers are classes up to so many different ones (arbitrary)."""

_OF_CLASSES = ("crossentropy", "hinge", "kl_divergence", "poisson_nll")


@dataclass(frozen=True)
class Target:
    """One target.

    Attributes:
        kind: What a row's answer is.
        labels: The different labels in order; empty for numbers.
        num_classes: Units that a head needs.
        is_balanced: Whether every class counts alike in the score.
        is_absolute: Whether numbers are scored by absolute errors.
        spread: Mean squared deviation from the mean, or mean absolute deviation from the median, of numbers.
        centre: That mean or median.
    """

    kind: Kind
    labels: tuple[float, ...] = ()
    num_classes: int = 0
    is_balanced: bool = False
    is_absolute: bool = False
    spread: float = 1.0
    centre: float = 0.0

    @property
    def measure(self) -> str:
        """Name of the score."""
        if self.kind == "numbers":
            return "share of absolute deviation explained" if self.is_absolute else "share of variance explained"
        return "balanced accuracy" if self.is_balanced else "accuracy"


def read_target(y: np.ndarray, loss: str, units: int, metrics: tuple[str, ...], *, is_balanced: bool = False) -> Target:
    """What a target asks for.

    Args:
        y: All its rows.
        loss: Keras' name of the loss it is trained with.
        units: Last axis of the output.
        metrics: Names of its metrics.
        is_balanced: Whether rare classes count as much as others.

    Returns:
        The target. Whole numbers are classes where the loss, the metrics or several units say so.

    >>> read_target(np.array([0, 1, 1, 0]), "binary_crossentropy", 1, ()).kind
    'two classes'
    >>> read_target(np.array([0, 1, 2, 5]), "mean_squared_error", 1, ()).kind
    'numbers'
    >>> read_target(np.array([0, 1, 2, 5]), "mean_squared_error", 1, ("accuracy",)).num_classes
    6
    """
    column = y[..., 0] if y.ndim > 1 and y.shape[-1] == 1 else y
    says_classes = any(word in loss for word in _OF_CLASSES) or any("acc" in name for name in metrics)
    values = np.unique(column[np.isfinite(column.astype(float))]) if column.size else column
    if y.ndim > 1 and y.shape[-1] > 1 and np.isin(values, (0, 1)).all():
        is_one_hot = bool((y.sum(axis=-1) == 1).all())
        return Target("one-hot" if is_one_hot else "multi-label", (0.0, 1.0), y.shape[-1], is_balanced and is_one_hot)
    if _are_classes(values, says_classes=says_classes, units=units):
        largest = int(values[-1]) + 1 if _are_numbered(values) else len(values)
        kind: Kind = "two classes" if len(values) <= 2 else "classes"  # noqa: PLR2004
        return Target(kind, tuple(map(float, values)), max(2, largest), is_balanced)
    is_absolute = "absolute" in loss
    number = column.astype(np.float64)
    centre = float(np.nanmedian(number) if is_absolute else np.nanmean(number))
    deviation = np.abs(number - centre) if is_absolute else (number - centre) ** 2
    return Target("numbers", is_absolute=is_absolute, spread=float(np.nanmean(deviation)) or 1.0, centre=centre)


def row_scores(
    target: Target, answers: Any, y: np.ndarray, *, threshold: float | None = None
) -> Float[np.ndarray, " row"]:
    """What each row adds to the score.

    Args:
        target: What is asked for.
        answers: What a program answers for these rows.
        y: The true targets of these rows.
        threshold: Where one unit turns from the first class to the second; by default midway between the labels.

    Returns:
        One number a row. Their mean is the score, for numbers once it is held above 0 (`tenfold.repairing.scoring`).
    """
    answers = np.asarray(answers, np.float64)
    finite = np.isfinite(answers).reshape(len(answers), -1).all(axis=1)
    with np.errstate(invalid="ignore", over="ignore"):
        if target.kind == "numbers":
            return _explained(target, answers, y, finite)
        share = _rights(target, answers, y, threshold).reshape(len(answers), -1).mean(axis=1) * finite
    weights = _class_weights(y, target) if target.is_balanced else np.ones(len(y))
    return np.asarray(share * weights)


def _explained(target: Target, answers: np.ndarray, y: np.ndarray, finite: np.ndarray) -> np.ndarray:
    errors = (
        answers.reshape(len(y), -1) - y.reshape(len(y), -1) if answers.size == y.size else np.full((len(y), 1), 1e9)
    )
    powers = np.abs(errors) if target.is_absolute else errors**2
    return np.asarray(np.where(finite, 1 - powers.mean(axis=1) / target.spread, 0.0))


def _rights(target: Target, answers: np.ndarray, y: np.ndarray, threshold: float | None) -> np.ndarray:
    """Whether each answer is right; none is where answers and targets have different shapes."""
    truth = y.argmax(-1) if target.kind == "one-hot" else y
    if target.kind not in ("one-hot", "multi-label") and y.ndim > 1 and y.shape[-1] == 1:
        truth = y[..., 0]
    if target.kind == "one-hot" and answers.shape != y.shape:
        return np.zeros(len(y))
    if target.kind == "multi-label":
        found = answers > (0.5 if threshold is None else threshold)
    elif answers.ndim > truth.ndim and answers.shape[-1] > 1:
        found = answers.argmax(-1)
    else:
        found = _nearest(np.array(target.labels), answers.reshape(-1), threshold)
        found = found.reshape(truth.shape) if found.size == truth.size else found
    is_right: np.ndarray = np.equal(found, truth) if found.shape == truth.shape else np.zeros(len(y))
    return is_right


def _nearest(labels: np.ndarray, answers: np.ndarray, threshold: float | None) -> np.ndarray:
    if len(labels) == 2 and threshold is not None:  # noqa: PLR2004
        return np.asarray(np.where(answers > threshold, labels[1], labels[0]))
    borders = (labels[1:] + labels[:-1]) / 2
    return np.asarray(labels[np.searchsorted(borders, answers, side="left")])


def _class_weights(y: np.ndarray, target: Target) -> np.ndarray:
    """Weights of rows, 1 on average, with which every class that is there counts alike."""
    codes = y.argmax(-1) if target.kind == "one-hot" else y.reshape(len(y), -1)[:, 0]
    _, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return np.asarray(len(y) / (len(counts) * counts[places]))


def _are_classes(values: np.ndarray, *, says_classes: bool, units: int) -> bool:
    if len(values) <= 2:  # noqa: PLR2004
        return True
    are_whole = bool((values % 1 == 0).all())
    if are_whole and len(values) <= MOST_CLASSES:
        return says_classes or units > 1
    return says_classes and len(values) <= FEW_CLASSES


def _are_numbered(values: np.ndarray) -> bool:
    return bool((values % 1 == 0).all() and values[0] >= 0)
