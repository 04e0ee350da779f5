"""Folds of forecasts: nobody trains on what was not yet known when the first scored forecast was made."""

import numpy as np
import pandas as pd
import pytest

from series_frames import daily
from tenfold.data.table import table_from_frame
from tenfold.nested.linear_start import can_start_linear, with_linear_start
from tenfold.nested.origins import MOST_ORIGINS, thinned
from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.options import Options
from tenfold.question.posing import Question, pose_question

HORIZON = 3


def posed(frame: pd.DataFrame) -> Question:
    options = Options(time="day", horizon=f"{HORIZON}d", budget="quick")
    return pose_question(table_from_frame(frame, "sold"), ["sold"], options)


def nested(question: Question) -> NestedRows:
    found = nest_rows(
        question.inputs, question.problem, question.target, question.splitter, question.rows.working,
        question.protocol, num_seeds=1,
    )  # fmt: skip
    assert can_start_linear(found)
    return with_linear_start(found, question.measures.primary, question.target)


@pytest.fixture(scope="module")
def question() -> Question:
    return posed(daily())


def test_whoever_trains_was_known_when_the_first_scored_forecast_was_made(question):
    times, rows = question.order.times, question.rows
    assert question.order.gap == HORIZON
    pairs = [(rows.working, rows.sealed)]
    for fold in question.splitter.folds(rows.working, question.protocol):
        pairs += [(fold.train_rows, fold.validation_rows), *fold.inner]
    assert len(pairs) > 5
    for train, scored in pairs:
        first_origin = times[scored].min() - HORIZON
        assert times[train].max() <= first_origin


def test_what_comes_after_a_folds_first_forecast_changes_nothing_that_it_trains_on(question):
    whole = nested(question)
    fold = whole.folds[0]
    first_origin = question.order.times[fold.validation_rows].min() - HORIZON
    frame = daily()
    later = (pd.to_datetime(frame["day"]) - pd.Timestamp("1970-01-01")).dt.days.to_numpy() > first_origin
    frame.loc[later, ["sold", "rain"]] = np.random.default_rng(1).normal(1e3, 1e3, (int(later.sum()), 2))
    other = nested(posed(frame))
    lines = whole.table.rows(0, fold.train_rows)
    for name in ("inputs", "start", "targets"):
        np.testing.assert_array_equal(getattr(other.table, name)[lines], getattr(whole.table, name)[lines])
    one, changed = (each.table.lookups["history"][lines] for each in (whole, other))
    np.testing.assert_array_equal(changed, one)
    assert other.table.scales[0] == whole.table.scales[0]
    final = whole.table.rows(whole.final, fold.train_rows)
    assert (other.table.inputs[final] != whole.table.inputs[final]).any()


def test_targets_are_in_units_of_the_ridges_error_on_rows_it_has_not_seen(question):
    found = nested(question)
    held_out = np.concatenate([validation for _, validation in found.folds[0].inner])
    lines = found.table.rows(0, held_out)
    errors = found.table.targets[lines] - found.table.start[lines, 0]
    assert np.sqrt((errors**2).mean()) == pytest.approx(1, rel=1e-4)
    answers = found.predictions(0, found.table.start[lines])
    assert np.abs(answers - question.target[held_out]).mean() < 2  # `sold` goes from -5 to 125


def test_long_series_train_on_some_origins_of_every_hour(question):
    found = nested(question)
    rows = np.arange(3 * MOST_ORIGINS)
    chosen = thinned(found, rows, 4)
    assert len(chosen) == MOST_ORIGINS
    assert (np.diff(chosen) > 0).all()
    assert set(chosen % 24) == set(range(24))
    assert (thinned(found, rows, 4) == chosen).all()
    assert (thinned(found, rows, 5) != chosen).any()
    np.testing.assert_array_equal(thinned(found, rows[:100], 4), rows[:100])
