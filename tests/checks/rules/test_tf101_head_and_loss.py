"""Every pairing of last layer, loss and labels that does not work is named, and every one that does is left alone."""

import keras
import numpy as np
import pytest

from judged import CLASSES, NUMBERS, ONE_HOT, TWO_CLASSES, X, classifier, contrast, evidence, network, only, probe
from tenfold.checks.finding import Passed, Silent

pytestmark = pytest.mark.filterwarnings("ignore:.*softmax over axis:UserWarning")  # Keras' own word on one unit

MULTI_LABEL = np.stack([TWO_CLASSES, 1 - TWO_CLASSES, np.ones_like(TWO_CLASSES)], axis=1)
PROBABILITIES = (NUMBERS - NUMBERS.min()) / np.ptp(NUMBERS)

MISMATCHES = [
    ("softmax over one unit", (1, "softmax", "binary_crossentropy"), TWO_CLASSES, "error", "always answers 1"),
    ("one unit, three classes", (1, "sigmoid", "binary_crossentropy"), CLASSES, "error", "the target has 3"),
    ("one unit, class numbers", (1, "sigmoid", "sparse_categorical_crossentropy"), TWO_CLASSES, "error", "single one"),
    ("too few units", (2, "softmax", "sparse_categorical_crossentropy"), CLASSES, "error", "classes 0 to 1"),
    ("class numbers, one-hot loss", (3, "softmax", "categorical_crossentropy"), CLASSES, "error", "does not fit"),
    ("one-hot, sparse loss", (3, "softmax", "sparse_categorical_crossentropy"), ONE_HOT, "error", "does not fit"),
    ("numbers with a crossentropy", (1, "sigmoid", "binary_crossentropy"), NUMBERS, "error", "holds numbers from"),
    ("labels -1 and 1", (1, "sigmoid", "binary_crossentropy"), 2 * TWO_CLASSES - 1, "error", "-1 and 1"),
    ("relu in front of a crossentropy", (3, "relu", "categorical_crossentropy"), ONE_HOT, "error", "from 0 up"),
    ("tanh in front of a crossentropy", (1, "tanh", "binary_crossentropy"), TWO_CLASSES, "error", "from -1 to 1"),
    ("several labels, softmax", (3, "softmax", "categorical_crossentropy"), MULTI_LABEL, "error", "several labels"),
    ("sigmoid for one of three", (3, "sigmoid", "categorical_crossentropy"), ONE_HOT, "warning", "do not add up to 1"),
    ("softmax with yes and no", (3, "softmax", "binary_crossentropy"), ONE_HOT, "warning", "yes or no"),
    ("numbers out of reach of sigmoid", (1, "sigmoid", "mse"), NUMBERS, "error", "numbers from 0 to 1; the target"),
    ("negative numbers behind relu", (1, "relu", "mae"), NUMBERS, "error", "from 0 up; the target"),
    ("two classes as numbers", (1, "linear", "mse"), TWO_CLASSES, "warning", "distance between numbers"),
    ("one-hot as numbers", (3, "linear", "mse"), ONE_HOT, "warning", "distance between numbers"),
    ("two classes, absolute error", (1, "sigmoid", "mae"), TWO_CLASSES, "warning", "distance between numbers"),
    ("two classes, squared error", (1, "sigmoid", "mse"), TWO_CLASSES, "tip", "distance between numbers"),
    ("poisson on any number", (1, "linear", "poisson"), abs(NUMBERS), "error", "logarithm"),
]

SOUND = [
    (1, "sigmoid", "binary_crossentropy", TWO_CLASSES),
    (1, "sigmoid", "binary_crossentropy", PROBABILITIES),
    (1, None, keras.losses.BinaryCrossentropy(from_logits=True), TWO_CLASSES),
    (2, "softmax", "sparse_categorical_crossentropy", TWO_CLASSES),
    (3, "softmax", "sparse_categorical_crossentropy", CLASSES),
    (4, "softmax", "sparse_categorical_crossentropy", CLASSES + 1),
    (3, "softmax", "categorical_crossentropy", ONE_HOT),
    (3, "softmax", "kl_divergence", ONE_HOT),
    (3, "sigmoid", "binary_crossentropy", MULTI_LABEL),
    (1, None, "mse", NUMBERS),
    (1, None, "huber", NUMBERS),
    (1, "relu", "mse", abs(NUMBERS)),
    (1, "sigmoid", "mse", PROBABILITIES),
    (1, "tanh", "hinge", 2 * TWO_CLASSES - 1),
    (1, "exponential", "poisson", CLASSES),
    (1, None, "mse", CLASSES),
]


@pytest.mark.parametrize(
    ("head", "y", "severity", "words"), [one[1:] for one in MISMATCHES], ids=[o[0] for o in MISMATCHES]
)
def test_a_mismatch_is_named(head, y, severity, words):
    units, activation, loss = head
    found = only("TF101", evidence(classifier(units, activation, loss), X, y))
    assert (found.fault, found.severity) == ("head_loss_mismatch", severity)
    assert words in found.message


@pytest.mark.parametrize(("units", "activation", "loss", "y"), SOUND)
def test_a_head_that_fits_passes(units, activation, loss, y):
    assert isinstance(only("TF101", evidence(classifier(units, activation, loss), X, y)), Passed | Silent)


def test_class_numbers_with_a_distance_are_told_once_accuracy_is_asked_for():
    found = only("TF101", evidence(classifier(1, None, "mse", metrics=["accuracy"]), X, CLASSES))
    assert (found.severity, found.evidence["target"]) == ("warning", "classes")


def test_a_squared_error_on_probabilities_is_a_warning_once_the_probe_learns_nothing():
    model = classifier(1, "sigmoid", "mse")
    learning, idle = (probe(contrast("as it is", [error] * 3)) for error in (0.1, 0.5))
    assert only("TF101", evidence(model, X, TWO_CLASSES, probe=learning)).severity == "tip"
    assert only("TF101", evidence(model, X, TWO_CLASSES, probe=idle)).severity == "warning"


def test_a_loss_of_ones_own_is_not_judged():
    def own(y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred), axis=-1)

    assert isinstance(only("TF101", evidence(classifier(1, "softmax", own), X, TWO_CLASSES)), Silent)


def test_labels_that_are_no_labels_are_left_to_the_check_of_labels():
    found = only("TF101", evidence(classifier(), X, CLASSES + 1))
    assert isinstance(found, Passed)


def test_the_output_that_does_not_fit_is_named_among_several():
    inputs = keras.Input((4,))
    outputs = [keras.layers.Dense(1, name="price")(inputs), keras.layers.Dense(1, "softmax", name="kind")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile("adam", ["mse", "binary_crossentropy"])
    assert only("TF101", evidence(model, X, [NUMBERS, TWO_CLASSES])).subject == "kind"


def test_an_autoencoder_is_sound():
    model = network(keras.layers.Dense(2, "relu"), keras.layers.Dense(4, "sigmoid"), loss="binary_crossentropy")
    pixels = abs(X) / abs(X).max()
    assert isinstance(only("TF101", evidence(model, pixels, pixels)), Passed)


def test_a_repair_is_the_code_to_write():
    found = only("TF101", evidence(classifier(1, "sigmoid", "binary_crossentropy"), X, CLASSES))
    assert found.repair == (
        'End with `Dense(3, activation="softmax")` and compile with loss="sparse_categorical_crossentropy".'
    )
