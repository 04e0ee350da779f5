"""Targets that moved against their inputs are found with the number of rows; those without relation are told."""

import numpy as np
import pytest

from judged import contrast, evidence, is_quiet, only, probe

RNG = np.random.default_rng(3)
TABLE = RNG.normal(size=(240, 4)).astype("float32")
LABELS = (TABLE[:, 0] + TABLE[:, 1] > 0).astype(int)
NUMBERS = TABLE[:, 0] + 0.3 * TABLE[:, 2]


def said(x, y, **more):
    return only("TF205", evidence(None, x, y, thorough=True, **more))


@pytest.mark.parametrize("y", [LABELS, NUMBERS], ids=["classes", "numbers"])
@pytest.mark.parametrize("rows", [1, 17])
def test_a_shift_is_found_with_its_number_of_rows(y, rows):
    found = said(TABLE, np.roll(y, rows))
    assert (found.fault, found.severity, found.evidence["best_shift"]) == ("misaligned_xy", "error", -rows)
    assert f"np.roll(y, {-rows})" in found.repair


@pytest.mark.parametrize("y", [LABELS, NUMBERS], ids=["classes", "numbers"])
def test_targets_in_step_pass(y):
    assert is_quiet(said(TABLE, y))


def test_targets_in_a_random_order_are_a_warning():
    found = said(TABLE, RNG.permutation(LABELS))
    assert (found.severity, found.evidence["learnable"] < 0.2) == ("warning", True)


def test_a_network_that_predicts_new_rows_clears_them():
    y = RNG.permutation(LABELS)
    assert is_quiet(said(TABLE, y, probe=probe(contrast("as it is", [0.1, 0.1]))))
    by_heart = contrast("as it is", [0.1, 0.1], [0.5, 0.5])
    assert said(TABLE, y, probe=probe(by_heart)).severity == "warning"


def test_of_images_the_quick_model_alone_says_little():
    images = TABLE.reshape(240, 2, 2, 1)
    assert said(images, RNG.permutation(LABELS)).severity == "tip"


def test_few_rows_say_nothing():
    assert is_quiet(said(TABLE[:40], RNG.permutation(LABELS[:40])))


def test_windows_of_a_series_are_not_shifted():
    returns = RNG.normal(size=300)
    windows = np.stack([returns[place : place + 6] for place in range(240)])
    found = said(windows, returns[6:246])  # the next one, which nobody can know
    assert "best_shift" not in found.evidence
