"""Columns that a user names as texts: short ones, which nothing in their cells tells from names or categories.

For example the subjects of tickets, two to five words each: `tenfold run tickets.csv --target queue --text subject`.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import pandas as pd

from tenfold.data.lookup_column import is_lookup_column
from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.prepare.words import text_cells, words_of

__all__ = ["check_texts"]


def check_texts(frame: pd.DataFrame, texts: Sequence[str], taken: AbstractSet[str]) -> None:
    """Refuse a column to read that is not there, holds no words, or is needed for something else.

    Args:
        frame: The whole table.
        texts: Names of the columns to read.
        taken: Columns that are no inputs: targets, group, time, dropped ones.

    Raises:
        TableError: It is not a column of the table, or its cells are no texts.
        OptionError: It is named for something else.
    """
    names = list(map(str, frame.columns))
    for column in texts:
        if column not in names:
            raise TableError(
                "unknown_text",
                f"`{column}`, which is to be read as text, is not a column of the table",
                expected=f"one of {', '.join(names[:12])}",
                hint=did_you_mean(column, names),
            )
        if column in taken:
            raise OptionError(
                "text_has_a_role", f"`{column}` cannot be read as text: it is named for something else",
                expected="an input",
            )  # fmt: skip
        if not _holds_words(frame[column]):
            raise TableError(
                "no_text",
                f"Column `{column}`, which is to be read as text, holds no words",
                expected="cells with words",
                hint="without --text it is read as what it holds",
            )


def _holds_words(values: pd.Series) -> bool:
    """Whether any cell has a word that is no number."""
    if is_lookup_column(values) or pd.api.types.is_numeric_dtype(values):
        return False
    return any(any(word.isalpha() for word in words_of(text)) for text in text_cells(values))
