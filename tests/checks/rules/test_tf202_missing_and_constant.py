"""What is not a number is an error; what says nothing is a tip."""

import keras
import numpy as np
import pytest

from judged import ONE_HOT, X, classifier, evidence, network, only, outcomes
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


def of_words(vocabulary):
    return network(
        keras.layers.Embedding(vocabulary, 4), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax"),
        loss="sparse_categorical_crossentropy",
    )  # fmt: skip


WORDS = np.arange(len(X) * 5).reshape(-1, 5) % 20


@pytest.mark.parametrize(("vocabulary", "unknown"), [(20, 0), (19, len(X) * 5 // 20), (10, len(X) * 5 // 2)])
def test_numbers_that_are_no_row_of_the_embedding(vocabulary, unknown):
    said = outcomes("TF202", evidence(of_words(vocabulary), WORDS, np.arange(len(X)) % 3))
    if not unknown:
        assert isinstance(said[0], Passed)
        return
    (found,) = said
    assert (found.fault, found.severity, found.evidence["unknown"]) == ("numeric", "error", unknown)
    assert f"0 to {vocabulary - 1}" in found.message


def test_measured_numbers_are_no_names():
    (found,) = outcomes("TF202", evidence(of_words(20), WORDS.astype("float32") * 0.7, np.arange(len(X)) % 3))
    assert (found.severity, found.evidence["fractions"]) == ("warning", int(np.count_nonzero(WORDS * 0.7 % 1)))


def test_sound_data_pass():
    assert isinstance(only("TF202", evidence(classifier())), Passed)
