"""Rows traced through small models of every kind of layer, loss and optimizer."""

from collections.abc import Callable

import keras
import numpy as np

from tenfold.scratch import tracing
from tenfold.scratch.agreement import Agreement
from tenfold.scratch.tracing import Trace, trace

layers = keras.layers
CROSS = keras.losses


def one_weight() -> keras.Model:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, use_bias=False, name="only")], name="three_to_six")
    model.layers[0].set_weights([np.array([[2.0]])])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    return model


def house_prices(rows):
    model = keras.Sequential([keras.Input((13,)), layers.Dense(8, "relu"), layers.Dense(1)], name="houses")
    model.compile("rmsprop", "mse")
    return model, rows.normal(size=(3, 13)), rows.normal(size=3)


def digits(rows):
    model = keras.Sequential(
        [
            keras.Input((7, 7, 2)),
            layers.Conv2D(3, 3, strides=2, padding="same", activation="elu"),
            layers.MaxPooling2D(2, strides=1),
            layers.BatchNormalization(),
            layers.AveragePooling2D(2, padding="same"),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(4, "softmax"),
        ],
        name="digits",
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model, rows.normal(size=(3, 7, 7, 2)), np.array([1, 0, 3])


def filters(rows):
    model = keras.Sequential(
        [
            keras.Input((7, 7, 2)),
            layers.Conv2D(3, 3, activation="relu", use_bias=False),
            layers.GlobalMaxPooling2D(),
            layers.Activation("gelu"),
            layers.Dense(4),
        ]
    )
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), CROSS.CategoricalCrossentropy(from_logits=True)
    )
    return model, rows.normal(size=(3, 7, 7, 2)), np.eye(4)[[1, 0, 3]]


def signals(rows):
    model = keras.Sequential(
        [
            keras.Input((9, 2)),
            layers.Conv1D(3, 3, dilation_rate=2, padding="causal", activation="tanh"),
            layers.MaxPooling1D(2),
            layers.GlobalAveragePooling1D(),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.RMSprop(0.01, momentum=0.5), CROSS.BinaryCrossentropy(from_logits=True))
    return model, rows.normal(size=(3, 9, 2)), np.array([1, 0, 1])


def reviews(rows):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.Embedding(12, 4),
            layers.LSTM(5, return_sequences=True),
            layers.LSTM(3),
            layers.Dense(1, "sigmoid"),
        ],
        name="reviews",
    )
    model.compile("adam", "binary_crossentropy")
    return model, rows.integers(0, 12, size=(3, 6)), np.array([1, 0, 1])


def gated(rows):
    model = keras.Sequential(
        [
            keras.Input((6, 2)),
            layers.GRU(4, return_sequences=True),
            layers.GRU(3, reset_after=False),
            layers.Dense(3, "softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy")
    return model, rows.normal(size=(3, 6, 2)), np.eye(3)


def simple(rows):
    model = keras.Sequential(
        [
            keras.Input((6, 2)),
            layers.SimpleRNN(4, return_sequences=True),
            layers.SimpleRNN(3),
            layers.Dense(2),
            layers.Activation("softmax"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy")
    return model, rows.normal(size=(3, 6, 2)), np.array([1, 0, 1])


def places(rows):
    model = keras.Sequential([keras.Input((6, 2)), layers.Dense(4, "selu"), layers.Dense(3), layers.Reshape((3, 6))])
    model.compile("sgd", "mae")
    return model, rows.normal(size=(3, 6, 2)), rows.normal(size=(3, 3, 6))


MODELS: list[Callable] = [house_prices, digits, filters, signals, reviews, gated, simple, places]


def traced(make: Callable) -> Trace:
    """Row 1 through a model with random weights; JAX is not asked, which tests/scratch does for each kind of layer."""
    rows = np.random.default_rng(0)
    model, x, y = make(rows)
    for variable in model.trainable_variables:
        variable.assign(rows.normal(size=variable.shape) * 0.5)
    asked, compared = tracing.opinion_of_keras, tracing.agreement
    tracing.opinion_of_keras = lambda *_: None
    tracing.agreement = lambda *_: Agreement(0.0, 0.0, 0.0, 0.0, 7)
    try:
        return trace(model, x, y, row=1)
    finally:
        tracing.opinion_of_keras, tracing.agreement = asked, compared
