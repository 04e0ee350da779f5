"""Cells as what they mean: numbers, dates, words. Reading a cell never depends on other rows: nothing is fitted here.

A column whose filled cells all read as numbers holds numbers, even if they are text; one whose filled cells all read
as one of `DATE_FORMATS` holds dates. Text that reads as numbers nearly everywhere is a mistake in the table, and is
refused.
"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.data.dates import as_dates, find_date_format
from tenfold.data.target import MAX_CODES, label_text
from tenfold.errors import TableError

__all__ = ["as_dates", "as_levels", "as_numbers", "as_words", "check_inputs", "find_date_format"]

MOSTLY_NUMBERS = 0.95
"""A text column with this share of numbers is meant to hold numbers only (arbitrary; 92 % of ISBNs read as numbers)."""

_WORD = re.compile(r"[^\W\d_]+|\d+")


def as_numbers(values: pd.Series) -> Float[np.ndarray, " row"]:
    """Each cell as a number; NaN where it is missing, infinite or text.

    >>> as_numbers(pd.Series(["1.5", "n/a", None, "inf"]))
    array([1.5, nan, nan, nan])
    """
    if pd.api.types.is_timedelta64_dtype(values):
        return np.asarray(values.dt.total_seconds(), dtype=np.float64)
    is_number = pd.api.types.is_numeric_dtype(values) and not isinstance(values.dtype, pd.CategoricalDtype)
    parsed = values if is_number else pd.to_numeric(values.astype(object), errors="coerce")
    numbers = parsed.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    numbers[~np.isfinite(numbers)] = np.nan
    return np.asarray(numbers)


def as_levels(values: pd.Series) -> pd.Series:
    """Each cell as the text of its level, without blanks around it; missing cells stay missing."""
    places, different = pd.factorize(values)  # each different cell is read once: a table repeats them
    texts = np.array([*(label_text(cell).strip() for cell in different), None], dtype=object)
    return pd.Series(texts[places], index=values.index, name=values.name, dtype=object)


def as_words(values: pd.Series) -> list[frozenset[str]]:
    """The different words of each cell in lower case, letters apart from digits; none where it is missing.

    >>> sorted(as_words(pd.Series(["Mr. C85"]))[0])
    ['85', 'c', 'mr']
    """
    texts = values.astype(object).where(values.notna(), "")
    return [frozenset(_WORD.findall(str(text).lower())) for text in texts]


def check_inputs(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse text where numbers should be, before anything is fitted.

    Args:
        frame: The whole table.
        columns: Names of the input columns.

    Raises:
        TableError: A column with numbers in nearly all filled rows, and text in the others.

    >>> check_inputs(pd.DataFrame({"age": [*range(30), "n/a"]}), ["age"])
    Traceback (most recent call last):
    ...
    tenfold.errors.TableError: Column `age` has 1 of 31 rows that are not numbers (first: row 31). Expected: numbers or
    empty cells. Received: `n/a`. Hint: empty these cells where they mean a missing value.
    """
    for column in columns:
        values = frame[column]
        if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
            continue
        filled = values.notna().to_numpy()
        numbers = as_numbers(values)
        bad = np.flatnonzero(filled & np.isnan(numbers))
        is_meant = len(bad) <= (1 - MOSTLY_NUMBERS) * filled.sum() and len(np.unique(numbers)) > MAX_CODES
        if len(bad) and is_meant:
            raise TableError(
                "not_numbers",
                f"Column `{column}` has {len(bad)} of {len(values)} rows that are not numbers "
                f"(first: row {bad[0] + 1})",
                expected="numbers or empty cells",
                received=f"`{values.iloc[bad[0]]}`",
                hint="empty these cells where they mean a missing value",
            )
