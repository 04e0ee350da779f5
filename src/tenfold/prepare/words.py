"""Texts as words, read once: a process numbers every word it meets, and keeps the numbers of each text.

A text is prepared once a fold, and folds share nearly all texts. Splitting 5,000 film reviews takes a quarter of a
second (the tokenizers of Hugging Face: 1.6 s for the same words), reading them again nothing. The numbers never leave
the process: what is fitted and saved are words.

    words_of("It isn't <b>good</b>!")       # it, isn't, good, !
"""

import functools
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int

__all__ = [
    "MOST_TEXTS", "TermCounts", "as_counts", "count_terms", "names_of", "number_of", "plain_text", "text_cells",
    "word_numbers", "words_of",
]  # fmt: skip

_MARK_UP = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_WORD = re.compile(r"\w+(?:'\w+)*|[!?]")
_PAIR = 32
"""A pair of words is numbered by the first, shifted by so many bits, and the second; a single word by itself."""

_PLANE = 0x10000
"""Unicode's first plane, with all living alphabets."""

_NUMBERS: dict[str, int] = {}
"""Words to numbers from 1 on, in the order in which this process met them."""

MOST_TEXTS = 200_000
"""Texts whose words are kept: a text of 200 words takes a kilobyte (arbitrary)."""


def plain_text(text: str) -> str:
    """A text in lower case without mark-up, its letters composed (Unicode's NFC).

    >>> plain_text("It isn&rsquo;t <b>GOOD</b>")
    "it isn't  good "
    """
    plain = _MARK_UP.sub(" ", text) if "<" in text else text
    plain = html.unescape(plain) if "&" in plain else plain
    plain = plain.lower()
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain).replace("’", "'")  # noqa: RUF001


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, `!` and `?` among them, without mark-up.

    >>> words_of("It isn't <b>good</b>!<br />Don&#39;t &amp; won&rsquo;t")
    ['it', "isn't", 'good', '!', "don't", "won't"]
    """
    plain = plain_text(text)
    return (_WORD if plain.isascii() else _word_with_marks()).findall(plain)


@functools.cache
def _word_with_marks() -> re.Pattern[str]:
    """Words of all alphabets: vowels of Hindi and Thai are marks, which `re` leaves out of words."""
    marks = "".join(chr(code) for code in range(_PLANE) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
    letter = rf"[\w{re.escape(marks)}]"
    return re.compile(rf"{letter}+(?:'{letter}+)*|[!?]")


def text_cells(values: pd.Series) -> list[str]:
    """Cells as texts; a gap is an empty one."""
    return [str(cell) for cell in values.astype(object).where(values.notna(), "")]


def number_of(term: str) -> int:
    """The number of a word, or of a pair of words with a blank between them."""
    first, _, second = term.partition(" ")
    return (_number(first) << _PAIR) + _number(second) if second else _number(first)


def word_numbers(text: str) -> Int[np.ndarray, " word"]:
    """The numbers of a text's words, in their order."""
    return _kept_numbers(text)


@functools.lru_cache(maxsize=MOST_TEXTS)
def _kept_numbers(text: str) -> Int[np.ndarray, " word"]:
    return np.array([_number(word) for word in words_of(text)], dtype=np.int32)


def _number(word: str) -> int:
    return _NUMBERS.setdefault(word, len(_NUMBERS) + 1)


@dataclass(frozen=True)
class TermCounts:
    """How often each term stands in each text: an entry for each of a text's different terms.

    Args:
        rows: Position of the text, rising.
        terms: Number of the term, rising within a text.
        counts: Times that it stands there, at least 1.
        num_texts: Texts, those without words included.
    """

    rows: Int[np.ndarray, " entry"]
    terms: Int[np.ndarray, " entry"]
    counts: Int[np.ndarray, " entry"]
    num_texts: int


def count_terms(texts: Sequence[str]) -> TermCounts:
    """Count the words of each text and its pairs of neighbouring words.

    Args:
        texts: From `text_cells`.

    Returns:
        The counts.
    """
    numbers = [word_numbers(text) for text in texts]
    words = np.concatenate([*numbers, np.zeros(0, np.int32)]).astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in numbers])
    neighbours = np.flatnonzero(rows[1:] == rows[:-1])
    pairs = (words[neighbours] << _PAIR) + words[neighbours + 1]
    terms, places = np.concatenate([words, pairs]), np.concatenate([rows, rows[neighbours]])
    return as_counts(terms, places, len(texts))


def as_counts(terms: Int[np.ndarray, " place"], rows: Int[np.ndarray, " place"], num_texts: int) -> TermCounts:
    """Count equal terms of equal rows.

    Args:
        terms: Number of each term that stands somewhere.
        rows: Position of the text that it stands in.
        num_texts: Texts, those without terms included.
    """
    order = np.lexsort((terms, rows))
    terms, rows = terms[order], rows[order]
    is_first = np.ones(len(terms), dtype=bool)
    is_first[1:] = (terms[1:] != terms[:-1]) | (rows[1:] != rows[:-1])
    starts = np.flatnonzero(is_first)
    return TermCounts(rows[starts], terms[starts], np.diff(np.append(starts, len(terms))), num_texts)


def names_of(terms: Int[np.ndarray, " term"]) -> list[str]:
    """The words of term numbers, as `number_of` reads them."""
    words = list(_NUMBERS)
    mask = (1 << _PAIR) - 1
    return [
        f"{words[(term >> _PAIR) - 1]} {words[(term & mask) - 1]}" if term >> _PAIR else words[term - 1]
        for term in terms.tolist()
    ]
