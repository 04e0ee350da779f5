"""Probabilities are made once, and the loss is told."""

import keras
import pytest

from judged import CLASSES, NUMBERS, TWO_CLASSES, X, classifier, evidence, is_quiet, network, only, regressor
from tenfold.checks.finding import Passed, Silent

Dense, Activation = keras.layers.Dense, keras.layers.Activation
SPARSE = "sparse_categorical_crossentropy"
FROM_LOGITS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def of_three(*layers, loss=SPARSE):
    return only("TF102", evidence(network(*layers, loss=loss), X, CLASSES))


@pytest.mark.parametrize("twice", ["softmax", "sigmoid"])
def test_probabilities_made_twice_are_an_error(twice):
    found = of_three(Dense(3, activation=twice), Activation("softmax"))
    assert (found.fault, found.severity) == ("head_loss_mismatch", "error")
    assert f"`{twice}` is followed by `softmax`" in found.message


def test_layers_that_only_hand_on_do_not_hide_the_first_softmax():
    found = of_three(Dense(3, activation="softmax"), keras.layers.Reshape((3,)), keras.layers.Softmax())
    assert found.evidence["activations"] == ["softmax", "softmax"]


def test_an_activation_in_front_of_softmax_is_a_warning():
    assert of_three(Dense(3, activation="relu"), Activation("softmax")).severity == "warning"


def test_softmax_that_the_loss_applies_again_is_an_error():
    assert "from_logits=True" in of_three(Dense(3, activation="softmax"), loss=FROM_LOGITS).message


@pytest.mark.parametrize(("units", "loss", "y", "missing"), [
    (3, SPARSE, CLASSES, "softmax"), (1, "binary_crossentropy", TWO_CLASSES, "sigmoid"),
])  # fmt: skip
def test_logits_that_the_loss_reads_as_probabilities_are_an_error(units, loss, y, missing):
    found = only("TF102", evidence(classifier(units, None, loss), X, y))
    assert f'activation="{missing}"' in found.repair
    assert "(from_logits=True)" in found.repair


def test_one_softmax_is_right_wherever_it_stands():
    assert isinstance(of_three(Dense(3, activation="softmax")), Passed)
    assert isinstance(of_three(Dense(3), Activation("softmax")), Passed)
    assert isinstance(of_three(Dense(3), loss=FROM_LOGITS), Passed)


def test_a_model_with_a_call_of_its_own_is_read_as_well():
    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.last = Dense(5, activation="relu"), Dense(3, activation="softmax")

        def call(self, x):
            return self.last(self.hidden(x))

    model = Mine()
    model.compile("adam", FROM_LOGITS)
    assert only("TF102", evidence(model, X, CLASSES)).subject == model.last.name


def test_what_an_operation_of_ones_own_answers_is_not_judged():
    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.last = Dense(3)

        def call(self, x):
            return keras.ops.softmax(self.last(x))

    model = Mine()
    model.compile("adam", SPARSE)
    assert isinstance(only("TF102", evidence(model, X, CLASSES)), Silent)


def test_a_loss_of_numbers_has_no_logits():
    assert isinstance(only("TF102", evidence(regressor(), X, NUMBERS)), Silent)


def test_a_fused_model_hands_its_losses_logits_and_is_left_alone():
    from tenfold.precision.fusing import fuse

    model = network(keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid"), loss="binary_crossentropy")
    assert is_quiet(only("TF102", evidence(fuse(model), X, TWO_CLASSES)))
