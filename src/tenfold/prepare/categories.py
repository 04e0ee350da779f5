"""Categories and short texts, fitted on training rows: an input for each frequent level or word.

Source: one-hot, with two levels alone as -1 and 1, is RealMLP's (Holzmueller, Grinsztajn, Steinwart 2024, "Better by
default", appendix A); the shared input for rare levels is not.
"""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.prepare.cells import as_levels, as_words
from tenfold.prepare.unfamiliar import Unfamiliar

__all__ = ["MAX_LEVELS", "MIN_LEVEL_ROWS", "CategoryColumn", "TextColumn"]

MAX_LEVELS = 30
"""Most frequent levels that get an input each (one-hot is as good as embeddings up to about 30 levels)."""

MIN_LEVEL_ROWS = 5
"""A level with fewer training rows counts as rare, in small tables with fewer than 2 % of them; a word in fewer has no
input (arbitrary)."""

MAX_WORDS = 32
"""Words of a text column that get an input each (arbitrary)."""

MIN_SHARE = 0.02
"""A word gets an input if it stands in this share of the training rows, and is absent in as many (arbitrary)."""


@dataclass(frozen=True)
class CategoryColumn:
    """A category: an input for each level, one for the rare ones together, one for gaps. Two levels become -1 and 1.

    A level that was never seen counts as rare; without an input for rare ones it is all zeros.

    Args:
        name: Of the column.
        levels: Frequent levels, most frequent first.
        num_levels: Different levels in the training rows.
        has_rare: Whether some of them are rare.
        marks_missing: Whether training rows had gaps.
    """

    kind: ClassVar[Literal["category"]] = "category"
    name: str
    levels: tuple[str, ...]
    num_levels: int
    has_rare: bool
    marks_missing: bool

    @classmethod
    def fit(cls, values: pd.Series) -> "CategoryColumn":
        """The levels of the training rows that are frequent enough."""
        counts = Counter(as_levels(values).dropna())
        fewest = min(MIN_LEVEL_ROWS, MIN_SHARE * len(values))
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        levels = tuple(level for level, count in ordered if count >= fewest)[:MAX_LEVELS]
        return cls(str(values.name), levels, len(counts), len(levels) < len(counts), bool(values.isna().any()))

    @property
    def is_yes_no(self) -> bool:
        """Whether two levels are all there is."""
        return len(self.levels) == 2 and not self.has_rare and not self.marks_missing  # noqa: PLR2004

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs made from it."""
        if self.is_yes_no:
            return (f"{self.name} = {max(self.levels)}",)
        named = [f"{self.name} = {level}" for level in self.levels]
        rare = [f"{self.name} is rare"] if self.has_rare else []
        return (*named, *rare, f"{self.name} is missing") if self.marks_missing else (*named, *rare)

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        if self.is_yes_no:
            return f"-1 for `{min(self.levels)}`, 1 for `{max(self.levels)}`"
        rare = f"; {self.num_levels - len(self.levels)} rare levels share one" if self.has_rare else ""
        return f"an input for each of {len(self.levels)} levels{rare}{'; gaps marked' if self.marks_missing else ''}"

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """Inputs of 0 and 1, or -1 and 1 for two levels (0 for any other)."""
        levels = as_levels(values)
        is_missing = levels.isna().to_numpy()
        hot = np.zeros((len(levels), len(self.levels)))
        for place, level in enumerate(self.levels):
            hot[:, place] = (levels == level).to_numpy(dtype=bool)
        if self.is_yes_no:
            sign = np.array([1.0 if level == max(self.levels) else -1.0 for level in self.levels])
            return np.asarray((hot * sign).sum(axis=1, keepdims=True))
        rare = [~is_missing & (hot.sum(axis=1) == 0)] if self.has_rare else []
        marks = [*rare, is_missing] if self.marks_missing else rare
        return np.column_stack([hot, *(mark.astype(np.float64) for mark in marks)])

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows with a level that was never seen (unless rare ones share an input), or newly without a value."""
        levels = as_levels(values)
        num_unseen = 0 if self.has_rare else int((levels.notna() & ~levels.isin(self.levels)).sum())
        num_missing = 0 if self.marks_missing else int(levels.isna().sum())
        return Unfamiliar(self.name, num_unseen=num_unseen, num_newly_missing=num_missing)


@dataclass(frozen=True)
class TextColumn:
    """Text: whether each of its frequent words stands in the cell.

    Args:
        name: Of the column.
        words: In lower case, most frequent first; may be none.
        marks_missing: Whether training rows had gaps.
    """

    kind: ClassVar[Literal["text"]] = "text"
    name: str
    words: tuple[str, ...]
    marks_missing: bool

    @classmethod
    def fit(cls, values: pd.Series) -> "TextColumn":
        """The words that stand in some training rows, but not in nearly all or nearly none."""
        counts = Counter(word for words in as_words(values) for word in words)
        fewest = max(MIN_LEVEL_ROWS, MIN_SHARE * len(values))
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        words = [word for word, count in ordered if fewest <= count <= len(values) - fewest]
        return cls(str(values.name), tuple(words[:MAX_WORDS]), bool(values.isna().any()))

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs made from it."""
        named = [f"{self.name} has {word}" for word in self.words]
        return (*named, f"{self.name} is missing") if self.marks_missing else tuple(named)

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        words = f"an input for each of {len(self.words)} frequent words" if self.words else "no frequent words"
        return f"{words}; gaps marked" if self.marks_missing else words

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """Inputs of 0 and 1."""
        cells = as_words(values)
        found = np.array([[word in words for word in self.words] for words in cells], dtype=np.float64)
        found = found.reshape(len(cells), len(self.words))
        return np.column_stack([found, values.isna().to_numpy(dtype=np.float64)]) if self.marks_missing else found

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows newly without a value; words are never unfamiliar, most are rare."""
        num_missing = 0 if self.marks_missing else int(values.isna().sum())
        return Unfamiliar(self.name, num_newly_missing=num_missing)
