"""Long texts among the cells of a table: nobody writes the same ten words twice by chance.

Rows whose text and answer repeat another row's are kept on one side of every split, whatever their other columns say:
a review that a second site has taken over, a message that was sent again. Rows with the same text and another answer
go their own way: to have seen one does not tell the other's.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int

from tenfold.data.lookup_column import is_lookup_column
from tenfold.data.scripts import num_unspaced

__all__ = ["are_long", "squeezed", "text_groups"]

FEWEST_WORDS = 6
"""Words of a long text (arbitrary; "works as it should" is written by many)."""

LETTERS_OF_A_WORD = 2
"""Where no blanks divide words."""

MANY_DIFFERENT = 0.5
"""Share of the cells that are different, from which a column holds texts, no long names of levels (arbitrary)."""

NUM_SAMPLED = 200
"""Cells that say whether a column's are long."""

COMMON_SHARE, FEWEST_COMMON = 0.1, 10
"""A text that makes this share of the table is a form letter; it could not stay on one side of half of the splits. In
tiny tables a tenth is a row or two."""


def squeezed(text: str) -> str:
    """A text in lower case with single blanks.

    >>> squeezed("  So   GOOD ")
    'so good'
    """
    return " ".join(text.casefold().split())


def are_long(values: pd.Series) -> Bool[np.ndarray, " row"]:
    """Which cells are long texts; none of a column whose cells repeat or are mostly short.

    >>> are_long(pd.Series(["well made and easy to use", "no", "it broke in the first week again", None])).tolist()
    [True, False, True, False]
    """
    found = np.zeros(len(values), dtype=bool)
    is_text = pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)
    if is_lookup_column(values) or not is_text:
        return found
    filled = values.dropna()
    if filled.nunique() < max(2, MANY_DIFFERENT * len(filled)):
        return found
    if np.median([_is_long(str(cell)) for cell in filled.iloc[:: max(1, len(filled) // NUM_SAMPLED)]]) < 1:
        return found
    found[values.notna().to_numpy()] = [_is_long(str(cell)) for cell in filled]
    return found


def text_groups(frame: pd.DataFrame, answers: Sequence[str]) -> Int[np.ndarray, " row"] | None:
    """Rows that repeat the text and the answers of another.

    Args:
        frame: A table; of several columns of long texts the longest counts.
        answers: Target columns.

    Returns:
        Equal numbers for rows that repeat each other; None where there are no texts, or none repeats another.
    """
    long = {name: are_long(frame[name]) for name in frame.columns if name not in answers}
    sizes = {name: frame[name][rows].str.len().median() for name, rows in long.items() if rows.any()}
    if not sizes:
        return None
    longest = max(sizes, key=sizes.__getitem__)
    texts = frame[longest].astype(object).where(frame[longest].notna(), "")
    keys = pd.DataFrame({"text": [squeezed(str(text)) for text in texts]})
    for name in answers:
        keys[f"answer {name}"] = frame[name].to_numpy()
    labels = keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy()
    counts = np.bincount(labels)[labels]
    repeats = long[longest] & (counts > 1) & (counts <= max(FEWEST_COMMON, COMMON_SHARE * len(labels)))
    return np.where(repeats, labels, len(labels) + np.arange(len(labels))) if repeats.any() else None


def _is_long(text: str) -> bool:
    return max(len(text.split()), num_unspaced(text) / LETTERS_OF_A_WORD) >= FEWEST_WORDS
