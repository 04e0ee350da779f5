"""Fused heads: the gradient that Keras loses is there, and training equals Keras on logits."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import tenfold
from engine.models import Build, classes, numbers, sequential
from engine.oracle import LoneFits, compare, initial_states, precision, ragged_folds, tolerance
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.losses import find_heads
from tenfold.engine.network import Network
from tenfold.engine.population import train_population

WALL = -16.2
"""A logit whose sigmoid, 9.2e-8, lies below Keras' clip of 1e-7."""


def one_weight(units: int, activation: str, loss: str) -> keras.Model:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(units, activation, use_bias=False)])
    model.compile(keras.optimizers.SGD(1.0), loss)
    return model


@pytest.mark.parametrize(("fuse", "step"), [(True, 1.0), (False, 0.0)])
def test_a_sigmoid_behind_the_wall_has_its_gradient_of_minus_one(fuse: bool, step: float):
    model = one_weight(1, "sigmoid", "binary_crossentropy")
    model.set_weights([np.array([[WALL]])])
    tenfold.fit(model, np.ones((1, 1)), np.ones((1, 1)), epochs=1, batch_size=1, fuse=fuse, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], [[WALL + step]], rtol=1e-6)


@pytest.mark.parametrize(("fuse", "step"), [(True, 1.0), (False, 0.0)])
def test_a_softmax_behind_the_wall_has_its_gradient_of_minus_one(fuse: bool, step: float):
    model = one_weight(2, "softmax", "sparse_categorical_crossentropy")
    model.set_weights([np.array([[0.0, WALL]])])
    tenfold.fit(model, np.ones((1, 1)), np.ones((1, 1)), epochs=1, batch_size=1, fuse=fuse, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], [[-step, WALL + step]], rtol=1e-6, atol=1e-6)


def test_the_loss_of_a_fused_head_is_that_of_exact_arithmetic():
    model = one_weight(1, "sigmoid", "binary_crossentropy")
    model.set_weights([np.array([[WALL]])])
    history = tenfold.fit(model, np.ones((1, 1)), np.ones((1, 1)), epochs=1, batch_size=1, verbose=0).history
    np.testing.assert_allclose(history["loss"], [-WALL + np.log1p(np.exp(WALL))], rtol=1e-6)


def test_the_model_answers_probabilities_after_as_before():
    model = one_weight(2, "softmax", "sparse_categorical_crossentropy")
    activation = model.layers[-1].activation
    tenfold.fit(model, numbers(9, 1), classes(9), epochs=2, verbose=0)
    assert model.layers[-1].activation is activation
    np.testing.assert_allclose(model.predict(numbers(3, 1), verbose=0).sum(axis=1), 1.0, rtol=1e-6)


def several_outputs(*, logits: bool) -> Build:
    """Two classes, three classes and a number; `logits` is the same model as a user would write it by hand."""

    def build() -> keras.Model:
        inputs = keras.Input((5,))
        hidden = layers.Dense(4, "tanh")(inputs)
        outputs = [
            layers.Dense(1, None if logits else "sigmoid", name="two")(hidden),
            layers.Dense(3, None if logits else "softmax", name="three")(hidden),
            layers.Dense(1, name="number")(hidden),
        ]
        model = keras.Model(inputs, outputs)
        losses = [
            keras.losses.BinaryCrossentropy(from_logits=logits, label_smoothing=0.1),
            keras.losses.SparseCategoricalCrossentropy(from_logits=logits),
            "mse",
        ]
        model.compile("adam", losses, loss_weights=[1.0, 0.5, 2.0])
        return model

    return build


@pytest.mark.parametrize("mode", ["map", "vmap"])
def test_fused_members_equal_lone_keras_fits_on_logits(mode: str):
    x = numbers(22, 5)
    y = [classes(22)[:, None].astype(float), classes(22, 3), numbers(22, 1, seed=1)]
    members = ragged_folds(22, 3)
    with precision("float64"):
        data = to_arrays(x, y)
        result = train_population(
            several_outputs(logits=False), x, y, members, epochs=4, batch_size=8, shuffle=False, seed=7, mode=mode
        )
        states = initial_states(several_outputs(logits=True), data, members, seed=7)
        lone = LoneFits(several_outputs(logits=True), data)
        for number, member in enumerate(members):
            start = type(states)(*([leaf[number] for leaf in part] for part in states))
            compare(result, number, *lone.fit(member, start, epochs=4, batch_size=8), tolerance("float64"))
    assert [head.layer.name for head in result.network.heads] == ["two", "three"]


def heads_of(build: Build, y: np.ndarray) -> list[str]:
    model = build()
    Network(model, first_rows(to_arrays(numbers(9, 5), y), 4))
    return [head.activation for head in find_heads(model)]


FUSED: dict[str, tuple[Build, Any]] = {
    "dense": (sequential(lambda: layers.Dense(1, "sigmoid"), loss="binary_crossentropy"), classes(9)),
    "activation of its own": (
        sequential(lambda: layers.Dense(1), lambda: layers.Activation("sigmoid"), loss="binary_crossentropy"),
        classes(9),
    ),
    "focal": (sequential(lambda: layers.Dense(1, "sigmoid"), loss="binary_focal_crossentropy"), classes(9)),
    "one hot": (
        sequential(lambda: layers.Dense(3, "softmax"), loss="categorical_crossentropy"),
        np.eye(3)[classes(9, 3)],
    ),
}


@pytest.mark.parametrize("name", FUSED)
def test_a_head_with_its_crossentropy_is_fused(name: str):
    build, y = FUSED[name]
    assert heads_of(build, y) == ["softmax" if name == "one hot" else "sigmoid"]


def _sigmoid(**arguments: Any) -> Callable[[], Any]:
    return lambda: layers.Dense(1, "sigmoid", **arguments)


def own_sigmoid(x: Any) -> Any:
    return keras.activations.sigmoid(x)


LEFT_ALONE: dict[str, Build] = {
    "another loss": sequential(_sigmoid(), loss="mse"),
    "already on logits": sequential(_sigmoid(), loss=keras.losses.BinaryCrossentropy(from_logits=True)),
    "something after it": sequential(_sigmoid(), lambda: layers.Rescaling(0.5), loss="binary_crossentropy"),
    "regularised activity": sequential(_sigmoid(activity_regularizer="l2"), loss="binary_crossentropy"),
    "its own function": sequential(lambda: layers.Dense(1, own_sigmoid), loss="binary_crossentropy"),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_any_other_head_is_left_alone(name: str):
    assert heads_of(LEFT_ALONE[name], classes(9)) == []


def test_what_was_fused_is_told_by_the_history_and_by_a_cross_validation():
    def build() -> keras.Model:
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1, "sigmoid", name="answer")])
        model.compile("sgd", "binary_crossentropy")
        return model

    x, y = numbers(12, 3), classes(12)
    assert tenfold.fit(build(), x, y, epochs=1, verbose=0).fused_heads == ["answer"]
    assert tenfold.fit(build(), x, y, epochs=1, fuse=False, verbose=0).fused_heads == []
    cv = tenfold.cross_validate(build, x, y, cv=2, epochs=1, verbose=0)
    assert cv.fused_heads == ["answer"]
    assert "; answer trained on logits; " in repr(cv)
