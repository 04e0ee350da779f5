"""How sure a cross-validated score is, given that folds share their training rows.

The scores of K folds are not K independent numbers: each pair of folds shares most of its training rows, so the naive
standard error `s / sqrt(K)` is too small and finds differences that are not there. Nadeau and Bengio's correction adds
the ratio of validation to training rows to the variance:

    interval = mean -+ t(K - 1) * s * sqrt(1 / K + rows_ratio)

Seeds that share their folds are averaged within the fold first, since they share its validation rows; seeds that draw
new folds each (iterated K-fold) count as further resamplings in `1 / K`, not in the degrees of freedom: rounds on the
same rows bring no new rows. (Bouckaert and Frank's `K * rounds - 1` held the truth in 94.6 % of simulated runs of three
rounds and 90.7 % of twelve, `K - 1` in 98.2 and 97.7 %: least squares on 60 rows, `tests/test_intervals.py`.)

Source: Nadeau and Bengio (2003), Inference for the generalization error, Machine Learning 52, 239-281, section 4;
Bouckaert and Frank (2004), Evaluating the replicability of significance tests, PAKDD, section 3.2.
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

from tenfold.errors import OptionError

__all__ = [
    "UNBOUNDED",
    "ScoreInterval",
    "corrected_interval",
    "expected_range",
    "row_interval",
    "rows_needed",
    "share_bounds",
    "share_spread",
]

LEVEL = 0.95
"""Share of intervals that hold the true value: the custom of the field."""

UNBOUNDED = (-math.inf, math.inf)

SHARES = ("accuracy", "acc", "auc", "precision", "recall", "f1_score", "fbeta_score", "iou")
"""Ends of the names of Keras' metrics that lie between 0 and 1."""

POWER_FACTOR = 2.0
"""((1.96 + 0.84) / 1.96)^2 = 2.04: rows for an 80 % chance that a 95 % interval leaves 0, against half of its width."""


@dataclass(frozen=True)
class ScoreInterval:
    """A mean over folds and seeds with its 95 % interval.

    Args:
        value: Mean of the fold means.
        low: Lower end; NaN with fewer than two folds.
        high: Upper end.
        fold_spread: Standard deviation from fold to fold once seed noise is taken off; NaN with one fold.
        seed_spread: Standard deviation of one member from seed to seed within a fold; NaN with one seed.
        num_pairs: Finite fold-and-seed scores.
    """

    value: float
    low: float
    high: float
    fold_spread: float
    seed_spread: float
    num_pairs: int

    @property
    def half_width(self) -> float:
        """Half of the interval's width, in the score's unit."""
        return (self.high - self.low) / 2


def corrected_interval(
    scores: Float[np.ndarray, "fold seed"],
    *,
    rows_ratio: float,
    redrawn: bool = False,
    smallest_spread: float = 0.0,
    within: tuple[float, float] = UNBOUNDED,
) -> ScoreInterval:
    """Corrected resampled t interval of a score, or of a paired difference of scores.

    Args:
        scores: One score per fold and seed, or the differences of two models on the same ones. NaN = missing.
        rows_ratio: Validation rows per training row of a fold, above 0; `1 / (K - 1)` for K equal folds.
        redrawn: Whether each seed drew its own folds (iterated K-fold).
        smallest_spread: Floor of the spread of a resampling, in the score's unit: what its number of rows alone implies
            (`share_spread`). It keeps folds that agree by luck, such as five times 100 %, from claiming certainty.
        within: Smallest and largest score there can be; the interval ends there.

    Returns:
        The interval; one fold has a value and NaN bounds.

    Raises:
        OptionError: No finite score, or a ratio that is not above 0.

    Source: see the module.

    >>> scores = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]])
    >>> interval = corrected_interval(scores, rows_ratio=0.25)  # 2.776 * 1.581 * sqrt(1/5 + 1/4) = 2.945
    >>> round(interval.low, 3), interval.value, round(interval.high, 3)
    (0.055, 3.0, 5.945)
    """
    _check(scores, rows_ratio)
    fold_means = _mean_over_seeds(scores)
    resamplings = scores[np.isfinite(scores)] if redrawn else fold_means[np.isfinite(fold_means)]
    value = float(np.mean(fold_means[np.isfinite(fold_means)]))
    half = math.nan
    if _num_folds(fold_means) > 1:
        spread = max(float(np.std(resamplings, ddof=1)), smallest_spread)
        half = _quantile(_num_folds(fold_means)) * spread * math.sqrt(1 / len(resamplings) + rows_ratio)
    low, high = (float(np.clip(end, *within)) for end in (value - half, value + half))
    # Seeds with folds of their own cannot tell the seed's part from the fold's: all of it counts as the folds'.
    spreads = _spreads(resamplings[:, None] if redrawn else scores)
    return ScoreInterval(value, low, high, *spreads, int(np.isfinite(scores).sum()))


def share_bounds(metric: str, scores: Float[np.ndarray, "..."]) -> tuple[float, float]:
    """Where the interval of one of Keras' metrics must end.

    Args:
        metric: Its name in the log, such as `"binary_accuracy"` or `"head_auc"`.
        scores: Scores that were reached; a metric of the user's own by a known name may leave [0, 1].

    Returns:
        0 and 1 for shares of rows and areas under a curve, else no bounds.

    >>> share_bounds("sparse_categorical_accuracy", np.array([0.97, 1.0])), share_bounds("mae", np.array([0.2, 0.4]))
    ((0.0, 1.0), (-inf, inf))
    """
    reached = scores[np.isfinite(scores)]
    is_share = metric.endswith(SHARES) and bool(np.all((reached >= 0) & (reached <= 1)))
    return (0.0, 1.0) if is_share else UNBOUNDED


def row_interval(values: Float[np.ndarray, " row"]) -> ScoreInterval:
    """Interval of a mean over independent rows, for one hold-out split: says nothing of other training rows.

    Args:
        values: One number per row, such as absolute errors, or differences of two models' errors.

    Returns:
        The interval by Student's t; one row has NaN bounds.

    >>> round(row_interval(np.array([1.0, 2.0, 3.0])).high, 3)  # 4.303 * 1 / sqrt(3) = 2.484
    4.484
    """
    value = float(np.mean(values))
    half = math.nan
    if len(values) > 1:
        half = _quantile(len(values)) * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return ScoreInterval(value, value - half, value + half, math.nan, math.nan, 1)


def expected_range(
    scores: Float[np.ndarray, "fold seed"],
    *,
    rows_ratio: float,
    validation_rows: int,
    new_rows: int,
    redrawn: bool = False,
    smallest_spread: float = 0.0,
    within: tuple[float, float] = UNBOUNDED,
) -> ScoreInterval:
    """Range that the folds predict for one score on new rows, 95 % of the time.

    A fold's spread is mostly chance among its validation rows, so it shrinks or grows with the number of rows; the
    uncertainty of the mean itself (as in `corrected_interval`) comes on top.

        mean -+ t(K - 1) * s * sqrt(validation_rows / new_rows + 1 / K + rows_ratio)

    Args:
        scores: One score per fold and seed.
        rows_ratio: Validation rows per training row of a fold.
        validation_rows: Rows scored in one fold.
        new_rows: Rows that will be scored once.
        redrawn: As in `corrected_interval`: each score is then a resampling of its own, and seeds are not averaged.
        smallest_spread: As in `corrected_interval`.
        within: As there.

    Returns:
        The range around the folds' mean.

    Source: prediction interval of a normal mean with the correction of Nadeau and Bengio (2003).

    >>> scores = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]])
    >>> found = expected_range(scores, rows_ratio=0.25, validation_rows=10, new_rows=40)
    >>> round(found.high, 3)  # 3 + 2.776 * 1.581 * sqrt(0.25 + 0.2 + 0.25)
    6.673
    """
    resamplings = scores if redrawn else _mean_over_seeds(scores)[:, None]
    wider = rows_ratio + validation_rows / new_rows
    return corrected_interval(
        resamplings, rows_ratio=wider, redrawn=redrawn, smallest_spread=smallest_spread, within=within
    )


def rows_needed(num_rows: int, half_width: float, difference: float) -> float:
    """Rows that give an 80 % chance that the 95 % interval of this difference leaves 0.

    Args:
        num_rows: Rows behind the interval.
        half_width: Half of its width, in the score's unit.
        difference: The difference, in the score's unit.

    Returns:
        About `n * 2 * (half_width / difference)^2` rows, infinite for a difference of 0.

    Source: sample size of a z test, (1.96 + 0.84)^2 against 1.96^2, a factor of 2.04, rounded.

    >>> rows_needed(400, half_width=0.2, difference=0.1)
    3200.0
    """
    if difference == 0:
        return math.inf
    return num_rows * POWER_FACTOR * (half_width / difference) ** 2


def share_spread(share: float, num_rows: int) -> float:
    """Standard deviation of a share among so many rows; not 0 at 0 % and 100 %.

    Args:
        share: Observed share, in [0, 1].
        num_rows: Rows it was counted on.

    Returns:
        The spread, in [0, 0.5].

    Source: Agresti and Coull (1998), The American Statistician 52: two rows added on each side.

    >>> round(share_spread(1.0, 30), 4)  # p = 32/34: sqrt(32/34 * 2/34 / 34)
    0.0404
    """
    shrunk = (share * num_rows + 2) / (num_rows + 4)
    return math.sqrt(shrunk * (1 - shrunk) / (num_rows + 4))


def _check(scores: Float[np.ndarray, "fold seed"], rows_ratio: float) -> None:
    if not np.isfinite(scores).any():
        raise OptionError("no_scores", "No fold has a finite score", expected="at least one number in `scores`")
    if not rows_ratio > 0:
        raise OptionError("rows_ratio", "`rows_ratio` must be above 0", received=str(rows_ratio))


def _num_folds(fold_means: Float[np.ndarray, " fold"]) -> int:
    return int(np.isfinite(fold_means).sum())


def _quantile(num_independent: int) -> float:
    return float(stdtrit(num_independent - 1, (1 + LEVEL) / 2))


def _mean_over_seeds(scores: Float[np.ndarray, "fold seed"]) -> Float[np.ndarray, " fold"]:
    """Mean of each fold's finite scores; NaN where a fold has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy warns of the mean of an empty slice
        means: Float[np.ndarray, " fold"] = np.nanmean(scores, axis=1)
    return means


def _spreads(scores: Float[np.ndarray, "fold seed"]) -> tuple[float, float]:
    """Standard deviations over folds and over seeds, by the two variances of a one-way table (fold = group)."""
    complete = scores[np.isfinite(scores).all(axis=1)]
    num_folds, num_seeds = complete.shape
    seed_variance = float(np.mean(np.var(complete, axis=1, ddof=1))) if num_folds and num_seeds > 1 else math.nan
    if num_folds < 2:  # noqa: PLR2004 - a spread needs two
        return math.nan, math.sqrt(seed_variance)
    fold_variance = float(np.var(np.mean(complete, axis=1), ddof=1))
    if num_seeds > 1:
        fold_variance = max(0.0, fold_variance - seed_variance / num_seeds)
    return math.sqrt(fold_variance), math.sqrt(seed_variance)
