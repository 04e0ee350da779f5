"""How wrong answers are, counted by hand."""

import keras
import numpy as np
import pytest

from judged import CLASSES, X, classifier, network
from tenfold.examination.answers import error_of
from tenfold.observation.data_facts import data_facts
from tenfold.observation.model_facts import model_facts

TAGS = np.array([[0, 1, 2], [0, 0, 1], [2, 0, 0], [0, 1, 0]])


def of_steps(y):
    x = np.zeros((4, 3, 2), "float32")
    model = network(keras.layers.Dense(3, activation="softmax"), loss="sparse_categorical_crossentropy")
    facts = model_facts(model, x, y)
    return data_facts(x, y, thorough=False, model=facts).targets[0], facts.outputs[0]


@pytest.mark.parametrize("y", [TAGS, TAGS[..., None], np.eye(3)[TAGS]], ids=["numbers", "in a column", "one-hot"])
def test_wrong_steps_count_beside_those_of_the_most_frequent_class(y: np.ndarray):
    target, output = of_steps(y)
    right, guess = np.eye(3)[TAGS], np.eye(3)[np.zeros_like(TAGS)]
    one_wrong = right.copy()
    one_wrong[0, 0] = [0, 1, 0]
    assert error_of(right, y, target, output) == 0
    assert error_of(guess, y, target, output) == pytest.approx(1)  # 5 of 12 steps are not 0
    assert error_of(one_wrong, y, target, output) == pytest.approx(1 / 5)


def test_a_class_of_the_row_is_right_or_wrong():
    target = data_facts(X, CLASSES, thorough=False).targets[0]
    output = model_facts(classifier(), X, CLASSES).outputs[0]
    right = np.eye(3)[CLASSES]
    assert error_of(right, CLASSES, target, output) == 0
    assert error_of(np.roll(right, 1, axis=1), CLASSES, target, output) == 1
    assert np.isnan(error_of(np.full_like(right, np.nan), CLASSES, target, output))
