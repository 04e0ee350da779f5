"""Validation rows that were prepared otherwise, or are of other classes."""

import numpy as np
import pytest

from judged import evidence, only
from tenfold.checks.finding import Passed, Silent

RNG = np.random.default_rng(4)
TRAIN, HELD_OUT = RNG.normal(size=(120, 4)), RNG.normal(size=(40, 4))
PIXELS, MORE_PIXELS = RNG.integers(0, 256, size=(60, 5, 5, 1)), RNG.integers(0, 256, size=(30, 5, 5, 1))


def said(x, held_out, y=None, held_out_y=None, *, thorough=True):
    y = np.arange(len(x)) % 2 if y is None else y
    held_out_y = np.arange(len(held_out)) % 2 if held_out_y is None else held_out_y
    return only("TF206", evidence(None, x, y, (held_out, held_out_y), thorough=thorough))


@pytest.mark.parametrize("thorough", [True, False])
def test_pixels_divided_on_one_side_only(thorough):
    found = said(PIXELS / 255.0, MORE_PIXELS, thorough=thorough)
    assert (found.fault, found.severity) == ("split_mismatch", "error")
    assert found.evidence["scale_ratio"] == pytest.approx(255, rel=0.2)


def test_a_column_in_other_units():
    held_out = HELD_OUT * [1, 1, 1, 100]
    assert "scale differs" in said(TRAIN, held_out).message


def test_rows_centred_on_one_side_only():
    found = said(5 + TRAIN, HELD_OUT)
    assert found.evidence["shift"] > 3


def test_pixels_in_another_range():
    """Between 0 and 1 on one side, between -1 and 1 on the other: half of the entries were never seen."""
    found = said(PIXELS / 255.0, MORE_PIXELS / 127.5 - 1)
    assert (found.severity, "than any entry of the training rows" in found.message) == ("warning", True)
    assert found.evidence["outside"] == pytest.approx(0.5, abs=0.05)


def test_rows_of_one_source_pass():
    assert isinstance(said(TRAIN, HELD_OUT), Passed)
    assert isinstance(said(PIXELS / 255.0, MORE_PIXELS / 255.0), Passed)


def test_a_drift_of_one_deviation_passes():
    assert isinstance(said(TRAIN, HELD_OUT + 1), Passed)


def test_classes_that_only_validation_rows_have():
    found = said(TRAIN, HELD_OUT, held_out_y=np.arange(40) % 3)
    assert (found.severity, "classes that no training row has: 2" in found.message) == ("warning", True)


def test_classes_of_other_frequency():
    found = said(TRAIN, HELD_OUT, y=(np.arange(120) < 100).astype(int), held_out_y=(np.arange(40) < 4).astype(int))
    assert found.evidence["class_distance"] == pytest.approx(100 / 120 - 4 / 40)


def test_without_validation_rows_there_is_nothing_to_compare():
    assert isinstance(only("TF206", evidence(None, TRAIN, np.arange(120) % 2)), Silent)
