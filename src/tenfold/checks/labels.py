"""Are labels labels? Class numbers that do not count from 0, or that were divided as if they were pixels.

Shared by the check of labels, which tells it, and by the check of heads, which leaves such targets to it.
"""

from typing import NamedTuple

import numpy as np

from tenfold.checks.facts import OutputFacts, TargetFacts
from tenfold.checks.heads import BINARY, CROSSENTROPIES, SPARSE

__all__ = ["LabelTrouble", "divisor_of", "label_trouble", "numbers_read_as_classes"]

_OF_PIXELS = (255.0, 256.0)
_ROUNDING = 1e-3  # float32 of 9/255 times 255
_MOST_CLASSES = 50


class LabelTrouble(NamedTuple):
    """What is wrong with a set of labels, and how it is put right, each as a sentence."""

    message: str
    repair: str


def label_trouble(output: OutputFacts, target: TargetFacts) -> LabelTrouble | None:
    """What is wrong with the labels of a target that a crossentropy reads; None where nothing is."""
    if output.loss not in CROSSENTROPIES or not target.values or target.kind in ("numbers", "sequence"):
        return None
    divisor = divisor_of(target.values)
    if divisor not in (*_OF_PIXELS, None) and output.loss not in SPARSE:
        divisor = None  # such fractions may be probabilities
    if divisor:
        return LabelTrouble(
            f"The labels are not whole numbers: {_listed(target.values)}. They look divided by {divisor:g}, as pixels "
            "are; classes must stay whole",
            f"Scale the inputs only. To undo it: `y = np.rint(y * {divisor:g}).astype(int)`.",
        )
    if output.loss in BINARY:
        return _of_two(target)
    return _of_numbers(output, target) if output.loss in SPARSE else None


def numbers_read_as_classes(output: OutputFacts, target: TargetFacts | None) -> bool:
    """Whether a crossentropy reads numbers; those between 0 and 1 it can read as probabilities."""
    if output.loss not in CROSSENTROPIES or target is None or target.kind != "number":
        return False
    are_probabilities = output.loss not in SPARSE and 0 <= target.minimum <= target.maximum <= 1
    return not are_probabilities and label_trouble(output, target) is None


def divisor_of(values: tuple[float, ...]) -> float | None:
    """By what whole labels were divided, where these values look like that.

    >>> divisor_of((0.0, 1 / 255, 2 / 255)), divisor_of((0.0, 0.5, 1.0)), divisor_of((0.0, 1.0))
    (255.0, 2.0, None)
    """
    found = np.asarray(values)
    if not 1 < len(found) <= _MOST_CLASSES or found[0] < 0 or found[-1] > 1 or _are_whole(found):
        return None
    of_pixels = [
        divisor for divisor in _OF_PIXELS if _are_whole(found * divisor) and found[-1] * divisor < len(found) * 2
    ]
    if of_pixels:
        return of_pixels[0]
    divisor = (len(found) - 1) / found[-1]
    is_counted = found[0] == 0 and _are_whole(found * divisor) and abs(divisor - round(divisor)) < _ROUNDING
    return float(round(divisor)) if is_counted else None


def _of_two(target: TargetFacts) -> LabelTrouble | None:
    """Two classes under another name than 0 and 1; -1 and 1 are a matter of the loss."""
    if target.kind != "two classes" or target.values in ((0.0, 1.0), (-1.0, 1.0)):
        return None
    first, second = target.values[0], target.values[-1]
    if 0 < first < second < 1:
        return None  # smoothed by hand
    return LabelTrouble(
        f"The two labels are {first:g} and {second:g}; `binary_crossentropy` reads 0 and 1, and its loss has no "
        "smallest value for others",
        f"Write `y = (y == {second:g}).astype(int)`.",
    )


def _of_numbers(output: OutputFacts, target: TargetFacts) -> LabelTrouble | None:
    """Class numbers that do not count from 0 although there are as many units as classes."""
    if not target.are_whole or target.kind == "number":
        return None
    count, first, last = len(target.values), target.minimum, target.maximum
    if first >= 0 and (last < output.units or count > output.units):
        return None
    return LabelTrouble(
        f"The labels are {_listed(target.values)}: {count} classes that are not counted from 0 to {count - 1}. Class "
        f"{last:g} has no unit among the {output.units}",
        "Number the classes from 0: `classes, y = np.unique(y, return_inverse=True)`.",
    )


def _are_whole(values: np.ndarray) -> bool:
    return bool(np.all(np.abs(values - np.rint(values)) < _ROUNDING))


def _listed(values: tuple[float, ...]) -> str:
    shown = [f"{value:.4g}" for value in (values if len(values) <= 5 else values[:3])]  # noqa: PLR2004
    return ", ".join(shown) + ("" if len(values) <= 5 else f", ..., {values[-1]:.4g}")  # noqa: PLR2004
