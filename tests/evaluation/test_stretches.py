"""Stretches of time that forecasts are scored in: whole, long enough, and honest about errors that last."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.order import Order
from tenfold.evaluation.scoring import OuterRows
from tenfold.evaluation.stretches import MOST_STRETCHES, stretches_of
from tenfold.intervals import corrected_interval
from tenfold.measures.choice import choose_measures
from tenfold.problem.definition import define_problem
from tenfold.split.protocol import choose_protocol
from tenfold.split.splitter import RowSplitter

NUM_ROWS = 400
TARGET = np.arange(float(NUM_ROWS))
PROBLEM = define_problem(pd.DataFrame({"x": TARGET, "y": TARGET + 0.5}), "y")


def rows_of_forecast(horizon: float, measure: str = "neg_mean_absolute_error") -> OuterRows:
    times = np.arange(float(NUM_ROWS))
    splitter = RowSplitter(NUM_ROWS, None, 0, times=times, gap=horizon)
    protocol = choose_protocol(NUM_ROWS, in_time=True)
    order = Order("t", "days", times, horizon)
    folds = splitter.folds(np.arange(NUM_ROWS), protocol)
    return OuterRows(protocol, folds, choose_measures(PROBLEM, measure).primary, TARGET, splitter, order)


def test_every_row_is_in_one_stretch_and_no_moment_is_parted():
    times = np.repeat(np.arange(30.0), 3)[::-1]
    found = stretches_of(times, 2.0, 4)
    assert len(found) == 4
    np.testing.assert_array_equal(np.sort(np.concatenate(found)), np.arange(90))
    seen = [set(times[rows]) for rows in found]
    assert not any(one & other for one in seen for other in seen if one is not other)


@pytest.mark.parametrize(("horizon", "count"), [(1.0, 4), (5.0, 3), (12.0, 1), (400.0, 1)])
def test_a_stretch_lasts_two_horizons(horizon: float, count: int):
    assert len(stretches_of(np.arange(40.0), horizon, 4)) == count


def test_all_folds_together_have_sixteen_at_most():
    assert len(stretches_of(np.arange(10_000.0), 1.0, 4)) * 4 == MOST_STRETCHES
    assert len(stretches_of(np.arange(10_000.0), 1.0, 40)) == 1


def test_a_stretch_is_scored_by_its_own_rows():
    rows = rows_of_forecast(3.0)
    predictions = [[TARGET[fold.validation_rows] + fold.validation_rows] for fold in rows.folds]
    table = rows.score(predictions).table
    assert table.shape == (16, 1)
    assert (np.diff(table[:, 0]) > 0).all()
    assert table.mean() == pytest.approx(np.concatenate([fold.validation_rows for fold in rows.folds]).mean())
    assert rows.num_rows == 20


def test_the_ratio_is_that_of_a_stretch():
    rows = rows_of_forecast(3.0)
    expected = np.mean([20 / len(fold.train_rows) for fold in rows.folds for _ in range(4)])
    assert rows.rows_ratio == pytest.approx(expected)


def test_a_score_that_is_no_mean_of_errors_is_one_of_folds():
    rows = rows_of_forecast(3.0, "r2")
    assert rows.score([[TARGET[fold.validation_rows] + 1] for fold in rows.folds]).table.shape == (4, 1)


def test_intervals_hold_nought_where_two_models_are_alike():
    """Differences that last for 12 steps (as forecasts of 12 steps do) and grow with time: 600 runs."""
    rng, is_held, rows = np.random.default_rng(0), [], rows_of_forecast(12.0)
    scored = np.concatenate([fold.validation_rows for fold in rows.folds])
    for _ in range(600):
        noise = rng.normal(size=NUM_ROWS + 11) * np.linspace(1, 3, NUM_ROWS + 11)
        difference = np.convolve(noise, np.ones(12), "valid")
        means = np.array([difference[part].mean() for part in rows._together])
        interval = corrected_interval(means[:, None], rows_ratio=rows.rows_ratio)
        is_held.append(interval.low <= 0 <= interval.high)
    assert len(scored) == 320
    assert np.mean(is_held) > 0.945
