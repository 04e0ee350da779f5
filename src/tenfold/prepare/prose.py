"""Texts to read, fitted on training rows: as a bag of weighted terms, and as a sequence of tokens.

A bag is what counts most in texts: on the data of 450,000 experiments of Google's guide to text classification it wins
where there are fewer than 1,500 texts for each word of a text, and nearly every table is far below. It is kept as a
lookup (`bags`): a dense layer over it gathers rows of its weights, and is the same layer as over a line of 20,000
inputs that are nearly all 0. Its terms are words and pairs of words; n-grams of characters where words fail (`tokens`);
and without names where they would be too many (`hashed`).

Source: the most terms that pay: Google's guide.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.scripts import num_unspaced
from tenfold.prepare import hashed
from tenfold.prepare.bags import Bag, empty_bag, fill_bag
from tenfold.prepare.numbers import NumberColumn
from tenfold.prepare.subwords import encode, fit_subwords, subwords_in
from tenfold.prepare.tokens import (
    GRAMS,
    TextWays,
    Tokens,
    choose_tokens,
    count_tokens,
    names_of_tokens,
    number_of_token,
    text_lengths,
)
from tenfold.prepare.unfamiliar import Unfamiliar
from tenfold.prepare.words import MOST_TEXTS, plain_text, text_cells, word_numbers, words_of

__all__ = ["FEWEST_WORDS", "PADDING", "ProseColumn", "is_prose"]

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
reviews (1,000 held out) a GRU had an accuracy of 0.817 with 256 words and 0.805 with 128, in 53 and 23 seconds. Batches
of alike lengths are not made: of 256 places 70 % are words, with four lengths to choose from 81 % would be, a fifth of
the time at most, for four programs in place of one and members that can no longer run side by side."""

PADDING, UNKNOWN = 0, 1
"""Codes of no token, and of one that has no code of its own."""

LETTERS_OF_A_WORD = 2
"""Of languages without blanks (Chinese words have about that many; a Thai text of as many letters is shorter)."""

NO_WAYS = TextWays()

_Fitted: TypeAlias = tuple[tuple[str, ...], tuple[float, ...], int, int]
"""Terms, how rare each is, terms of a text at most, and how many were hashed."""


@dataclass(frozen=True)
class ProseColumn:
    """A column of texts.

    Args:
        name: Of the column.
        terms: Words, and pairs of words with a blank between them, or n-grams of characters, in the most training texts
            first; none where they are hashed.
        rarities: How rare each is, as its weight says; or each place of hashed ones.
        words: Tokens that have a code in sequences, the first code 2: the most frequent words, those with a vector,
            subwords or characters.
        length: Tokens of a sequence.
        width: Terms that are kept of a text.
        lengths: Words of each text (characters where words fail), as a number column.
        marks_missing: Whether training rows had gaps.
        has_vectors: Whether each of `words` has a vector that others trained.
        tokens: How texts are cut.
        tokenizer: That cuts subwords, as JSON of the library `tokenizers`.
        num_hashed: Different terms that were hashed, to a percent; 0 where terms have names.
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
    tokens: Tokens = "words"
    tokenizer: str = ""
    num_hashed: int = 0

    @classmethod
    def fit(cls, values: pd.Series, known: tuple[str, ...] = (), ways: TextWays = NO_WAYS) -> "ProseColumn":
        """The terms of the training texts, how rare they are, and how long the texts.

        Args:
            values: Training rows.
            known: Words with a vector; none for the most frequent words of the texts.
            ways: What a user says of tokens and terms.
        """
        texts = text_cells(values)
        tokens: Tokens = "words" if known else ways.tokens or choose_tokens(texts)
        is_hashed = ways.terms == "hashed" if ways.terms else hashed.has_too_many_terms(texts, tokens)
        terms, rarities, most, num_hashed = (_hashed_terms if is_hashed else _named_terms)(texts, tokens)
        tokenizer = fit_subwords(texts) if tokens == "subwords" else ""
        lengths = text_lengths(texts, tokens)
        in_tokens = lengths
        if tokens != "words":
            in_tokens = np.array(
                [len(one) for one in (encode(tokenizer, texts) if tokenizer else map(_letters, texts))]
            )
        return cls(
            str(values.name),
            terms,
            rarities,
            known or _sequence_tokens(texts, tokens, tokenizer),
            int(np.clip(np.quantile(in_tokens, LENGTH_SHARE), 1, MOST_LENGTH)),
            int(np.clip(most, 1, MOST_TERMS_A_TEXT)),
            NumberColumn.fit(_log_lengths(lengths, values)),
            bool(values.isna().any()),
            bool(known),
            tokens,
            tokenizer,
            num_hashed,
        )

    @property
    def num_terms(self) -> int:
        """Places of its bag."""
        return len(self.rarities)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs beside the bag: how long the text is, and whether it is missing."""
        missing = (f"{self.name} is missing",) if self.marks_missing else ()
        return (self.lengths.name, *missing)

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        what = "words and pairs of words"
        if self.tokens != "words":
            what = f"n-grams of {GRAMS[0]} to {GRAMS[1]} characters"
        if self.num_hashed:
            return f"a bag of about {self.num_hashed:,} {what}, hashed to {self.num_terms:,} places"
        return f"a bag of {self.num_terms:,} {what}, rare ones weigh more"

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """How long each text is, and whether it is missing."""
        own = self.lengths.transform(_log_lengths(text_lengths(text_cells(values), self.tokens), values))
        length = own[:, 0] if own.shape[1] else np.zeros(len(values))
        missing = [values.isna().to_numpy(dtype=np.float64)] if self.marks_missing else []
        return np.column_stack([length, *missing])

    def bag(self, values: pd.Series) -> Bag:
        """The terms of each text and their weights, the heaviest first."""
        texts, rarities = text_cells(values), np.asarray(self.rarities)
        bag = empty_bag(len(texts), self.width)
        if not self.num_hashed:
            counts = count_tokens(texts, self.tokens)
            places = self._places(counts.terms)
            known = places >= 0
            fill_bag(bag, counts.rows[known], places[known], counts.counts[known], rarities)
            return bag
        start = 0
        for lines in hashed.count_hashed(texts, self.tokens):
            rows = start + np.repeat(np.arange(lines.shape[0]), np.diff(lines.indptr))
            known = rarities[lines.indices] > 0
            fill_bag(bag, rows[known], lines.indices[known], lines.data[known], rarities)
            start += lines.shape[0]
        return bag

    def sequences(self, values: pd.Series) -> Int[np.ndarray, "row word"]:
        """The tokens of each text as codes in their order, then padding."""
        found = np.full((len(values), self.length), PADDING, np.int32)
        for line, codes in zip(found, self._sequence_codes(text_cells(values)), strict=True):
            kept = codes
            if len(codes) > self.length:
                tail = self.length // 2
                kept = [*codes[: self.length - tail], *codes[len(codes) - tail :]]
            line[: len(kept)] = kept
        return found

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Rows with a text of which no term is known, or newly without one."""
        is_known = (self.bag(values).weights != 0).any(axis=1)
        if self.has_vectors:
            codes = self._sequence_codes(text_cells(values))
            is_known |= np.array([any(code != UNKNOWN for code in one) for one in codes], dtype=bool)
        num_unknown = int((~is_known & values.notna().to_numpy()).sum())
        num_missing = 0 if self.marks_missing else int(values.isna().sum())
        return Unfamiliar(self.name, num_unknown=num_unknown, num_newly_missing=num_missing)

    def _sequence_codes(self, texts: list[str]) -> Iterator[list[int]]:
        """Codes of all tokens of each text, `UNKNOWN` for those that have none."""
        if self.tokenizer:
            yield from ([UNKNOWN + number for number in one] for one in encode(self.tokenizer, texts))
            return
        codes = {word: code for code, word in enumerate(self.words, start=UNKNOWN + 1)}
        if self.tokens == "words" and len(texts) <= MOST_TEXTS:  # their words are numbered and kept
            numbers = {number_of_token(word, "words"): code for word, code in codes.items()}
            for text in texts:
                yield [numbers.get(number, UNKNOWN) for number in word_numbers(text).tolist()]
            return
        for text in texts:
            tokens = words_of(text) if self.tokens == "words" else _letters(text)
            yield [codes.get(token, UNKNOWN) for token in tokens]

    @functools.cached_property
    def _numbers(self) -> tuple[Int[np.ndarray, " term"], Int[np.ndarray, " term"]]:
        """The numbers of the terms in rising order, and their places in the vocabulary."""
        numbers = np.array([number_of_token(term, self.tokens) for term in self.terms], dtype=np.int64)
        order = np.argsort(numbers)
        return numbers[order], order

    def _places(self, terms: Int[np.ndarray, " entry"]) -> Int[np.ndarray, " entry"]:
        """Where each counted term stands in the vocabulary; -1 where it is not there."""
        numbers, order = self._numbers
        if not len(numbers):
            return np.full(len(terms), -1)
        found = np.minimum(np.searchsorted(numbers, terms), len(numbers) - 1)
        return np.where(numbers[found] == terms, order[found], -1)


def is_prose(values: pd.Series) -> bool:
    """Whether cells are texts to read: many words each, and mostly different.

    Args:
        values: A column of text.
    """
    filled = values.dropna()
    if filled.nunique() < MANY_DIFFERENT * len(filled):
        return False
    sample = filled.iloc[:: max(1, len(filled) // 200)]
    return bool(np.median([_num_words(str(cell)) for cell in sample]) >= FEWEST_WORDS)


def _num_words(cell: str) -> float:
    """Words of a cell, or what its letters would make where no blanks divide them."""
    return max(len(words_of(cell)), num_unspaced(cell) / LETTERS_OF_A_WORD)


def _named_terms(texts: list[str], tokens: Tokens) -> _Fitted:
    """The most frequent terms."""
    counts = count_tokens(texts, tokens)
    numbers, of_texts = np.unique(counts.terms, return_counts=True)
    most = MOST_TERMS_OF_FEW if len(texts) < FEW_TEXTS else MOST_TERMS
    fewest = min(FEWEST_TEXTS, max(1, len(texts) // 2))
    kept, terms = _most_frequent(numbers, of_texts, fewest, most, tokens)
    rarities = np.log((1 + len(texts)) / (1 + of_texts[kept])) + 1
    own = np.bincount(counts.rows[np.isin(counts.terms, numbers[kept])], minlength=1)
    return terms, tuple(map(float, rarities)), int(own.max()), 0


def _hashed_terms(texts: list[str], tokens: Tokens) -> _Fitted:
    found = hashed.fit_hashed(texts, tokens)
    return (), tuple(map(float, found.rarities)), found.most_places, max(found.num_distinct, 1)


def _sequence_tokens(texts: list[str], tokens: Tokens, tokenizer: str) -> tuple[str, ...]:
    """Tokens that have a code: subwords, or the most frequent words or characters."""
    if tokenizer:
        return subwords_in(tokenizer)
    if tokens == "characters":
        found = Counter(letter for text in texts for letter in _letters(text))
        enough = [letter for letter, count in found.items() if count >= FEWEST_TEXTS]
        return tuple(sorted(enough, key=lambda letter: (-found[letter], letter))[:MOST_WORDS])
    some = texts[:: 1 + len(texts) // MOST_TEXTS]  # more than enough to say which words are frequent
    numbers, counts = np.unique(np.concatenate([word_numbers(text) for text in some]), return_counts=True)
    return _most_frequent(numbers, counts, FEWEST_TEXTS, MOST_WORDS, "words")[1]


def _letters(text: str) -> str:
    """A plain text with single blanks: its characters in their order."""
    return " ".join(plain_text(text).split())


def _most_frequent(
    numbers: Int[np.ndarray, " term"], counts: Int[np.ndarray, " term"], fewest: int, most: int, tokens: Tokens
) -> tuple[Int[np.ndarray, " kept"], tuple[str, ...]]:
    """Positions and names of the most frequent terms; of equally frequent ones by the alphabet, in every process."""
    enough = np.flatnonzero(counts >= fewest)
    names = names_of_tokens(numbers[enough], tokens)
    order = sorted(range(len(names)), key=lambda place: (-counts[enough[place]], names[place]))[:most]
    return enough[order].astype(np.int64), tuple(names[place] for place in order)


def _log_lengths(lengths: Int[np.ndarray, " row"], values: pd.Series) -> pd.Series:
    return pd.Series(np.log1p(lengths), name=f"length of {values.name}")
