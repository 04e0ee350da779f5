"""Crossentropies of clipped probabilities, step by step in a number format.

Two formulas. Keras 1 and 2 on TensorFlow (and the study of 2019): clip the probability, turn it back into a logit, give
that to the stable crossentropy. Keras 3: clip, then take logarithms. Each step is exact and then rounded once, as the
format demands; what comes out for a probability of 0 and of 1 are the ceiling and the floor.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenfold.precision.activation_walls import ActivationWall, logit
from tenfold.precision.formats import EXACT, NumberFormat

__all__ = ["LossWall", "clipped_loss", "loss_on_logits"]


@dataclass(frozen=True)
class LossWall:
    """The wall of a loss; attributes as in `tenfold.precision.walls.Wall`."""

    lower: Any
    upper: Any
    ceiling_positive: Any
    floor_positive: Any
    ceiling_negative: Any
    floor_negative: Any
    dead_below: Any
    dead_above: Any
    reason: str


def clipped_loss(
    form: str, numbers: NumberFormat, activation: ActivationWall, beyond: Callable[[Any], Any], epsilon: float
) -> LossWall:
    """The wall of a crossentropy of clipped probabilities.

    Args:
        form: `"clipped_logit"`, `"clipped_log"` or, for several classes, `"log_of_class"`.
        numbers: The format of the loss.
        activation: The wall of the activation that gives the probabilities.
        beyond: The logit from which its probability is larger than a given one (`rounds_to_one`).
        epsilon: Probabilities are clipped to [epsilon, 1 - epsilon].

    Returns:
        The wall; walls that the clip makes are numbers of the format.
    """
    low, high = numbers.round(EXACT.mpf(epsilon)), numbers.round(1 - EXACT.mpf(epsilon))
    loss = _LOSSES[form]
    return LossWall(
        lower=max(numbers.round(logit(low)), activation.lower),
        upper=min(numbers.round(logit(high)), activation.upper),
        ceiling_positive=loss(numbers, 1, low),
        floor_positive=loss(numbers, 1, high),
        ceiling_negative=loss(numbers, 0, high),
        floor_negative=loss(numbers, 0, low),
        dead_below=max(logit(low), activation.lower),
        dead_above=beyond(high) if high < 1 else activation.upper,
        reason=_reason(form, numbers, high, activation, epsilon),
    )


def loss_on_logits(numbers: NumberFormat) -> LossWall:
    """The wall of a crossentropy that takes logits: where the smaller of the two exponentials becomes 0."""
    bound, largest = -EXACT.log(numbers.underflow), numbers.largest
    reason = f"no clip: only a right answer of more than {float(bound):.1f} has a loss of 0; a wrong one is never cut"
    return LossWall(-largest, bound, largest, EXACT.zero, largest, EXACT.zero, -EXACT.inf, bound, reason)


def _reason(form: str, numbers: NumberFormat, high: Any, activation: ActivationWall, epsilon: float) -> str:
    if high < 1:
        clip = f"probabilities are clipped to [{epsilon:g}, 1 - {float(1 - high):.8g}] in {numbers.name}"
        rounded = f", and are 1 already from {float(activation.upper):.2f} on" if activation.upper < logit(high) else ""
        return f"{clip}{rounded}: a row beyond has the same loss however wrong it is, and no gradient"
    cause = f"1 - {epsilon:g} rounds to 1 in {numbers.name}: nothing is clipped above {float(activation.upper):.2f}"
    if form == "log_of_class":
        return f"{cause}, where the probability is 1 and the loss 0"
    return f"{cause}, where log(0) makes the loss of label 0 infinite and that of label 1 NaN"


def _log_of_class(numbers: NumberFormat, label: int, probability: Any) -> Any:  # noqa: ARG001 (one signature)
    """Several classes: -log p of the row's own class."""
    return -numbers.round(EXACT.log(probability))


def _logs_of_both(numbers: NumberFormat, label: int, probability: Any) -> Any:
    """Keras 3: -(y log p + (1 - y) log(1 - p)); 0 times an infinite logarithm is NaN, as in the format."""
    logs = numbers.round(EXACT.log(probability)), numbers.round(EXACT.log(numbers.round(1 - probability)))
    return -(label * logs[0] + (1 - label) * logs[1])


def _on_logit(numbers: NumberFormat, label: int, probability: Any) -> Any:
    """Keras 1 and 2: z = log(p / (1 - p)), then y softplus(-z) + (1 - y) softplus(z)."""
    odds = numbers.round(probability / numbers.round(1 - probability)) if probability < 1 else EXACT.inf
    z = numbers.round(EXACT.log(odds))
    return label * _softplus(numbers, -z) + (1 - label) * _softplus(numbers, z)


def _softplus(numbers: NumberFormat, z: Any) -> Any:
    """max(z, 0) + log1p(exp(-|z|)), each step rounded."""
    tail = numbers.round(EXACT.log1p(numbers.round(EXACT.exp(-abs(z)))))
    return numbers.round(max(z, EXACT.zero) + tail)


_LOSSES = {"clipped_logit": _on_logit, "clipped_log": _logs_of_both, "log_of_class": _log_of_class}
