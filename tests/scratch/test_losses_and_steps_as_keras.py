"""Losses, activations and whole training steps beside Keras on JAX in double precision."""

import numpy as np
import pytest

from keras_slopes import randomised
from tenfold.errors import InputError, OptionError
from tenfold.scratch.activations import ACTIVATIONS, activation
from tenfold.scratch.compiled import loss_from_keras, optimizer_from_keras
from tenfold.scratch.losses import BinaryCrossentropy, MeanSquaredError, SparseCategoricalCrossentropy
from tenfold.scratch.network import Training
from tenfold.scratch.reading import from_keras

SCORES = np.random.default_rng(2).normal(scale=2, size=(5, 3))
SHARES = np.exp(SCORES) / np.exp(SCORES).sum(axis=-1, keepdims=True)
CLASSES = np.array([0, 2, 1, 1, 0])
EXTREME = np.array([[1 - 1e-9, 1e-9, 0.0], [0.0, 1.0, 0.0], [0.3, 0.3, 0.4], [1e-8, 0.5, 0.5], [1.0, 0.0, 0.0]])
LOSSES = {
    "MeanSquaredError": (SCORES, np.eye(5, 3), {}),
    "MeanAbsoluteError": (SCORES, np.eye(5, 3), {}),
    "BinaryCrossentropy": (SHARES, np.eye(5, 3), {}),
    "BinaryCrossentropy, clipped": (EXTREME, np.eye(5, 3), {}),
    "BinaryCrossentropy, fused": (40 * SCORES, np.eye(5, 3), {"from_logits": True}),
    "CategoricalCrossentropy": (2 * SHARES, np.eye(3)[CLASSES], {}),
    "CategoricalCrossentropy, clipped": (EXTREME, np.eye(3)[CLASSES], {}),
    "CategoricalCrossentropy, fused": (40 * SCORES, np.eye(3)[CLASSES], {"from_logits": True}),
    "SparseCategoricalCrossentropy": (SHARES, CLASSES, {}),
    "SparseCategoricalCrossentropy, clipped": (EXTREME, CLASSES, {}),
    "SparseCategoricalCrossentropy, fused": (40 * SCORES, CLASSES, {"from_logits": True}),
}
OPTIMIZERS = {
    "sgd": lambda optimizers: optimizers.SGD(0.1),
    "momentum": lambda optimizers: optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda optimizers: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda optimizers: optimizers.RMSprop(0.01),
    "rmsprop with momentum": lambda optimizers: optimizers.RMSprop(0.01, momentum=0.5),
    "adam": lambda optimizers: optimizers.Adam(0.01),
}


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_slope_are_those_of_keras(name):
    import jax
    import keras

    predictions, targets, settings = LOSSES[name]
    theirs = getattr(keras.losses, name.split(",")[0])(**settings, dtype="float64")
    model = keras.Sequential([keras.Input((3,))])
    model.compile("sgd", theirs)
    ours = loss_from_keras(model)
    value, slope = jax.value_and_grad(lambda rows: theirs(targets, rows))(predictions)
    assert ours.value(targets, predictions) == pytest.approx(float(value), rel=1e-10)
    np.testing.assert_allclose(ours.slope(targets, predictions), slope, rtol=1e-10, atol=1e-10)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_slope_are_those_of_keras(name):
    import jax
    import keras

    z, g = np.linspace(-7, 7, 24).reshape(4, 6), np.random.default_rng(1).normal(size=(4, 6))
    ours, theirs = activation(name), keras.activations.get(name)
    values, back = jax.vjp(theirs, z)
    np.testing.assert_allclose(ours.forward(z), values, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(ours.backward(g, z, ours.forward(z)), back(g)[0], rtol=1e-10, atol=1e-10)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_three_steps_move_every_weight_as_keras_does(name):
    import keras

    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, "tanh"), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    randomised(model).compile(OPTIMIZERS[name](keras.optimizers), "mse")
    draw = np.random.default_rng(0)
    batches = [(draw.normal(size=(6, 4)), draw.normal(size=(6, 2))) for _ in range(3)]
    training = Training(from_keras(model), loss_from_keras(model), optimizer_from_keras(model))
    for x, y in batches:
        training = training.step(x, y)
        model.train_on_batch(x, y)
    for ours, theirs in zip(training.network.layers, from_keras(model).layers, strict=True):
        for weight, value in theirs.weights.items():
            np.testing.assert_allclose(ours.weights[weight], value, rtol=1e-10, atol=1e-10)
    norm, keras_norm = training.network.layers[1], from_keras(model).layers[1]
    for statistic, value in keras_norm.statistics.items():
        np.testing.assert_allclose(norm.statistics[statistic], value, rtol=1e-10, atol=1e-10)


def test_a_frozen_layer_stays_as_it_is():
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2)])
    model.layers[0].trainable = False
    before = Training(from_keras(model), MeanSquaredError(), optimizer_from_keras_of("sgd"))
    after = before.step(np.ones((5, 4)), np.ones((5, 2)))
    same = [
        np.array_equal(old.weights["kernel"], new.weights["kernel"])
        for old, new in zip(before.network.layers, after.network.layers, strict=True)
    ]
    assert same == [True, False]


def optimizer_from_keras_of(name: str):
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(name, "mse")
    return optimizer_from_keras(model)


def test_a_row_whose_probability_is_clipped_teaches_nothing():
    assert BinaryCrossentropy().slope(np.array([[1.0]]), np.array([[1e-8]])).item() == 0
    assert BinaryCrossentropy().value(np.array([[1.0]]), np.array([[1e-8]])) == pytest.approx(16.118095, abs=1e-6)
    assert BinaryCrossentropy(from_logits=True).slope(np.array([[1.0]]), np.array([[-18.0]])).item() < -0.999


def test_targets_of_another_shape_are_refused():
    with pytest.raises(InputError, match=r"Targets do not fit predictions of shape \(5, 3\)"):
        MeanSquaredError().value(np.ones((5, 2)), SCORES)
    with pytest.raises(InputError, match=r"classes 0 to 2 of shape \(5,\).*values from 0 to 3"):
        SparseCategoricalCrossentropy().value(np.array([0, 1, 2, 3, 0]), SCORES)


def test_an_unknown_activation_is_refused():
    with pytest.raises(OptionError, match=r"The activation `mich` cannot be opened"):
        activation("mich")
