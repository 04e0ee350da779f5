"""A column as the checks see it: its numbers where it holds some, its levels, its gaps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.dates import as_dates, days_since_1970, find_date_format
from tenfold.prepare.cells import as_levels
from tenfold.prepare.number_cells import find_number_format, read_numbers
from tenfold.shapes import Mask, Rows

__all__ = ["ReadColumn", "read_column"]


@dataclass(frozen=True)
class ReadColumn:
    """A column read once.

    Args:
        name: Of the column.
        numbers: Each cell as a number, dates as days, NaN where missing; None where the column holds text.
        levels: Each cell as a position among its different values; a gap is a value too.
        num_levels: Different values, the gap among them.
        is_missing: Cells without a value.
        is_rising: Whether it never falls from row to row: a time, or the order in which rows were written.
    """

    name: str
    numbers: Float[np.ndarray, " row"] | None
    levels: Int[np.ndarray, " row"]
    num_levels: int
    is_missing: Mask
    is_rising: bool

    def at(self, rows: Rows) -> "ReadColumn":
        """The same for some of the rows; levels keep their positions."""
        numbers = None if self.numbers is None else self.numbers[rows]
        return ReadColumn(self.name, numbers, self.levels[rows], self.num_levels, self.is_missing[rows], self.is_rising)


def read_column(values: pd.Series) -> ReadColumn:
    """Read a column.

    Args:
        values: Cells of the rows that are looked at.

    Returns:
        The column, whatever it holds.
    """
    numbers, is_date = _numbers(values)
    is_missing = values.isna().to_numpy() if numbers is None else np.isnan(numbers)
    levels, different = pd.factorize(as_levels(values) if numbers is None else numbers, use_na_sentinel=False)
    is_rising = numbers is not None and (is_date or _is_rising(numbers))
    return ReadColumn(str(values.name), numbers, levels, len(different), is_missing, is_rising)


def _numbers(values: pd.Series) -> tuple[Float[np.ndarray, " row"] | None, bool]:
    """The cells as numbers, where all filled ones are; and whether they are dates."""
    if pd.api.types.is_bool_dtype(values) or isinstance(values.dtype, pd.CategoricalDtype):
        return None, False
    if pd.api.types.is_numeric_dtype(values):
        return read_numbers(values), False
    date_format = find_date_format(values) if values.notna().any() else None
    if date_format is not None:
        return days_since_1970(as_dates(values, date_format)), True
    form, is_bad = find_number_format(values)
    numbers = read_numbers(values, form)
    return (None, False) if is_bad.any() or np.isnan(numbers).all() else (numbers, False)


def _is_rising(numbers: Float[np.ndarray, " row"]) -> bool:
    return bool((np.diff(numbers) >= 0).all())
