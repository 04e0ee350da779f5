"""Programs of every shape are examined to the end: an examination never fails on a model that Keras would train."""

import keras
import numpy as np
import pandas as pd
import pytest

import tenfold
from tenfold.errors import ModelError

ROWS = 40
GENERATOR = np.random.default_rng(0)
X = GENERATOR.normal(size=(ROWS, 3)).astype("float32")
Y = (X.sum(axis=1) > 0).astype("float32")
dense = keras.layers.Dense


def compiled(model, loss="binary_crossentropy", optimizer="adam", **more):
    model.compile(optimizer, loss, **more)
    return model


def of_layers(*layers, **how):
    return compiled(keras.Sequential(list(layers)), **how)


def examined(model, x, y, **how):
    findings = tenfold.examine(model, x, y, epochs=2, batch_size=8, budget_seconds=1.0, **how)
    assert findings.table()
    assert findings.to_json()["outcomes"]
    return findings


class OwnLayer(keras.layers.Layer):
    """Doubles; has no configuration of its own."""

    def call(self, inputs):
        return 2 * inputs


class OwnModel(keras.Model):
    """A subclass with no configuration."""

    def __init__(self):
        super().__init__()
        self.hidden, self.last = dense(4, activation="relu"), dense(1, activation="sigmoid")

    def call(self, inputs):
        return self.last(self.hidden(inputs))


def own_loss(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1)


def binary(*layers):
    return of_layers(*layers, dense(1, activation="sigmoid"))


def two_inputs():
    first, second = keras.Input((3,), name="first"), keras.Input((2,), name="second")
    joined = keras.layers.Concatenate()([first, second])
    return compiled(keras.Model([first, second], dense(1, activation="sigmoid")(joined)))


def two_outputs():
    inputs = keras.Input((3,))
    hidden = dense(4, activation="relu")(inputs)
    outputs = {"label": dense(1, activation="sigmoid", name="label")(hidden), "size": dense(1, name="size")(hidden)}
    return compiled(keras.Model(inputs, outputs), loss={"label": "binary_crossentropy", "size": "mse"})


def with_frozen_base():
    base = keras.Sequential([keras.Input((3,)), dense(4, activation="relu")])
    base.trainable = False
    return binary(keras.Input((3,)), base)


PROGRAMS = {
    "without an input layer": lambda: (binary(dense(4, activation="relu")), X, Y),
    "a column of labels": lambda: (binary(keras.Input((3,))), X, Y[:, None]),
    "whole numbers and booleans": lambda: (binary(keras.Input((3,))), (X * 100).astype(int), Y.astype(bool)),
    "pandas": lambda: (binary(keras.Input((3,))), pd.DataFrame(X, columns=list("abc")), pd.Series(Y)),
    "lists": lambda: (binary(keras.Input((3,))), X.tolist(), Y.tolist()),
    "a layer of the user's own": lambda: (binary(keras.Input((3,)), OwnLayer()), X, Y),
    "a model of the user's own": lambda: (compiled(OwnModel()), X, Y),
    "a loss of the user's own": lambda: (of_layers(keras.Input((3,)), dense(1), loss=own_loss), X, Y),
    "two inputs": lambda: (two_inputs(), [X, X[:, :2]], Y),
    "two inputs by name": lambda: (two_inputs(), {"first": X, "second": X[:, :2]}, Y),
    "two outputs by name": lambda: (two_outputs(), X, {"label": Y, "size": X[:, 0]}),
    "a frozen base": lambda: (with_frozen_base(), X, Y),
    "tokens and a recurrent layer": lambda: (
        binary(keras.Input((6,)), keras.layers.Embedding(9, 4, mask_zero=True), keras.layers.LSTM(3)),
        GENERATOR.integers(0, 9, (ROWS, 6)), Y,
    ),
    "a stateful recurrent layer": lambda: (
        binary(keras.Input((5, 3), batch_size=8), keras.layers.LSTM(3, stateful=True)), np.repeat(X[:, None], 5, 1), Y,
    ),
    "pictures as bytes": lambda: (
        of_layers(keras.Input((6, 5, 3)), keras.layers.Conv2D(2, 3), keras.layers.Flatten(), dense(3, "softmax"),
                  loss="sparse_categorical_crossentropy"),
        GENERATOR.integers(0, 255, (ROWS, 6, 5, 3)).astype("uint8"), GENERATOR.integers(0, 3, ROWS),
    ),
    "missing numbers": lambda: (binary(keras.Input((3,))), np.where(X > 1, np.nan, X), Y),
    "a single class": lambda: (binary(keras.Input((3,))), X, np.zeros(ROWS)),
    "four rows": lambda: (binary(keras.Input((3,))), X[:4], np.array([0.0, 1, 1, 0])),
    "two rows": lambda: (binary(keras.Input((3,))), X[:2], np.array([0.0, 1])),
    "a learning-rate schedule": lambda: (
        of_layers(keras.Input((3,)), dense(1, "sigmoid"),
                  optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9))), X, Y,
    ),
    "half precision": lambda: (binary(keras.Input((3,)), dense(4, "relu", dtype="mixed_float16")), X, Y),
    "an output that does not fit": lambda: (of_layers(keras.Input((3,)), dense(5, "softmax"), loss="mse"), X, Y),
    "a sequence of numbers": lambda: (
        of_layers(keras.Input((5, 1)), keras.layers.GRU(3, return_sequences=True), dense(1), loss="mse"),
        GENERATOR.normal(size=(ROWS, 5, 1)), GENERATOR.normal(size=(ROWS, 5, 1)),
    ),
    "an eager model": lambda: (
        compiled(keras.Sequential([keras.Input((3,)), dense(1, "sigmoid")]), run_eagerly=True), X, Y,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_odd_program_is_examined_to_the_end(name):
    examined(*PROGRAMS[name]())


def test_inputs_that_do_not_fit_are_refused_in_a_sentence():
    with pytest.raises(ModelError, match="does not fit the inputs"):
        examined(binary(keras.Input((7,))), X, Y)


def test_validation_rows_of_the_user_are_taken():
    findings = examined(binary(keras.Input((3,))), X[:30], Y[:30], validation_data=(X[30:], Y[30:]))
    assert findings is not None


def test_a_model_is_left_as_it_was():
    model = binary(keras.Input((3,)), dense(4, activation="relu"))
    before = [np.copy(value) for value in model.get_weights()]
    examined(model, X, Y)
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))
