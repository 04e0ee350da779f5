"""The author's card: optional answers, no invented ones, no unknown ones."""

from pathlib import Path

import pytest

from tenfold.errors import OptionError
from tenfold.report.card import Card, find_card, read_card


def card(folder: Path, text: str) -> Path:
    path = folder / "card.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_answers_are_read_and_the_others_stay_empty(tmp_path: Path):
    path = card(tmp_path, 'population = " adults of one town "\nunit = "thousand dollars"\n')
    assert read_card(path) == Card(population="adults of one town", unit="thousand dollars")


def test_the_card_beside_a_table_is_found(tmp_path: Path):
    assert find_card(tmp_path / "houses.csv") is None
    path = card(tmp_path, "")
    assert find_card(tmp_path / "houses.csv") == path


def test_a_card_that_is_not_there_or_no_file_is_named(tmp_path: Path):
    with pytest.raises(OptionError, match=r"There is no card `.*nowhere.toml`"):
        read_card(tmp_path / "nowhere.toml")
    with pytest.raises(OptionError, match=r"cannot be read.* Received: Is a directory\."):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('populaton = "x"', "`populaton` is no question.*did you mean `population`"),
        ("dates = 2019", "`dates` in the card.*is no text"),
        ("dates = ", "cannot be read"),
    ],
)
def test_what_is_no_card_is_refused_with_a_sentence(tmp_path: Path, text: str, message: str):
    with pytest.raises(OptionError, match=message):
        read_card(card(tmp_path, text))
