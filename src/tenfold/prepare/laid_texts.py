"""All columns of texts side by side, as networks take them: bags of weighted terms, and words in their order.

Each column keeps a vocabulary of its own: the terms and codes of the second column follow those of the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.word_vectors import WordVectors
from tenfold.prepare.prose import ProseColumn

__all__ = ["LaidTexts", "TextSizes", "lay_texts", "places_of", "sizes_of", "vectors_of_codes"]


@dataclass(frozen=True)
class TextSizes:
    """What texts offer to a network; all 0 where no column holds texts to read.

    Args:
        num_terms: Terms of all bags.
        width: Terms that a row has at most.
        num_words: Codes of all sequences, 0 for padding included.
        length: Words of a row.
    """

    num_terms: int = 0
    width: int = 0
    num_words: int = 0
    length: int = 0


@dataclass(frozen=True)
class LaidTexts:
    """The texts of rows.

    Args:
        terms: Where the weight is 0 there is none.
        weights: What each of them weighs.
        tokens: Words in their order, 0 for padding.
    """

    terms: Int[np.ndarray, "row place"]
    weights: Float[np.ndarray, "row place"]
    tokens: Int[np.ndarray, "row word"]


def sizes_of(columns: Sequence[ProseColumn]) -> TextSizes:
    """What columns offer together."""
    if not columns:
        return TextSizes()
    return TextSizes(
        sum(column.num_terms for column in columns),
        sum(column.width for column in columns),
        1 + sum(len(column.words) + 1 for column in columns),
        sum(column.length for column in columns),
    )


def lay_texts(columns: Sequence[ProseColumn], frame: pd.DataFrame) -> LaidTexts:
    """Terms, weights and words of all columns, side by side.

    Args:
        columns: Fitted.
        frame: Rows with these columns.
    """
    sizes = sizes_of(columns)
    terms, weights = np.zeros((len(frame), sizes.width), np.int32), np.zeros((len(frame), sizes.width), np.float32)
    tokens = np.zeros((len(frame), sizes.length), np.int32)
    place, word, first_term, first_code = 0, 0, 0, 0
    for column in columns:
        bag, sequences = column.bag(frame[column.name]), column.sequences(frame[column.name])
        terms[:, place : place + column.width] = bag.terms + first_term
        weights[:, place : place + column.width] = bag.weights
        tokens[:, word : word + column.length] = np.where(sequences, sequences + first_code, 0)
        place, word = place + column.width, word + column.length
        first_term, first_code = first_term + column.num_terms, first_code + len(column.words) + 1
    return LaidTexts(terms, weights, tokens)


def vectors_of_codes(vectors: WordVectors, sizes: TextSizes) -> Float[np.ndarray, "token entry"]:
    """Where the embedding of each code of `LaidTexts.tokens` starts.

    Args:
        vectors: Of the words that all columns were fitted with.
        sizes: Of these columns.

    Returns:
        A line a code: zeros for padding and for words without a vector, which then say nothing.
    """
    none = np.zeros((1, vectors.length), np.float32)
    num_columns = (sizes.num_words - 1) // (len(vectors.words) + 1)
    return np.concatenate([none, *[none, vectors.vectors] * num_columns])


def places_of(name: str, widths: Sequence[tuple[str, int]]) -> list[int]:
    """Where a column stands among columns side by side.

    Args:
        name: Of the column.
        widths: Name and width of each.

    Returns:
        Its places; none for a column that is not among them.

    >>> places_of("b", [("a", 2), ("b", 3)])
    [2, 3, 4]
    """
    start = 0
    for own, width in widths:
        if own == name:
            return list(range(start, start + width))
        start += width
    return []
