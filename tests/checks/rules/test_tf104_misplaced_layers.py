"""Layers in the wrong place."""

import keras
import pytest

from judged import CLASSES, RNG, X, evidence, is_quiet, network, only
from tenfold.checks.finding import Passed

layers = keras.layers
Dense = layers.Dense
SPARSE = "sparse_categorical_crossentropy"
IMAGES = RNG.normal(size=(60, 8, 8)).astype("float32")


def said(*parts, x=X, y=CLASSES):
    return only("TF104", evidence(network(*parts, Dense(3, activation="softmax"), loss=SPARSE), x, y))


def test_images_that_were_never_flattened():
    found = said(Dense(4, activation="relu"), x=IMAGES)
    assert (found.fault, found.severity) == ("head_loss_mismatch", "error")
    assert "Flatten()" in found.repair


def test_the_check_of_heads_leaves_them_to_this_one():
    model = network(Dense(4, activation="relu"), Dense(3, activation="softmax"), loss=SPARSE)
    assert isinstance(only("TF101", evidence(model, IMAGES, CLASSES)), Passed)


def test_flattened_images_and_answers_for_each_step_pass():
    assert is_quiet(said(layers.Flatten(), Dense(4, activation="relu"), x=IMAGES))
    steps = RNG.integers(0, 3, size=(60, 8))
    assert is_quiet(said(Dense(4, activation="relu"), x=IMAGES, y=steps))


@pytest.mark.parametrize("behind", [(), (layers.Dropout(0.2),), (layers.BatchNormalization(),)])
def test_softmax_between_layers(behind):
    found = said(Dense(8, activation="softmax"), *behind)
    assert (found.fault, found.severity) == ("vanishing_gradient", "warning")


def test_softmax_of_an_attention_passes():
    inputs = keras.Input((4,))
    share = Dense(4, activation="softmax")(inputs)
    model = keras.Model(inputs, Dense(3, activation="softmax")(layers.multiply([inputs, share])))
    model.compile("adam", SPARSE)
    assert isinstance(only("TF104", evidence(model, X, CLASSES)), Passed)


def test_three_sigmoids_in_a_row_are_a_tip_and_two_are_nothing():
    assert said(*(Dense(8, activation="sigmoid") for _ in range(3))).severity == "tip"
    assert is_quiet(said(*(Dense(8, activation="sigmoid") for _ in range(2))))
