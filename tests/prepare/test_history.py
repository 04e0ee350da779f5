"""Windows of series as prepared columns: pandas' `shift` is the oracle of lags, NumPy that of scales."""

import dataclasses

import numpy as np
import pandas as pd

from series_frames import daily, origins_of
from tenfold.prepare.folded import fold_table
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import define_problem

_, ORIGINS = origins_of(daily())
WINDOWS = ORIGINS.frame["sold so far"]
TRAIN = np.arange(100)
FIRST, LENGTH = 20, 21  # a window of 21 days ends with the 21st step, whose number is 20


def fitted(rows: np.ndarray = TRAIN) -> HistoryColumn:
    return HistoryColumn.fit(WINDOWS.iloc[rows])


def test_scales_are_those_of_the_steps_that_training_windows_cover():
    column, covered = fitted(), daily().iloc[: FIRST + len(TRAIN)]
    assert (column.length, column.seasons, column.channels) == (LENGTH, (7,), ("sold", "rain", "filled"))
    np.testing.assert_allclose(column.centres[:2], covered[["sold", "rain"]].mean(), rtol=1e-5)
    np.testing.assert_allclose(column.spreads[:2], covered[["sold", "rain"]].std(ddof=0), rtol=1e-4)
    assert column.spreads[2] == 0


def test_lags_are_the_last_step_and_differences_from_it_as_shift_says():
    column, frame = fitted(), daily()
    inputs = pd.DataFrame(column.transform(WINDOWS), columns=list(column.input_names))
    sold, rain = ((frame[name] - column.centres[place]) / column.spreads[place] for place, name in
                  enumerate(("sold", "rain")))  # fmt: skip
    lines = np.arange(FIRST, FIRST + len(WINDOWS))
    np.testing.assert_allclose(inputs["sold last"], sold[lines], atol=1e-5)
    for lag in (1, 6, 20):
        change = (sold.shift(lag) - sold)[lines].to_numpy()
        expected = change / np.sqrt((change[TRAIN] ** 2).mean())
        np.testing.assert_allclose(inputs[f"sold {lag} back beside the last"], expected, atol=1e-3)
    np.testing.assert_allclose(inputs["rain 4 back"], rain.shift(4)[lines], atol=1e-5)


def test_inputs_are_not_clipped():
    assert fitted().transform(WINDOWS)[:, 0].max() > 3


def test_windows_come_back_in_the_targets_unit():
    column = fitted()
    past = column.past(column.lookup(WINDOWS), slice(None))
    expected = np.stack([window[:, 0] for window in WINDOWS])
    np.testing.assert_allclose(past, expected, atol=1e-3)


def test_what_comes_after_the_training_rows_changes_nothing_in_them():
    frame = daily()
    frame.loc[FIRST + len(TRAIN) :, ["sold", "rain"]] = 1e4
    changed = origins_of(frame)[1].frame["sold so far"]
    column = HistoryColumn.fit(changed.iloc[TRAIN])
    assert column == fitted()
    np.testing.assert_array_equal(column.transform(changed.iloc[TRAIN]), fitted().transform(WINDOWS.iloc[TRAIN]))


def test_what_nothing_could_fill_is_the_mean():
    frame = daily()
    frame.loc[:60, "rain"] = np.nan
    windows = origins_of(frame)[1].frame["sold so far"]
    column = HistoryColumn.fit(windows)
    assert np.isfinite(column.transform(windows)).all()
    np.testing.assert_array_equal(column.lookup(windows)[:][0, :, 1], 0)


def test_it_is_kept_as_json_without_the_series():
    preparation = TablePreparation.fit(ORIGINS.frame.drop(columns="sold"))
    text = preparation.to_json()
    assert TablePreparation.from_json(text) == preparation
    assert len(text) < 8_000


def test_folds_share_one_copy_of_the_places_and_have_scales_of_their_own():
    frame = ORIGINS.frame
    problem = define_problem(frame, "sold", kind="number")
    folds = [TRAIN, np.arange(150)]
    table = fold_table(frame.drop(columns="sold"), problem, problem.encode(frame), folds)
    lookup = table.lookups["history"]
    assert lookup.shape == (2 * len(frame), LENGTH, 3)
    assert len(lookup.source) == 2 * len(daily())
    for block, rows in enumerate(folds):
        lines = table.rows(block, np.array([0, 7]))
        np.testing.assert_array_equal(lookup[lines], fitted(rows).lookup(WINDOWS)[np.array([0, 7])])


def test_a_channel_that_never_changes_in_training_is_no_input():
    assert "filled last" not in fitted().input_names
    flat = dataclasses.replace(fitted(), spreads=(0.0, 0.0, 0.0))
    assert flat.transform(WINDOWS).shape == (len(WINDOWS), 0)
