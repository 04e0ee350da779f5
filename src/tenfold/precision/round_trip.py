"""There and back: how far logit(sigmoid(x)) is from x in a number format.

A probability near 1 keeps only what the format's steps below 1 can hold, so the way back is in error long before it
ends in a division by zero. On the negative side small probabilities keep all their digits. Experiment (b) of the study
of 2019: 1,000 points from -25 to 25 in float32.
"""

from dataclasses import dataclass

import ml_dtypes  # noqa: F401 (makes NumPy know bfloat16)
import numpy as np
from jaxtyping import Float

__all__ = ["NOTICEABLE", "RoundTrip", "round_trip"]

NOTICEABLE = 0.01
"""Relative error that the study calls out: 1 %."""


@dataclass(frozen=True)
class RoundTrip:
    """The relative error of logit(sigmoid(x)).

    Attributes:
        dtype: The number format.
        logits: The points.
        errors: (logit(sigmoid(x)) - x) / x; infinite where 1 - sigmoid(x) is 0.
        accurate_until: Last point before the error first exceeds 1 %, from 0 upwards.
        finite_until: Last point before the division by zero.
    """

    dtype: str
    logits: Float[np.ndarray, " point"]
    errors: Float[np.ndarray, " point"]
    accurate_until: float
    finite_until: float


def round_trip(dtype: str = "float32", *, bound: float = 25.0, num_points: int = 1000) -> RoundTrip:
    """Takes points through sigmoid and logit, each step rounded to the format.

    Args:
        dtype: The number format.
        bound: The points reach from -bound to bound.
        num_points: How many points, evenly spaced; an even number leaves out 0.

    Returns:
        Points, errors, and where they become noticeable and infinite.

    >>> found = round_trip()
    >>> print(f"{found.accurate_until:.9f} {found.finite_until:.9f}")
    14.639639854 16.591590881
    """
    logits = np.linspace(-bound, bound, num_points).astype(dtype)
    one = np.ones((), dtype)
    with np.errstate(divide="ignore", over="ignore"):
        probabilities = one / (one + np.exp(-logits))
        returned = np.log(probabilities / (one - probabilities))
    points = logits.astype(np.float64)
    with np.errstate(invalid="ignore"):
        errors = (returned.astype(np.float64) - points) / points
    return RoundTrip(
        dtype,
        points,
        errors,
        _last_before(points, np.abs(errors) > NOTICEABLE),
        _last_before(points, ~np.isfinite(errors)),
    )


def _last_before(points: Float[np.ndarray, " point"], holds: np.ndarray) -> float:
    """The point before the first positive one where something holds; the last point where it never does."""
    found = np.flatnonzero(holds & (points > 0))
    return float(points[found[0] - 1] if len(found) else points[-1])
