"""What a user says of texts: columns to read that are too short to be found, how they are cut, and vectors of words.

For example the subjects of tickets, two to five words each: `tenfold run tickets.csv --target queue --text subject`.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import get_args

import numpy as np
import pandas as pd

from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.word_vectors import WordVectors, read_word_vectors
from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.options import Options
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.tokens import Terms, TextWays, Tokens
from tenfold.prepare.words import names_of, text_cells, word_numbers

__all__ = ["asked_ways", "check_texts", "check_ways", "read_vectors"]


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


def asked_ways(options: Options) -> TextWays:
    """How texts are to be read.

    Args:
        options: What the user wants.

    Raises:
        OptionError: No such tokens or terms, or vectors of words beside other tokens.

    >>> asked_ways(Options(tokens="characters"))
    TextWays(tokens='characters', terms='')
    """
    for name, value, choices in (("tokens", options.tokens, Tokens), ("terms", options.terms, Terms)):
        if value and value not in get_args(choices):
            raise OptionError(
                f"unknown_{name}",
                f"`{name}` is `{value}`",
                expected=f"one of {', '.join(get_args(choices))}",
                hint=did_you_mean(value, get_args(choices)),
            )
    if options.vectors and options.tokens not in {"", "words"}:
        raise OptionError(
            "vectors_of_words",
            f"Word vectors were given, but texts are to be cut into {options.tokens}",
            expected="`words`, or no vectors",
        )
    return TextWays(options.tokens, options.terms)  # type: ignore[arg-type]  # checked above


def check_ways(preparation: TablePreparation, options: Options) -> None:
    """Refuse a way to read texts where none are read.

    Args:
        preparation: Fitted on working rows.
        options: What the user wants.

    Raises:
        OptionError: Tokens or terms were named, but no column holds texts.
    """
    named = next((name for name in ("tokens", "terms") if getattr(options, name)), "")
    if named and not any(isinstance(column, ProseColumn) for column in preparation.columns):
        raise OptionError(
            f"{named}_without_texts",
            f"`{named}` was named, but no column holds texts to read",
            expected="a column of texts",
            hint="--text COLUMN names one that is too short to be found",
        )


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
