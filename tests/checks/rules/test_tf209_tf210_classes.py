"""Classes of very different size, and labels that the data contradict."""

import numpy as np
import pytest
from sklearn.datasets import load_digits, make_moons

from judged import CLASSES, NUMBERS, X, evidence, is_quiet, only, regressor
from tenfold.checks.finding import Passed, Silent

RNG = np.random.default_rng(6)
MOONS, SIDES = make_moons(400, noise=0.1, random_state=0)


def test_a_rare_class_is_a_tip():
    found = only("TF209", evidence(None, np.tile(X, (7, 1)), (np.arange(420) >= 400).astype(int)))
    assert (found.fault, found.severity, found.evidence["ratio"]) == ("imbalance", "tip", 20.0)


def test_a_class_of_a_handful_of_rows_is_a_warning():
    found = only("TF209", evidence(None, X, (np.arange(60) > 56).astype(int)))
    assert (found.fault, found.severity) == ("imbalance", "warning")


def test_classes_of_like_size_pass_and_numbers_have_none():
    assert isinstance(only("TF209", evidence(None, X, CLASSES)), Passed)
    assert isinstance(only("TF209", evidence(regressor(), X, NUMBERS)), Silent)


def doubt(x, y):
    return only("TF210", evidence(None, x, y, thorough=True))


def exchanged(labels, share):
    is_wrong = RNG.random(len(labels)) < share
    return np.where(is_wrong, (labels + RNG.integers(1, labels.max() + 1, len(labels))) % (labels.max() + 1), labels)


@pytest.mark.parametrize("share", [0.15, 0.25])
def test_labels_exchanged_at_random(share):
    found = doubt(MOONS, exchanged(SIDES, share))
    assert (found.fault, found.severity) == ("label_error", "warning")


def test_exchanged_digits():
    digits = load_digits()
    assert doubt(digits.data, exchanged(digits.target, 0.2)).severity == "warning"
    assert is_quiet(doubt(digits.data, digits.target))


def test_right_labels_pass():
    assert is_quiet(doubt(MOONS, SIDES))


def test_groups_that_overlap_are_no_mistake():
    x = RNG.normal(size=(400, 3)) + 1.5 * (np.arange(400) % 2)[:, np.newaxis]
    assert is_quiet(doubt(x, np.arange(400) % 2))


def test_equal_rows_with_different_labels_are_a_tip():
    x = np.repeat(RNG.normal(size=(60, 3)), 2, axis=0)
    found = doubt(x, np.arange(120) % 2)
    assert (found.severity, found.evidence["conflicting_rows"]) == ("tip", 0.5)
