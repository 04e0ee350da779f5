"""Forecasting: from a table with a column of times to a table of origins, each with what was known then.

A user meets this as `tenfold run weather.csv --target TEMP --time date --horizon 24h [--series station]`. An origin is a
step at which somebody stands and asks for the value `horizon` steps ahead. Its row holds the target that far ahead, the
window of the last steps as one cell that is looked up (never copied), the time of the target, what is known ahead of
that time, and which series it is. So folds, rivals, networks and reports of tables serve series as they are.

Steps that are missing, and cells without a value, are filled with the last value before them for at most a season, and
marked. A line to the next value would look smoother, and would tell the future to every window that ends in the gap. A
target that is missing is neither trained on nor scored, and no window goes over a longer gap.

Sources: lengths of windows: two to seven seasons (F. Chollet, Deep Learning with Python (2017), section 6.3, takes ten
days of hours); what is filled and never scored: GluonTS and AutoGluon.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from tenfold.data.channels import Channel, choose_channels, read_channels
from tenfold.data.lookup_column import LookupArray
from tenfold.data.steps import Step, find_step, read_horizon, read_moments
from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.lookup import Lookup

__all__ = ["Origins", "SeriesPlan", "WindowMeaning", "forecast_origins", "lay_out_origins", "plan_series"]

MOST_SEASONS, FEWEST_SEASONS = 7, 2
"""Seasons of a window, as the amount of steps allows."""

STEPS_A_WINDOW = 10
"""A series has this many windows side by side, where it has that many seasons (arbitrary)."""

LONGEST_WINDOW, LENGTH_WITHOUT_SEASON = 336, 24
"""Steps of a window at most, two weeks of hours; and where no season is known (arbitrary)."""

FEWEST_ORIGINS = 40
"""Origins below which folds forward in time have next to nothing to train on (arbitrary)."""


@dataclass(frozen=True)
class WindowMeaning:
    """What the cells of a window mean, for whoever prepares them.

    Args:
        channels: Names of the columns of a window; the target first.
        seasons: Steps of the seasons that fit into a window, the shortest first.
        horizon: Steps from the end of a window to what is asked.
    """

    channels: tuple[str, ...]
    seasons: tuple[int, ...]
    horizon: int


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
    """

    time: str
    target: str
    series: str
    step: Step
    horizon: int
    length: int
    channels: tuple[Channel, ...]
    known_ahead: tuple[str, ...]

    @property
    def season(self) -> int:
        """Steps of the shortest season that fits into a window; 1 where none does."""
        return self.seasons[0] if self.seasons else 1

    @property
    def seasons(self) -> tuple[int, ...]:
        """Seasons that fit into a window."""
        return tuple(one for one in self.step.seasons if one <= self.length)

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
        return WindowMeaning((*names, "filled"), self.seasons, self.horizon)

    def to_plain(self) -> dict[str, Any]:
        """As plain values, for a file."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "SeriesPlan":
        """Read what `to_plain` made, through JSON or not."""
        channels = tuple(Channel(one["name"], tuple(one["levels"])) for one in plain["channels"])
        known = tuple(plain["known_ahead"])
        return cls(**{**plain, "step": Step(**plain["step"]), "channels": channels, "known_ahead": known})


@dataclass(frozen=True)
class Origins:
    """A table of origins.

    Args:
        frame: A row an origin: target, time of the target, window, what is known ahead, series.
        times: When the target of each row happens, in days or in the unit of the times.
        gap: From an origin to its target, in the same unit, at most.
        notes: What is said of step, gaps and windows, a sentence each.
    """

    frame: pd.DataFrame
    times: Float[np.ndarray, " row"]
    gap: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Grid:
    """All series, one below the other, with a line for every step.

    Args:
        values: Channels, with a mark of how much was filled last; NaN where nothing could fill.
        truth: The target; NaN where it is missing.
        places: Step of each line on the grid of times.
        series: Number of each line's series.
        names: Of the series.
        ahead: Cells of the columns known ahead.
    """

    values: Float[np.ndarray, "line channel"]
    truth: Float[np.ndarray, " line"]
    places: Int[np.ndarray, " line"]
    series: Int[np.ndarray, " line"]
    names: tuple[str, ...]
    ahead: pd.DataFrame


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
            _check_column(frame, column, word)
    _check_column(frame, target, "target")
    moments, numbers = read_moments(frame, time), _numbered(frame, series)[0]
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


def lay_out_origins(frame: pd.DataFrame, plan: SeriesPlan) -> Origins:
    """All origins of a table that can be trained on or scored.

    Args:
        frame: The table.
        plan: Made for it.

    Returns:
        The origins, by series and time.

    Raises:
        TableError: Too few are left.
    """
    grid = _lay_out(frame, plan)
    usable = _has_window(grid, plan)
    lines = np.flatnonzero(usable)
    lines = lines[lines + plan.horizon < len(grid.series)]
    ahead = lines + plan.horizon
    lines = lines[(grid.series[ahead] == grid.series[lines]) & ~np.isnan(grid.truth[ahead])]
    if len(lines) < FEWEST_ORIGINS:
        raise TableError(
            "few_origins",
            f"Windows of {plan.length:,} steps and a horizon of {plan.horizon:,} leave {len(lines):,} forecasts to "
            f"learn from",
            expected=f"at least {FEWEST_ORIGINS}: a longer series, or a shorter horizon",
        )
    own = _rows(grid, plan, lines)
    own.insert(0, plan.target, grid.truth[lines + plan.horizon])
    times = plan.step.times(grid.places[lines + plan.horizon])
    ahead_by = times - plan.step.times(grid.places[lines])
    gap = float(ahead_by.max()) if plan.step.unit == "months" else plan.horizon * plan.step.days
    return Origins(own, times, gap, _notes(grid, plan, len(frame), len(lines)))


def forecast_origins(frame: pd.DataFrame, plan: SeriesPlan) -> Origins:
    """The last origin of each series of a new table: from there on nobody knows the target.

    Args:
        frame: A table with the columns of training; rows after the last target may say what is known ahead.
        plan: Of the training table.

    Returns:
        An origin a series, without the target.

    Raises:
        TableError: A column is missing, rows lie beside the grid of the training table, a series is shorter than a
            window or has a gap at its end, or what is known ahead is not there.
    """
    needed = [plan.target, *plan.known_ahead, *([plan.series] if plan.series else [])]
    needed += [channel.name for channel in plan.channels]
    for column in needed:
        _check_column(frame, column, "forecast")
    grid = _lay_out(frame, plan)
    lines = np.array([np.flatnonzero((grid.series == one) & ~np.isnan(grid.truth)).max(initial=-1)
                      for one in range(len(grid.names))])  # fmt: skip
    usable = _has_window(grid, plan)
    bad = [place for place, line in enumerate(lines) if line < 0 or not usable[line]]
    if bad:
        name = f" of `{grid.names[bad[0]]}`" if plan.series else ""
        raise TableError(
            "short_past",
            f"The last {plan.length:,} steps{name} are not all there",
            expected=f"{plan.length:,} steps of {plan.step.words} before the forecast, without a gap of more than "
            f"{max(1, plan.season):,}",
            received=f"{int((grid.series == bad[0]).sum()):,} steps",
        )
    own = _rows(grid, plan, lines, extends=True)
    return Origins(own, plan.step.times(grid.places[lines] + plan.horizon), 0.0, ())


def _rows(grid: _Grid, plan: SeriesPlan, lines: Int[np.ndarray, " origin"], *, extends: bool = False) -> pd.DataFrame:
    """Rows of origins, without the target."""
    source = grid.values.astype(np.float32)
    window = Lookup(source, lines.astype(np.int32), plan.length, plan.meaning)
    cells: dict[str, Any] = {
        plan.time_column: plan.step.moments(grid.places[lines] + plan.horizon).to_numpy(),
        plan.window_column: LookupArray(window),
    }
    if plan.series:
        cells[plan.series] = np.array(grid.names, dtype=object)[grid.series[lines]]
    for column in plan.known_ahead:
        cells[column] = _known(grid, plan, lines + plan.horizon, column, lines, extends=extends)
    return pd.DataFrame(cells)


def _known(
    grid: _Grid, plan: SeriesPlan, ahead: Int[np.ndarray, " origin"], column: str, lines: Int[np.ndarray, " origin"],
    *, extends: bool,
) -> np.ndarray:  # fmt: skip
    """What a column says of the target's time."""
    within = np.minimum(ahead, len(grid.series) - 1)
    is_there = (ahead == within) & (grid.series[within] == grid.series[lines])
    cells = grid.ahead[column].iloc[within].where(is_there).to_numpy()
    missing = np.flatnonzero(pd.isna(cells))
    if extends and len(missing):
        when = plan.step.moments(grid.places[lines] + plan.horizon).iloc[missing[0]]
        raise TableError(
            "not_known_ahead",
            f"`{column}` has no value at {when}, the time that is forecast",
            expected="a row for that time in which the columns that are known ahead are filled",
        )
    return np.asarray(cells)


def _lay_out(frame: pd.DataFrame, plan: SeriesPlan) -> _Grid:
    """The table with a line for every step of every series."""
    moments = read_moments(frame, plan.time)
    numbers, names = _numbered(frame, plan.series)
    positions = plan.step.positions(moments)
    _check_grid(positions, moments, plan)
    steps = np.round(positions).astype(np.int64)
    first = np.array([steps[numbers == one].min() for one in range(len(names))])
    counts = np.array([np.ptp(steps[numbers == one]) + 1 for one in range(len(names))])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    lines = starts[numbers] + steps - first[numbers]
    series = np.repeat(np.arange(len(names)), counts)
    places = np.arange(counts.sum()) - np.repeat(starts - first, counts)
    raw = np.full((counts.sum(), sum(len(one.names) for one in plan.channels)), np.nan)
    if len(np.unique(lines)) < len(lines):
        find_step(moments, numbers, plan.time)  # says which rows have the same time
    raw[lines] = read_channels(frame, plan.channels)
    row_of = np.full(counts.sum(), -1)
    row_of[lines] = np.arange(len(lines))
    ahead = pd.DataFrame({name: frame[name].iloc[row_of].mask(row_of < 0).to_numpy() for name in plan.known_ahead})
    filled = _fill(raw, series, max(1, plan.season))
    share = (np.isnan(raw) & ~np.isnan(filled)).mean(axis=1, keepdims=True)
    return _Grid(np.column_stack([filled, share]), raw[:, 0].copy(), places, series, names, ahead)


def _fill(raw: Float[np.ndarray, "line channel"], series: Int[np.ndarray, " line"], limit: int) -> np.ndarray:
    """The last value before each gap, for a season at most, never from another series."""
    return np.asarray(pd.DataFrame(raw).groupby(series).ffill(limit=limit), dtype=np.float64)


def _has_window(grid: _Grid, plan: SeriesPlan) -> Bool[np.ndarray, " line"]:
    """Whether a whole window of the target ends with a line."""
    is_there = ~np.isnan(grid.values[:, 0])
    starts = np.flatnonzero(np.diff(grid.series, prepend=-1))
    last_break = np.where(is_there, -1, np.arange(len(is_there)))
    last_break[starts] = np.maximum(last_break[starts], starts - 1)
    run = np.arange(len(is_there)) - np.maximum.accumulate(last_break)
    return np.asarray(run >= plan.length)


def _notes(grid: _Grid, plan: SeriesPlan, num_rows: int, num_origins: int) -> tuple[str, ...]:
    """What is said of step, gaps and windows."""
    several = f"{len(grid.names):,} series" if plan.series else "One series"
    found = [
        f"{several} of {len(grid.truth):,} steps of {plan.step.words}; each of the {num_origins:,} rows is a forecast "
        f"{plan.horizon:,} step{'s' * (plan.horizon > 1)} ahead from the last {plan.length:,} steps."
    ]
    num_missing = len(grid.truth) - num_rows
    if num_missing:
        found.append(f"{num_missing:,} steps are missing in the table.")
    runs = _gap_lengths(np.isnan(grid.truth), grid.series)
    if len(runs):
        season = max(1, plan.season)
        longer = int((runs > season).sum())
        found.append(
            f"`{plan.target}` has no value at {int(runs.sum()):,} steps in {len(runs):,} gap{'s' * (len(runs) > 1)} "
            f"(the longest: {int(runs.max()):,} steps): these are neither trained on nor scored. In windows, the last "
            f"value goes on for at most {season:,} step{'s' * (season > 1)}, and is marked"
            + (f"; no window goes over the {longer:,} longer one{'s' * (longer > 1)}." if longer else ".")
        )
    return tuple(found)


def _gap_lengths(is_missing: Bool[np.ndarray, " line"], series: Int[np.ndarray, " line"]) -> Int[np.ndarray, " gap"]:
    """Steps of each run of missing values, within a series."""
    begins = is_missing & ~np.concatenate([[False], is_missing[:-1] & (series[1:] == series[:-1])])
    return np.bincount(np.cumsum(begins)[is_missing])[1:] if is_missing.any() else np.zeros(0, np.int64)


def _window_length(step: Step, horizon: int, num_steps: int) -> int:
    """Two to seven seasons as the amount allows, and at least what reaches back to the target's own season."""
    if not step.seasons or step.seasons[0] > LONGEST_WINDOW:
        return max(1, min(LENGTH_WITHOUT_SEASON, num_steps // STEPS_A_WINDOW))
    season = step.seasons[0]
    wanted = int(np.clip(num_steps // (STEPS_A_WINDOW * season), FEWEST_SEASONS, MOST_SEASONS))
    longest = max(FEWEST_SEASONS, LONGEST_WINDOW // season)
    return season * max(min(wanted, longest), -(-horizon // season))


def _numbered(frame: pd.DataFrame, series: str) -> tuple[Int[np.ndarray, " row"], tuple[str, ...]]:
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


def _check_grid(positions: Float[np.ndarray, " row"], moments: pd.Series, plan: SeriesPlan) -> None:
    bad = np.flatnonzero(np.abs(positions - np.round(positions)) > 1e-6)  # noqa: PLR2004  # rounding
    if len(bad):
        raise TableError(
            "beside_the_grid",
            f"`{plan.time}` has {len(bad):,} rows that are no whole number of steps of {plan.step.words} from the "
            f"times of training (first: row {bad[0] + 1}, {moments.iloc[bad[0]]})",
            expected="the step of the training table",
        )


def _check_column(frame: pd.DataFrame, column: str, word: str) -> None:
    if column in frame.columns:
        return
    names = list(map(str, frame.columns))
    raise TableError(
        f"unknown_{word}",
        f"`{column}` is not a column of the table",
        expected=f"one of {', '.join(names[:12])}",
        hint=did_you_mean(column, names),
    )

