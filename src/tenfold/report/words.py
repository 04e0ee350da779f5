"""Names and counts in sentences: strangers' words made safe, singular and plural told apart.

Column names, labels and cells come from files that strangers wrote. In a sentence they stand in backticks, on one line,
without characters that turn the direction of the text, and not longer than a reader wants.
"""

import re
import unicodedata
from collections.abc import Sequence

__all__ = [
    "clean",
    "counted",
    "elided",
    "is_plural",
    "listed",
    "named",
    "opening",
    "setting_words",
    "short_name",
    "without_backticks",
]

LONGEST_NAME = 40
"""Characters of a name in a sentence; the tables carry the whole name in `title`. Arbitrary."""

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    r"""A stranger's text on one line: no control characters, no marks that turn the direction of reading.

    >>> clean("a\nb\x1b[31m\u202ec")
    'a b [31mc'
    """
    flat = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs"} else letter for letter in text)
    return " ".join(TURNING.sub("", flat).split())


def named(name: str) -> str:
    """A name as it stands in a sentence.

    >>> named("price"), named("x`y"), named("a" * 50)
    ('`price`', "`x'y`", '`aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`')
    """
    return f"`{elided(name.replace('`', chr(39)), LONGEST_NAME) or ' '}`"


def short_name(name: str, longest: int) -> str:
    """A model's name in little room: without what follows its first comma, if it is too long; then elided.

    >>> short_name("network 128-128, piecewise", 16), short_name("boosted trees", 16)
    ('network 128-128', 'boosted trees')
    """
    return elided(name if len(name) <= longest else name.partition(",")[0], longest)


def elided(text: str, longest: int = 60) -> str:
    """A stranger's text on one line, cut where it is longer than that.

    >>> elided("a name of many words", 8)
    'a name…'
    """
    flat = clean(text)
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def counted(amount: int, noun: str, plural: str = "") -> str:
    """An amount with its noun in singular or plural.

    >>> counted(1, "look"), counted(1200, "row"), counted(0, "class", "classes")
    ('1 look', '1,200 rows', '0 classes')
    """
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def listed(words: Sequence[str]) -> str:
    """Words joined as in a sentence.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def is_plural(words: str) -> bool:
    """Whether a model's name takes a plural verb.

    >>> is_plural("gradient-boosted trees"), is_plural("linear regression on lags")
    (True, False)
    """
    last = without_backticks(words).partition(" on ")[0].split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "is"))


def opening(sentence: str) -> str:
    """A phrase as the beginning of a sentence; names in backticks keep their case.

    >>> opening("always guessing `no`"), opening("`no` always")
    ('Always guessing `no`', '`no` always')
    """
    return sentence[:1].upper() + sentence[1:]


def setting_words(name: str) -> str:
    """The last part of a setting's name in words.

    >>> setting_words("optimizer.learning_rate"), setting_words("kernel_regularizer.l2")
    ('learning rate', 'L2')
    """
    last = name.rsplit(".", 1)[-1].split("_")
    return " ".join(word.upper() if word in {"l1", "l2"} else word for word in last)


def without_backticks(text: str) -> str:
    """The text as a terminal shows a headline."""
    return text.replace("`", "")
