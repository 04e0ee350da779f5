"""Probabilities put right: what was bent is bent back, what is right stays, and few rows change nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from tenfold.evaluation.calibration import Correction, fit_correction, logit
from tenfold.problem.definition import Problem, define_problem


def problem_of(kind: str) -> Problem:
    values = {
        "two_classes": {"y": ["no", "yes", "no", "yes"]},
        "several_classes": {"y": ["a", "b", "c", "a", "b", "c"]},
        "number": {"y": [0.5, 1.5, 2.5, 8.0]},
    }[kind]
    return define_problem(pd.DataFrame({"x": 0, **values}), "y")


def two_columns(positive: np.ndarray) -> np.ndarray:
    return np.column_stack([1 - positive, positive])


@pytest.fixture
def bent() -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of 3,000 rows, and probabilities that are too far out and too small."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, 3_000)
    return (rng.random(3_000) < expit(logits)).astype(np.int32), expit(2 * logits - 1)


def test_two_classes_are_bent_back_as_a_logistic_regression_does(bent: tuple[np.ndarray, np.ndarray]):
    happened, probability = bent
    found = fit_correction(problem_of("two_classes"), happened, two_columns(probability))
    oracle = LogisticRegression(C=np.inf).fit(logit(probability)[:, None], happened)
    np.testing.assert_allclose(found.slopes[0], oracle.coef_[0, 0], rtol=1e-3)
    np.testing.assert_allclose(found.intercepts[0], oracle.intercept_[0], rtol=1e-2)
    assert found.slopes[0] == pytest.approx(0.5, abs=0.05)
    assert found.words == f"logits times {found.slopes[0]:.2f}, plus {found.intercepts[0]:.2f}"


def test_a_correction_keeps_the_order_and_lowers_the_log_loss(bent: tuple[np.ndarray, np.ndarray]):
    happened, probability = bent
    problem = problem_of("two_classes")
    fit, judge = slice(0, 1_500), slice(1_500, None)
    corrected = fit_correction(problem, happened[fit], two_columns(probability[fit])).apply(
        two_columns(probability[judge]), problem
    )
    assert roc_auc_score(happened[judge], corrected[:, 1]) == roc_auc_score(happened[judge], probability[judge])
    assert log_loss(happened[judge], corrected) < 0.9 * log_loss(happened[judge], two_columns(probability[judge]))
    np.testing.assert_allclose(corrected.sum(axis=1), 1.0)


def test_what_is_right_stays_as_it_is(bent: tuple[np.ndarray, np.ndarray]):
    happened, probability = bent
    right = expit((logit(probability) + 1) / 2)
    found = fit_correction(problem_of("two_classes"), happened, two_columns(right))
    assert found.is_none
    assert found.words == ""
    prediction = two_columns(right)
    assert found.apply(prediction, problem_of("two_classes")) is prediction


def test_few_rows_of_an_outcome_change_nothing():
    happened = np.zeros(400, np.int32)
    happened[:19] = 1
    probability = two_columns(np.linspace(0.9, 0.1, 400))
    assert fit_correction(problem_of("two_classes"), happened, probability).is_none
    happened[:40] = 1
    assert not fit_correction(problem_of("two_classes"), happened, probability).is_none


def test_several_classes_have_one_temperature():
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (2_000, 3))
    truth = np.array([rng.choice(3, p=line) for line in softmax(logits, axis=1)])
    problem = problem_of("several_classes")
    found = fit_correction(problem, truth, softmax(3 * logits, axis=1))
    assert found.slopes[0] == pytest.approx(1 / 3, rel=0.06)
    np.testing.assert_allclose(
        found.apply(softmax(3 * logits, axis=1), problem), softmax(3 * found.slopes[0] * logits, axis=1), atol=0.01
    )


def test_labels_are_corrected_one_by_one(bent: tuple[np.ndarray, np.ndarray]):
    happened, probability = bent
    right = expit((logit(probability) + 1) / 2)
    frame = pd.DataFrame({"x": 0, "p": [0, 1] * 5, "q": [1, 0] * 5})
    problem = define_problem(frame, ["p", "q"])
    both = np.column_stack([probability, right])
    found = fit_correction(problem, np.column_stack([happened, happened]), both)
    assert found.slopes[0] == pytest.approx(0.5, abs=0.05)
    assert (found.slopes[1], found.intercepts[1]) == (1.0, 0.0)
    np.testing.assert_allclose(found.apply(both, problem)[:, 1], right, rtol=1e-6)


def test_numbers_are_left_alone():
    assert fit_correction(problem_of("number"), np.zeros(100), np.ones(100)) == Correction()
