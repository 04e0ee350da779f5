"""Every scratch layer beside Keras on JAX in double precision: outputs, slopes of inputs and of each weight.

Above each layer stands a random projection of its outputs, below it a Dense layer that is trained too, so that a
wrong slope of the inputs cannot hide.
"""

import numpy as np
import pytest

from keras_slopes import keras_gradients, randomised
from tenfold.scratch import reading
from tenfold.scratch.network import Network

SERIES, PICTURE = (5, 4), (7, 6, 3)
CASES = {
    "dense": (SERIES[1:], lambda layers: layers.Dense(3, activation="tanh")),
    "dense over a series": (SERIES, lambda layers: layers.Dense(3, activation="softmax")),
    "dense without bias": (SERIES[1:], lambda layers: layers.Dense(3, use_bias=False)),
    "conv1d": (SERIES, lambda layers: layers.Conv1D(3, 2, activation="relu")),
    "conv1d, same, strides": (SERIES, lambda layers: layers.Conv1D(3, 2, strides=2, padding="same")),
    "conv1d, causal, dilated": (SERIES, lambda layers: layers.Conv1D(3, 2, dilation_rate=2, padding="causal")),
    "conv2d": (PICTURE, lambda layers: layers.Conv2D(4, (3, 2), activation="relu")),
    "conv2d, same, strides": (PICTURE, lambda layers: layers.Conv2D(4, 3, strides=(2, 3), padding="same")),
    "conv2d, dilated": (PICTURE, lambda layers: layers.Conv2D(4, 2, dilation_rate=(2, 1), use_bias=False)),
    "max pooling 1d": (SERIES, lambda layers: layers.MaxPooling1D(2)),
    "max pooling 2d, overlapping": (PICTURE, lambda layers: layers.MaxPooling2D(3, strides=2, padding="same")),
    "average pooling 1d": (SERIES, lambda layers: layers.AveragePooling1D(2, strides=1)),
    "average pooling 2d, same": (PICTURE, lambda layers: layers.AveragePooling2D(3, strides=2, padding="same")),
    "global average pooling 1d": (SERIES, lambda layers: layers.GlobalAveragePooling1D()),
    "global average pooling 2d": (PICTURE, lambda layers: layers.GlobalAveragePooling2D()),
    "global max pooling 1d": (SERIES, lambda layers: layers.GlobalMaxPooling1D()),
    "global max pooling 2d": (PICTURE, lambda layers: layers.GlobalMaxPooling2D()),
    "flatten": (PICTURE, lambda layers: layers.Flatten()),
    "reshape": (SERIES, lambda layers: layers.Reshape((2, -1))),
    "activation": (SERIES, lambda layers: layers.Activation("softplus")),
    "relu": (SERIES, lambda layers: layers.ReLU()),
    "batch normalization": (PICTURE, lambda layers: layers.BatchNormalization()),
    "batch normalization, bare": (SERIES[1:], lambda layers: layers.BatchNormalization(center=False, scale=False)),
    "simple rnn": (SERIES, lambda layers: layers.SimpleRNN(3)),
    "simple rnn, sequences": (SERIES, lambda layers: layers.SimpleRNN(3, return_sequences=True, activation="relu")),
    "lstm": (SERIES, lambda layers: layers.LSTM(3)),
    "lstm, sequences": (SERIES, lambda layers: layers.LSTM(3, return_sequences=True, activation="softsign")),
    "lstm without bias": (SERIES, lambda layers: layers.LSTM(3, use_bias=False)),
    "gru": (SERIES, lambda layers: layers.GRU(3)),
    "gru, sequences": (SERIES, lambda layers: layers.GRU(3, return_sequences=True)),
    "gru, reset before": (SERIES, lambda layers: layers.GRU(3, reset_after=False)),
    "gru, reset before, sequences": (
        SERIES,
        lambda layers: layers.GRU(3, reset_after=False, return_sequences=True, use_bias=False),
    ),
    "dropout, not in training": (SERIES, lambda layers: layers.Dropout(0.5)),
}


def model_of(shape, make):
    import keras

    below = keras.layers.Dense(shape[-1])
    return randomised(keras.Sequential([keras.Input(shape), below, make(keras.layers)]))


def assert_equal(network: Network, model, inputs, *, training=False):
    passed = network.forward(inputs, training=training)
    projection = np.random.default_rng(7).normal(size=passed[-1].outputs.shape)
    slopes = network.backward(projection, passed)
    outputs, by_weight, by_input = keras_gradients(model, inputs, projection, training=training)
    np.testing.assert_allclose(passed[-1].outputs, outputs, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(slopes[0].inputs, by_input, rtol=1e-10, atol=1e-10)
    found = [gradient for one in slopes for gradient in one.weights.values()]
    assert len(found) == len(by_weight)
    for gradient, expected in zip(found, by_weight, strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("name", CASES)
def test_a_layer_computes_what_keras_computes_and_its_slopes_are_those_of_jax(name):
    shape, make = CASES[name]
    model = model_of(shape, make)
    inputs = np.random.default_rng(3).normal(size=(3, *shape))
    assert_equal(reading.from_keras(model), model, inputs)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("shape", [(4,), PICTURE])
def test_batch_normalization_in_training_takes_the_batchs_own_mean_and_variance(shape):
    model = model_of(shape, lambda layers: layers.BatchNormalization())
    inputs = np.random.default_rng(3).normal(size=(3, *shape))
    assert_equal(reading.from_keras(model), model, inputs, training=True)


@pytest.mark.usefixtures("double")
def test_dropout_in_training_with_the_mask_that_keras_drew():
    import dataclasses

    import keras

    model = model_of(SERIES, lambda layers: layers.Dropout(0.4))
    ones = np.ones((3, *SERIES))
    drawing = [variable.value for variable in model.non_trainable_variables]
    drawn = keras.Sequential([keras.Input(SERIES), keras.layers.Dropout(0.4)])
    drawn.non_trainable_variables[0].assign(drawing[0])
    outputs, _ = drawn.stateless_call([], [drawn.non_trainable_variables[0].value], ones, training=True)
    mask = (np.asarray(outputs) > 0).astype(float)
    assert 0 < mask.mean() < 1
    dense, dropout = reading.from_keras(model).layers
    network = Network((dense, dataclasses.replace(dropout, mask=mask)))
    assert_equal(network, model, np.random.default_rng(3).normal(size=ones.shape), training=True)


@pytest.mark.usefixtures("double")
def test_an_embedding_is_a_table_and_repeated_words_add_up():
    import keras

    model = randomised(keras.Sequential([keras.Input((5,)), keras.layers.Embedding(6, 3), keras.layers.LSTM(2)]))
    words = np.array([[1, 2, 2, 0, 1], [5, 5, 5, 5, 5], [0, 1, 2, 3, 4]])
    network = reading.from_keras(model)
    passed = network.forward(words)
    projection = np.random.default_rng(7).normal(size=(3, 2))
    slopes = network.backward(projection, passed)
    import jax

    trained, fixed = (
        [one.value for one in part] for part in (model.trainable_variables, model.non_trainable_variables)
    )
    expected = jax.grad(lambda values: (model.stateless_call(values, fixed, words)[0] * projection).sum())(trained)
    found = [gradient for one in slopes for gradient in one.weights.values()]
    for gradient, wanted in zip(found, expected, strict=True):
        np.testing.assert_allclose(gradient, wanted, rtol=1e-10, atol=1e-10)
    assert slopes[0].inputs is None


def test_the_two_forms_of_a_gru_have_6336_and_6240_parameters():
    import keras

    for reset_after, expected in ((True, 6336), (False, 6240)):
        model = keras.Sequential([keras.Input((4, 32)), keras.layers.GRU(32, reset_after=reset_after)])
        (layer,) = reading.from_keras(model).layers
        assert sum(weight.size for weight in layer.weights.values()) == expected


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_among_equals_the_first_wins_the_gradient_of_a_window(padding):
    import keras

    model = keras.Sequential([keras.Input((6, 6, 1)), keras.layers.MaxPooling2D(3, strides=2, padding=padding)])
    inputs = np.random.default_rng(1).integers(0, 2, size=(2, 6, 6, 1)).astype(float)
    assert_equal(reading.from_keras(model), model, inputs)


@pytest.mark.usefixtures("double")
def test_among_equals_all_share_the_gradient_of_a_whole_picture():
    import keras

    model = keras.Sequential([keras.Input((4, 3, 2)), keras.layers.GlobalMaxPooling2D()])
    inputs = np.random.default_rng(1).integers(0, 2, size=(3, 4, 3, 2)).astype(float)
    assert_equal(reading.from_keras(model), model, inputs)
