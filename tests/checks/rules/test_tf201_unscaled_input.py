"""Inputs of a wrong size are told; scaled, counted, token and inside-scaled ones are not."""

import keras
import numpy as np
import pytest

from judged import CLASSES, RNG, X, classifier, contrast, evidence, is_quiet, network, only, probe
from tenfold.checks.finding import Passed, Silent

layers = keras.layers
PIXELS = RNG.integers(0, 256, size=(60, 6, 6, 1)).astype("uint8")
TOKENS = RNG.integers(0, 5_000, size=(60, 7))
WITH_INCOME = np.column_stack([X, RNG.normal(40_000, 9_000, len(X))]).astype("float32")


def said(x, *first, **more):
    last = layers.Dense(3, activation="softmax")
    model = network(*first, layers.Flatten(), last, loss="sparse_categorical_crossentropy")
    return only("TF201", evidence(model, x, CLASSES, **more))


def test_pixels_up_to_255():
    found = said(PIXELS)
    assert (found.fault, found.severity) == ("unscaled_input", "warning")
    assert "from 0 to 255" in found.message
    assert "Rescaling(1 / 255)" in found.repair


def test_a_column_in_thousands_is_named_and_an_error():
    found = said(WITH_INCOME)
    assert (found.severity, "column 4" in found.message) == ("error", True)
    assert "Normalization()" in found.repair


def test_pixels_divided_twice_are_tiny():
    assert said(PIXELS / 255.0**2).severity == "warning"


@pytest.mark.parametrize("x", [
    X, PIXELS / 255.0, (PIXELS - 127.5) / 127.5, np.eye(40)[np.arange(60) % 40], RNG.poisson(3, size=(60, 5)),
    X * 0.05,
], ids=["z scores", "0 to 1", "-1 to 1", "one-hot", "counts", "a twentieth"])  # fmt: skip
def test_inputs_of_about_one_pass(x):
    assert isinstance(said(x.astype("float32")), Passed)


@pytest.mark.parametrize("first", [
    layers.Rescaling(1 / 255), layers.BatchNormalization(), layers.Normalization(mean=0.0, variance=1.0),
    layers.Lambda(lambda x: x / 255.0),
])  # fmt: skip
def test_a_model_that_scales_them_itself_is_not_judged(first):
    assert isinstance(said(PIXELS.astype("float32"), first), Silent)


def test_tokens_are_no_numbers():
    assert isinstance(said(TOKENS, layers.Embedding(5_000, 2)), Silent)


def test_of_several_inputs_each_is_judged_by_its_own_layers():
    raw, scaled = keras.Input((1,), name="raw"), keras.Input((1,), name="scaled")
    joined = layers.concatenate([raw, layers.BatchNormalization()(scaled)])
    model = keras.Model([raw, scaled], layers.Dense(3, activation="softmax")(joined))
    model.compile("adam", "sparse_categorical_crossentropy")
    large = 500 * X[:, :1]
    assert only("TF201", evidence(model, [large, large], CLASSES)).subject == "raw"
    assert is_quiet(only("TF201", evidence(model, [X[:, :1], large], CLASSES)))


def test_a_model_that_was_trained_before_is_left_to_its_maker():
    model = classifier()
    model.build((None, 4))
    model.layers[0].set_weights([np.outer(np.arange(4.0), np.arange(5.0)), np.ones(5)])
    assert isinstance(only("TF201", evidence(model, 100 * X, CLASSES)), Silent)


def test_the_probe_decides_by_training_on_scaled_inputs():
    as_it_is = contrast("as it is", [0.2, 0.2, 0.2])
    better, equal = (contrast("scaled inputs", [error] * 3) for error in (0.05, 0.2))
    assert said(PIXELS, probe=probe(as_it_is, better)).severity == "warning"
    assert said(PIXELS, probe=probe(as_it_is, equal)).severity == "tip"
    assert said(15 * X, probe=probe(as_it_is, better)).severity == "warning"
    assert said(15 * X).severity == "tip"


def test_it_is_an_error_once_the_network_learns_nothing_else():
    found = said(PIXELS, probe=probe(contrast("as it is", [0.5] * 3), contrast("scaled inputs", [0.1] * 3)))
    assert (found.severity, found.evidence["gain"]) == ("error", pytest.approx(0.8))
