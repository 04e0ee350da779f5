"""Sorted rows are told where the order is seen: by the split, or by training without shuffling."""

import numpy as np
import pytest

from judged import CLASSES, NUMBERS, X, classifier, evidence, is_quiet, only, regressor
from tenfold.checks.finding import Silent

SORTED = np.sort(CLASSES)
GIVEN = (X, CLASSES)


def said(y, validation=None, *, model=None, x=X, **more):
    return only("TF204", evidence(model or classifier(), x, y, validation, **more))


def test_classes_in_blocks_without_validation_rows():
    found = said(SORTED)
    assert (found.fault, found.severity) == ("ordered_data", "warning")
    assert "3 runs" in found.message
    assert found.evidence["num_runs"] == 3


def test_classes_that_never_occur_among_the_last_fifth_are_counted():
    twice = np.sort(np.concatenate([CLASSES, CLASSES]))  # the last 24 of 120 rows are all of class 2
    found = said(twice, x=np.concatenate([X, X]))
    assert found.evidence["tail_classes_missing"] == 2
    assert "2 of the classes do not occur" in found.message


def test_without_shuffling_it_is_an_error():
    assert said(SORTED, GIVEN, shuffles=False).severity == "error"


def test_shuffled_and_with_validation_rows_it_is_a_tip():
    assert said(SORTED, GIVEN).severity == "tip"


def test_numbers_in_the_order_of_their_size():
    assert said(np.sort(NUMBERS), model=regressor()).severity == "tip"  # as `linspace` makes them
    assert said(np.sort(NUMBERS), model=regressor(), shuffles=False).severity == "error"


@pytest.mark.parametrize("y", [CLASSES, np.random.default_rng(1).permutation(CLASSES)])
def test_mixed_classes_pass(y):
    assert is_quiet(said(y))


def test_a_series_with_a_trend_and_its_windows_are_left_in_order():
    steps = np.arange(66, dtype="float32")
    series = 0.05 * steps + np.sin(steps)
    windows = np.stack([series[place : place + 6] for place in range(60)])
    assert is_quiet(said(series[:60], model=regressor()))
    assert isinstance(said(np.sort(NUMBERS), model=regressor(), x=windows), Silent)
