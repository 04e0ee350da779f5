"""Padded rows take part only where rows of a batch cannot influence each other; else members are sorted by size."""

from typing import Any

import keras
import numpy as np
import pytest

from engine.models import Build, classes, dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision
from tenfold.engine import training
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Network

X, Y = numbers(22, 5), numbers(22, 1)


def network(build: Build, x: Any = X) -> Network:
    return Network(build(), first_rows(to_arrays(x, Y), 4))


def minus_mean(values: Any) -> Any:
    return values - keras.ops.mean(values, axis=0, keepdims=True)


def minus_mean_in_the_graph() -> keras.Model:
    inputs = keras.Input((5,))
    model = keras.Model(inputs, keras.layers.Dense(1)(minus_mean(inputs)))
    model.compile("adam", "mse")
    return model


def squared_in_the_graph() -> keras.Model:
    inputs = keras.Input((5,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.ops.square(inputs) + inputs))
    model.compile("adam", "mse")
    return model


MIXING = {
    "Lambda": sequential(lambda: keras.layers.Lambda(minus_mean), dense(1)),
    "activation of the user's own": sequential(dense(1, activation=minus_mean)),
    "operation in the graph": minus_mean_in_the_graph,
    "activity regulariser": sequential(dense(1, activity_regularizer="l2")),
    "normalisation over rows": sequential(lambda: keras.layers.UnitNormalization(axis=0), dense(1)),
    "loss of a whole batch": sequential(dense(1, activation="sigmoid"), loss=keras.losses.Dice()),
    "loss of the user's own": sequential(dense(1), loss=lambda y, answer: keras.ops.mean((y - answer) ** 2, axis=-1)),
    "metric of whole rows": sequential(dense(1), metrics=lambda: [keras.metrics.MeanIoU(2)]),
    "metric of the user's own": sequential(dense(1), metrics=lambda: [lambda y, answer: answer - y]),
}


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")  # Keras' own MeanIoU (3.15.1)
@pytest.mark.parametrize("name", MIXING)
def test_a_model_that_may_mix_rows_never_sees_padding(name: str):
    mixing = network(MIXING[name])
    assert not mixing.pads_training
    assert not mixing.pads_validation


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")  # Keras' own MixUp (3.15.1)
@pytest.mark.parametrize("layer", [keras.layers.BatchNormalization, keras.layers.MixUp, keras.layers.CutMix])
def test_a_layer_that_mixes_rows_in_training_may_see_padding_in_validation(layer: type):
    build = sequential(layer, keras.layers.Flatten, dense(1), shape=(6, 4, 1))
    mixing = network(build, numbers(22, 6, 4, 1))
    assert not mixing.pads_training
    assert mixing.pads_validation


@pytest.mark.parametrize("build", [sequential(dense(3, activation="gelu"), dense(1)), squared_in_the_graph])
def test_a_model_that_works_row_by_row_is_padded(build: Build):
    assert network(build).pads_training


@pytest.mark.parametrize("build", [MIXING["Lambda"], MIXING["operation in the graph"]])
def test_ragged_members_of_a_model_that_mixes_rows_equal_their_lone_fits(build: Build):
    with precision("float64"):
        result = assert_members_equal_lone_fits(build, X, Y, kind="float64", epochs=2)
    assert result.num_waves == 2  # 14 and 15 training rows


@pytest.mark.parametrize("reduction", ["sum", "mean_with_sample_weight"])
def test_a_loss_that_depends_on_batches_is_validated_in_keras_batches(reduction: str):
    build = sequential(dense(1), loss=keras.losses.MeanSquaredError(reduction=reduction))
    weight = 0.2 + classes(22, 3)
    with precision("float64"):
        assert_members_equal_lone_fits(build, X, Y, kind="float64", sample_weight=weight, batch_size=4, epochs=2)


class Counting(keras.layers.Layer):
    """Grows with every call, in training and in validation."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, values: Any) -> Any:
        self.calls.assign(self.calls + 1)
        return values * (1 + 0.1 * self.calls)


def test_what_a_layer_counts_in_validation_counts():
    with precision("float64"):
        build = sequential(Counting, dense(1))
        assert_members_equal_lone_fits(build, X, Y, kind="float64", batch_size=4, epochs=2)


@pytest.mark.parametrize("mode", ["map", "vmap"])
@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_a_validation_step_of_padding_alone_counts_nothing(mode: str, loss: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "_VALIDATION_ROWS", 4)  # a member with 3 held-out rows meets two steps without any
    order = np.random.default_rng(0).permutation(22)
    members = [Member(order[held:], order[:held], fold=fold) for fold, held in enumerate((3, 11, 4))]
    build = sequential(dense(4, activation="tanh"), dense(1), loss=loss, metrics=lambda: ["mae"])
    with precision("float64"):
        result = assert_members_equal_lone_fits(
            build, X, Y, kind="float64", members=members, mode=mode, epochs=3, batch_size=4
        )
    assert result.outcomes == ["ran"] * 3
