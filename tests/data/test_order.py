"""When rows happened: dates as days, numbers as they are, and gaps in their unit."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tenfold.data.order import DAYS, read_gap, read_order, row_times
from tenfold.errors import OptionError, TableError


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-03-01", "2024-02-28", "2024-03-01"],
        ["01.03.2024", "28.02.2024", "01.03.2024"],
        ["03/01/2024", "02/28/2024", "03/01/2024"],
        pd.to_datetime(["2024-03-01", "2024-02-28", "2024-03-01"]),
        pd.to_datetime(["2024-03-01", "2024-02-28", "2024-03-01"]).tz_localize("UTC"),
        [dt.date(2024, 3, 1), dt.date(2024, 2, 28), dt.date(2024, 3, 1)],
    ],
)
def test_dates_become_days_however_they_are_written(cells: list[object]):
    times, unit = row_times(pd.DataFrame({"when": cells}), "when")
    np.testing.assert_array_equal(times - times[1], [2, 0, 2])
    assert (times.dtype, unit) == (np.float64, DAYS)


def test_hours_are_parts_of_a_day():
    times, _ = row_times(pd.DataFrame({"when": ["2024-03-01 06:00", "2024-03-02 18:30"]}), "when")
    assert times[1] - times[0] == pytest.approx(1.5 + 0.5 / 24)


@pytest.mark.parametrize("cells", [[3, 1, 2], [3.0, 1.0, 2.0], ["3", "1", "2"]])
def test_numbers_stay_as_they_are(cells: list[object]):
    times, unit = row_times(pd.DataFrame({"step": cells}), "step")
    np.testing.assert_array_equal(times, [3.0, 1.0, 2.0])
    assert unit == "units of `step`"


@pytest.mark.parametrize(
    ("cells", "match"),
    [
        (["2024-03-01", None], r"`when` has no time in 1 of 2 rows \(first: row 2\)"),
        (["2024-03-01", "2024-03-02", "soon"], r"1 of 3 rows that are not a date \(first: row 3\).*Received: `soon`"),
        ([1.0, np.inf, 3.0], r"1 of 3 rows that are not a date or a number \(first: row 2\)"),
        (["noon", "dusk", "3"], r"2 of 3 rows that are not a date or a number \(first: row 1\)"),
        ([True, False, True], r"3 of 3 rows that are not a date or a number"),
        (["31.01.2024", "01/31/2024", "30.01.2024"], r"1 of 3 rows that are not a date \(first: row 2\)"),
    ],
)
def test_a_time_that_cannot_be_read_is_refused(cells: list[object], match: str):
    with pytest.raises(TableError, match=match):
        row_times(pd.DataFrame({"when": cells}), "when")


def test_an_unknown_column_is_refused_with_the_nearest_one():
    with pytest.raises(TableError, match=r"`date` is not a column.*did you mean `Date`"):
        row_times(pd.DataFrame({"Date": ["2024-03-01"]}), "date")


@pytest.mark.parametrize(
    ("gap", "days"), [("7d", 7), (" 12 H ", 0.5), ("2w", 14), ("90min", 1 / 16), (3, 3), (0.5, 0.5), ("1.5", 1.5)]
)
def test_a_gap_is_read_in_days(gap: str | float, days: float):
    assert read_gap(gap, DAYS) == pytest.approx(days)


@pytest.mark.parametrize("gap", ["a week", "7 months", "-1", -1.0, "", "nan", "inf"])
def test_what_is_no_length_of_time_is_refused(gap: str | float):
    with pytest.raises(OptionError, match="is not a length of time"):
        read_gap(gap, DAYS)


def test_numbers_have_no_days():
    with pytest.raises(OptionError, match="`7d` is in days or hours, but the times are in units of `step`"):
        read_gap("7d", "units of `step`")


@pytest.mark.parametrize(
    ("gap", "words"),
    [("7d", "7 days"), ("1d", "1 day"), ("12h", "12 hours"), ("1h", "1 hour"), ("2w", "14 days"), ("", ""), (0, "")],
)
def test_a_gap_is_told_in_words(gap: str | float, words: str):
    assert read_order(pd.DataFrame({"when": ["2024-03-01"]}), "when", gap).gap_words == words


def test_a_gap_of_numbers_is_told_in_their_unit():
    order = read_order(pd.DataFrame({"step": [1, 2]}), "step", "24")
    assert (order.gap, order.gap_words) == (24.0, "24 units of `step`")
