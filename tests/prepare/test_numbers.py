"""Numbers and dates: the formula by hand and against skrub, gaps, outliers, the calendar."""

import numpy as np
import pandas as pd
import pytest
from skrub import SquashingScaler

from tenfold.prepare.numbers import DateColumn, NumberColumn


def numbers(*values: float | None, name: str = "rooms") -> pd.Series:
    return pd.Series(values, name=name, dtype=float)


def test_a_number_is_scaled_by_median_and_quartiles_and_softly_clipped():
    column = NumberColumn.fit(numbers(1, 2, 3, 4, 5))
    assert (column.centre, column.spread, column.low, column.high) == (3.0, 2.0, 1.0, 5.0)
    z = (np.array([3.0, 5.0, 1_000.0]) - 3) / 2
    np.testing.assert_allclose(column.transform(numbers(3, 5, 1_000))[:, 0], z / np.sqrt(1 + (z / 3) ** 2))
    assert abs(column.transform(numbers(-1e12, 1e12))).max() <= 3.0


def test_skrub_scales_alike():
    values = pd.Series(np.random.default_rng(0).lognormal(size=57), name="rooms")
    expected = SquashingScaler(max_absolute_value=3.0).fit_transform(values.to_frame())
    np.testing.assert_allclose(NumberColumn.fit(values).transform(values), np.asarray(expected), rtol=1e-6)


def test_where_the_quartiles_agree_half_the_range_divides():
    column = NumberColumn.fit(numbers(0, 0, 0, 0, 0, 0, 4))
    assert column.spread == 2.0


def test_gaps_become_zero_and_a_mark():
    column = NumberColumn.fit(numbers(1, None, 3, 5))
    assert column.input_names == ("rooms", "rooms is missing")
    np.testing.assert_array_equal(column.transform(numbers(3, None)), [[0.0, 0.0], [0.0, 1.0]])


def test_equal_values_with_gaps_leave_the_mark_alone():
    column = NumberColumn.fit(numbers(7, None, 7))
    assert column.input_names == ("rooms is missing",)
    np.testing.assert_array_equal(column.transform(numbers(7, None)), [[0.0], [1.0]])


def test_what_a_number_has_never_seen_is_counted():
    column = NumberColumn.fit(numbers(1, 2, 3))
    found = column.compare(pd.Series(["0.5", "2", "9", "soon", None, "inf"]))
    assert (found.num_outside, found.num_unreadable, found.num_newly_missing) == (2, 2, 1)
    assert found.sentence.startswith("`rooms`: 2 outside 1 to 3, the range seen in training")


@pytest.mark.parametrize(
    "dates", [["2024-01-01", "2024-12-31"], ["01.01.2024", "31.12.2024"], ["01/01/2024", "12/31/2024"]]
)
def test_december_lies_beside_january(dates: list[str]):
    column = DateColumn.fit(pd.Series(dates, name="day"))
    assert column.input_names[:3] == ("day days", "day day of year sine", "day day of year cosine")
    first, last = column.transform(pd.Series(dates))
    np.testing.assert_allclose(first[1:3], last[1:3], atol=0.03)
    np.testing.assert_allclose(first[1:3], [np.sin(2 * np.pi / 365.25), np.cos(2 * np.pi / 365.25)])
    assert column.days.spread == 365 / 2


def test_only_parts_of_the_calendar_that_vary_become_inputs():
    mornings = pd.Series(pd.date_range("2024-01-01 08:00", periods=9, freq="7D"), name="day")
    assert DateColumn.fit(mornings).parts == ("day of year",)
    hourly = pd.Series(pd.date_range("2024-01-01", periods=9, freq="h", tz="UTC"), name="day")
    assert DateColumn.fit(hourly).parts == ("hour",)


def test_dates_that_are_missing_later_or_unreadable_are_counted():
    column = DateColumn.fit(pd.Series(["2024-01-01", "2024-03-01", "2024-02-01"], name="day"))
    cells = pd.Series(["2025-01-01", None, "soon", "2024-01-15"])
    found = column.compare(cells)
    assert (found.num_outside, found.num_unreadable, found.num_newly_missing) == (1, 1, 1)
    assert not column.transform(cells)[1:3].any()


def test_a_date_far_away_is_outside_the_range_and_ends_nothing():
    column = DateColumn.fit(pd.Series(["2024-01-01", "2024-03-01", "2024-02-01"], name="day"))
    cells = pd.Series(["2999-12-31", "0950-01-01"])
    assert column.compare(cells).num_outside == 2
    assert np.isfinite(column.transform(cells)).all()
    np.testing.assert_array_equal(column.ranks(cells), [1.0, 0.0])
