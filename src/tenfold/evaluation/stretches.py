"""Stretches of time that a forecast is scored in: what two models are compared on, the same rows of both.

Folds forward in time are few (four), and what a series does differs between them: the error of a constant guess in a
rising series is 9 in the first and 45 in the last. Four such differences say nothing. But a fold's rows are a long time
of their own, and errors a few horizons apart have next to nothing in common. So each fold is cut into stretches, each
at least two horizons long, and the mean of each is one number of a t-test.

Source: Ibragimov and Mueller (2010), t-statistic based correlation and heterogeneity robust inference, Journal of
Business & Economic Statistics 28(4): a t-test on the means of a few consecutive groups holds its level where errors are
correlated in time and where groups differ in their variance.
"""

import numpy as np
from jaxtyping import Float, Int

__all__ = ["stretches_of"]

MOST_STRETCHES = 16
"""Of all folds together. Ibragimov and Mueller compare 2 to 16 groups: more tell more, as long as they are long."""

HORIZONS = 2
"""Horizons that a stretch lasts at least: rows one horizon apart are still forecast over the same time (arbitrary)."""


def stretches_of(times: Float[np.ndarray, " row"], horizon: float, num_folds: int) -> tuple[Int[np.ndarray, " _"], ...]:
    """The rows of a fold, cut into stretches of time.

    Args:
        times: When each row's target happens.
        horizon: From what is known to it, in the same unit, above 0.
        num_folds: Folds that share the stretches.

    Returns:
        Positions of the rows of each stretch, the earliest first; rows of one moment are never parted. At least one.

    >>> [len(rows) for rows in stretches_of(np.arange(40.0), 3.0, 4)], len(stretches_of(np.arange(7.0), 3.0, 4))
    ([10, 10, 10, 10], 1)
    """
    moments, places = np.unique(times, return_inverse=True)
    span = float(moments[-1] - moments[0])
    fitting = int(span // (HORIZONS * horizon))
    count = int(np.clip(fitting, 1, max(1, min(MOST_STRETCHES // num_folds, len(moments)))))
    number = np.repeat(np.arange(count), [len(part) for part in np.array_split(moments, count)])[places]
    return tuple(np.flatnonzero(number == one) for one in range(count))
