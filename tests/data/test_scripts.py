"""Alphabets of texts."""

import pytest

from tenfold.data.scripts import alphabets, mixes_alphabets, num_unspaced


@pytest.mark.parametrize(
    ("text", "count"), [("今日は天気", 5), ("ภาษาไทย", 7), ("한국어 문장", 0), ("हिन्दी", 0), ("Ärger, 3", 0)]
)
def test_letters_of_languages_without_blanks_are_counted(text: str, count: int):
    assert num_unspaced(text) == count


def test_alphabets_are_named_by_their_share_of_the_letters():
    found = alphabets(["ab 12, c", "мир", "茶", "\uff21"])
    assert found == {"Latin": 0.5, "Cyrillic": 0.375, "Chinese characters": 0.125}
    assert alphabets(["12", ""]) == {}


def test_only_letters_side_by_side_mix_alphabets():
    assert mixes_alphabets("p\u0430ypal")
    assert not mixes_alphabets("мир and мир")
    assert not mixes_alphabets("5 μm, naïve")
