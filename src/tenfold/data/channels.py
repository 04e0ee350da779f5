"""What the windows of a series hold: the target, and the other columns as numbers, a channel or several each.

Numbers are one channel, yes and no one, categories of few levels a channel a level. Columns that only repeat the
clock (a running number, the hour of the row) are left out: calendar and trend come from the column of times. So are
texts and dates.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.errors import TableError

__all__ = ["Channel", "choose_channels", "read_channels"]

MOST_LEVELS = 12
"""Levels of a category up to which it is read, a channel each (arbitrary)."""

CLOCK = ("year", "quarter", "month", "day", "day_of_week", "day_of_year", "hour", "minute")
"""Parts of a moment, by the names of pandas."""


@dataclass(frozen=True)
class Channel:
    """A column that windows hold.

    Args:
        name: Of the column.
        levels: Of a category; empty for a number.
    """

    name: str
    levels: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of its channels.

        >>> Channel("wind", ("NE", "NW")).names
        ('wind NE', 'wind NW')
        """
        return tuple(f"{self.name} {level}" for level in self.levels) or (self.name,)


def choose_channels(frame: pd.DataFrame, target: str, moments: pd.Series) -> tuple[Channel, ...]:
    """The columns that windows hold.

    Args:
        frame: The table without the columns of times and of series.
        target: Column to forecast.
        moments: Time of each row.

    Returns:
        Channels, the target first.

    Raises:
        TableError: The target holds no numbers.
    """
    numbers = _numbers(frame[target])
    if numbers is None:
        raise TableError(
            "no_number_to_forecast",
            f"`{target}` holds text in some rows: only a number can be forecast",
            expected="a column of numbers, empty where a value is missing",
        )
    found = [Channel(target)]
    for name in frame.columns:
        channel = _channel(frame[name], moments)
        if name != target and channel is not None:
            found.append(channel)
    return tuple(found)


def read_channels(frame: pd.DataFrame, channels: tuple[Channel, ...]) -> Float[np.ndarray, "row channel"]:
    """The cells of some rows as channels; NaN where they are missing or cannot be read."""
    columns = [_read(frame[one.name], one) for one in channels]
    return np.concatenate(columns, axis=1)


def _channel(values: pd.Series, moments: pd.Series) -> Channel | None:
    """How a column is read; None where it is not."""
    numbers = _numbers(values)
    if numbers is None:
        levels = sorted(map(str, values.dropna().unique())) if values.nunique() <= MOST_LEVELS else []
        return Channel(str(values.name), tuple(levels)) if len(levels) > 1 else None
    filled = numbers[~np.isnan(numbers)]
    if not len(filled) or not np.ptp(filled) or _tells_time(numbers, moments):
        return None
    return Channel(str(values.name))


def _tells_time(numbers: Float[np.ndarray, " row"], moments: pd.Series) -> bool:
    """Whether a column only repeats the clock, or numbers the rows."""
    if np.isnan(numbers).any():
        return False
    if len(numbers) > 2 and np.ptp(np.diff(numbers)) == 0:  # noqa: PLR2004  # two rows have one distance
        return True
    if not pd.api.types.is_datetime64_any_dtype(moments):
        return bool((numbers == moments.to_numpy()).all())
    return any((numbers == getattr(moments.dt, part).to_numpy()).all() for part in CLOCK)


def _numbers(values: pd.Series) -> Float[np.ndarray, " row"] | None:
    """The cells as numbers, NaN where missing; None where some are something else."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return None
    if pd.api.types.is_numeric_dtype(values):
        return np.asarray(values, dtype=np.float64)
    read = pd.to_numeric(values.astype(object), errors="coerce")
    return np.asarray(read, dtype=np.float64) if read.notna().sum() == values.notna().sum() else None


def _read(values: pd.Series, channel: Channel) -> Float[np.ndarray, "row channel"]:
    if not channel.levels:
        return np.asarray(pd.to_numeric(values.astype(object), errors="coerce"), dtype=np.float64)[:, None]
    cells = values.map(str, na_action="ignore").to_numpy()
    hot = np.stack([cells == level for level in channel.levels], axis=1).astype(np.float64)
    hot[values.isna().to_numpy()] = np.nan
    return hot
