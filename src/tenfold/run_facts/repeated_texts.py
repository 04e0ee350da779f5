"""Texts that stand more than once, but for case and blanks: with which answer, and on which side of the splits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.data.long_texts import squeezed
from tenfold.problem.definition import EncodedTarget
from tenfold.shapes import Rows

__all__ = ["Repeats", "repeated_texts"]


@dataclass(frozen=True)
class Repeats:
    """Texts that stand more than once.

    Args:
        num_repeated: Working rows that repeat the text of an earlier one.
        num_other_answer: Those of them with another answer than the first row of the text.
        num_apart: Those of them that no group keeps with a row of that text.
        num_sealed: Sealed rows with the text of a working row; their answers are not looked at.
    """

    num_repeated: int
    num_other_answer: int
    num_apart: int
    num_sealed: int


def repeated_texts(
    values: pd.Series,
    target: EncodedTarget | None,
    working: Rows,
    sealed: Int[np.ndarray, " sealed_row"] | None = None,
    groups: Int[np.ndarray, " _"] | None = None,
) -> Repeats:
    """Count the texts that stand more than once.

    Args:
        values: A column of texts, all rows.
        target: Encoded target of the working rows, in their order; None where answers are not compared.
        working: Positions of rows that are worked on.
        sealed: Positions of those that are sealed.
        groups: Rows that splits keep together; None where each goes its own way.

    Returns:
        The counts. Empty cells are no texts.
    """
    codes = np.full(len(values), -1)
    filled = values.notna().to_numpy() & (values.astype(str).str.strip() != "").to_numpy(dtype=bool)
    codes[filled] = pd.factorize(np.array([squeezed(str(text)) for text in values[filled]], dtype=object))[0]
    own, has_text = codes[working], codes[working] >= 0
    rows = np.asarray(working)[has_text]
    texts, first, places = np.unique(own[has_text], return_index=True, return_inverse=True)
    num_repeated = len(rows) - len(texts)
    num_other = 0
    if target is not None and num_repeated:
        answers = np.asarray(target)[has_text].reshape(len(rows), -1)
        num_other = int((answers != answers[first][places]).any(axis=1).sum())
    num_apart = num_repeated
    if groups is not None and num_repeated:
        num_apart = len(np.unique(np.stack([places, groups[rows]]), axis=1).T) - len(texts)
    num_sealed = 0 if sealed is None else int(np.isin(codes[sealed], texts).sum())
    return Repeats(num_repeated, num_other, num_apart, num_sealed)
