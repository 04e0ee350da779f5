"""The exact values that every float path is compared with: crossentropy and its gradient, 50 digits long.

The crossentropy of a logit x and a label y is log(1 + exp(x)) - y x, its gradient sigmoid(x) - y. Extended precision of
80 bits is not enough: there, sigmoid(x) is 1 from x = 44.36 on, and the loss 0.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from tenfold.precision.formats import EXACT

__all__ = ["exact_gradient", "exact_loss", "relative_error"]

Logits = Float[np.ndarray, " point"]


def exact_loss(logits: Any, label: int) -> Logits:
    """Crossentropy of logits, nats, rounded to float64 once at the end.

    Args:
        logits: Numbers of any format; they are taken as they are.
        label: 0 or 1.

    >>> exact_loss(np.array([-50.0, 0.0, 50.0]), 1)
    array([5.00000000e+01, 6.93147181e-01, 1.92874985e-22])
    """
    sign = 1 if label == 0 else -1
    return _each(logits, lambda x: EXACT.log1p(EXACT.exp(sign * x)))


def exact_gradient(logits: Any, label: int) -> Logits:
    """Derivative of the crossentropy with respect to the logit: between -1 and 0 for label 1, 0 and 1 for label 0.

    >>> exact_gradient(np.array([-50.0, 0.0, 50.0]), 0)
    array([1.92874985e-22, 5.00000000e-01, 1.00000000e+00])
    """
    sign = 1 if label == 0 else -1
    return _each(logits, lambda x: sign / (1 + EXACT.exp(-sign * x)))


def relative_error(values: Any, exact: Any) -> Logits:
    """|value - exact| / |exact|; infinite or NaN where the value is.

    >>> relative_error(np.array([1.5, 0.0]), np.array([1.0, 2.0]))
    array([0.5, 1. ])
    """
    values, exact = (np.asarray(one, dtype=np.float64) for one in (values, exact))
    with np.errstate(invalid="ignore"):
        error: Logits = np.abs(values - exact) / np.abs(exact)
    return error


def _each(logits: Any, function: Callable[[Any], Any]) -> Logits:
    numbers = np.asarray(logits, dtype=np.float64)
    values: Logits = np.array([float(function(EXACT.mpf(float(number)))) for number in numbers])
    return values
