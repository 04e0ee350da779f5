"""Rows on both sides of the split, and columns that are the answer."""

import numpy as np
import pytest

from judged import evidence, is_quiet, only, outcomes

RNG = np.random.default_rng(5)
TABLE = RNG.normal(size=(200, 4)).astype("float32")
LABELS = (TABLE[:, 0] + RNG.normal(size=200) > 0).astype(int)
NUMBERS = TABLE[:, 0] + RNG.normal(size=200)


def said(x, y, validation=None):
    return only("TF208", evidence(None, x, y, validation, thorough=True))


def test_a_part_of_the_validation_rows_stands_in_training():
    found = said(TABLE, LABELS, (TABLE[:50], LABELS[:50]))
    assert (found.fault, found.severity) == ("leakage", "warning")
    assert found.evidence["repeated_share"] == 1.0


def test_the_validation_rows_are_the_training_rows():
    assert "are training rows" in said(TABLE, LABELS, (TABLE, LABELS)).message


def test_data_of_few_values_repeat_anyway():
    few = RNG.integers(0, 3, size=(300, 3)).astype("float32")
    y = np.arange(300) % 2
    assert is_quiet(said(few[:200], y[:200], (few[200:], y[200:])))


@pytest.mark.parametrize(("answer", "y"), [
    (LABELS, LABELS), (5 - 2.0 * LABELS, LABELS), (1000 * NUMBERS + 3, NUMBERS),
    (LABELS + 0.01 * RNG.normal(size=200), LABELS),
], ids=["the label", "the label turned round", "the number in other units", "the label with noise"])  # fmt: skip
def test_a_column_that_is_the_answer(answer, y):
    found = said(np.column_stack([TABLE, answer]), y)
    assert (found.subject, found.severity) == ("column 4", "warning")


def test_well_separated_groups_are_no_leak():
    assert is_quiet(said(TABLE + 12.0 * (np.arange(200) % 2)[:, np.newaxis], np.arange(200) % 2))


def test_a_rule_on_one_column_is_no_leak():
    spread = RNG.uniform(-1, 1, size=(200, 4))
    assert len(outcomes("TF208", evidence(None, np.column_stack([spread, TABLE]), LABELS, thorough=True))) == 1


def test_a_line_through_the_only_column_is_no_leak():
    assert is_quiet(said(TABLE[:, :1], 3 * TABLE[:, 0] + 1))


def test_sound_data_pass():
    assert is_quiet(said(TABLE[:150], LABELS[:150], (TABLE[150:], LABELS[150:])))
