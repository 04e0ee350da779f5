"""Texts to read, fitted on training rows: as a bag of weighted terms, and as a sequence of words.

A bag is what counts most in texts: on the data of 450,000 experiments of Google's guide to text classification it wins
where there are fewer than 1,500 texts for each word of a text, and nearly every table is far below. It is kept as a
lookup: for each text its terms and their weights, 200 numbers in place of 20,000. A dense layer over it gathers rows of
its weights, and is the same layer as over a line of 20,000 inputs that are nearly all 0.

Sources: terms, and the weight of one, (1 + log of its count in the text) * log((1 + texts) / (1 + texts that have it))
+ 1, each text of length 1: scikit-learn's `TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)`; the most
terms that pay: Google's guide.
"""

import functools
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.prepare.numbers import NumberColumn
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.prepare.words import TermCounts, count_terms, names_of, number_of, text_cells, word_numbers, words_of

__all__ = ["FEWEST_WORDS", "Bag", "ProseColumn", "is_prose"]

FEWEST_WORDS = 6
"""Words of the median cell from which a column is a text to read (arbitrary: names and titles have about 4)."""

MANY_DIFFERENT = 0.5
"""Share of the cells that are different texts, from which it may be one (arbitrary)."""

FEWEST_TEXTS = 2
"""Training texts that a term stands in at least. Source: Google's guide, and the default of many tutorials."""

MOST_TERMS, FEW_TEXTS, MOST_TERMS_OF_FEW = 20_000, 2_000, 10_000
"""Terms of a bag: the most frequent ones. Source: Google's guide finds no gain from more than 20,000; half of them
where texts are fewer than the second number."""

MOST_TERMS_A_TEXT = 512
"""Terms that are kept of a text: those that weigh most (a film review of 230 words has about 300 of the vocabulary)."""

MOST_WORDS = 10_000
"""Words that have a place of their own in sequences. Source: F. Chollet, Deep Learning with Python (2017), section
3.4.1."""

MOST_LENGTH, LENGTH_SHARE = 256, 0.95
"""Sequences are as long as this share of the training texts needs, and this many words at most (recurrent layers pay
for every word). Of longer texts the first and the last half are kept: reviews end with their verdict. On 4,000 film
reviews (800 held out) a GRU had an accuracy of 0.817 with 256 words and 0.805 with 128, in 53 and 23 seconds. Batches
of alike lengths are not made: of 256 places 70 % are words, with four lengths to choose from 81 % would be, a fifth of
the time at most, for four programs in place of one and members that can no longer run side by side."""

PADDING, UNKNOWN = 0, 1
"""Codes of no word, and of a word that is not among the most frequent ones."""


@dataclass(frozen=True)
class Bag:
    """Texts as bags: what stands in each, and how much it weighs.

    Args:
        terms: int32 [row, place]: terms of the vocabulary; where the weight is 0 there is none.
        weights: float32 [row, place]: the squares of a row sum to 1, or to 0 where it has no known term.
    """

    terms: Int[np.ndarray, "row place"]
    weights: Float[np.ndarray, "row place"]


@dataclass(frozen=True)
class ProseColumn:
    """A column of texts.

    Args:
        name: Of the column.
        terms: Words, and pairs of words with a blank between them, in the most training texts first.
        rarities: How rare each is, as its weight says.
        words: Words that have a code in sequences, the first code 2: the most frequent ones, or those with a vector.
        length: Words of a sequence.
        width: Terms that are kept of a text.
        lengths: Words of each text, as a number column.
        marks_missing: Whether training rows had gaps.
        has_vectors: Whether each of `words` has a vector that others trained.
    """

    kind: ClassVar[Literal["prose"]] = "prose"
    name: str
    terms: tuple[str, ...]
    rarities: tuple[float, ...]
    words: tuple[str, ...]
    length: int
    width: int
    lengths: NumberColumn
    marks_missing: bool
    has_vectors: bool = False

    @classmethod
    def fit(cls, values: pd.Series, known: tuple[str, ...] = ()) -> "ProseColumn":
        """The terms of the training texts, how rare they are, and how long the texts.

        Args:
            values: Training rows.
            known: Words with a vector; none for the most frequent words of the texts.
        """
        texts = text_cells(values)
        counts = count_terms(texts)
        numbers, of_texts = np.unique(counts.terms, return_counts=True)
        most = MOST_TERMS_OF_FEW if len(texts) < FEW_TEXTS else MOST_TERMS
        fewest = min(FEWEST_TEXTS, max(1, len(texts) // 2))
        kept, terms = _most_frequent(numbers, of_texts, fewest, most)
        rarities = np.log((1 + len(texts)) / (1 + of_texts[kept])) + 1
        own = np.bincount(counts.rows[np.isin(counts.terms, numbers[kept])], minlength=1)
        lengths = np.array([len(word_numbers(text)) for text in texts])
        return cls(
            str(values.name),
            terms,
            tuple(map(float, rarities)),
            known or _frequent_words(texts),
            int(np.clip(np.quantile(lengths, LENGTH_SHARE), 1, MOST_LENGTH)),
            int(np.clip(own.max(), 1, MOST_TERMS_A_TEXT)),
            NumberColumn.fit(_log_lengths(lengths, values)),
            bool(values.isna().any()),
            bool(known),
        )

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs beside the bag: how long the text is, and whether it is missing."""
        missing = (f"{self.name} is missing",) if self.marks_missing else ()
        return (self.lengths.name, *missing)

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        return f"a bag of {len(self.terms):,} words and pairs of words, rare ones weigh more"

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """How long each text is, and whether it is missing."""
        lengths = np.array([len(word_numbers(text)) for text in text_cells(values)])
        own = self.lengths.transform(_log_lengths(lengths, values))
        length = own[:, 0] if own.shape[1] else np.zeros(len(values))
        missing = [values.isna().to_numpy(dtype=np.float64)] if self.marks_missing else []
        return np.column_stack([length, *missing])

    def bag(self, values: pd.Series) -> Bag:
        """The terms of each text and their weights, the heaviest first."""
        counts = count_terms(text_cells(values))
        places = self._places(counts)
        known = places >= 0
        rows, places = counts.rows[known], places[known]
        weights = (1 + np.log(counts.counts[known])) * np.asarray(self.rarities)[places]
        order = np.lexsort((places, -weights, rows))
        rows, places, weights = rows[order], places[order], weights[order]
        nth = np.arange(len(rows)) - np.searchsorted(rows, rows)
        is_kept = nth < self.width
        terms = np.zeros((len(values), self.width), np.int32)
        weighed = np.zeros((len(values), self.width), np.float32)
        terms[rows[is_kept], nth[is_kept]] = places[is_kept]
        weighed[rows[is_kept], nth[is_kept]] = weights[is_kept]
        norms = np.sqrt((weighed.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
        return Bag(terms, (weighed / np.where(norms > 0, norms, 1)).astype(np.float32))

    def sequences(self, values: pd.Series) -> Int[np.ndarray, "row word"]:
        """The words of each text as codes in their order, then padding."""
        codes = self._codes
        found = np.full((len(values), self.length), PADDING, np.int32)
        for line, text in zip(found, text_cells(values), strict=True):
            words = [codes.get(number, UNKNOWN) for number in word_numbers(text).tolist()]
            if len(words) > self.length:
                tail = self.length // 2
                words = [*words[: self.length - tail], *words[len(words) - tail :]]
            line[: len(words)] = words
        return found

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows with a text of which no word is known, or newly without one."""
        texts = text_cells(values)
        counts = count_terms(texts)
        is_known = np.bincount(counts.rows[self._places(counts) >= 0], minlength=len(texts)) > 0
        if self.has_vectors:
            known = self._codes.keys()
            is_known |= np.array([not known.isdisjoint(word_numbers(text).tolist()) for text in texts], dtype=bool)
        num_unknown = int((~is_known & values.notna().to_numpy()).sum())
        num_missing = 0 if self.marks_missing else int(values.isna().sum())
        return Unfamiliar(self.name, num_unknown=num_unknown, num_newly_missing=num_missing)

    @functools.cached_property
    def _numbers(self) -> tuple[Int[np.ndarray, " term"], Int[np.ndarray, " term"]]:
        """The numbers of the terms in rising order, and their places in the vocabulary."""
        numbers = np.array([number_of(term) for term in self.terms], dtype=np.int64)
        order = np.argsort(numbers)
        return numbers[order], order

    @functools.cached_property
    def _codes(self) -> dict[int, int]:
        return {number_of(word): code for code, word in enumerate(self.words, start=UNKNOWN + 1)}

    def _places(self, counts: TermCounts) -> Int[np.ndarray, " entry"]:
        """Where each counted term stands in the vocabulary; -1 where it is not there."""
        numbers, order = self._numbers
        if not len(numbers):
            return np.full(len(counts.terms), -1)
        found = np.minimum(np.searchsorted(numbers, counts.terms), len(numbers) - 1)
        return np.where(numbers[found] == counts.terms, order[found], -1)


def is_prose(values: pd.Series) -> bool:
    """Whether cells are texts to read: many words each, and mostly different.

    Args:
        values: A column of text.
    """
    filled = values.dropna()
    if filled.nunique() < MANY_DIFFERENT * len(filled):
        return False
    sample = filled.iloc[:: max(1, len(filled) // 200)]
    return bool(np.median([len(words_of(str(cell))) for cell in sample]) >= FEWEST_WORDS)


def _frequent_words(texts: list[str]) -> tuple[str, ...]:
    numbers, counts = np.unique(np.concatenate([word_numbers(text) for text in texts]), return_counts=True)
    return _most_frequent(numbers, counts, FEWEST_TEXTS, MOST_WORDS)[1]


def _most_frequent(
    numbers: Int[np.ndarray, " term"], counts: Int[np.ndarray, " term"], fewest: int, most: int
) -> tuple[Int[np.ndarray, " kept"], tuple[str, ...]]:
    """Positions and names of the most frequent terms; of equally frequent ones by the alphabet, in every process."""
    enough = np.flatnonzero(counts >= fewest)
    names = names_of(numbers[enough])
    order = sorted(range(len(names)), key=lambda place: (-counts[enough[place]], names[place]))[:most]
    return enough[order].astype(np.int64), tuple(names[place] for place in order)


def _log_lengths(lengths: Int[np.ndarray, " row"], values: pd.Series) -> pd.Series:
    return pd.Series(np.log1p(lengths), name=f"length of {values.name}")
