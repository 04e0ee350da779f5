"""A lesson is found by what people know of it; where that fits none, or several, they are told."""

from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.errors import OptionError
from tenfold.lessons.course import PARTS, find_header, list_headers, place
from tenfold.lessons.header import Header

HOUSES = Header(Path("11_houses.py"), "11", "houses", "A number: house prices", "Promise.",
                ("001 Predicting house prices",), (), 1.0, 1.0, also=("chapter 4 of 001", "k-fold"))  # fmt: skip
DIGITS = replace(HOUSES, path=Path("07_digits.py"), number="7", name="digits", title="Handwritten digits",
                 covers=("001 A first look at a neural network",), also=("chapter 1 of 001", "mnist"))  # fmt: skip
BAKERY = replace(HOUSES, path=Path("p1_bakery.py"), number="P1", name="bakery", title="A bakery in Kiel",
                 covers=("004 Bakery Sales Prediction",), also=("sales",))  # fmt: skip
ALL = (DIGITS, HOUSES, BAKERY)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("7", DIGITS),
        ("11", HOUSES),
        ("p1", BAKERY),
        (" Houses ", HOUSES),
        ("07_digits", DIGITS),
        ("house prices", HOUSES),
        ("MNIST", DIGITS),
        ("chapter 4", HOUSES),
        ("first look", DIGITS),
        ("sales", BAKERY),
    ],
)
def test_a_lesson_is_found_by(wanted, found):
    assert find_header(wanted, ALL) is found


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("chapter", r"Several lessons speak of `chapter`\. Expected: 7 \(digits\) or 11 \(houses\)"),
        ("dgits", r"There is no lesson `dgits`.*`digits`"),
        ("quantum", r"There is no lesson `quantum`.*`tenfold lessons` lists them"),
        ("  ", r"There is no lesson"),
    ],
)
def test_what_fits_none_or_several_is_said(wanted, words):
    with pytest.raises(OptionError, match=words):
        find_header(wanted, ALL)


def test_lessons_stand_in_the_order_of_reading():
    places = [place(header) for header in list_headers()]
    assert places == sorted(set(places))


def test_parts_hold_every_place_once():
    assert [at for _, first, last in PARTS for at in range(first, last + 1)] == list(range(1, 28))


def test_names_and_numbers_are_told_apart():
    headers = list_headers()
    assert len({header.name for header in headers}) == len(headers)
    for header in headers:
        assert header.path.stem.split("_")[0].lstrip("0").upper() == header.number
