"""A model rebuilt with other layers: what changes, and what stays as it was."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from repairing.programs import network, sound_circles
from tenfold.errors import ModelError
from tenfold.repairing.graph import activation_of, head_of, hidden_layers, sources
from tenfold.repairing.rewriting import changed, fresh, new_layer, rewritten, with_input


def branches() -> keras.Model:
    columns = keras.Input((6,), name="columns")
    hidden = layers.Dense(8, name="hidden")(columns)
    bent = layers.Activation("tanh", name="bent")(hidden)
    doubled = bent * 2.0
    model = keras.Model(
        columns, [layers.Dense(1, name="total")(doubled), layers.Dense(3, "softmax", name="kind")(bent)]
    )
    model.compile("adam", {"total": "mse", "kind": "sparse_categorical_crossentropy"})
    return model


def names(model: keras.Model) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


def test_a_chain_of_none_removes_of_one_replaces_and_of_two_adds():
    model = network(2, layers.Dense(4, "relu", name="a"), layers.Dropout(0.5, name="b"), head=layers.Dense(1, name="c"))
    instead = {
        "a": [changed(model.get_layer("a"), units=7)],
        "b": [],
        "c": [new_layer(model, layers.BatchNormalization), changed(model.get_layer("c"))],
    }
    new = rewritten(model, instead)
    assert names(new) == ["Dense", "BatchNormalization", "Dense"]
    assert new.layers[0].units == 7
    assert names(model) == ["Dense", "Dropout", "Dense"]


def test_a_chain_behind_an_input_feeds_all_that_the_input_fed():
    model = branches()
    new = rewritten(model, {"columns": [layers.Rescaling(0.5, name="half")]})
    assert sources(new)["hidden"] == ("half",)
    new.set_weights(model.get_weights())
    rows = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")
    for one, other in zip(new(rows * 2), model(rows), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_a_layer_between_two_others_is_removed_from_a_graph():
    new = rewritten(branches(), {"bent": []})
    assert sources(new)["kind"] == ("hidden",)


def test_the_new_model_is_compiled_as_the_old_one_but_for_what_is_given():
    model = network(
        2, head=layers.Dense(1), optimizer=keras.optimizers.SGD(0.3, momentum=0.9), loss="mse", metrics=["mae"]
    )
    new = rewritten(model, {}, loss="mae")
    assert new.optimizer.get_config() == model.optimizer.get_config()
    assert (new.loss, new.get_compile_config()["metrics"]) == ("mae", ["mae"])


def test_untrained_numbers_stay_and_trained_ones_are_drawn_anew():
    frozen = layers.Dense(4, name="frozen", trainable=False)
    statistics = layers.Normalization(name="statistics")
    statistics.adapt(np.array([[1.0, 2.0], [3.0, 6.0]]))
    model = network(2, statistics, frozen, head=layers.Dense(1, name="head"))
    new = fresh(model)
    np.testing.assert_array_equal(new.get_layer("frozen").get_weights()[0], frozen.get_weights()[0])
    np.testing.assert_allclose(new.get_layer("statistics")(np.array([[2.0, 4.0]])), 0, atol=1e-6)
    assert not np.array_equal(new.get_layer("head").get_weights()[0], model.get_layer("head").get_weights()[0])


def test_a_model_without_an_input_takes_the_shape_of_the_data():
    model = keras.Sequential([layers.Dense(3), layers.Dense(1)])
    model.compile("adam", "mse")
    new = with_input(model, np.zeros((5, 7), "float32"))
    assert new.input_shape == (None, 7)
    assert with_input(new, np.zeros((5, 7), "float32")) is new


def test_new_layers_are_named_as_keras_would_go_on():
    assert new_layer(sound_circles(), layers.Normalization).name == "normalization"
    model = network(2, layers.Dense(3, name="dense_4"), head=layers.Dense(1, name="dense_2"))
    assert new_layer(model, layers.Dense, 3).name == "dense_5"


def test_a_model_that_keras_cannot_copy_is_refused():
    class Own(keras.Model):
        def __init__(self, layer: Any) -> None:
            super().__init__()
            self.inner = layer

        def call(self, rows: Any) -> Any:
            return self.inner(rows)

        def get_config(self) -> dict[str, Any]:
            raise NotImplementedError("not told")

    model = Own(layers.Dense(1))
    model.compile("adam", "mse")
    with pytest.raises(ModelError, match="Keras cannot copy the model"):
        fresh(model)


def test_the_head_is_the_last_layer_with_a_kernel_and_what_follows_it():
    model = network(2, layers.Dense(4), layers.ReLU(), layers.Dense(3, name="last"), head=layers.Softmax(name="soft"))
    head = head_of(model)
    assert head is not None
    assert (head.layer.name, head.after) == ("last", ["soft"])
    assert [layer.units for layer in hidden_layers(model)] == [4]
    both = [head_of(branches(), output) for output in (0, 1)]
    assert [one.layer.name for one in both if one] == ["total", "kind"]


def test_an_activation_may_be_a_layer_of_its_own_behind_a_normalisation():
    model = network(
        2, layers.Dense(4, name="a"), layers.BatchNormalization(), layers.LeakyReLU(), head=layers.Dense(1, name="b")
    )
    assert activation_of(model, model.get_layer("a"))[0] == "leaky_relu"
    assert activation_of(model, model.get_layer("b")) == ("linear", None)
