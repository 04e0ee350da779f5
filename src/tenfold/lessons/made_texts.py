"""Made-up reviews and newswires for the fast forms of lessons: their words follow their class, more or less.

    texts, labels = made_reviews(1000, turned=0.5)
    texts, topics = made_newswires(1000)

They need no file, and the same seed gives the same texts. Nothing that is measured on them is said of real texts.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Int

__all__ = ["BLAME", "PRAISE", "TOPICS", "made_newswires", "made_reviews"]


def _words(text: str) -> list[str]:
    return text.split()


PRAISE = ("brilliant", "charming", "clever", "lovely", "moving", "superb", "touching", "wonderful")
BLAME = ("awful", "boring", "clumsy", "dull", "flat", "lifeless", "pointless", "tedious")
TURN = "hardly"
"""Said before a word of praise or blame, it turns its meaning."""

PLAIN = _words(
    "the a of and in with this film that it was for as story on who one actor scene at plot her his they music from "
    "camera then when two old town young man woman plays part long director after before night city house last first "
    "end way world life people year time show half hour very quite train winter"
)
"""Words without an opinion, those first that come most often."""

NAMES = tuple(
    f"{a}{b}{c}" for a in _words("ka lo mi ru") for b in _words("ba de fi no su ta wi zo") for c in "lmnrstxz"
)
"""Made-up names, so many that each is rare: by them a network can know a text by heart."""

TOPICS: dict[str, Sequence[str]] = {
    "earn": _words("profit quarter share dividend net loss results cents"),
    "acq": _words("merger stake bid takeover acquire shareholders offer unit"),
    "crude": _words("oil barrel opec refinery crude output petroleum drilling"),
    "grain": _words("wheat corn crop harvest bushel tonnes soybean farmers"),
    "money": _words("dollar currency bank yen intervention liquidity market reserves"),
    "ship": _words("port vessel cargo strike tanker gulf freight shipping"),
    "sugar": _words("sugar beet cane raw refiner sweet quota tonnes"),
    "gold": _words("gold ounce mine ore silver bullion grade metal"),
}
"""Topics of newswires, the commonest first, each with its words."""

AGREEING = 0.85
"""Chance that a word of opinion is of the text's own class (arbitrary: neither hopeless nor trivial)."""


def made_reviews(
    num: int, *, length: int = 40, telling: int = 4, turned: float = 0.0, rare: int = 0, seed: int = 0
) -> tuple[list[str], Int[np.ndarray, " row"]]:
    """Reviews, each with some words of praise or blame among plain ones.

    Args:
        num: How many.
        length: Plain words of each.
        telling: Words of praise or blame of each.
        turned: Chance that such a word comes with one before it that turns its meaning, 0 to 1.
        rare: Names of each that few others have, and that mean nothing.
        seed: Decides all of them.

    Returns:
        Texts, and 1 for praise, 0 for blame.

    >>> texts, labels = made_reviews(2, length=3, telling=1, turned=1.0)
    >>> [len(text.split()) for text in texts]
    [5, 5]
    """
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, num)
    return [" ".join(_review(random, bool(label), length, telling, turned, rare)) for label in labels], labels


def made_newswires(num: int, *, length: int = 30, seed: int = 0) -> tuple[list[str], list[str]]:
    """Newswires, a third of whose words are those of their topic.

    Args:
        num: How many.
        length: Words of each.
        seed: Decides all of them.

    Returns:
        Texts, and the topic of each; each topic is rarer than the one before it.

    >>> texts, topics = made_newswires(500)
    >>> len(texts[0].split()), topics.count("earn") > topics.count("gold")
    (30, True)
    """
    random = np.random.default_rng(seed)
    names = list(TOPICS)
    topics = random.choice(names, num, p=_falling(len(names)))
    return [" ".join(_newswire(random, str(topic), length)) for topic in topics], topics.tolist()


def _falling(count: int) -> Any:
    """Chances in the proportion 1 to 1/2 to 1/3 and so on, as of words in a language."""
    chances = 1 / np.arange(1, count + 1)
    return chances / chances.sum()


def _review(
    random: np.random.Generator,
    is_praise: bool,  # noqa: FBT001  # a fact, no option
    length: int,
    telling: int,
    turned: float,
    rare: int,
) -> list[str]:
    words = [[str(word)] for word in random.choice(PLAIN, length, p=_falling(len(PLAIN)))]
    added = [[str(name)] for name in random.choice(NAMES, rare)]
    for _ in range(telling):
        means_praise = is_praise == (random.uniform() < AGREEING)
        is_turned = random.uniform() < turned
        word = str(random.choice(PRAISE if means_praise != is_turned else BLAME))
        added.append([TURN, word] if is_turned else [word])
    for together in added:  # a word that turns stays before the one that it turns
        words.insert(int(random.integers(len(words) + 1)), together)
    return [word for together in words for word in together]


def _newswire(random: np.random.Generator, topic: str, length: int) -> list[str]:
    of_topic = random.uniform(size=length) < 1 / 3
    other = TOPICS[str(random.choice(list(TOPICS)))]  # news are seldom of one thing alone
    plain = random.choice(PLAIN, length, p=_falling(len(PLAIN)))
    own = random.choice(TOPICS[topic], length)
    mixed = np.where(random.uniform(size=length) < 1 / 8, random.choice(other, length), plain)
    return [str(word) for word in np.where(of_topic, own, mixed)]
