"""Texts as words, and their counts: a plain count as oracle."""

import itertools
from collections import Counter

import pytest

from tenfold.prepare.words import count_terms, names_of, number_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It isn't <b>good</b>!<br />Don&#39;t", ["it", "isn't", "good", "!", "don't"]),
        ("a < b and b > c", ["a", "b", "and", "b", "c"]),
        ("Ärger über 3,5 €?", ["ärger", "über", "3", "5", "?"]),
        ("", []),
    ],
)
def test_words_are_told_apart(text: str, words: list[str]):
    assert words_of(text) == words


def test_words_and_pairs_are_counted_within_each_text():
    texts = ["to be or not to be", "", "be!", "to be"]
    found = count_terms(texts)
    for row, text in enumerate(texts):
        words = words_of(text)
        expected = Counter([*words, *(f"{one} {other}" for one, other in itertools.pairwise(words))])
        own = found.rows == row
        assert dict(zip(names_of(found.terms[own]), found.counts[own].tolist(), strict=True)) == expected
    assert found.num_texts == 4
    assert [number_of(name) for name in names_of(found.terms)] == found.terms.tolist()
