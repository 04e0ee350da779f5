"""The wall of an output's loss stands in the facts."""

import pytest

from judged import CLASSES, NUMBERS, TWO_CLASSES, X, classifier, regressor
from tenfold.examination.walls import with_walls
from tenfold.observation.model_facts import model_facts


def wall_of(model, y):
    return with_walls(model_facts(model, X, y)).outputs[0].wall


def test_a_crossentropy_of_probabilities_is_cut_off():
    assert wall_of(classifier(1, "sigmoid", "binary_crossentropy"), TWO_CLASSES) == pytest.approx(
        (-16.118095, 15.942385)
    )
    assert wall_of(classifier(), CLASSES)[0] == pytest.approx(-16.118095)


def test_a_squared_error_is_not():
    assert wall_of(regressor(), NUMBERS) is None
