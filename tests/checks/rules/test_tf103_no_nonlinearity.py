"""Layers that are one are told; bottlenecks, attention, recurrence and anything bent are not."""

import keras
import numpy as np
import pytest

from judged import CLASSES, RNG, TWO_CLASSES, X, evidence, is_quiet, network, only
from tenfold.checks.finding import Silent

layers = keras.layers
Dense = layers.Dense
SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"
IMAGES = RNG.normal(size=(60, 8, 8, 1)).astype("float32")
SERIES = RNG.normal(size=(60, 6, 2)).astype("float32")
TOKENS = RNG.integers(0, 20, size=(60, 6))


def said(*parts, x=X, y=CLASSES, loss=SPARSE, **more):
    units = 1 if loss == BINARY else 3
    head = Dense(units, activation="sigmoid" if loss == BINARY else "softmax")
    return only("TF103", evidence(network(*parts, head, loss=loss), x, y, **more))


LINEAR = {
    "two dense layers": ((Dense(8), Dense(8, activation="relu")), X),
    "a dense layer before the last": ((Dense(8, activation="relu"), Dense(8)), X),
    "batch normalisation between": ((Dense(8), layers.BatchNormalization(), Dense(8, activation="relu")), X),
    "dropout between": ((Dense(8), layers.Dropout(0.2), Dense(8, activation="relu")), X),
    "convolutions": (
        (layers.Conv2D(8, 3), layers.AveragePooling2D(2), layers.Flatten(), Dense(9, activation="relu")), IMAGES
    ),
    "a linear activation of its own": ((Dense(8), layers.Activation("linear"), Dense(8, activation="relu")), X),
    "steps of a series": ((layers.TimeDistributed(Dense(4)), layers.Flatten(), Dense(4, activation="relu")), SERIES),
}  # fmt: skip
BENT = {
    "relu in between": ((Dense(8), layers.ReLU(), Dense(8, activation="relu")), X),
    "relu of its own behind normalisation": (
        (Dense(8), layers.BatchNormalization(), layers.Activation("relu"), Dense(8, activation="relu")), X
    ),
    "the largest of four": ((layers.Conv2D(4, 3), layers.MaxPooling2D(2), layers.Flatten()), IMAGES),
    "a code of two numbers": ((Dense(8, activation="relu"), Dense(2), Dense(8, activation="relu")), X),
    "a recurrent layer": ((layers.LSTM(4),), SERIES),
    "embeddings": ((layers.Embedding(20, 4), layers.GlobalAveragePooling1D()), TOKENS),
    "a function of ones own": ((Dense(8), layers.Lambda(lambda x: x**2), Dense(8, activation="relu")), X),
    "layer normalisation": ((Dense(8), layers.LayerNormalization(), Dense(8, activation="relu")), X),
}  # fmt: skip


@pytest.mark.parametrize("name", LINEAR)
def test_two_layers_that_are_one_are_told(name):
    parts, x = LINEAR[name]
    found = said(*parts, x=x)
    assert (found.fault, found.severity) == ("no_nonlinearity", "warning")


@pytest.mark.parametrize("name", BENT)
def test_what_is_bent_in_between_passes(name):
    parts, x = BENT[name]
    assert is_quiet(said(*parts, x=x))


def test_a_residual_sum_is_left_alone():
    inputs = keras.Input((4,))
    hidden = Dense(4, activation="relu")(inputs)
    model = keras.Model(inputs, Dense(3, activation="softmax")(layers.add([inputs, Dense(4)(hidden)])))
    model.compile("adam", SPARSE)
    assert is_quiet(only("TF103", evidence(model, X, CLASSES)))


def test_an_operation_in_a_call_of_ones_own_may_bend():
    class Mine(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.last = Dense(8), Dense(3, activation="softmax")

        def call(self, x):
            return self.last(keras.ops.relu(self.hidden(x)))

    model = Mine()
    model.compile("adam", SPARSE)
    assert is_quiet(only("TF103", evidence(model, X, CLASSES)))


def test_a_network_of_one_layer_has_no_pair():
    assert isinstance(said(), Silent)


def test_rings_need_a_bend_and_a_straight_border_does_not():
    points = RNG.normal(size=(300, 2)).astype("float32")
    ring = (np.hypot(*points.T) > 1.2).astype(int)
    half = (points.sum(axis=1) > 0).astype(int)
    straight = [Dense(8), Dense(8)]
    assert said(*straight, x=points, y=ring, loss=BINARY, thorough=True).severity == "error"
    assert said(Dense(8), Dense(8), x=points, y=half, loss=BINARY, thorough=True).severity == "tip"


def test_the_pairs_stand_in_the_evidence():
    found = said(Dense(8, name="first"), Dense(8, name="second"), y=TWO_CLASSES)
    assert found.evidence["pairs"][0] == "first -> second"
    assert found.subject == "first"
