"""How texts are cut: into words, subwords or characters, decided on the training texts of a fold.

Words serve where blanks divide them and new texts use those of old ones. They fail for languages without blanks, where
a sentence is one word, for languages that build a new word for each thought, and for product codes. There a bag has
n-grams of 2 to 5 characters within words, and readers see subwords (byte pair encoding), or characters if a user asks.

N-grams are those of scikit-learn's `char_wb`: a word has a blank before and behind it.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Int

from tenfold.data.scripts import num_unspaced
from tenfold.prepare.words import (
    MOST_TEXTS,
    TermCounts,
    as_counts,
    count_terms,
    names_of,
    number_of,
    plain_text,
    word_numbers,
    words_of,
)

__all__ = [
    "GRAMS", "Terms", "TextWays", "Tokens", "choose_tokens", "count_tokens", "names_of_tokens", "number_of_token",
    "terms_of", "text_lengths",
]  # fmt: skip

Tokens: TypeAlias = Literal["words", "subwords", "characters"]
"""What readers see one after the other; bags have words and pairs of words, or n-grams of characters."""

Terms: TypeAlias = Literal["named", "hashed"]
"""Whether each term of a bag has a place of its own, or the place that a hash gives it."""

GRAMS = (2, 5)
"""Characters of the shortest and the longest n-gram (arbitrary; common for languages and for misspellings)."""

MOST_UNSPACED = 0.5
"""Share of the letters that are written without blanks between words, from which words fail (arbitrary)."""

LONGEST_WORDS = 20.0
"""Characters of the mean word from which there are none. Natural languages with blanks have under 10."""

MOST_UNSEEN = 0.5
"""Share of the words of held-out texts that no other text has, from which words fail (arbitrary). Of English it is 0.09
in 3,000 sentences of 10 words, 0.27 in 300, 0.49 in 60; of ISBNs 1."""

PARTS = 5
"""Every fifth text is held out to see how many of its words the others have."""

MOST_LOOKED = 20_000
"""Texts that decide."""

_GRAM_NUMBERS: dict[str, int] = {}


@dataclass(frozen=True)
class TextWays:
    """What a user says of how texts are to be read; empty where the texts decide.

    Args:
        tokens: How they are cut.
        terms: Whether the terms of bags are named or hashed.
    """

    tokens: Tokens | Literal[""] = ""
    terms: Terms | Literal[""] = ""


def choose_tokens(texts: Sequence[str]) -> Tokens:
    """Words where they serve, else subwords.

    Args:
        texts: Training texts.

    Returns:
        `"subwords"` where blanks do not divide words, or most words of a text are new.

    >>> choose_tokens(["the tea is good", "the tea is bad"] * 9), choose_tokens(["茶很好喝", "茶不好喝"] * 9)
    ('words', 'subwords')
    """
    looked = texts[:: 1 + len(texts) // MOST_LOOKED]
    num_letters = sum(sum(map(str.isalpha, text)) for text in looked)
    if sum(map(num_unspaced, looked)) > MOST_UNSPACED * num_letters:
        return "subwords"
    numbers = [word_numbers(text) for text in looked]
    num_words = sum(map(len, numbers))
    if sum(len(text) - text.count(" ") for text in looked) > LONGEST_WORDS * num_words:
        return "subwords"
    held_out = np.concatenate([*numbers[::PARTS], np.zeros(0, np.int32)])
    others = [one for place, one in enumerate(numbers) if place % PARTS]
    if not others:
        return "words"
    is_unseen = ~np.isin(held_out, np.concatenate(others))
    return "subwords" if is_unseen.sum() > MOST_UNSEEN * len(held_out) else "words"


def text_lengths(texts: Sequence[str], tokens: Tokens) -> Int[np.ndarray, " text"]:
    """Words of each text, or its characters without blanks where words fail."""
    if tokens != "words":
        return np.array([len("".join(plain_text(text).split())) for text in texts], dtype=np.int64)
    if len(texts) > MOST_TEXTS:  # more than are kept: numbering their words would only take memory
        return np.array([len(words_of(text)) for text in texts], dtype=np.int64)
    return np.array([len(word_numbers(text)) for text in texts], dtype=np.int64)


def terms_of(tokens: Tokens) -> Callable[[str], list[str]]:
    """From a text to the terms of its bag, in their order and repeated: words and pairs, or n-grams of characters.

    >>> terms_of("words")("so good"), terms_of("characters")("so")
    (['so', 'good', 'so good'], [' s', 'so', 'o ', ' so', 'so ', ' so '])
    """
    return _words_and_pairs if tokens == "words" else _gram_analyzer()


def count_tokens(texts: Sequence[str], tokens: Tokens) -> TermCounts:
    """How often each term stands in each text; terms are numbered by this process."""
    if tokens == "words":
        return count_terms(texts)
    numbers = [_gram_numbers(text) for text in texts]
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in numbers])
    return as_counts(np.concatenate([*numbers, np.zeros(0, np.int32)]).astype(np.int64), rows, len(texts))


def names_of_tokens(numbers: Int[np.ndarray, " term"], tokens: Tokens) -> list[str]:
    """The terms of numbers."""
    if tokens == "words":
        return names_of(numbers)
    grams = list(_GRAM_NUMBERS)
    return [grams[number - 1] for number in numbers.tolist()]


def number_of_token(term: str, tokens: Tokens) -> int:
    """The number of a term."""
    return number_of(term) if tokens == "words" else _gram_number(term)


def _words_and_pairs(text: str) -> list[str]:
    words = words_of(text)
    return [*words, *map(" ".join, itertools.pairwise(words))]


@functools.lru_cache(maxsize=MOST_TEXTS)
def _gram_numbers(text: str) -> Int[np.ndarray, " gram"]:
    return np.array([_gram_number(gram) for gram in _gram_analyzer()(text)], dtype=np.int32)


def _gram_number(gram: str) -> int:
    return _GRAM_NUMBERS.setdefault(gram, len(_GRAM_NUMBERS) + 1)


@functools.cache
def _gram_analyzer() -> Callable[[str], list[str]]:
    from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415  # slow to load, seldom needed

    vectorizer = CountVectorizer(analyzer="char_wb", ngram_range=GRAMS, preprocessor=plain_text)
    analyze: Callable[[str], list[str]] = vectorizer.build_analyzer()
    return analyze
