"""What a user says of texts: columns to read that are too short to be found, and vectors of words to read them with.

For example the subjects of tickets, two to five words each: `tenfold run tickets.csv --target queue --text subject`.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import pandas as pd

from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.word_vectors import WordVectors, read_word_vectors
from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.words import names_of, text_cells, word_numbers

__all__ = ["check_texts", "read_vectors"]


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
    """Whether any cell has a letter."""
    if is_lookup_column(values) or pd.api.types.is_numeric_dtype(values):
        return False
    return any(any(map(str.isalpha, text)) for text in text_cells(values))


def read_vectors(inputs: pd.DataFrame, preparation: TablePreparation, path: str) -> WordVectors | None:
    """The vectors of the words of all columns of texts.

    Args:
        inputs: Input columns of all rows.
        preparation: Says which of them are texts.
        path: The file of vectors; empty where none is named.

    Returns:
        None where no file is named.

    Raises:
        OptionError: No column holds texts.
        TableError: The file is none of word vectors, or has none of the words.
    """
    if not path:
        return None
    columns = [column.name for column in preparation.columns if isinstance(column, ProseColumn)]
    if not columns:
        raise OptionError(
            "vectors_without_texts",
            "Word vectors were given, but no column holds texts to read",
            expected="a column of texts",
            hint="--text COLUMN names one that is too short to be found",
        )
    numbers = [word_numbers(text) for name in columns for text in text_cells(inputs[name])]
    return read_word_vectors(path, frozenset(names_of(np.unique(np.concatenate(numbers)))))
