"""What the checks see of any training: the model as it starts, some of the rows, all that is no number."""

import dataclasses

import keras
import numpy as np
import pytest

from tenfold.checks.facts import Evidence
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.network import Batch, Network, State
from tenfold.observation import watching
from tenfold.observation.data_facts import data_facts
from tenfold.observation.model_facts import model_facts
from tenfold.observation.watching import watched

X = np.random.default_rng(0).normal(size=(90, 4)).astype("float32")
Y = np.repeat([0, 1, 2], 30)


def build() -> keras.Model:
    hidden = keras.layers.Dense(6, activation="relu", name="hidden")
    model = keras.Sequential([keras.Input((4,)), hidden, keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def look(x: np.ndarray = X, y: np.ndarray = Y, held_out: Batch | None = None, start: State | None = None) -> Evidence:
    data = to_arrays(x, y)
    return watched(Network(build(), first_rows(data, 8)), data, held_out, start=start, epochs=5, batch_size=8)


def test_a_model_is_seen_as_the_thorough_look_sees_it():
    model = build()
    network = Network(model, first_rows(to_arrays(X, Y), 8))
    assert watched(network, to_arrays(X, Y), epochs=1, batch_size=8).model == model_facts(model, X, Y)


def test_data_are_seen_as_the_quick_look_sees_them():
    seen = look(held_out=to_arrays(X[:20], Y[:20]))
    assert seen.data == dataclasses.replace(
        data_facts(X, Y, (X[:20], Y[:20]), model=seen.model, thorough=False),
        measures=dict(seen.data.measures),
    )
    assert seen.data.split.is_given


def test_without_validation_rows_no_last_rows_stand_for_them():
    seen = look()
    assert seen.data.split is None
    assert seen.data.measures["tail_classes_missing"] == 0


def test_the_state_that_a_member_starts_from_takes_the_place_of_the_models_own():
    start = State([np.full((4, 6), 0.5), np.ones(6), np.zeros((6, 3)), np.zeros(3)], [], [])
    kernel = look(start=start).model.layer("hidden").kernel
    assert (kernel.mean, kernel.std, kernel.bias_mean, kernel.initializer) == (0.5, 0.0, 1.0, "")


def test_of_many_rows_some_are_looked_at_and_what_is_no_number_is_counted_in_all(monkeypatch: pytest.MonkeyPatch):
    x = np.random.default_rng(0).normal(size=(3000, 4)).astype("float32")
    x[1, 2], x[2, 2] = np.nan, np.inf
    monkeypatch.setattr(watching, "MOST_ROWS", 1000)
    seen = look(x, np.arange(3000) % 3)  # at equal distances of three rows there would be one class
    assert seen.data.num_rows == 3000
    assert (seen.data.inputs[0].num_missing, seen.data.inputs[0].num_infinite) == (1, 1)
    assert sum(seen.data.targets[0].counts) == 1000
    assert min(seen.data.targets[0].counts) > 250


def test_a_model_with_losses_of_its_own_and_no_target_is_looked_at():
    class Small(keras.layers.Layer):
        def call(self, values: object) -> object:
            self.add_loss(keras.ops.mean(values**2))
            return values

    inputs = keras.Input((4,))
    model = keras.Model(inputs, Small()(keras.layers.Dense(2)(inputs)))
    model.compile("sgd")
    data = to_arrays(X)
    seen = watched(Network(model, first_rows(data, 8)), data, to_arrays(X[:9]), epochs=1, batch_size=8)
    assert seen.data.targets == ()
