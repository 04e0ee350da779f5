"""Whatever `Model.fit` takes as data, `tenfold.fit` takes, with the same numbers."""

import keras
import numpy as np
import pandas as pd
import pytest

from engine.models import classes, dense, numbers, sequential
from engine.oracle import precision
from fit.both import fit_both

X, Y = numbers(21, 5), numbers(21, 1, seed=1)
NETWORK = sequential(dense(4, activation="relu"), lambda: keras.layers.Dropout(0.3), dense(1), metrics=lambda: ["mae"])
CLASSES = sequential(
    dense(3, activation="softmax"), loss="sparse_categorical_crossentropy", metrics=lambda: ["accuracy"]
)


@pytest.mark.parametrize("shuffle", [True, False, "batch"])
def test_rows_are_shuffled_as_keras_shuffles_them(shuffle: bool | str):
    with precision("float64"):
        fit_both(NETWORK, X, Y, epochs=3, batch_size=4, shuffle=shuffle, validation_split=0.2).assert_equal()


def test_float32_agrees_to_rounding():
    fit_both(NETWORK, X, Y, epochs=5, batch_size=4, validation_split=0.2).assert_equal(2e-5)


def test_a_model_that_is_not_built_yet_trains_as_in_keras():
    def build() -> keras.Model:
        model = keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
        model.compile("adam", "mse", metrics=["mae"])
        return model

    with precision("float64"):
        fit_both(build, X, Y, epochs=2, batch_size=8).assert_equal()


def test_weights_of_rows_and_of_validation_rows_count_as_in_keras():
    weight, held_out = 0.1 + np.arange(21.0) % 3, (X[:7], Y[:7], np.linspace(0.2, 2, 7))
    build = sequential(dense(1), weighted_metrics=["mae"], metrics=lambda: ["mse"])
    with precision("float64"):
        fit_both(build, X, Y, epochs=3, sample_weight=weight, validation_data=held_out, batch_size=8).assert_equal()


def test_weights_of_classes_count_as_in_keras():
    y = classes(21, 3)
    with precision("float64"):
        pair = fit_both(
            CLASSES, X, y, epochs=3, class_weight={0: 1.0, 1: 3.0, 2: 0.5}, validation_split=0.2, batch_size=8
        )
    pair.assert_equal()


def test_frames_and_series_are_read_as_keras_reads_them():
    frame = pd.DataFrame(X, columns=list("abcde"), index=np.arange(21) * 10)
    frame["a"] = (frame["a"] * 10).astype("int64")
    with precision("float64"):
        fit_both(NETWORK, frame, pd.Series(Y[:, 0], index=frame.index), epochs=2, batch_size=8).assert_equal()


def two_inputs() -> keras.Model:
    inputs = {"left": keras.Input((5,), name="left"), "right": keras.Input((2,), name="right")}
    joined = keras.layers.Concatenate()([inputs["left"], inputs["right"]])
    outputs = {"price": keras.layers.Dense(1, name="price")(joined), "kind": keras.layers.Dense(3, name="kind")(joined)}
    model = keras.Model(inputs, outputs)
    crossentropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", {"price": "mse", "kind": crossentropy}, metrics={"kind": ["accuracy"], "price": ["mae"]})
    return model


def test_dicts_of_inputs_and_targets_are_read_by_name():
    x = {"right": numbers(21, 2), "left": X}
    with precision("float64"):
        pair = fit_both(
            two_inputs, x, {"kind": classes(21, 3), "price": Y}, epochs=2, batch_size=8, validation_split=0.3
        )
    pair.assert_equal()


def test_lists_of_inputs_are_read_in_order():
    def build() -> keras.Model:
        left, right = keras.Input((5,)), keras.Input((2,))
        model = keras.Model([left, right], keras.layers.Dense(1)(keras.layers.Concatenate()([left, right])))
        model.compile("adam", "mse")
        return model

    with precision("float64"):
        fit_both(build, [X, numbers(21, 2)], Y, epochs=2, batch_size=8).assert_equal()


def test_training_continues_at_a_later_epoch():
    with precision("float64"):
        pair = fit_both(NETWORK, X, Y, epochs=5, initial_epoch=3, batch_size=8)
    pair.assert_equal()
    assert pair.ours.epoch == [3, 4]


def test_a_model_without_targets_trains_on_its_own_losses():
    def build() -> keras.Model:
        inputs = keras.Input((5,))
        model = keras.Model(inputs, keras.layers.Dense(5, activity_regularizer="l2")(inputs))
        model.compile("adam", loss=None)
        return model

    with precision("float64"):
        fit_both(build, X, epochs=2, batch_size=8).assert_equal()


def test_the_batch_size_is_32_unless_it_is_given():
    with precision("float64"):
        fit_both(NETWORK, numbers(70, 5), numbers(70, 1), epochs=2).assert_equal()
