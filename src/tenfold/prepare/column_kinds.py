"""What a column holds, decided on its training rows: numbers, dates, levels, codes, texts, photos, windows, or nothing.

A column that nobody named is judged by its cells; one that a user names as texts is read as texts. Columns that cannot
help are dropped with a word: constants, empty ones, running numbers, identifiers of single rows. Identifiers that
repeat (users, books, postal codes) become codes for trained embeddings.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from tenfold.data.dates import find_date_format
from tenfold.data.lookup_column import is_lookup_column
from tenfold.prepare.categories import MIN_LEVEL_ROWS, CategoryColumn, TextColumn
from tenfold.prepare.cells import as_levels
from tenfold.prepare.codes import CodeColumn, repeats_enough
from tenfold.prepare.history import HistoryColumn
from tenfold.prepare.looked_up import PhotoColumn
from tenfold.prepare.number_cells import NumberFormat, find_number_format, read_numbers
from tenfold.prepare.numbers import DateColumn, NumberColumn
from tenfold.prepare.prose import ProseColumn, is_prose
from tenfold.prepare.tokens import TextWays

__all__ = ["DroppedColumn", "FittedColumn", "fit_column"]

FittedColumn: TypeAlias = (
    NumberColumn | CategoryColumn | CodeColumn | TextColumn | ProseColumn | DateColumn | PhotoColumn | HistoryColumn
)

NO_WAYS = TextWays()

UNIQUE_SHARE = 0.95
"""With this share of different values a text, or a whole number with an identifier's name, identifies its row."""

MAX_CATEGORY_LEVELS = 20
"""Text with at most so many different values is a category; with more, only if half of the rows repeat (arbitrary)."""

FEWEST_RUNNING = 20
"""Fewer rows may rise by chance or for a reason (arbitrary); a running number starts below it, a year does not."""

_IDENTIFIER_NAME = re.compile(r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|nr|no|number|index|isbn\d*))$|[a-z](?:Id|ID)$")
_LEVEL_NAME = re.compile(
    r"(?i:(?:^|[\W_])(?:id|ids|uuid|guid|key|nr|no|zip|plz|isbn|group|region)$|(?:code|gruppe)$)|[a-z](?:Id|ID|Nr|No|Group)$"
)


@dataclass(frozen=True)
class DroppedColumn:
    """A column that is not used.

    Args:
        name: Of the column.
        kind: What it is.
        reason: Why it cannot help, as a phrase.
    """

    name: str
    kind: Literal["identifier", "constant", "empty", "text"]
    reason: str


def fit_column(
    values: pd.Series, *, is_text: bool = False, known: tuple[str, ...] = (), ways: TextWays = NO_WAYS
) -> FittedColumn | DroppedColumn:
    """Fit a column on training rows.

    Args:
        values: Its cells.
        is_text: Whether it is to be read as texts, whatever its cells look like.
        known: Words that have a vector, for texts.
        ways: What a user says of how texts are read.

    Returns:
        The fitted column, or why it is not used.
    """
    name = str(values.name)
    if is_lookup_column(values):
        return HistoryColumn.fit(values) if values.array.lookup.length else PhotoColumn.fit(values)
    filled = values.dropna()
    if filled.empty:
        return DroppedColumn(name, "empty", "no row has a value")
    if values.notna().all() and _is_constant(filled):
        return DroppedColumn(name, "constant", f"`{filled.iloc[0]}` in every row")
    if is_text:
        return ProseColumn.fit(values, known, ways)
    return _fit_cells(values, known, ways)


def _fit_cells(values: pd.Series, known: tuple[str, ...], ways: TextWays) -> FittedColumn | DroppedColumn:
    """A column of plain cells that nobody said anything about."""
    if not pd.api.types.is_bool_dtype(values) and not isinstance(values.dtype, pd.CategoricalDtype):
        form, is_bad = find_number_format(values)
        if not is_bad.any() and not np.isnan(read_numbers(values, form)).all():
            return _fit_numbers(values, form)
        if find_date_format(values) is not None:
            return DateColumn.fit(values)
    return _fit_text(values, known, ways)


def _is_constant(filled: pd.Series) -> bool:
    """Whether all cells are one level; the first cells answer for most columns."""
    return len(set(as_levels(filled.iloc[:FEWEST_RUNNING]))) == 1 and len(set(as_levels(filled))) == 1


def _fit_numbers(values: pd.Series, form: NumberFormat) -> FittedColumn | DroppedColumn:
    numbers = read_numbers(values, form)
    if _is_running_number(numbers):
        return DroppedColumn(str(values.name), "identifier", "it numbers the rows")
    filled = numbers[~np.isnan(numbers)]
    is_whole = bool((filled % 1 == 0).all())
    is_unique = is_whole and len(np.unique(filled)) >= UNIQUE_SHARE * len(filled)
    if is_unique and _IDENTIFIER_NAME.search(str(values.name)):
        return DroppedColumn(str(values.name), "identifier", "a different whole number in nearly every row")
    if is_whole and filled.min() >= 0 and _LEVEL_NAME.search(str(values.name)):
        return _fit_levels(values) or NumberColumn.fit(values, form)
    return NumberColumn.fit(values, form)


def _is_running_number(numbers: np.ndarray) -> bool:
    """Whole numbers that rise from row to row, nearly without gaps: training rows are a sample of the table."""
    if len(numbers) < FEWEST_RUNNING or np.isnan(numbers).any() or (numbers % 1 != 0).any():
        return False
    starts_low = 0 <= numbers[0] < FEWEST_RUNNING
    return bool((np.diff(numbers) > 0).all() and starts_low and numbers[-1] < 3 * len(numbers))


def _fit_levels(values: pd.Series) -> CategoryColumn | CodeColumn | None:
    """Levels as inputs or as codes; None where too few rows repeat one."""
    counts = as_levels(values).value_counts()
    if repeats_enough(counts):
        return CodeColumn.fit(values)
    is_repeated = counts[counts >= MIN_LEVEL_ROWS].sum() >= counts.sum() / 2
    if len(counts) <= MAX_CATEGORY_LEVELS or is_repeated or isinstance(values.dtype, pd.CategoricalDtype):
        return CategoryColumn.fit(values)
    return None


def _fit_text(values: pd.Series, known: tuple[str, ...], ways: TextWays) -> FittedColumn | DroppedColumn:
    levels = _fit_levels(values)
    if levels is not None:
        return levels
    if is_prose(values):
        return ProseColumn.fit(values, known, ways)
    text = TextColumn.fit(values)
    if text.words or text.marks_missing:
        return text
    num_levels, num_filled = as_levels(values).nunique(), int(values.notna().sum())
    if num_levels >= UNIQUE_SHARE * num_filled:
        return DroppedColumn(text.name, "identifier", "a different text in nearly every row, without common words")
    return DroppedColumn(text.name, "text", f"{num_levels} different texts without common words")
