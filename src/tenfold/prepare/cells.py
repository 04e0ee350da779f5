"""Cells as levels and words, and the one mistake that is refused before anything is fitted.

A column whose filled cells all read as numbers holds numbers, even if they are text (`number_cells`); one whose filled
cells all read as one of `data.dates.DATE_FORMATS` holds dates. Text that reads as numbers nearly everywhere is a
mistake in the table, and is refused; house numbers ("12a") and ranges ("3-5") are not: such a column holds text.
"""

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from tenfold.data.target import MAX_CODES, label_text
from tenfold.errors import TableError
from tenfold.prepare.number_cells import find_number_format, read_numbers

__all__ = ["as_levels", "as_words", "check_inputs"]

MOSTLY_NUMBERS = 0.95
"""A text column with this share of numbers is meant to hold numbers only (arbitrary; 92 % of ISBNs read as numbers)."""

_HOUSE_NUMBER = re.compile(r"\d+ ?[^\W\d_]|\d+ ?[^\W\d_]? ?[-/] ?\d+ ?[^\W\d_]?")
_WORD = re.compile(r"[^\W\d_]+|\d+")


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
        TableError: A column with numbers in nearly all filled rows, and text or another unit in the others.

    >>> check_inputs(pd.DataFrame({"age": [*range(30), "old"]}), ["age"])
    Traceback (most recent call last):
    ...
    tenfold.errors.TableError: Column `age` has 1 of 31 rows that are not numbers (first: row 31). Expected: numbers or
    empty cells. Received: `old`. Hint: empty these cells where they mean a missing value.
    """
    for column in columns:
        values = frame[column]
        if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
            continue
        form, is_bad = find_number_format(values)
        bad = np.flatnonzero(is_bad)
        if not len(bad) or len(bad) > (1 - MOSTLY_NUMBERS) * values.notna().sum():
            continue
        labels = values.iloc[bad].map(lambda cell: _HOUSE_NUMBER.fullmatch(str(cell).strip()) is not None)
        is_meant = bool(form.unit) or not labels.all()
        if is_meant and len(np.unique(read_numbers(values, form))) > MAX_CODES:
            in_unit = f" in {form.unit}" if form.unit else ""
            raise TableError(
                "not_numbers",
                f"Column `{column}` has {len(bad)} of {len(values)} rows that are not numbers{in_unit} "
                f"(first: row {bad[0] + 1})",
                expected=f"numbers{in_unit} or empty cells",
                received=f"`{values.iloc[bad[0]]}`",
                hint="empty these cells where they mean a missing value",
            )
