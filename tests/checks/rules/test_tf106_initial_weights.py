"""Initial weights that are alike or of a wrong size; trained, frozen and normalised ones are left alone."""

import keras
import numpy as np
import pytest

from judged import CLASSES, X, classifier, evidence, is_quiet, network, only
from tenfold.checks.finding import Passed

layers, initializers = keras.layers, keras.initializers
Dense = layers.Dense


def said(*parts, x=X):
    last = Dense(3, activation="softmax")
    return only("TF106", evidence(network(*parts, last, loss="sparse_categorical_crossentropy"), x, CLASSES))


def hidden(initializer, units=64, **more):
    return Dense(units, activation="relu", kernel_initializer=initializer, **more)


@pytest.mark.parametrize("initializer", ["zeros", "ones", initializers.Constant(0.05)])
def test_units_that_start_alike(initializer):
    found = said(hidden(initializer))
    assert (found.fault, found.severity, "All 64 units" in found.message) == ("bad_init", "error", True)


@pytest.mark.parametrize(("std", "severity"), [(1e-4, "warning"), (0.005, "tip"), (5.0, "warning"), (50.0, "error")])
def test_weights_of_a_wrong_size(std, severity):
    found = said(hidden(initializers.RandomNormal(stddev=std, seed=0)))
    assert found.severity == severity
    assert ("too small" in found.message) == (std < 1)


@pytest.mark.parametrize("initializer", [
    "glorot_uniform", "he_normal", "lecun_normal", "random_normal", "truncated_normal", "orthogonal",
])  # fmt: skip
def test_the_usual_initializers_pass(initializer):
    assert isinstance(said(hidden(initializer, units=200)), Passed)


def test_weights_that_are_all_positive():
    found = said(hidden("he_normal"), hidden(initializers.RandomUniform(0.0, 1.0, seed=0), units=200))
    assert "not centred" in found.message


def test_biases_that_drown_the_weights():
    assert "biases" in said(hidden("he_normal", bias_initializer=initializers.Constant(-5.0))).message
    assert is_quiet(said(hidden("he_normal", bias_initializer=initializers.Constant(0.1))))


def test_the_last_layer_may_start_at_zero():
    last = Dense(3, activation="softmax", kernel_initializer="zeros")
    model = network(hidden("he_normal"), last, loss="sparse_categorical_crossentropy")
    assert isinstance(only("TF106", evidence(model, X, CLASSES)), Passed)


def test_size_does_not_matter_in_front_of_normalisation():
    assert is_quiet(said(hidden(initializers.RandomNormal(stddev=5.0)), layers.BatchNormalization()))


def test_embeddings_and_recurrent_layers_have_their_own():
    tokens = np.arange(60 * 6).reshape(60, 6) % 20
    assert is_quiet(said(layers.Embedding(20, 32), layers.LSTM(8), x=tokens))


def test_weights_that_were_trained_are_not_judged():
    model = classifier()
    model.build((None, 4))
    model.layers[0].set_weights([30 * X[:4, :1] * np.arange(1.0, 6.0), np.full(5, 8.0)])
    assert isinstance(only("TF106", evidence(model, X, CLASSES)), Passed)


def test_a_frozen_layer_is_not_judged():
    frozen = hidden("ones")
    frozen.trainable = False
    assert is_quiet(said(frozen))


def test_weights_that_are_not_finite_are_an_error():
    model = classifier()
    model.build((None, 4))
    model.layers[0].set_weights([np.full((4, 5), np.nan), np.zeros(5)])
    assert "not finite" in only("TF106", evidence(model, X, CLASSES)).message
