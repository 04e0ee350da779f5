"""What the targets ask for, and how well answers fit them, whatever head and loss a program has.

Programs with different losses are compared by one measure: the share of rights for classes (balanced over the classes
where a class is rare), the share of variance explained for numbers (of absolute deviation, where the program trains on
absolute errors), at least 0: no better than a constant answer. Answers that are not finite are wrong.

A score is the mean of one number a row, so that programs can also be compared row by row.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float

from tenfold.checks.facts import OutputFacts, TargetFacts
from tenfold.checks.heads import CROSSENTROPIES
from tenfold.observation.targets import target_facts

__all__ = ["Kind", "Target", "read_target", "row_scores"]

Kind: TypeAlias = Literal["two classes", "classes", "one-hot", "multi-label", "distribution", "numbers"]

FEW_CLASSES = 20
"""Labels that are no whole numbers are classes up to so many different ones, where a crossentropy reads them
(arbitrary)."""


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
        output: The output of the untouched program that it was read beside.
    """

    kind: Kind
    labels: tuple[float, ...] = ()
    num_classes: int = 0
    is_balanced: bool = False
    is_absolute: bool = False
    spread: float = 1.0
    output: OutputFacts | None = None

    @property
    def is_number(self) -> bool:
        """Whether answers are scored by their distance."""
        return self.kind in ("numbers", "distribution")

    @property
    def measure(self) -> str:
        """Name of the score."""
        if self.is_number:
            return "share of absolute deviation explained" if self.is_absolute else "share of variance explained"
        return "balanced accuracy" if self.is_balanced else "accuracy"


def read_target(y: np.ndarray, output: OutputFacts, *, is_balanced: bool = False) -> Target:
    """What a target asks for, as the checks read it (`tenfold.observation.targets`).

    Args:
        y: All its rows.
        output: The output that answers it.
        is_balanced: Whether rare classes count as much as others.

    >>> sigmoid = OutputFacts("y", "dense", ("sigmoid",), 1, (1,), "binary_crossentropy")
    >>> read_target(np.array([0, 1, 1, 0]), sigmoid).kind
    'two classes'
    """
    facts = _facts(y, output)
    if facts.kind in ("one-hot", "multi-label"):
        one_hot = facts.kind == "one-hot"
        kind: Kind = "one-hot" if one_hot else "multi-label"
        return Target(kind, (0.0, 1.0), int(y.shape[-1]), is_balanced and one_hot, output=output)
    if facts.is_classes or _are_fractions(facts, output) or _are_numbers_of_units(facts, output):
        are_numbered = facts.are_whole and facts.minimum >= 0
        count = int(facts.maximum) + 1 if are_numbered else len(facts.values)
        kind = "two classes" if len(facts.values) == 2 else "classes"  # noqa: PLR2004
        return Target(kind, facts.values, max(2, count), is_balanced, output=output)
    return _of_numbers(y, output, "distribution" if facts.kind == "distribution" else "numbers")


def _facts(y: np.ndarray, output: OutputFacts) -> TargetFacts:
    facts = target_facts(output.name, y, output)
    if facts.kind != "sequence":
        return facts
    places = y.reshape(-1, y.shape[-1]) if y.ndim == len(output.shape) + 1 else y.reshape(-1)
    return target_facts(output.name, places, replace(output, shape=output.shape[-1:]))


def _are_fractions(facts: TargetFacts, output: OutputFacts) -> bool:
    """Whether they are labels that were divided by something."""
    return output.loss in CROSSENTROPIES and not facts.shape and 1 < len(facts.values) <= FEW_CLASSES


def _are_numbers_of_units(facts: TargetFacts, output: OutputFacts) -> bool:
    """Whether a single whole number tells which of several units is meant."""
    return (
        facts.are_whole and facts.shape in ((), (1,)) and output.units > 1 and facts.minimum >= 0 and bool(facts.values)
    )


def _of_numbers(y: np.ndarray, output: OutputFacts, kind: Kind) -> Target:
    number, is_absolute = y.astype(np.float64), "absolute" in output.loss
    centre = np.nanmedian(number, axis=0) if is_absolute else np.nanmean(number, axis=0)
    deviation = np.abs(number - centre) if is_absolute else (number - centre) ** 2
    return Target(kind, is_absolute=is_absolute, spread=float(np.nanmean(deviation)) or 1.0, output=output)


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
        if target.is_number:
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
