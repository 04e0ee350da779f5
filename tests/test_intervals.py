"""Intervals: by hand, in simple cases, and how often they hold the truth when the truth is known."""

import math

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.intervals import corrected_interval, expected_range, row_interval, rows_needed, share_spread


def test_the_interval_equals_the_formula_worked_out_by_hand():
    """Three folds of two seeds: fold means 2, 4, 9, mean 5, s = sqrt(13), t(2) = 4.3027, ratio 1/2."""
    scores = np.array([[1.0, 3.0], [4.0, 4.0], [8.0, 10.0]])
    interval = corrected_interval(scores, rows_ratio=0.5)
    half = 4.302653 * math.sqrt(13) * math.sqrt(1 / 3 + 1 / 2)
    assert interval.value == 5.0
    assert interval.half_width == pytest.approx(half, rel=1e-6)
    assert interval.num_pairs == 6


def test_seeds_that_drew_their_own_folds_narrow_the_interval_but_add_no_degrees_of_freedom():
    scores = np.array([[1.0, 3.0], [4.0, 4.0], [8.0, 10.0]])
    interval = corrected_interval(scores, rows_ratio=0.5, redrawn=True)
    half = 4.302653 * np.std([1, 3, 4, 4, 8, 10], ddof=1) * math.sqrt(1 / 6 + 1 / 2)
    assert interval.half_width == pytest.approx(half, rel=1e-6)


def test_fold_spread_and_seed_spread_are_told_apart():
    """Within-fold variances 2, 0, 2: seed spread sqrt(4/3); fold variance 13 - (4/3) / 2."""
    interval = corrected_interval(np.array([[1.0, 3.0], [4.0, 4.0], [8.0, 10.0]]), rows_ratio=0.5)
    assert interval.seed_spread == pytest.approx(math.sqrt(4 / 3))
    assert interval.fold_spread == pytest.approx(math.sqrt(13 - 2 / 3))


def test_seeds_that_drew_their_own_folds_have_no_spread_of_their_own():
    interval = corrected_interval(np.array([[1.0, 3.0], [4.0, 4.0], [8.0, 10.0]]), rows_ratio=0.5, redrawn=True)
    assert math.isnan(interval.seed_spread)
    assert interval.fold_spread == pytest.approx(np.std([1, 3, 4, 4, 8, 10], ddof=1))


def test_pure_seed_noise_is_not_called_fold_spread():
    scores = np.random.default_rng(0).normal(size=(400, 3))
    interval = corrected_interval(scores, rows_ratio=0.1)
    assert interval.seed_spread == pytest.approx(1.0, abs=0.05)
    assert interval.fold_spread < 0.2


def test_the_interval_moves_and_scales_with_the_scores():
    scores = np.random.default_rng(1).normal(size=(5, 3))
    once = corrected_interval(scores, rows_ratio=0.25)
    twice = corrected_interval(2 * scores + 7, rows_ratio=0.25)
    assert (twice.low, twice.high) == pytest.approx((2 * once.low + 7, 2 * once.high + 7))


def test_a_member_without_a_score_is_left_out():
    full = corrected_interval(np.array([[1.0, 1.0], [2.0, 2.0], [4.0, 4.0]]), rows_ratio=0.5)
    holed = corrected_interval(np.array([[1.0, np.nan], [2.0, 2.0], [4.0, 4.0]]), rows_ratio=0.5)
    assert (holed.value, holed.low, holed.num_pairs) == (full.value, full.low, 5)


def test_one_fold_has_a_value_and_no_interval():
    interval = corrected_interval(np.array([[1.0, 2.0]]), rows_ratio=0.25)
    assert interval.value == 1.5
    assert math.isnan(interval.low)
    assert math.isnan(interval.high)
    assert interval.seed_spread == pytest.approx(math.sqrt(0.5))


def test_folds_that_agree_by_luck_do_not_claim_certainty():
    perfect = np.ones((5, 1))
    assert corrected_interval(perfect, rows_ratio=0.25).half_width == 0
    floored = corrected_interval(perfect, rows_ratio=0.25, smallest_spread=share_spread(1.0, 30))
    assert floored.half_width == pytest.approx(2.776445 * share_spread(1.0, 30) * math.sqrt(0.45), rel=1e-6)


def test_no_finite_score_is_refused():
    with pytest.raises(OptionError, match="No fold has a finite score"):
        corrected_interval(np.full((3, 2), np.nan), rows_ratio=0.5)


def test_a_ratio_of_zero_is_refused():
    with pytest.raises(OptionError, match="`rows_ratio` must be above 0"):
        corrected_interval(np.ones((3, 2)), rows_ratio=0.0)


def test_one_row_has_no_interval():
    assert math.isnan(row_interval(np.array([3.0])).low)


def test_a_difference_of_zero_needs_infinitely_many_rows():
    assert rows_needed(100, half_width=0.1, difference=0.0) == math.inf


SLOPES = np.array([1.0, 0.5, 0.0, 0.0])


def _least_squares(x: np.ndarray, y: np.ndarray, folds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score of each fold and the true risk of the line fitted for it; noise has variance 1, inputs too."""
    scores, risks = [], []
    for fold in range(5):
        weights = np.linalg.lstsq(x[folds != fold], y[folds != fold], rcond=None)[0]
        scores.append(np.mean((y[folds == fold] - x[folds == fold] @ weights) ** 2))
        risks.append(1 + np.sum((weights - SLOPES) ** 2))
    return np.array(scores), np.array(risks)


def _simulate(num_runs: int, num_seeds: int) -> tuple[np.ndarray, float]:
    """Scores [run, fold, seed] of iterated 5-fold cross-validation on new data sets of 60 rows, and the true risk."""
    rng = np.random.default_rng(7)
    scores, risks = np.zeros((num_runs, 5, num_seeds)), []
    for run in range(num_runs):
        x = rng.normal(size=(60, 4))
        y = x @ SLOPES + rng.normal(size=60)
        for seed in range(num_seeds):
            scores[run, :, seed], risk = _least_squares(x, y, rng.permutation(np.arange(60) % 5))
            risks.append(risk)
    return scores, float(np.mean(risks))


def _share_that_holds(truth: float, scores: np.ndarray, **options: float | bool) -> float:
    intervals = [corrected_interval(run, **options) for run in scores]
    return float(np.mean([interval.low <= truth <= interval.high for interval in intervals]))


def test_intervals_of_one_round_of_folds_hold_the_truth_in_at_least_95_percent_of_runs():
    """Two standard errors of a share of 95 % in 1,000 runs are 1.4 %."""
    scores, truth = _simulate(1000, num_seeds=1)
    assert _share_that_holds(truth, scores, rows_ratio=0.25) >= 0.936


def test_only_the_corrected_interval_survives_iterated_folds():
    """Twelve rounds on the same 60 rows: the naive error shrinks with every round, the knowledge does not."""
    scores, truth = _simulate(300, num_seeds=12)
    assert _share_that_holds(truth, scores, rows_ratio=0.25, redrawn=True) >= 0.925
    assert _share_that_holds(truth, scores, rows_ratio=1e-9, redrawn=True) < 0.8


@pytest.mark.parametrize("new_rows", [12, 60])
def test_the_expected_range_holds_a_new_score_in_about_95_percent_of_runs(new_rows: int):
    rng = np.random.default_rng(11)
    held = []
    for _ in range(1000):
        x = rng.normal(size=(60 + new_rows, 4))
        y = x @ np.ones(4) + rng.normal(size=60 + new_rows)
        folds = np.arange(60) % 5
        scores = []
        for fold in range(5):
            train = np.flatnonzero(folds != fold)
            weights = np.linalg.lstsq(x[train], y[train], rcond=None)[0]
            scores.append(np.mean((y[:60][folds == fold] - x[:60][folds == fold] @ weights) ** 2))
        weights = np.linalg.lstsq(x[:60], y[:60], rcond=None)[0]
        sealed = np.mean((y[60:] - x[60:] @ weights) ** 2)
        found = expected_range(np.array(scores)[:, None], rows_ratio=0.25, validation_rows=12, new_rows=new_rows)
        held.append(found.low <= sealed <= found.high)
    assert 0.936 <= np.mean(held) <= 0.99


def test_folds_dealt_anew_bring_no_new_rows_to_the_expected_range():
    """Six scores of three folds, dealt twice: t with 2 degrees of freedom, 6 resamplings."""
    scores = np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]])
    found = expected_range(scores, rows_ratio=0.5, validation_rows=10, new_rows=20, redrawn=True)
    half = 4.30265 * np.std([1, 2, 3, 4, 5, 6], ddof=1) * np.sqrt(10 / 20 + 1 / 6 + 0.5)
    assert (found.value, found.high - found.value) == (3.5, pytest.approx(half, rel=1e-5))


def test_an_interval_ends_where_scores_end():
    scores = np.array([[0.98], [1.0], [0.99], [1.0], [0.97]])
    interval = corrected_interval(scores, rows_ratio=0.25, within=(0.0, 1.0))
    assert interval.high == 1.0
    assert interval.low == corrected_interval(scores, rows_ratio=0.25).low
    found = expected_range(scores, rows_ratio=0.25, validation_rows=30, new_rows=30, within=(0.0, 1.0))
    assert found.high == 1.0
