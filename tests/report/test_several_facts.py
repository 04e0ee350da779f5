"""Errors of several labels and several numbers, each by itself, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn import metrics

from tenfold.report.several_facts import label_errors, several_errors

LABELS = ("spam", "urgent", "never")


def labelled() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    actual = (rng.random((50, 3)) < [0.3, 0.6, 0.0]).astype(np.int32)
    return actual, rng.random((50, 3)), rng.random((50, 3))


def test_each_label_is_scored_as_scikit_learn_does():
    actual, chances, rival = labelled()
    errors = label_errors(actual, chances, np.arange(1, 51), LABELS, rival=rival)
    for place, one in enumerate(errors.labels[:2]):
        truth, chance = actual[:, place], chances[:, place]
        assert one.average_precision == pytest.approx(metrics.average_precision_score(truth, chance))
        assert one.roc_auc == pytest.approx(metrics.roc_auc_score(truth, chance))
        assert one.rival == pytest.approx(metrics.average_precision_score(truth, rival[:, place]))
        assert one.num_found / one.num_there == pytest.approx(metrics.recall_score(truth, chance >= 0.5))
        assert one.num_found / one.num_named == pytest.approx(metrics.precision_score(truth, chance >= 0.5))
    assert errors.num_all_right == round(50 * metrics.accuracy_score(actual, chances >= 0.5))


def test_a_label_that_no_row_has_cannot_be_ranked():
    actual, chances, rival = labelled()
    never = label_errors(actual, chances, np.arange(1, 51), LABELS, rival=rival).labels[2]
    assert never.num_there == 0
    assert np.isnan([never.average_precision, never.roc_auc, never.rival]).all()


def test_the_worst_rows_are_those_whose_labels_were_least_expected():
    actual = np.array([[1, 0], [0, 0], [1, 1]], np.int32)
    chances = np.array([[0.9, 0.2], [0.6, 0.1], [0.01, 0.9]])
    errors = label_errors(actual, chances, np.array([4, 9, 2]), ("a", "b"), cells_of={2: {"x": "7"}})
    assert [(row.row, row.actual, row.predicted) for row in errors.worst] == [(2, "a, b", "b"), (9, "none", "a")]
    assert errors.worst[0].loss == pytest.approx(-np.log(0.01) - np.log(0.9))
    assert errors.worst[0].cells == {"x": "7"}


def test_each_target_is_told_in_its_own_unit():
    actual = np.array([[10.0, 1.0], [30.0, 3.0], [20.0, 2.0]])
    predicted = np.array([[12.0, 1.0], [30.0, 2.0], [21.0, 2.5]])
    errors = several_errors(actual, predicted, np.arange(1, 4), ("wide", "high"), np.array([10.0, 0.5]), rival=actual)
    wide, high = errors.targets
    assert (wide.name, wide.mean_error, wide.guess, wide.rival) == ("wide", 1.0, pytest.approx(20 / 3), 0.0)
    assert wide.bias == pytest.approx(-1.0)
    assert high.explained == pytest.approx(metrics.r2_score(actual[:, 1], predicted[:, 1]))
    assert [(row.row, row.actual) for row in errors.worst] == [(2, "30; 3"), (3, "20; 2"), (1, "10; 1")]
    assert errors.worst[0].loss == pytest.approx((0 / 10 + 1 / 0.5) / 2)
