"""What folds of forecasts need beside those of other tables: fewer rows to train on, and what a forecast starts at."""

import numpy as np
from jaxtyping import Int

from tenfold.nested.rows import NestedRows
from tenfold.prepare.history import HistoryColumn
from tenfold.shapes import Rows

__all__ = ["MOST_ORIGINS", "levels_of", "starts_from_past", "thinned"]

MOST_ORIGINS = 12_000
"""Forecasts that a network trains on at most: of 28,000 hours about every second one (arbitrary)."""


def thinned(nested: NestedRows, rows: Rows, *stream: int) -> Int[np.ndarray, " chosen_row"]:
    """The rows that a member trains on: all, or of the forecasts of a long series as many as teach it the same.

    Windows of neighbouring origins share all but a step. The choice is random, so that no hour of the day is left out,
    as every third origin would; whatever scores is never thinned.

    Args:
        nested: Folds and rows.
        rows: Positions of training rows.
        stream: Whole numbers that tell this choice from others of the same run.
    """
    if "history" not in nested.table.lookups or len(rows) <= MOST_ORIGINS:
        return rows
    chosen = np.random.default_rng([nested.seed, *stream]).choice(len(rows), MOST_ORIGINS, replace=False)
    return rows[np.sort(chosen)]


def levels_of(nested: NestedRows) -> tuple[int, ...]:
    """Places of inputs that a forecast is a line through; none where nothing is forecast.

    Args:
        nested: Folds and rows.
    """
    if "history" not in nested.table.lookups:
        return ()
    columns = nested.table.preparations[nested.final].columns
    history = next(one for one in columns if isinstance(one, HistoryColumn))
    return tuple(nested.table.input_names.index(history.input_names[place]) for place in history.level_places)


def starts_from_past(nested: NestedRows) -> bool:
    """Whether something is forecast, and networks add to what a linear model of the past forecasts.

    Args:
        nested: Folds and rows.
    """
    return bool(nested.starts) and "history" in nested.table.lookups
