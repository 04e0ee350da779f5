"""The closing table: every kind of number of ours beside the published one."""

from dataclasses import replace

import pytest

from lessons.written import write_lesson
from tenfold.lessons.closing import closing_rows, closing_table
from tenfold.lessons.header import read_header
from tenfold.lessons.records import LessonRecord

VALUES, VERSIONS = {"H1": [0.97, 0.98, 0.99]}, {"jax": "0.10", "keras": "3"}
RECORD = LessonRecord("sums", VALUES, 12.345, "2026-11-22", "a machine", VERSIONS)


@pytest.fixture
def header(tmp_path):
    return read_header(write_lesson(tmp_path))


def test_a_spread_over_seeds(header):
    (row,) = closing_rows(header, RECORD.values)
    assert row == ("a sum", ".5", "001, chapter 1", "0.98 ± 0.01 (3)", "0.97 … 0.99", "chance: other seeds")


@pytest.mark.parametrize(("values", "said"), [((0.19359, 0.19363), "0.1936 ± 0.000028 (2)"), ((2, 2), "2 ± 0 (2)")])
def test_a_small_spread_is_written_in_decimals(header, values, said):
    assert closing_rows(header, {"H1": values})[0][3] == said


def test_one_value_has_no_spread(header):
    assert closing_rows(header, {"H1": [0.97]})[0][3:5] == ("0.97 (1)", "-")


def test_exact_numbers_are_all_shown(header):
    exact = replace(header, published=(replace(header.published[0], difference="none"),))
    assert closing_rows(exact, {"H1": [0.0, 13.0, 407050.0]})[0][3:] == ("0, 13, 407,050", "-", "other seeds")


def test_without_a_record_the_table_says_so(header):
    table = closing_table(header, None)
    assert "| .5 | 001, chapter 1 | - | - |" in table
    assert table.endswith("*The full form of this lesson has not been run yet: its own numbers are missing.*")


def test_where_ours_comes_from_stands_below(header):
    said = closing_table(header, RECORD)
    assert said.endswith("*Ours: the full form, 12.3 minutes on a machine, 2026-11-22; jax 0.10, keras 3.*")


@pytest.mark.parametrize("record", [None, RECORD])
def test_a_full_run_shows_what_it_measured_itself(header, record):
    said = closing_table(header, record, {"H1": [0.5]})
    assert "| .5 | 001, chapter 1 | 0.5 (1) | - |" in said
    assert said.endswith("*Ours: the full form, in this run.*")
    assert "| - | - |" in closing_table(header, RECORD, {})


def test_a_bar_in_a_cell_is_no_column(header):
    barred = replace(header, published=(replace(header.published[0], what="|e|"),))
    assert r"| \|e\| |" in closing_table(barred, None)


def test_nothing_published_is_no_table(header):
    assert closing_table(replace(header, published=()), RECORD) == ""
