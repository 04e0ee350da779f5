"""Walls of the functions that a head or a formula is made of: sigmoid, softmax, tanh, exp, log and their fused forms.

Each follows from two things a format has: the step between 1 and its neighbours (a sum or a probability that cannot be
told from 1) and the range (an exponential that overflows or becomes 0).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenfold.precision.formats import EXACT, NumberFormat

__all__ = ["ACTIVATIONS", "ActivationWall", "logit", "rounds_to_one"]


@dataclass(frozen=True)
class ActivationWall:
    """Inputs between which a function tells values apart, and why.

    Attributes:
        lower: Inputs below are not told apart.
        upper: Inputs above are not told apart.
        reason: Why, in words.
    """

    lower: Any
    upper: Any
    reason: str


def logit(probability: Any) -> Any:
    """Log-odds of an exact probability; infinite at 0 and 1."""
    if probability in (0, 1):
        return EXACT.inf if probability else -EXACT.inf
    return EXACT.log(probability / (1 - probability))


def rounds_to_one(numbers: NumberFormat, rounding: str) -> Callable[[Any], Any]:
    """The logit from which a sigmoid's rounded probability is larger than a given number of the format.

    Step by step, 1 + exp(-x) is rounded to 1 + k steps before it is inverted; else the probability is rounded to the
    nearest number, and the boundary is half-way between the two.
    """

    def beyond(probability: Any) -> Any:
        if rounding == "once":
            half_step = numbers.step / 4
            return logit(min(probability + half_step, 1 - half_step))
        steps = EXACT.floor((1 / probability - 1) / numbers.step)
        while steps > 0 and numbers.round(1 / (1 + steps * numbers.step)) <= probability:
            steps -= 1
        return -EXACT.log((steps + EXACT.mpf(0.5)) * numbers.step)

    return beyond


def _sigmoid(numbers: NumberFormat, rounding: str) -> ActivationWall:
    upper = rounds_to_one(numbers, rounding)(EXACT.one)
    if rounding == "once":
        lower, cause = logit(numbers.underflow), "a probability below the smallest number is 0"
        return ActivationWall(lower, upper, f"the probability rounds to 1 above {float(upper):.2f}; {cause}")
    lower = -min(EXACT.log(numbers.overflow), -EXACT.log(numbers.underflow))
    cause = "exp(-x) leaves the format's range, so that the probability is 0"
    return ActivationWall(lower, upper, f"1 + exp(-x) rounds to 1 above {float(upper):.2f}; below, {cause}")


def _softmax(numbers: NumberFormat, rounding: str) -> ActivationWall:
    upper, lower = rounds_to_one(numbers, rounding)(EXACT.one), EXACT.log(numbers.underflow)
    reason = (
        "log-odds of one class: the other classes vanish beside 1 in the sum of exponentials above, "
        "its own exponential becomes 0 below"
    )
    return ActivationWall(lower, upper, reason)


def _tanh(numbers: NumberFormat, rounding: str) -> ActivationWall:  # noqa: ARG001 (one signature for all)
    bound = EXACT.atanh(1 - numbers.step / 4)
    reason = "tanh rounds to -1 and 1; approximations of it may reach 1 earlier (XLA on CPU in float32: at 8.0)"
    return ActivationWall(-bound, bound, reason)


def _exp(numbers: NumberFormat, rounding: str) -> ActivationWall:  # noqa: ARG001
    reason = "exp(x) is infinite above and 0 below: outside of the format's range"
    return ActivationWall(EXACT.log(numbers.underflow), EXACT.log(numbers.overflow), reason)


def _log(numbers: NumberFormat, rounding: str) -> ActivationWall:  # noqa: ARG001
    reason = "inputs, not logits: below the smallest number of the format there is only 0, whose logarithm is -inf"
    return ActivationWall(numbers.smallest, numbers.largest, reason)


def _log_sigmoid(numbers: NumberFormat, rounding: str) -> ActivationWall:  # noqa: ARG001
    reason = "linear down to the format's range; above, exp(-x) becomes 0: no clip, and no wall that a network reaches"
    return ActivationWall(-numbers.largest, -EXACT.log(numbers.underflow), reason)


def _softplus(numbers: NumberFormat, rounding: str) -> ActivationWall:  # noqa: ARG001
    reason = "linear up to the format's range; below, exp(x) becomes 0"
    return ActivationWall(EXACT.log(numbers.underflow), numbers.largest, reason)


ACTIVATIONS: dict[str, Callable[[NumberFormat, str], ActivationWall]] = {
    "sigmoid": _sigmoid,
    "softmax": _softmax,
    "tanh": _tanh,
    "exp": _exp,
    "log": _log,
    "log_sigmoid": _log_sigmoid,
    "softplus": _softplus,
}
