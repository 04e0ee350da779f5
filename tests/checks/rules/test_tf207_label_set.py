"""Labels are whole, counted from 0, and there for every row."""

import numpy as np
import pytest

from judged import CLASSES, NUMBERS, TWO_CLASSES, X, classifier, evidence, only, regressor
from tenfold.checks.finding import Passed

BINARY = 1, "sigmoid", "binary_crossentropy"
SPARSE = 3, "softmax", "sparse_categorical_crossentropy"


def said(head, y):
    return only("TF207", evidence(classifier(*head), X, y))


@pytest.mark.parametrize(("head", "y", "words"), [
    (SPARSE, CLASSES / 255, "divided by 255"),
    (SPARSE, CLASSES / 2, "divided by 2"),
    (BINARY, TWO_CLASSES / 255, "divided by 255"),
    (SPARSE, CLASSES + 1, "not counted from 0"),
    (SPARSE, 5 * CLASSES, "not counted from 0"),
    (SPARSE, CLASSES - 1, "not counted from 0"),
    (BINARY, TWO_CLASSES + 1, "1 and 2"),
    (BINARY, 255 * TWO_CLASSES, "0 and 255"),
])  # fmt: skip
def test_labels_that_are_none(head, y, words):
    found = said(head, y.astype("float32"))
    assert (found.fault, found.severity) == ("label_error", "error")
    assert words in found.message


@pytest.mark.parametrize(("head", "y"), [
    (SPARSE, CLASSES), ((4, "softmax", "sparse_categorical_crossentropy"), CLASSES + 1), (BINARY, TWO_CLASSES),
    (BINARY, 2 * TWO_CLASSES - 1),  # a matter of the loss: TF101
    (BINARY, 0.1 + 0.8 * TWO_CLASSES),  # smoothed by hand
])  # fmt: skip
def test_labels_that_are_labels_pass(head, y):
    assert isinstance(said(head, y), Passed)


def test_numbers_of_any_step_pass():
    assert isinstance(only("TF207", evidence(regressor(), X, CLASSES / 2)), Passed)


def test_a_target_that_is_missing():
    y = NUMBERS.copy()
    y[5] = np.nan
    found = only("TF207", evidence(regressor(), X, y))
    assert (found.severity, found.evidence["missing"]) == ("error", 1)
