"""Where a model errs, counted by hand on a few rows."""

import numpy as np
import pytest

from tenfold.report.error_facts import class_errors, number_errors


def test_quantiles_and_bias_of_numbers():
    actual = np.array([1.0, 2.0, 3.0, 4.0, 15.0])
    errors = number_errors(actual, np.array([1.0, 1.0, 5.0, 4.0, 5.0]), np.arange(1, 6))
    assert errors.half_under == 1.0
    assert errors.nine_in_ten_under == pytest.approx(2 + 0.6 * 8)  # sizes 0 0 1 2 10, at position 3.6
    assert errors.bias == pytest.approx(9 / 5)


def test_the_worst_row_comes_first_with_its_line_in_the_file():
    errors = number_errors(np.array([1.0, 9.0, 3.0]), np.zeros(3), np.array([12, 7, 30]), cells_of={7: {"rm": "8.78"}})
    assert [(row.row, row.loss) for row in errors.worst] == [(7, 9.0), (30, 3.0), (12, 1.0)]
    assert errors.worst[0].cells == {"rm": "8.78"}


def test_few_rows_are_points_and_many_are_a_grid_that_counts_each_row_once():
    rng = np.random.default_rng(0)
    few, many = rng.normal(size=(2, 500)), rng.normal(size=(2, 3000))
    points = number_errors(few[0], few[1], np.arange(500))
    grid = number_errors(many[0], many[1], np.arange(3000))
    assert not points.is_grid
    assert len(points.cells) == 500
    assert grid.is_grid
    assert sum(cell.num_rows for cell in grid.cells) == 3000
    assert len(grid.cells) < 784


def test_tenths_hold_every_row_once_in_order_of_prediction():
    rng = np.random.default_rng(1)
    predicted = rng.normal(size=103)
    tenths = number_errors(predicted + 1, predicted, np.arange(103)).tenths
    assert sum(part.num_rows for part in tenths) == 103
    assert [part.low for part in tenths] == sorted(part.low for part in tenths)
    assert tenths[0].quantiles == pytest.approx((1, 1, 1, 1, 1))


def test_confusion_counts_true_classes_in_rows():
    probabilities = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7]])
    errors = class_errors(np.array([0, 1, 1, 2]), probabilities, np.arange(4), ["a", "b", "c"])
    assert errors.confusion == ((1, 0, 0), (1, 1, 0), (0, 0, 1))
    assert errors.num_right == 3
    assert errors.ranking is None


def test_only_wrong_rows_are_worst_rows():
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]])
    errors = class_errors(np.array([0, 1, 1]), probabilities, np.array([5, 6, 7]), ["no", "yes"])
    assert [(row.row, row.actual, row.predicted) for row in errors.worst] == [(6, "yes", "no")]
    assert errors.worst[0].loss == pytest.approx(-np.log(0.2))


def test_a_probability_of_zero_has_a_finite_loss():
    errors = class_errors(np.array([1]), np.array([[1.0, 0.0]]), np.array([1]), ["no", "yes"])
    assert np.isfinite(errors.worst[0].loss)


def test_the_ranking_counts_the_positives_at_the_top_for_both_models():
    share = np.linspace(0, 1, 230)
    probabilities = np.stack([1 - share, share], axis=1)
    actual = (np.arange(230) >= 215).astype(np.int64)
    ranking = class_errors(actual, probabilities, np.arange(230), ["no", "yes"], rival=probabilities[::-1]).ranking
    assert ranking is not None
    assert (ranking.num_rows, ranking.num_found, ranking.num_rival) == (20, 15, 0)
