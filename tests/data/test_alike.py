"""Rows that stay together: groups, copied rows, and what they join at a remove."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.alike import Alike, rows_alike
from tenfold.errors import TableError

PRICES = [0.31, 4.77, 0.31, 2.96, 8.04, 8.04]
SIZES = [10.5, 71.25, 10.5, 33.75, 95.5, 95.5]


def test_rows_that_differ_anywhere_go_their_own_way():
    alike = rows_alike(pd.DataFrame({"size": [1, 1, 2], "price": [5.0, 6.0, 5.0]}))
    assert (alike.groups, alike.num_repeated, alike.words) == (None, 0, "")


def test_repeated_rows_stay_with_the_first():
    alike = rows_alike(pd.DataFrame({"size": SIZES, "price": PRICES}))
    np.testing.assert_array_equal(alike.groups, [0, 1, 0, 2, 3, 3])
    assert alike.num_repeated == 2
    assert alike.words == "2 repeated rows and what they repeat"


def test_nearly_repeated_rows_stay_with_the_first_and_are_counted_apart():
    alike = rows_alike(pd.DataFrame({"nr": range(6), "size": SIZES, "price": PRICES}))
    np.testing.assert_array_equal(alike.groups, [0, 1, 0, 2, 3, 3])
    assert (alike.num_repeated, alike.num_near) == (0, 2)
    assert alike.words == "2 nearly repeated rows and what they repeat"
    assert Alike(None, "", 0, 1, 1).words == (
        "1 repeated row and what it repeats and 1 nearly repeated row and what it repeats"
    )


def test_rows_that_are_equal_by_chance_go_their_own_way_and_are_told():
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, 2, (60, 3))).add_prefix("column_")
    alike = rows_alike(frame)
    assert (alike.groups, alike.num_by_chance, alike.words) == (None, 52, "")
    assert alike.words_apart == (
        "52 rows equal others as new rows will too: they are common cases, not copies, and go their own way."
    )


def test_a_column_names_groups():
    frame = pd.DataFrame({"patient": ["b", "a", "b", "c"], "dose": [1, 2, 3, 4]})
    alike = rows_alike(frame, "patient")
    np.testing.assert_array_equal(alike.groups, [0, 1, 0, 2])
    assert alike.words == "rows of one `patient` (3 of them)"


def test_groups_that_share_a_repeated_row_are_one_group_at_a_remove():
    frame = pd.DataFrame({"patient": [1, 2, 3, 2, 4, 5], "dose": [1.5, 1.5, 3.0, 4.0, 5.0, 6.0], "mass": 0.0})
    frame["mass"] = [61.2, 61.2, 70.4, 55.1, 80.3, 58.8]
    alike = rows_alike(frame, "patient")
    np.testing.assert_array_equal(alike.groups, [0, 0, 1, 0, 2, 3])
    assert alike.words == "rows of one `patient` (5 of them) and 1 repeated row and what it repeats"


@pytest.mark.parametrize(
    ("column", "match"),
    [
        ("patent", r"`patent` is not a column.*did you mean `patient`"),
        ("ward", r"`ward` is missing in 1 row\b"),
    ],
)
def test_what_cannot_group_is_refused(column: str, match: str):
    frame = pd.DataFrame({"patient": ["a", "b"], "ward": ["x", None]})
    with pytest.raises(TableError, match=match):
        rows_alike(frame, column)
