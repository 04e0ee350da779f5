"""Series on the grid of their step: a line for every step, gaps filled forward for a season at most, and marked.

A line to the next value would look smoother, and would tell the future to every window that ends in the gap.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from tenfold.data.channels import read_channels
from tenfold.data.series_plan import SeriesPlan, number_series
from tenfold.data.steps import find_step, read_moments
from tenfold.errors import TableError

__all__ = ["Grid", "gap_lengths", "has_window", "lay_out"]


@dataclass(frozen=True)
class Grid:
    """All series, one below the other, with a line for every step.

    Args:
        cells: Channels, with a mark of how much was filled last; NaN where nothing could fill.
        truth: The target; NaN where it is missing.
        places: Step of each line on the grid of times.
        series: Number of each line's series.
        names: Of the series.
        ahead: Cells of the columns known ahead.
    """

    cells: Float[np.ndarray, "line channel"]
    truth: Float[np.ndarray, " line"]
    places: Int[np.ndarray, " line"]
    series: Int[np.ndarray, " line"]
    names: tuple[str, ...]
    ahead: pd.DataFrame


def lay_out(frame: pd.DataFrame, plan: SeriesPlan) -> Grid:
    """The table with a line for every step of every series."""
    moments = read_moments(frame, plan.time)
    numbers, names = number_series(frame, plan.series)
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
    return Grid(np.column_stack([filled, share]), raw[:, 0].copy(), places, series, names, ahead)


def has_window(grid: Grid, plan: SeriesPlan) -> Bool[np.ndarray, " line"]:
    """Whether a whole window of the target ends with a line."""
    is_there = ~np.isnan(grid.cells[:, 0])
    starts = np.flatnonzero(np.diff(grid.series, prepend=-1))
    last_break = np.where(is_there, -1, np.arange(len(is_there)))
    last_break[starts] = np.maximum(last_break[starts], starts - 1)
    run = np.arange(len(is_there)) - np.maximum.accumulate(last_break)
    return np.asarray(run >= plan.length)


def gap_lengths(is_missing: Bool[np.ndarray, " line"], series: Int[np.ndarray, " line"]) -> Int[np.ndarray, " gap"]:
    """Steps of each run of missing values, within a series."""
    begins = is_missing & ~np.concatenate([[False], is_missing[:-1] & (series[1:] == series[:-1])])
    return np.bincount(np.cumsum(begins)[is_missing])[1:] if is_missing.any() else np.zeros(0, np.int64)


def _fill(raw: Float[np.ndarray, "line channel"], series: Int[np.ndarray, " line"], limit: int) -> np.ndarray:
    """The last value before each gap, for a season at most, never from another series."""
    return np.asarray(pd.DataFrame(raw).groupby(series).ffill(limit=limit), dtype=np.float64)


def _check_grid(positions: Float[np.ndarray, " row"], moments: pd.Series, plan: SeriesPlan) -> None:
    bad = np.flatnonzero(np.abs(positions - np.round(positions)) > 1e-6)  # noqa: PLR2004  # rounding
    if len(bad):
        raise TableError(
            "beside_the_grid",
            f"`{plan.time}` has {len(bad):,} rows that are no whole number of steps of {plan.step.words} from the "
            f"times of training (first: row {bad[0] + 1}, {moments.iloc[bad[0]]})",
            expected="the step of the training table",
        )
