"""The way to what is forecast: the target at every step from the origin to the horizon, and what is known of each.

A user who asks for `--horizon 24h` is answered with 24 lines: `tenfold predict` gives the value of every hour on the
way, as forecasting libraries do. What decides (measure, folds, headline) is the last of them, the time that was asked
for. Where the way is long, steps are spread evenly over it.
"""

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.series_grid import Grid
from tenfold.data.series_plan import SeriesPlan
from tenfold.errors import TableError

__all__ = ["known_of_steps", "known_then", "truth_of_steps"]

MARK = 0.5
"""Share of empty cells above which a column marks something, such as a festival: then an empty cell says that there is
none, and none is asked for (arbitrary)."""


def truth_of_steps(grid: Grid, plan: SeriesPlan, lines: Int[np.ndarray, " origin"]) -> Float[np.ndarray, "origin step"]:
    """The target at each step of the way from each origin; NaN where it is missing.

    Args:
        grid: The series.
        plan: How the table is read.
        lines: Origins whose horizon lies within their series.
    """
    return np.stack([grid.truth[lines + step] for step in plan.steps], axis=1)


def known_of_steps(
    grid: Grid, plan: SeriesPlan, lines: Int[np.ndarray, " origin"], *, extends: bool = False
) -> pd.DataFrame:
    """What the columns that are known ahead say of each step of the way but the last one, which every origin knows.

    Args:
        grid: The series.
        plan: How the table is read.
        lines: Origins.
        extends: Whether the way goes beyond the last target: then every cell must be there, but of columns that mark
            something.

    Returns:
        A column for each step and column that is known ahead: "holiday 2 ahead"; none where there are none.

    Raises:
        TableError: A cell beyond the last target is missing.
    """
    cells = {
        f"{column} {step} ahead": known_then(grid, plan, lines + step, column, lines, extends=extends)
        for column in plan.known_ahead
        for step in plan.steps[:-1]
    }
    return pd.DataFrame(cells, index=range(len(lines)))


def known_then(
    grid: Grid, plan: SeriesPlan, ahead: Int[np.ndarray, " origin"], column: str, lines: Int[np.ndarray, " origin"],
    *, extends: bool,
) -> np.ndarray:  # fmt: skip
    """What a column says of a later time.

    Args:
        grid: The series.
        plan: How the table is read.
        ahead: Lines of that time.
        column: One that is known ahead.
        lines: Origins.
        extends: Whether every cell must be there, but of columns that mark something.

    Returns:
        A cell an origin; missing where the series ends before.

    Raises:
        TableError: A cell is missing that must be there.
    """
    within = np.minimum(ahead, len(grid.series) - 1)
    is_there = (ahead == within) & (grid.series[within] == grid.series[lines])
    cells = grid.ahead[column].iloc[within].where(is_there).to_numpy()
    missing = np.flatnonzero(pd.isna(cells))
    if extends and len(missing) and grid.ahead[column].isna().mean() <= MARK:
        when = plan.step.moments(grid.places[lines] + (ahead - lines)).iloc[missing[0]]
        raise TableError(
            "not_known_ahead",
            f"`{column}` has no value at {when}, the time that is forecast",
            expected="a row for that time in which the columns that are known ahead are filled",
        )
    return np.asarray(cells)
