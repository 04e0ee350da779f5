"""In which order rows happened: a column of dates or numbers as one number a row, and how long the gap between is.

A user meets this as `--time Datum --gap 7d`. Dates become days, so that a gap can be said in days, hours or weeks;
numbers stay as they are, and the gap is in their own unit. A row without a readable time is refused: where it belongs
cannot be guessed, and a wrong guess trains on the future.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.data.dates import DATE_FORMATS, as_dates, days_since_1970, find_date_format
from tenfold.errors import OptionError, TableError, did_you_mean

__all__ = ["DAYS", "Order", "read_gap", "read_order", "row_times"]

DAYS = "days"
"""Unit of times that were read from dates."""

DAYS_OF = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}
"""What a gap may be said in. Months and years are left out: they are not always as long."""

_GAP = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


@dataclass(frozen=True)
class Order:
    """The order of time in which rows happened.

    Args:
        column: The column that says so.
        unit: In words, `"days"` for dates.
        times: When each row happened, in that unit.
        gap: Left out before whatever is scored, in that unit.
    """

    column: str
    unit: str
    times: Float[np.ndarray, " row"]
    gap: float

    @property
    def gap_words(self) -> str:
        """The gap as a phrase; empty where there is none.

        >>> Order("day", "days", np.zeros(0), 7.0).gap_words, Order("day", "days", np.zeros(0), 0.5).gap_words
        ('7 days', '12 hours')
        """
        if not self.gap:
            return ""
        if self.unit != DAYS:
            return f"{self.gap:,g} {self.unit.replace('units', 'unit') if self.gap == 1 else self.unit}"
        count, thing = (self.gap, "day") if self.gap >= 1 else (self.gap * 24, "hour")
        return f"{count:g} {thing}" if count == 1 else f"{count:g} {thing}s"


def read_order(frame: pd.DataFrame, column: str, gap: str | float = 0.0) -> Order:
    """The order of rows by a column, with a gap; see `row_times` and `read_gap`.

    Args:
        frame: The table.
        column: Its column of dates or numbers.
        gap: A number in the column's unit (days for dates), or for dates a text such as `"7d"`; empty for none.

    Returns:
        The order.

    Raises:
        TableError: The times cannot be read.
        OptionError: The gap cannot be read.
    """
    times, unit = row_times(frame, column)
    return Order(column, unit, times, read_gap(gap or 0.0, unit))


def row_times(frame: pd.DataFrame, column: str) -> tuple[Float[np.ndarray, " row"], str]:
    """When each row happened.

    Args:
        frame: The table.
        column: Its column of dates (in one of `data.dates.DATE_FORMATS`) or numbers.

    Returns:
        Days since 1970 where the column holds dates, else its numbers; and their unit in words, `"days"` or
        ``"units of `COLUMN`"``. All finite.

    Raises:
        TableError: No such column, or a time that is missing or cannot be read.

    >>> row_times(pd.DataFrame({"day": ["02.01.1970", "01.02.1970"]}), "day")
    (array([ 1., 31.]), 'days')
    >>> row_times(pd.DataFrame({"year": [1999, None]}), "year")
    Traceback (most recent call last):
    ...
    tenfold.errors.TableError: `year` has no time in 1 of 2 rows (first: row 2). Expected: a time for each row. Hint:
    fill them in, or leave the rows out.
    """
    if column not in frame.columns:
        names = list(map(str, frame.columns))
        raise TableError(
            "unknown_time",
            f"`{column}` is not a column of the table",
            expected=f"one of {', '.join(names[:12])}",
            hint=did_you_mean(column, names),
        )
    values = frame[column]
    _check_filled(values)
    date_format = find_date_format(values)
    if date_format is not None:
        return _days(values, date_format), DAYS
    numbers = _numbers(values)
    if not np.isfinite(numbers).all():
        raise _unreadable(values, numbers)
    return numbers, f"units of `{column}`"


def read_gap(gap: str | float, unit: str) -> float:
    """How long a gap is, in the unit of the times.

    Args:
        gap: A number in the unit of the times (days for dates), or for dates a text such as `"7d"`, `"12h"`, `"2w"`,
            `"30min"`. 0 or more.
        unit: From `row_times`.

    Returns:
        The gap in that unit.

    Raises:
        OptionError: Not a length of time, below 0, or a length of time where the times are no dates.

    >>> read_gap("2w", "days"), read_gap("12h", "days"), read_gap(3, "units of `step`")
    (14.0, 0.5, 3.0)
    """
    text = str(gap).strip().lower()
    found = _GAP.fullmatch(text)
    if found is None or found[2] not in {"", *DAYS_OF}:
        raise OptionError(
            "gap",
            f"`{gap}` is not a length of time",
            expected="a number that is 0 or more, or one with a unit: 7d, 12h, 2w, 30min",
        )
    if found[2] and unit != DAYS:
        raise OptionError(
            "gap_unit",
            f"The gap `{gap}` is in days or hours, but the times are in {unit}",
            expected="a number",
            hint="dates are understood as text such as 2024-01-31",
        )
    return float(found[1]) * DAYS_OF.get(found[2], 1.0)


def _check_filled(values: pd.Series) -> None:
    missing = np.flatnonzero(values.isna())
    if len(missing):
        raise TableError(
            "missing_time",
            f"`{values.name}` has no time in {len(missing):,} of {len(values):,} rows (first: row {missing[0] + 1})",
            expected="a time for each row",
            hint="fill them in, or leave the rows out",
        )


def _days(values: pd.Series, date_format: str) -> Float[np.ndarray, " row"]:
    moments = as_dates(values, date_format)
    return days_since_1970(moments)


def _numbers(values: pd.Series) -> Float[np.ndarray, " row"]:
    """Each cell as a number; NaN where it is none. Yes and no are no times."""
    if pd.api.types.is_bool_dtype(values):
        return np.full(len(values), np.nan)
    if pd.api.types.is_timedelta64_dtype(values):
        return np.asarray(values / pd.Timedelta(days=1), dtype=np.float64)
    return np.asarray(pd.to_numeric(values.astype(object), errors="coerce"), dtype=np.float64)


def _unreadable(values: pd.Series, numbers: Float[np.ndarray, " row"]) -> TableError:
    """The sentence for a column that is neither: what most of its rows are is what was meant."""
    read_as = {one: as_dates(values, one).notna().to_numpy() for one in DATE_FORMATS}
    best = max(DATE_FORMATS, key=lambda one: read_as[one].sum())
    is_meant_as_date = read_as[best].sum() > np.isfinite(numbers).sum()
    bad = np.flatnonzero(~(read_as[best] if is_meant_as_date else np.isfinite(numbers)))
    thing = "a date" if is_meant_as_date else "a date or a number"
    rows = f"{len(bad):,} of {len(values):,} rows"
    return TableError(
        "unreadable_time",
        f"`{values.name}` has {rows} that are not {thing} (first: row {bad[0] + 1})",
        expected="dates that are all written alike (2024-01-31, 31.01.2024, 01/31/2024), or numbers",
        received=f"`{values.iloc[bad[0]]}`",
    )
