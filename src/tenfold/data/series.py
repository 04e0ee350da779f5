"""Forecasting: from a table with a column of times to a table of origins, each with what was known then.

A user meets this as `tenfold run weather.csv --target TEMP --time date --horizon 24h [--series station]`. An origin is
a step at which somebody stands and asks for the value `horizon` steps ahead. Its row holds the target that far ahead,
the window of the last steps as one cell that is looked up (never copied), the time of the target, what is known ahead
of that time, and which series it is. So folds, rivals, networks and reports of tables serve series as they are.

Steps that are missing, and cells without a value, are filled with the last value before them for at most a season, and
marked (`series_grid`). A target that is missing is neither trained on nor scored, and no window goes over a longer gap.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.lookup_column import LookupArray
from tenfold.data.series_grid import Grid, gap_lengths, has_window, lay_out
from tenfold.data.series_path import known_of_steps, known_then, truth_of_steps
from tenfold.data.series_plan import SeriesPlan, check_column
from tenfold.errors import TableError
from tenfold.lookup import Lookup

__all__ = ["Origins", "forecast_origins", "lay_out_origins"]

FEWEST_ORIGINS = 40
"""Origins below which folds forward in time have next to nothing to train on (arbitrary)."""


MOST_NAMED = 5
"""Series that are left out and named; of more the rest are counted."""


@dataclass(frozen=True)
class Origins:
    """A table of origins.

    Args:
        frame: A row an origin: target, time of the target, window, what is known ahead, series.
        times: When the target of each row happens, in days or in the unit of the times.
        gap: From an origin to its target, in the same unit, at most.
        notes: What is said of step, gaps and windows, a sentence each.
        truth: The target at each step of the way to the horizon; NaN where it is missing.
        known: What is known ahead of each of these steps but the last.
    """

    frame: pd.DataFrame
    times: Float[np.ndarray, " row"]
    gap: float
    notes: tuple[str, ...]
    truth: Float[np.ndarray, "row step"]
    known: pd.DataFrame


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
    grid = lay_out(frame, plan)
    usable = has_window(grid, plan)
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
    notes = _notes(grid, plan, len(frame), lines)
    return Origins(own, times, gap, notes, truth_of_steps(grid, plan, lines), known_of_steps(grid, plan, lines))


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
        check_column(
            frame, column, "forecast", "tables that the run joined are joined here too: --join TABLE --on COLUMN"
        )
    grid = lay_out(frame, plan)
    lines = np.array([np.flatnonzero((grid.series == one) & ~np.isnan(grid.truth)).max(initial=-1)
                      for one in range(len(grid.names))])  # fmt: skip
    usable = has_window(grid, plan)
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
    nobody = np.full((len(lines), len(plan.steps)), np.nan)
    known = known_of_steps(grid, plan, lines, extends=True)
    return Origins(own, plan.step.times(grid.places[lines] + plan.horizon), 0.0, (), nobody, known)


def _rows(grid: Grid, plan: SeriesPlan, lines: Int[np.ndarray, " origin"], *, extends: bool = False) -> pd.DataFrame:
    """Rows of origins, without the target."""
    source = grid.cells.astype(np.float32)
    window = Lookup(source, lines.astype(np.int32), plan.length, plan.meaning)
    cells: dict[str, Any] = {
        plan.time_column: plan.step.moments(grid.places[lines] + plan.horizon).to_numpy(),
        plan.window_column: LookupArray(window),
    }
    if plan.series:
        cells[plan.series] = np.array(grid.names, dtype=object)[grid.series[lines]]
    for column in plan.known_ahead:
        cells[column] = known_then(grid, plan, lines + plan.horizon, column, lines, extends=extends)
    return pd.DataFrame(cells)


def _notes(grid: Grid, plan: SeriesPlan, num_rows: int, lines: Int[np.ndarray, " origin"]) -> tuple[str, ...]:
    """What is said of step, gaps and windows."""
    several = f"{len(grid.names):,} series" if plan.series else "One series"
    ahead = f"{plan.horizon:,} step{'s' * (plan.horizon > 1)} ahead from the last {plan.length:,} steps"
    whole = f"{several} of {len(grid.truth):,} steps of {plan.step.words}"
    found = [f"{whole}; each of the {len(lines):,} rows is a forecast {ahead}."]
    left_out = [name for number, name in enumerate(grid.names) if number not in set(grid.series[lines].tolist())]
    if left_out:
        found.append(_said_of_short(left_out, plan))
    num_missing = len(grid.truth) - num_rows
    if num_missing:
        found.append(f"{num_missing:,} steps are missing in the table.")
    runs = gap_lengths(np.isnan(grid.truth), grid.series)
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


def _said_of_short(names: list[str], plan: SeriesPlan) -> str:
    """Series from which nothing is learnt."""
    shown = ", ".join(f"`{name}`" for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    left = f"{len(names):,} series {'is' if len(names) == 1 else 'are'} left out"
    fits = f"one window of {plan.length:,} steps and the horizon"
    return f"{left}, too short or too full of gaps for {fits}: {shown}{more}."
