"""Logistic regression of many classes on sparse rows: scikit-learn's solution as oracle."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tenfold.baselines.softmax import SoftmaxRegression, _Objective


def rows_and_classes(
    num_rows: int = 300, num_columns: int = 200, num_classes: int = 5
) -> tuple[sparse.csr_matrix, np.ndarray]:
    random = np.random.default_rng(0)
    inputs = sparse.random_array((num_rows, num_columns), density=0.05, rng=random, dtype=np.float32).tocsr()
    logits = inputs @ random.normal(0, 3, (num_columns, num_classes)) + np.linspace(0, 1, num_classes)
    return sparse.csr_matrix(inputs), (logits + random.gumbel(size=logits.shape)).argmax(axis=1)


@pytest.mark.parametrize("strength", [0.1, 1.0, 30.0])
@pytest.mark.parametrize("num_classes", [2, 3, 7])
def test_the_solution_is_scikit_learns(strength: float, num_classes: int):
    inputs, classes = rows_and_classes(num_classes=num_classes)
    own = SoftmaxRegression(strength, tol=1e-6).fit(inputs, classes)
    theirs = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(inputs.astype(np.float64), classes)
    if num_classes > 2:
        assert_allclose(own.coef_, theirs.coef_, atol=2e-3 * np.abs(theirs.coef_).max())
        assert_allclose(own.predict_proba(inputs), theirs.predict_proba(inputs), atol=1e-3)
    else:  # of two classes scikit-learn penalises the difference of their vectors, twice what both halves cost here
        theirs = LogisticRegression(C=strength * 2, tol=1e-10, max_iter=10_000).fit(inputs.astype(np.float64), classes)
        assert_allclose(own.predict_proba(inputs), theirs.predict_proba(inputs), atol=1e-3)


def test_labels_keep_their_names_and_order():
    inputs, classes = rows_and_classes(num_classes=3)
    named = np.array([7, 2, 5])[classes]
    fitted = SoftmaxRegression().fit(inputs, named)
    assert fitted.classes_.tolist() == [2, 5, 7]
    assert fitted.predict_proba(inputs).sum(axis=1) == pytest.approx(1)
    assert (fitted.predict(inputs) == named).mean() > 0.6


def test_the_gradient_is_the_losss():
    inputs, classes = rows_and_classes(40, 12, 3)
    objective, random = _Objective.of(inputs, classes, 2.0), np.random.default_rng(1)
    start, way = (random.normal(size=(13, 3)).astype(np.float32) for _ in range(2))

    def loss_at(length: float) -> float:
        return objective.value(start + np.float32(length) * way)[0]

    gradient = objective.gradient(start, objective.value(start)[1])
    assert np.vdot(gradient, way) == pytest.approx((loss_at(0.02) - loss_at(-0.02)) / 0.04, rel=2e-3)


def test_the_penalty_leaves_the_intercept_free():
    inputs, classes = rows_and_classes(num_classes=3)
    strong = SoftmaxRegression(1e-6, tol=1e-6).fit(inputs, classes)
    shares = np.bincount(classes) / len(classes)
    assert_allclose(strong.predict_proba(inputs[:1])[0], shares, atol=1e-3)


def test_it_stops_where_it_is_told_to():
    inputs, classes = rows_and_classes()
    assert SoftmaxRegression(30.0, max_iter=2).fit(inputs, classes).n_iter_ == 2
