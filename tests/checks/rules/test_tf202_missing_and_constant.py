"""What is not a number is an error; what says nothing is a tip."""

import numpy as np
import pytest

from judged import ONE_HOT, X, classifier, evidence, only, outcomes
from tenfold.checks.finding import Passed


def said(x, y=None):
    found = evidence(None, x, np.arange(len(x)) % 3 if y is None else y)
    return outcomes("TF202", found)


@pytest.mark.parametrize(("number", "kind"), [(np.nan, "missing"), (np.inf, "infinite")])
def test_an_entry_that_is_not_a_number(number, kind):
    x = X.copy()
    x[3, 1] = number
    (found,) = said(x)
    assert (found.fault, found.severity, found.evidence[kind]) == ("numeric", "error", 1)


def test_a_column_that_never_changes_and_one_that_is_there_twice():
    x = np.column_stack([X, np.full(len(X), 7.0), X[:, 2]]).astype("float32")
    constant, twin = said(x)
    assert (constant.severity, constant.evidence["columns"]) == ("tip", [4])
    assert (twin.severity, twin.evidence["twins"]) == ("tip", [[2, 5]])


def test_columns_that_are_alike_in_most_rows_only_are_no_twins():
    x = np.column_stack([X, X[:, 0]])
    x[-1, 4] += 1
    assert isinstance(said(x)[0], Passed)


def test_a_class_without_rows():
    y = np.column_stack([ONE_HOT, np.zeros(len(X))])
    (found,) = said(X, y)
    assert (found.severity, found.evidence["classes"]) == ("tip", [3])


def test_sound_data_pass():
    assert isinstance(only("TF202", evidence(classifier())), Passed)
