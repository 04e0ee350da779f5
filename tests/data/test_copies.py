"""Copies of rows, exact and near, told from rows that are equal by chance."""

import time

import numpy as np
import pandas as pd
import pytest

from tenfold.data.copies import FEWEST_COMMON, find_copies


def measured(num_rows: int, num_columns: int = 6) -> pd.DataFrame:
    """Numbers that never meet by chance."""
    return pd.DataFrame(np.random.default_rng(0).normal(size=(num_rows, num_columns))).add_prefix("column_")


def people(num_rows: int) -> pd.DataFrame:
    """Few categories: many are equal by chance, and one column says nearly the same as another."""
    generator = np.random.default_rng(1)
    frame = pd.DataFrame(
        {name: generator.integers(0, 3, num_rows) for name in ("ward", "age", "sex", "port", "outcome")}
    )
    return frame.assign(city=frame["port"].map({0: "Kiel", 1: "Bonn", 2: "Ulm"}))


def with_copies(frame: pd.DataFrame, num_copies: int) -> pd.DataFrame:
    return pd.concat([frame, frame[:num_copies]], ignore_index=True)


def test_copies_are_told_from_rows_that_differ():
    found = find_copies(with_copies(measured(50), 7))
    assert (found.num_repeated, found.num_near, found.num_by_chance) == (7, 0, 0)
    np.testing.assert_array_equal(found.labels[50:], found.labels[:7])
    assert len(set(found.labels)) == 50


def test_rows_without_a_twin_are_no_copies():
    assert find_copies(measured(50)).labels is None


def test_people_who_are_equal_by_chance_are_no_copies():
    found = find_copies(people(400))
    assert found.labels is None
    assert found.num_by_chance == int(people(400).duplicated().sum()) > 200


def test_copies_among_many_categories_are_found():
    generator = np.random.default_rng(2)
    frame = pd.DataFrame(generator.integers(0, 3, (1_000, 17))).add_prefix("column_")
    assert find_copies(with_copies(frame, 50)).num_repeated == 50
    assert find_copies(frame[["column_0", "column_1", "column_2", "column_3", "column_4"]]).labels is None


def test_rare_cases_that_were_copied_to_be_as_many_as_the_others_are_found():
    frame = measured(200).round(1).assign(outcome=np.arange(200) < 20)
    rare = frame[frame["outcome"]]
    found = find_copies(pd.concat([frame, *[rare] * 8], ignore_index=True))
    assert found.num_repeated == 160


def test_the_most_common_case_of_a_table_is_no_copy():
    frame = measured(100)
    common = pd.concat([frame[:1]] * 30, ignore_index=True)
    found = find_copies(pd.concat([with_copies(frame[1:], 4), common], ignore_index=True))
    assert (found.num_repeated, found.num_by_chance) == (4, 29)
    assert len(set(found.labels)) == 99 + 30
    few = pd.concat([frame[:1]] * FEWEST_COMMON, ignore_index=True)
    assert find_copies(pd.concat([few, frame[1:20]], ignore_index=True)).num_repeated == FEWEST_COMMON - 1


def nearly(change: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows, and their copies changed in one way that does not matter, or in one that does."""
    rows = measured(40).assign(street=[f"Long Street {number % 9}" for number in range(40)])
    copies = rows[:5].copy()
    if change == "identifiers":
        return rows.assign(nr=range(40), code=[f"A{n}" for n in range(40)]), copies.assign(
            nr=range(40, 45), code=[f"B{n}" for n in range(5)]
        )
    if change == "text":
        copies["street"] = copies["street"].str.upper().str.replace(" ", "   ")
    elif change == "digits":
        copies["column_2"] *= 1 + 2e-8
    elif change == "another street":
        copies["street"] = "Short Street"
    elif change == "another number":
        copies["column_2"] *= 1 + 1e-4
    return rows, copies


@pytest.mark.parametrize("change", ["identifiers", "text", "digits"])
def test_near_copies_are_found_and_counted_apart(change: str):
    found = find_copies(pd.concat(nearly(change), ignore_index=True))
    assert (found.num_repeated, found.num_near) == (0, 5)
    np.testing.assert_array_equal(found.labels[40:], found.labels[:5])


@pytest.mark.parametrize("change", ["another street", "another number"])
def test_rows_that_differ_in_what_matters_are_no_copies(change: str):
    assert find_copies(pd.concat(nearly(change), ignore_index=True)).labels is None


def test_exact_and_near_copies_together():
    rows, copies = nearly("digits")
    found = find_copies(pd.concat([rows, copies, rows[20:23]], ignore_index=True))
    assert (found.num_repeated, found.num_near) == (3, 5)


def test_columns_can_be_ignored_or_compared_by_name():
    rows = with_copies(measured(40), 3).assign(seen=np.arange(43.0), nr=np.arange(43))
    assert find_copies(rows).labels is None
    assert find_copies(rows, ignore=["seen"]).num_near == 3
    assert find_copies(rows, ignore=["seen"], compare=["nr"]).labels is None


def test_identifiers_do_not_make_people_copies():
    found = find_copies(people(400).assign(nr=range(400)))
    assert found.labels is None
    assert found.num_repeated == found.num_near == 0


def test_missing_cells_are_equal_to_each_other():
    frame = measured(30)
    frame.loc[:4, "column_0"] = np.nan
    frame["street"] = [None, *"abcdefghijklmnopqrstuvwxyzäöü"]
    assert find_copies(with_copies(frame, 3)).num_repeated == 3


@pytest.mark.slow
def test_a_hundred_thousand_rows_of_fifty_columns_take_seconds():
    frame = with_copies(measured(90_000, 50), 10_000)
    began = time.process_time()
    assert find_copies(frame).num_repeated == 10_000
    assert time.process_time() - began < 20
