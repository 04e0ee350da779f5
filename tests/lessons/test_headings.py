"""No heading of the documents is without a lesson, and no lesson covers a heading that no document has."""

from dataclasses import replace

import pytest

from layers.old_sources import NAMES
from lessons.headings import DOCUMENTS, LAYERS_HEADING, covering, uncovered, unknown
from tenfold.lessons.course import list_headers

HEADINGS = [heading for document in DOCUMENTS for heading in document.full_headings]


def test_every_heading_has_a_lesson():
    assert not uncovered(list_headers())


def test_no_lesson_covers_what_no_document_has():
    assert not unknown(list_headers())


def test_a_missing_lesson_and_a_misspelt_heading_are_found():
    headers = list_headers()
    first = headers[0]
    alone = [heading for heading in first.covers if len(covering()[heading]) == 1]
    assert set(uncovered(headers[1:])) >= set(alone)
    assert alone
    misspelt = replace(first, covers=("002 Introductoin",))
    assert unknown([misspelt, *headers[1:]])["002 Introductoin"] == [first.name]


def test_headings_are_told_apart():
    assert len(set(HEADINGS)) == len(HEADINGS)


@pytest.mark.parametrize(
    ("number", "headings"), [("000", 1), ("001", 11 + 1 + 7 + 1), ("002", 4 + 22 + 1), ("003", 17 + 1), ("004", 31)]
)
def test_all_of_each_document_is_listed(number, headings):
    (document,) = [one for one in DOCUMENTS if one.number == number]
    assert len(document.headings) == headings


def test_the_heading_of_the_layers_counts_them():
    assert f"003 {LAYERS_HEADING}" in HEADINGS
    assert str(len(NAMES)) in LAYERS_HEADING
