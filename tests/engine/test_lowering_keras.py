"""Keras' own layers, lowered: what `Model.stateless_call` computes and how it is differentiated stays the same."""

import jax
import keras
import numpy as np
import pytest
from jax import lax
from jax.flatten_util import ravel_pytree
from keras import layers

from engine.derivatives import assert_same_derivatives, draw
from tenfold.engine.lowering import lower, needs_lowering

LAYERS = {
    "Conv1D, causal": ((9, 3), lambda: layers.Conv1D(4, 3, padding="causal", dilation_rate=2)),
    "Conv1D, strided": ((9, 3), lambda: layers.Conv1D(4, 3, strides=2, activation="relu")),
    "Conv2D": ((7, 6, 3), lambda: layers.Conv2D(4, 3, padding="same", activation="relu")),
    "Conv2D, groups": ((7, 6, 4), lambda: layers.Conv2D(6, (3, 2), groups=2)),
    "Conv2D, channels first": ((3, 7, 6), lambda: layers.Conv2D(4, 3, data_format="channels_first")),
    "Conv3D": ((5, 4, 6, 2), lambda: layers.Conv3D(3, 2, strides=(1, 2, 1), padding="same")),
    "DepthwiseConv1D": ((9, 3), lambda: layers.DepthwiseConv1D(3)),
    "DepthwiseConv2D": ((7, 6, 3), lambda: layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same")),
    "SeparableConv1D": ((9, 3), lambda: layers.SeparableConv1D(4, 3, strides=2)),
    "SeparableConv2D": ((7, 6, 3), lambda: layers.SeparableConv2D(4, 3, padding="same")),
    "Conv1DTranspose": ((9, 3), lambda: layers.Conv1DTranspose(4, 3, strides=2)),
    "Conv2DTranspose": ((5, 4, 3), lambda: layers.Conv2DTranspose(4, 3, strides=2, padding="same")),
    "Conv2DTranspose, sparse": ((5, 4, 3), lambda: layers.Conv2DTranspose(4, 2, strides=3, output_padding=1)),
    "Conv3DTranspose": ((3, 4, 3, 2), lambda: layers.Conv3DTranspose(3, 3, strides=(2, 1, 1))),
    "MaxPooling1D": ((9, 3), lambda: layers.MaxPooling1D(2)),
    "MaxPooling2D": ((7, 6, 3), lambda: layers.MaxPooling2D((3, 2), strides=2, padding="same")),
    "MaxPooling2D, channels first": ((3, 7, 6), lambda: layers.MaxPooling2D(2, data_format="channels_first")),
    "MaxPooling3D": ((5, 4, 6, 2), lambda: layers.MaxPooling3D(2)),
    "AveragePooling1D": ((9, 3), lambda: layers.AveragePooling1D(3, strides=2, padding="same")),
    "AveragePooling2D": ((7, 6, 3), lambda: layers.AveragePooling2D(2)),
    "AveragePooling3D": ((5, 4, 6, 2), lambda: layers.AveragePooling3D(2, padding="same")),
    "AdaptiveAveragePooling2D": ((7, 6, 3), lambda: layers.AdaptiveAveragePooling2D((3, 2))),
    "AdaptiveMaxPooling1D": ((9, 3), lambda: layers.AdaptiveMaxPooling1D(4)),
}
UNTOUCHED = {
    "GlobalAveragePooling2D": ((7, 6, 3), layers.GlobalAveragePooling2D),
    "GlobalMaxPooling2D": ((7, 6, 3), layers.GlobalMaxPooling2D),
    "Dense": ((6,), lambda: layers.Dense(3)),
}


def called(build, shape, dtype="float64"):
    """The layer in a model, as a function of the weights (one flat vector) and the inputs."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(shape, dtype=dtype), build()])
    weights = [variable.value for variable in model.trainable_variables]
    flat, unflatten = ravel_pytree(weights)
    return (lambda weights, inputs: model.stateless_call(unflatten(weights), [], inputs)[0]), flat


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_has_the_values_and_gradients_that_keras_gives_it(name):
    shape, build = LAYERS[name]
    function, weights = called(build, shape)
    inputs = draw(5, *shape).round()  # equal elements in many windows
    assert needs_lowering(jax.make_jaxpr(function)(weights, inputs).jaxpr)
    assert not needs_lowering(jax.make_jaxpr(lower(function))(weights, inputs).jaxpr)
    assert_same_derivatives(lower(function), function, (weights, inputs))


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("name", UNTOUCHED)
def test_a_layer_without_windows_is_left_alone(name):
    shape, build = UNTOUCHED[name]
    function, weights = called(build, shape)
    assert not needs_lowering(jax.make_jaxpr(function)(weights, draw(5, *shape)).jaxpr)


def build_convnet():
    return keras.Sequential(
        [
            keras.Input((12, 10, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.SeparableConv2D(6, 3, padding="same", activation="relu"),
            layers.AveragePooling2D(2, strides=1),
            layers.Conv2DTranspose(3, 2, strides=2),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.mark.usefixtures("float64")
def test_members_of_a_convnet_train_alike_in_a_scan_under_vmap():
    keras.utils.set_random_seed(0)
    model = build_convnet()
    start, unflatten = ravel_pytree([variable.value for variable in model.trainable_variables])
    starts = start + 0.1 * draw(3, start.size, seed=5)
    inputs, targets = draw(5, 12, 10, 1), np.eye(3)[[0, 2, 1, 1, 0]]

    def loss(weights):
        return keras.ops.mean(
            keras.losses.categorical_crossentropy(targets, model.stateless_call(unflatten(weights), [], inputs)[0])
        )

    def train(loss):
        def step(weights, _):
            value, gradient = jax.value_and_grad(loss)(weights)
            return weights - 0.1 * gradient, value

        return lambda weights: lax.scan(step, weights, None, length=3)

    (ours, our_losses), (theirs, their_losses) = (
        jax.jit(jax.vmap(train(function)))(starts) for function in (lower(loss), loss)
    )
    np.testing.assert_allclose(our_losses, their_losses, rtol=1e-11)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)
