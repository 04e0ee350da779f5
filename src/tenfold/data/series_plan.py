"""How a table is read as series: its step, the horizon in steps, the length of windows and what they hold.

Decided once, by the training table; kept in the run, so that a new table is read alike.

Source of the lengths of windows, two to seven seasons: F. Chollet, Deep Learning with Python (2017), section 6.3, takes
ten days of hours.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.data.channels import Channel, choose_channels
from tenfold.data.steps import Step, find_step, read_horizon, read_moments
from tenfold.errors import OptionError, TableError, did_you_mean

__all__ = ["SeriesPlan", "WindowMeaning", "check_column", "number_series", "plan_series"]

MOST_SEASONS, FEWEST_SEASONS = 7, 2
"""Seasons of a window, as the amount of steps allows."""

STEPS_A_WINDOW = 10
"""A series has this many windows side by side, where it has that many seasons (arbitrary)."""

LONGEST_WINDOW, LENGTH_WITHOUT_SEASON = 336, 24
"""Steps of a window at most, two weeks of hours; and where no season is known (arbitrary)."""


MOST_STEPS = 48
"""Steps of the way to the horizon that are forecast: two days of hours; spread over a longer way (arbitrary)."""


@dataclass(frozen=True)
class WindowMeaning:
    """What the cells of a window mean, for whoever prepares them.

    Args:
        channels: Names of the columns of a window; the target first.
        seasons: Steps of the seasons that fit into a window, the shortest first.
        steps: Steps from the end of a window to what is forecast, the horizon last.
        is_log: Whether the target is seen as log(1 + its value).
    """

    channels: tuple[str, ...]
    seasons: tuple[int, ...]
    steps: tuple[int, ...]
    is_log: bool = False


@dataclass(frozen=True)
class SeriesPlan:
    """How a table is read as series: decided once by the training table, and kept for new ones.

    Args:
        time: Column of times.
        target: Column to forecast.
        series: Column that tells series apart; empty where there is one.
        step: From one row to the next.
        horizon: Steps ahead.
        length: Steps of a window.
        channels: What windows hold.
        known_ahead: Columns whose value at the target's time is known at the origin.
        is_log: Whether models see log(1 + the target): `question.logs` decides.
    """

    time: str
    target: str
    series: str
    step: Step
    horizon: int
    length: int
    channels: tuple[Channel, ...]
    known_ahead: tuple[str, ...]
    is_log: bool = False

    @property
    def season(self) -> int:
        """Steps of the shortest season that fits into a window; 1 where none does."""
        return self.seasons[0] if self.seasons else 1

    @property
    def seasons(self) -> tuple[int, ...]:
        """Seasons that fit into a window."""
        return tuple(one for one in self.step.seasons if one <= self.length)

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps ahead of the origin that are forecast, the horizon last: all on the way to it, or many."""
        if self.horizon <= MOST_STEPS:
            return tuple(range(1, self.horizon + 1))
        spread = np.linspace(self.horizon / MOST_STEPS, self.horizon, MOST_STEPS)
        return tuple(spread.round().astype(int).tolist())

    @property
    def window_column(self) -> str:
        """Name of the column that holds windows."""
        return f"{self.target} so far"

    @property
    def time_column(self) -> str:
        """Name of the column that holds the target's time."""
        return self.time if "," not in self.time else "time"

    @property
    def meaning(self) -> WindowMeaning:
        """What the cells of a window mean."""
        names = tuple(name for channel in self.channels for name in channel.names)
        return WindowMeaning((*names, "filled"), self.seasons, self.steps, self.is_log)

    def to_plain(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "SeriesPlan":
        """Read what `to_plain` made, through JSON or not."""
        channels = tuple(Channel(one["name"], tuple(one["levels"])) for one in plain["channels"])
        known = tuple(plain["known_ahead"])
        return cls(**{**plain, "step": Step(**plain["step"]), "channels": channels, "known_ahead": known})


def plan_series(
    frame: pd.DataFrame, target: str, time: str, horizon: str, *, series: str = "", known_ahead: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> SeriesPlan:  # fmt: skip
    """Decide how a table is read as series.

    Args:
        frame: The table.
        target: Column to forecast.
        time: Column of times.
        horizon: Steps ahead, or a length of time.
        series: Column that tells series apart; empty for one.
        known_ahead: Columns whose future is known: holidays, prices, plans.
        drop: Columns that are not to be used.

    Returns:
        The plan.

    Raises:
        TableError: Times that cannot be read, stand twice or have no regular step; too few steps; no such column.
        OptionError: A horizon that is none, or longer than the data.
    """
    for word, columns in (("series", [series] if series else []), ("known_ahead", known_ahead)):
        for column in columns:
            check_column(frame, column, word)
    check_column(frame, target, "target")
    moments, numbers = read_moments(frame, time), number_series(frame, series)[0]
    step = find_step(moments, numbers, time)
    steps_ahead = read_horizon(horizon, step)
    places = np.round(step.positions(moments)).astype(np.int64)
    num_steps = max(int(np.ptp(places[numbers == one])) + 1 for one in range(int(numbers.max()) + 1))
    if steps_ahead >= num_steps - 1:
        raise OptionError(
            "horizon_too_long",
            f"A horizon of {steps_ahead:,} steps is longer than the data: the longest series has {num_steps:,}",
            expected="a series many times as long as the horizon",
        )
    roles = {series, *time.split(","), time, *drop}
    channels = choose_channels(frame.drop(columns=[one for one in roles if one in frame.columns]), target, moments)
    length = _window_length(step, steps_ahead, num_steps)
    return SeriesPlan(time, target, series, step, steps_ahead, length, channels, tuple(known_ahead))


def check_column(frame: pd.DataFrame, column: str, word: str, hint: str = "") -> None:
    """Refuse a column that is not there, by the code `unknown_WORD`; the hint is given where no name is similar."""
    if column in frame.columns:
        return
    names = list(map(str, frame.columns))
    raise TableError(
        f"unknown_{word}",
        f"`{column}` is not a column of the table",
        expected=f"one of {', '.join(names[:12])}",
        hint=did_you_mean(column, names) or hint,
    )


def number_series(frame: pd.DataFrame, series: str) -> tuple[Int[np.ndarray, " row"], tuple[str, ...]]:
    """Number of each row's series, and the series' names."""
    if not series:
        return np.zeros(len(frame), np.int64), ("",)
    missing = np.flatnonzero(frame[series].isna())
    if len(missing):
        raise TableError(
            "missing_series",
            f"`{series}` is missing in {len(missing):,} of {len(frame):,} rows (first: row {missing[0] + 1})",
            expected="a series for each row",
        )
    numbers, names = pd.factorize(frame[series].map(str), sort=True)
    return np.asarray(numbers, np.int64), tuple(map(str, names))


def _window_length(step: Step, horizon: int, num_steps: int) -> int:
    """Two to seven seasons as the amount allows, and at least what reaches back to the target's own season."""
    if not step.seasons or step.seasons[0] > LONGEST_WINDOW:
        return max(1, min(LENGTH_WITHOUT_SEASON, num_steps // STEPS_A_WINDOW))
    season = step.seasons[0]
    wanted = int(np.clip(num_steps // (STEPS_A_WINDOW * season), FEWEST_SEASONS, MOST_SEASONS))
    longest = max(FEWEST_SEASONS, LONGEST_WINDOW // season)
    return season * max(min(wanted, longest), -(-horizon // season))
