"""The scikit-learn face: scikit-learn's own checks, frames with text, and the inner part of the workflow."""

import pickle
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.errors import OptionError, TableError, TargetError
from tenfold.estimator import TenfoldClassifier, TenfoldRegressor


@pytest.mark.slow
@parametrize_with_checks([TenfoldClassifier(epochs=40), TenfoldRegressor(epochs=40)])
def test_scikit_learns_own_checks(estimator: Any, check: Any):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def passengers() -> tuple[pd.DataFrame, np.ndarray]:
    """61 rows of numbers, text and gaps; whoever has a long name or pays much is saved."""
    rng = np.random.default_rng(0)
    fare = rng.gamma(2.0, 20.0, 61)
    port = rng.choice(["Cherbourg", "Queenstown", "Southampton"], 61)
    saved = np.where(fare + 40 * (port == "Cherbourg") + rng.normal(0, 5, 61) > 45, "saved", "lost")
    frame = pd.DataFrame({"fare": fare, "port": port, "age": np.where(rng.random(61) < 0.2, np.nan, fare)})
    return frame, saved


def test_a_classifier_takes_frames_with_text_and_gaps():
    frame, saved = passengers()
    model = TenfoldClassifier(epochs=60).fit(frame, saved)
    assert list(model.classes_) == ["lost", "saved"]
    assert list(model.feature_names_in_) == ["fare", "port", "age"]
    probabilities = model.predict_proba(frame)
    assert probabilities.shape == (61, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert model.score(frame, saved) > 0.85
    again = clone(model).fit(frame, saved)
    np.testing.assert_array_equal(again.predict_proba(frame), probabilities)
    loaded = pickle.loads(pickle.dumps(model))  # noqa: S301  # our own
    np.testing.assert_allclose(loaded.predict_proba(frame.head(3)), probabilities[:3], rtol=1e-6)


@pytest.mark.slow
def test_a_regressor_is_as_good_as_a_linear_model_where_things_are_linear():
    x, y = load_diabetes(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(x, y, random_state=0)
    score = TenfoldRegressor().fit(train_x, train_y).score(test_x, test_y)
    assert score > Ridge().fit(train_x, train_y).score(test_x, test_y) - 0.03


@pytest.mark.slow
def test_cross_validation_by_scikit_learn_works_with_classes_of_text():
    x, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    assert cross_val_score(TenfoldClassifier(), x, names, cv=3).min() > 0.9


@pytest.mark.parametrize(
    ("x", "y", "error", "sentence"),
    [
        (np.zeros((9, 2)), ["a"] * 9, TargetError, "`y` holds one class only"),
        (pd.DataFrame({"a": [1.0, 2.0]}), ["a", "b"], TableError, "Found 2 rows"),
        (pd.DataFrame({"a": [3.0] * 8}), ["a", "b"] * 4, TableError, "No column can help"),
    ],
)
def test_what_cannot_be_learnt_is_refused_in_a_sentence(x: Any, y: Any, error: Any, sentence: str):
    with pytest.raises(error, match=sentence):
        TenfoldClassifier().fit(x, y)


def test_an_unknown_budget_is_refused():
    frame, saved = passengers()
    with pytest.raises(OptionError, match="`quik` is not a budget"):
        TenfoldClassifier(budget="quik").fit(frame, saved)
