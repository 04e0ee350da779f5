"""Rows that stay together: groups, repeated rows, and what they join at a remove."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.alike import rows_alike
from tenfold.errors import TableError


def test_rows_that_differ_anywhere_go_their_own_way():
    alike = rows_alike(pd.DataFrame({"size": [1, 1, 2], "price": [5.0, 6.0, 5.0]}))
    assert (alike.groups, alike.num_repeated, alike.words) == (None, 0, "")


def test_repeated_rows_stay_with_the_first():
    frame = pd.DataFrame({"size": [1, 2, 1, None, None, 1], "street": ["a", "b", "a", "c", "c", "b"]})
    alike = rows_alike(frame)
    np.testing.assert_array_equal(alike.groups, [0, 1, 0, 2, 2, 3])
    assert alike.num_repeated == 2
    assert alike.words == "2 repeated rows and what they repeat"


def test_a_column_names_groups():
    frame = pd.DataFrame({"patient": ["b", "a", "b", "c"], "dose": [1, 2, 3, 4]})
    alike = rows_alike(frame, "patient")
    np.testing.assert_array_equal(alike.groups, [0, 1, 0, 2])
    assert alike.words == "rows of one `patient` (3 of them)"


def test_groups_that_share_a_repeated_row_are_one_group_at_a_remove():
    frame = pd.DataFrame({"patient": [1, 2, 3, 2, 4], "dose": [1.0, 1.0, 3.0, 4.0, 5.0]})
    alike = rows_alike(frame, "patient")
    np.testing.assert_array_equal(alike.groups, [0, 0, 1, 0, 2])
    assert alike.words == "rows of one `patient` (4 of them) and 1 repeated row and what it repeats"


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
