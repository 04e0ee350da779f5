"""The step of a series: how far one row of it lies from the next, and what a length of time is in steps.

A user meets this as `--time date --horizon 24h`. The step is inferred: whole months, quarters or years where every row
has a month of its own, else the distance that most rows have from the one before. Every row must lie on the grid of
that step; where rows are missing on it, the series has gaps, which `data.series` marks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.dates import as_dates, days_since_1970, find_date_format
from tenfold.data.order import row_times
from tenfold.errors import OptionError, TableError

__all__ = ["Step", "find_step", "read_horizon", "read_moments"]

MONTH_DAYS = (28, 31)
"""Days from one month's row to the next."""

PARTS = ("year", "month", "day", "hour", "minute", "second")
"""Names of columns that together are a time, as in `--time year,month,day,hour`."""

MOST_GAPS = 20
"""A grid with more places than this for each row has no step at all (arbitrary)."""

MICROSECONDS = {"s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000}
MONTHS = {"month": 1, "months": 1, "mo": 1, "quarter": 3, "quarters": 3, "y": 12, "year": 12, "years": 12}
WORDS = {
    "second": "s", "seconds": "s", "m": "min", "minute": "min", "minutes": "min", "hour": "h", "hours": "h",
    "day": "d", "days": "d", "week": "w", "weeks": "w",
}  # fmt: skip

_LENGTH = re.compile(r"(\d+)\s*([a-z]*)")


@dataclass(frozen=True)
class Step:
    """The step of a series, and where its grid begins.

    Args:
        unit: `"months"`, `"microseconds"`, or `"units"` where times are plain numbers.
        size: How many of them.
        anchor: A moment on the grid: ISO 8601, or a number.
    """

    unit: Literal["months", "microseconds", "units"]
    size: float
    anchor: str

    @property
    def words(self) -> str:
        """As a phrase.

        >>> Step("microseconds", 3_600_000_000, "2010-01-01").words, Step("months", 3, "2010-01-01").words
        ('1 hour', '3 months')
        """
        if self.unit == "units":
            return f"{self.size:g}"
        if self.unit == "months":
            count, thing = (self.size / 12, "year") if self.size % 12 == 0 else (self.size, "month")
        else:
            names = {"d": "day", "h": "hour", "min": "minute", "s": "second"}
            count, thing = next(
                ((self.size / MICROSECONDS[short], name) for short, name in names.items()
                 if self.size % MICROSECONDS[short] == 0), (self.size / MICROSECONDS["s"], "second"),
            )  # fmt: skip
        return f"{count:g} {thing}{'' if count == 1 else 's'}"

    @property
    def seasons(self) -> tuple[int, ...]:
        """Steps of the seasons that times of this step may have: the shortest first; empty where none is known.

        >>> Step("microseconds", 3_600_000_000, "2010-01-01").seasons, Step("months", 1, "2010-01-01").seasons
        ((24, 168), (12,))
        """
        if self.unit == "units":
            return ()
        if self.unit == "months":
            return (int(12 // self.size),) if 12 % self.size == 0 and self.size < 12 else ()  # noqa: PLR2004  # a year
        day, week = MICROSECONDS["d"], MICROSECONDS["w"]
        if self.size == week:
            return (52,)
        found = (day / self.size, week / self.size, 365.0 * (self.size == day))
        return tuple(int(count) for count in found if count > 1 and count == int(count))

    def ago(self, count: int) -> str:
        """So many steps before, as a phrase.

        >>> Step("microseconds", 3_600_000_000, "2010-01-01").ago(24), Step("months", 1, "2010-01-01").ago(12)
        ('1 day before', '1 year before')
        """
        if self.unit == "microseconds" and count * self.size % MICROSECONDS["w"] == 0:
            weeks = int(count * self.size // MICROSECONDS["w"])
            return f"{weeks} week{'s' * (weeks > 1)} before"
        return f"{Step(self.unit, self.size * count, self.anchor).words} before"

    @property
    def days(self) -> float:
        """Length of a step in days, at most; of a number, itself."""
        if self.unit == "units":
            return self.size
        return self.size * 31 if self.unit == "months" else self.size / MICROSECONDS["d"]

    def positions(self, moments: pd.Series) -> Float[np.ndarray, " row"]:
        """Place of each moment on the grid, 0 at the anchor; no whole number where it lies beside it."""
        if self.unit == "units":
            return np.asarray((moments - float(self.anchor)) / self.size, dtype=np.float64)
        anchor = pd.Timestamp(self.anchor)
        if self.unit == "months":
            months = (moments.dt.year - anchor.year) * 12 + moments.dt.month - anchor.month
            return np.asarray(months / self.size, dtype=np.float64)
        return np.asarray((moments - anchor) / pd.Timedelta(microseconds=self.size), dtype=np.float64)

    def moments(self, positions: Int[np.ndarray, " place"]) -> pd.Series:
        """The moments of places on the grid."""
        if self.unit == "units":
            return pd.Series(float(self.anchor) + positions * self.size)
        anchor = pd.Timestamp(self.anchor)
        if self.unit == "months":
            places, back = np.unique(positions, return_inverse=True)
            found = [anchor + pd.DateOffset(months=int(place * self.size)) for place in places]
            return pd.Series(pd.DatetimeIndex(found)[back])
        return pd.Series(anchor + pd.to_timedelta(positions * np.int64(self.size), unit="us"))

    def times(self, positions: Int[np.ndarray, " place"]) -> Float[np.ndarray, " place"]:
        """The same as days since 1970, or as numbers."""
        moments = self.moments(positions)
        return np.asarray(moments, np.float64) if self.unit == "units" else days_since_1970(moments)


def read_moments(frame: pd.DataFrame, column: str) -> pd.Series:
    """The time of each row: dates, or numbers.

    Args:
        frame: The table.
        column: Its column of times, or several that together are one, as in `"year,month,day,hour"`.

    Returns:
        Moments without time zone, or numbers; none is missing.

    Raises:
        TableError: No such column, or a time that is missing or cannot be read: which row.
    """
    names = [name.strip() for name in column.split(",")]
    if column not in frame.columns and all(name in frame.columns and name.lower() in PARTS for name in names):
        parts = frame[names].rename(columns=str.lower)
        filled = {"month": 1, "day": 1} | {name: parts[name] for name in parts}
        moments = pd.to_datetime(pd.DataFrame(filled, index=frame.index), errors="coerce")
        bad = np.flatnonzero(moments.isna())
        if len(bad):
            raise TableError(
                "unreadable_time",
                f"`{column}` has {len(bad):,} of {len(frame):,} rows that are not a date (first: row {bad[0] + 1})",
                expected="a year, a month, a day that there are",
            )
        return moments
    numbers, unit = row_times(frame, column)
    if unit != "days":
        return pd.Series(numbers)
    return as_dates(frame[column], find_date_format(frame[column]) or "").reset_index(drop=True)


def find_step(moments: pd.Series, series: Int[np.ndarray, " row"], column: str) -> Step:
    """The step that most rows go on by.

    Args:
        moments: From `read_moments`.
        series: Number of each row's series.
        column: The column of times, for messages.

    Returns:
        The step; all rows lie on its grid, each at a place of its own within its series.

    Raises:
        TableError: Two rows of one series and time, or rows that go on by no regular step.
    """
    order = np.lexsort((moments.to_numpy(), series))
    same = series[order][1:] == series[order][:-1]
    _check_once(moments, order, same, column)
    if not same.any():
        raise TableError(
            "one_step", f"No series has two rows with a time in `{column}`", expected="series of several steps"
        )
    if not pd.api.types.is_datetime64_any_dtype(moments):
        ahead = np.diff(moments.to_numpy()[order])[same]
        return _on_grid(Step("units", float(_most_frequent(ahead)), str(float(moments.min()))), moments, order, column)
    ahead = np.diff(moments.to_numpy().astype("datetime64[us]").astype(np.int64)[order])[same]
    usual, day = _most_frequent(ahead), MICROSECONDS["d"]
    months = (moments.dt.year * 12 + moments.dt.month).to_numpy()
    months_ahead = np.diff(months[order])[same]
    if usual >= MONTH_DAYS[0] * day and (months_ahead > 0).all() and _same_day(moments):
        step = Step("months", int(_most_frequent(months_ahead)), moments.min().isoformat())
    else:
        step = Step("microseconds", int(usual), moments.min().isoformat())
    return _on_grid(step, moments, order, column)


def read_horizon(horizon: str, step: Step) -> int:
    """How many steps ahead.

    Args:
        horizon: A number of steps, or a length of time such as `"24h"`, `"7d"`, `"12 months"`.
        step: Of the series.

    Returns:
        1 or more.

    Raises:
        OptionError: Not a length of time, or no whole number of steps.

    >>> read_horizon("2d", Step("microseconds", 3_600_000_000, "")), read_horizon("1 year", Step("months", 1, ""))
    (48, 12)
    """
    found = _LENGTH.fullmatch(horizon.strip().lower())
    unit = WORDS.get(found[2], found[2]) if found else ""
    if found is None or unit not in {"", *MICROSECONDS, *MONTHS} or int(found[1]) < 1:
        raise OptionError(
            "horizon",
            f"`{horizon}` is not a horizon",
            expected="a number of steps, or a length of time: 24h, 7d, 2w, 12 months, 1 year",
        )
    count = int(found[1])
    if not unit:
        return count
    sizes: dict[str, Any] = {"months": MONTHS, "microseconds": MICROSECONDS, "units": {}}
    length = count * sizes[step.unit].get(unit, 0)
    if not length or length % step.size:
        raise OptionError(
            "horizon_step",
            f"A horizon of `{horizon}` is no whole number of steps of {step.words}",
            expected="a number of steps, or a length of time that is a multiple of the step",
        )
    return int(length // step.size)


def _check_once(moments: pd.Series, order: Int[np.ndarray, " row"], same: Any, column: str) -> None:
    values = moments.to_numpy()[order]
    twice = np.flatnonzero(same & (values[1:] == values[:-1]))
    if len(twice):
        first, second = sorted((order[twice[0]] + 1, order[twice[0] + 1] + 1))
        raise TableError(
            "same_time_twice",
            f"Rows {first} and {second} have the same time in `{column}`: {moments.iloc[first - 1]}",
            expected="one row for each time of a series",
            received=f"{len(twice):,} rows with a time that another row has" if len(twice) > 1 else None,
            hint="if the table holds several series, name the column that tells them apart: --series COLUMN",
        )


def _same_day(moments: pd.Series) -> bool:
    """Whether all moments are of one day of the month, or the last of it."""
    days = moments.dt.day.to_numpy()
    return bool((days == days[0]).all()) or bool(moments.dt.is_month_end.all())


def _most_frequent(values: np.ndarray) -> Any:
    different, counts = np.unique(values, return_counts=True)
    return different[np.argmax(counts)]


def _on_grid(step: Step, moments: pd.Series, order: Int[np.ndarray, " row"], column: str) -> Step:
    """The step itself, if every row lies on its grid."""
    positions = step.positions(moments)
    bad: Sequence[int] = order[np.abs(positions - np.round(positions))[order] > 1e-6]  # noqa: PLR2004  # rounding
    if len(bad) or np.ptp(positions) > MOST_GAPS * len(moments):
        shown = f"first: row {bad[0] + 1}, {moments.iloc[bad[0]]}" if len(bad) else "most steps would be missing"
        raise TableError(
            "irregular_time",
            f"Most rows of `{column}` go on by {step.words}, but {len(bad):,} of {len(moments):,} lie between such "
            f"steps ({shown})",
            expected="a regular step, such as an hour, a day or a month; steps may be missing",
            hint="take the mean of each hour or day, or leave `--horizon` out",
        )
    return step
