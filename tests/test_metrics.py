"""The measure follows from the problem; its scores are checked by hand and by definition."""

import numpy as np
import pandas as pd
import pytest

from tenfold.metrics import Measure, choose_measures
from tenfold.problem import Problem, define_problem


def problem(values: object) -> Problem:
    return define_problem(pd.DataFrame({"x": 0, "y": values}), "y")


def measure(values: object, key: str) -> Measure:
    return next(measure for measure in choose_measures(problem(values)).all if measure.key == key)


NUMBERS = [1.5, 2.5, 4.0]
TWO = [0, 1, 1, 0, 1]
RARE = [0] * 9 + [1]
THREE = list("aabbcc")


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        (NUMBERS, ["mae", "rmse", "r2"]),
        (TWO, ["roc_auc", "accuracy", "log_loss"]),
        (RARE * 2, ["average_precision", "roc_auc", "balanced_accuracy", "log_loss"]),
        (THREE, ["accuracy", "balanced_accuracy", "log_loss"]),
        (["a"] * 20 + ["b"] * 20 + ["c"] * 3, ["balanced_accuracy", "accuracy", "log_loss"]),
    ],
)
def test_the_measure_follows_from_the_problem(values: object, keys: list[str]):
    assert [measure.key for measure in choose_measures(problem(values)).all] == keys


def test_errors_of_numbers_keep_their_sign_and_unit():
    truth, prediction = np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 3.0])
    mae = measure(NUMBERS, "mae")
    assert mae.score(truth, prediction) == pytest.approx(4 / 3)
    assert mae.no_skill(truth) == pytest.approx(5 / 3)
    assert (mae.better, mae.unit) == ("lower", "target")
    assert measure(NUMBERS, "rmse").score(truth, prediction) == pytest.approx(np.sqrt(10 / 3))
    assert measure(NUMBERS, "rmse").no_skill(truth) == pytest.approx(np.sqrt(14 / 3))
    assert measure(NUMBERS, "r2").score(truth, np.full(3, 3.0)) == pytest.approx(0.0)
    assert measure(NUMBERS, "r2").no_skill(truth) == 0.0


def test_roc_auc_is_the_share_of_pairs_in_order():
    truth, positive = np.array([0, 1, 0, 1, 1]), np.array([0.2, 0.9, 0.6, 0.5, 0.7])
    prediction = np.column_stack([1 - positive, positive])
    in_order = [p > n for p in positive[truth == 1] for n in positive[truth == 0]]
    assert measure(TWO, "roc_auc").score(truth, prediction) == pytest.approx(np.mean(in_order))


def test_roc_auc_of_one_class_is_not_a_number():
    assert np.isnan(measure(TWO, "roc_auc").score(np.array([1, 1]), np.array([[0.5, 0.5], [0.2, 0.8]])))


def test_average_precision_of_a_random_order_is_the_share_of_positives():
    truth = np.array([0, 0, 0, 1])
    assert measure(RARE * 2, "average_precision").no_skill(truth) == 0.25
    best = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])
    assert measure(RARE * 2, "average_precision").score(truth, best) == pytest.approx(1.0)


def test_several_classes_are_judged_by_the_likeliest():
    truth = np.array([0, 1, 2, 2, 2])
    prediction = np.array([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])
    assert measure(THREE, "accuracy").score(truth, prediction) == pytest.approx(3 / 5)
    assert measure(THREE, "balanced_accuracy").score(truth, prediction) == pytest.approx((1 + 0 + 2 / 3) / 3)
    by_hand = -np.log([0.6, 0.3, 0.7, 0.7, 0.3]).mean()
    assert measure(THREE, "log_loss").score(truth, prediction) == pytest.approx(by_hand)


def test_guesses_score_no_skill():
    truth = np.array([0, 0, 0, 1, 1])
    assert measure(THREE, "accuracy").no_skill(truth) == pytest.approx(3 / 5)
    assert measure(THREE, "balanced_accuracy").no_skill(truth) == pytest.approx(1 / 2)
    shares = np.tile([0.6, 0.4], (5, 1))
    log_loss = measure(TWO, "log_loss")
    assert log_loss.no_skill(truth) == pytest.approx(log_loss.score(truth, shares))


def test_a_fold_without_one_of_the_classes_can_be_scored():
    truth = np.array([0, 1, 1])
    prediction = np.array([[0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    scores = [measure.score(truth, prediction) for measure in choose_measures(problem(THREE)).all]
    assert scores == pytest.approx([2 / 3, 1 / 2, -np.log([0.2, 0.8, 0.8]).mean()])


def test_a_gain_is_positive_where_the_score_is_better():
    assert measure(NUMBERS, "mae").gain(2.0, 3.0) == 1.0
    assert measure(TWO, "roc_auc").gain(0.75, 0.5) == 0.25


@pytest.mark.parametrize(
    ("values", "key", "bounds"),
    [(NUMBERS, "mae", (0.0, np.inf)), (NUMBERS, "r2", (-np.inf, 1.0)), (TWO, "roc_auc", (0.0, 1.0))],
)
def test_a_measure_knows_what_scores_there_can_be(values, key, bounds):
    assert measure(values, key).bounds == bounds
