"""Alphabets of texts: in which letters they are written, and whether blanks divide their words.

Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan are written without blanks between words. A text of the Latin
alphabet with single Cyrillic letters among its own is often one that was to pass a filter, or was scanned badly.

Source of the ranges: The Unicode Standard 16.0, Blocks.txt.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

__all__ = ["alphabets", "mixes_alphabets", "num_unspaced"]

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0002fa1f]"
)
"""Thai and Lao, Tibetan, Burmese, Khmer, kana, Chinese characters."""

_MIXED = re.compile(r"[a-z][\u0400-\u052f]|[\u0400-\u052f][a-z]", re.IGNORECASE)


def num_unspaced(text: str) -> int:
    """Letters of a text that are written without blanks between words.

    >>> num_unspaced("Das ist 很好"), num_unspaced("Schön!")
    (2, 0)
    """
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


def mixes_alphabets(text: str) -> bool:
    r"""Whether Latin and Cyrillic letters stand side by side in a word.

    >>> mixes_alphabets("pa\u0443pal"), mixes_alphabets("Москва, Moscow")
    (True, False)
    """
    return not text.isascii() and _MIXED.search(text) is not None


def alphabets(texts: Iterable[str]) -> dict[str, float]:
    """Shares of all letters, the largest first; names are Unicode's.

    >>> alphabets(["abcи", "и"])
    {'Latin': 0.6, 'Cyrillic': 0.4}
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    shares: Counter[str] = Counter()
    for letter, count in counts.items():
        if letter.isalpha():
            shares[_alphabet(letter)] += count
    total = shares.total()
    ordered = sorted(shares.items(), key=lambda one: (-one[1], one[0]))
    return {name: count / total for name, count in ordered}


def _alphabet(letter: str) -> str:
    """The first word of a letter's name, "Latin" for LATIN SMALL LETTER A; "Chinese characters" for CJK."""
    if letter.isascii():
        return "Latin"
    words = unicodedata.name(letter, "UNKNOWN").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ").split()
    return "Chinese characters" if words[0] == "CJK" else words[0].capitalize()
