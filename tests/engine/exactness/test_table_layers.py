"""A member equals its lone Keras fit: the layers for tables, RealMLP's schedule, decay by role, metrics of counts."""

from collections.abc import Callable
from typing import Any

import jax
import keras
import numpy as np
import pandas as pd
import pytest

from engine.models import numbers
from engine.oracle import LoneFits, assert_members_equal_lone_fits, compare, initial_states, precision, ragged_folds
from tenfold import layers
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Network
from tenfold.engine.population import train_population
from tenfold.networks.ladder import InputShape, Rung
from tenfold.networks.recipes import SCHEDULE_LENGTH
from tenfold.networks.schedule import CosineCycles
from tenfold.networks.table import table_network
from tenfold.problem.definition import define_problem

X, Y = numbers(22, 5), numbers(22, 1, seed=1)
CODES = np.random.default_rng(2).integers(0, 4, size=(22, 2))


def model_of(*parts: Callable[[], Any], columns: int = 5, optimizer: Callable[[], Any] | None = None) -> Any:
    """A function that builds a model of these layers and one output."""

    def build() -> keras.Model:
        inputs = keras.Input((columns,))
        hidden = inputs
        for part in parts:
            hidden = part()(hidden)
        model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
        model.compile(optimizer() if optimizer else keras.optimizers.Adam(0.05), "mse")
        return model

    return build


LAYERS: dict[str, tuple[Any, ...]] = {
    "ScalingLayer": (layers.ScalingLayer,),
    "ScaledDense": (lambda: layers.ScaledDense(4),),
    "ParametricActivation": (lambda: layers.ScaledDense(4), lambda: layers.ParametricActivation("mish")),
    "PiecewiseLinearEmbedding": (lambda: layers.PiecewiseLinearEmbedding(6, 2),),
    "PeriodicEmbedding": (lambda: layers.PeriodicEmbedding(4, 2),),
    "HeadAdapter": (lambda: layers.HeadAdapter(3), keras.layers.Flatten),
    "CodeEmbedding": (lambda: layers.CodeEmbedding((4, 4), 3, None, "l2"), keras.layers.Flatten),
    "PairProducts": (lambda: layers.CodeEmbedding((4, 4), 3), layers.PairProducts),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str):
    x = CODES if name in {"CodeEmbedding", "PairProducts"} else np.abs(X) / 3
    build = model_of(*LAYERS[name], columns=x.shape[1])
    kind = "float32" if name == "PeriodicEmbedding" else "float64"  # Keras' cosine is in single precision
    with precision(kind, mixes_types=True):
        assert_members_equal_lone_fits(build, x.astype(kind), Y, kind=kind, mode="vmap", epochs=3)


def test_members_of_different_sizes_share_a_program_of_these_layers():
    build = model_of(*LAYERS["ParametricActivation"])
    network = Network(build(), first_rows(to_arrays(X, Y), 4))
    assert network.pads_training
    assert network.signature == Network(build(), first_rows(to_arrays(X, Y), 4)).signature


def test_a_layer_of_the_users_own_made_from_one_of_these_is_not_trusted():
    class Sum(layers.ScalingLayer):
        def call(self, inputs: Any) -> Any:
            return inputs - keras.ops.mean(inputs, axis=0, keepdims=True)

    assert not Network(model_of(Sum)(), first_rows(to_arrays(X, Y), 4)).pads_training


def test_each_member_follows_the_schedule_from_its_own_rate_and_length():
    start = {"optimizer.learning_rate": 0.05, SCHEDULE_LENGTH: 12.0}

    def make(values: dict[str, float]) -> Any:
        schedule = CosineCycles(values["optimizer.learning_rate"], int(values[SCHEDULE_LENGTH]))
        return model_of(optimizer=lambda: keras.optimizers.SGD(schedule, momentum=0.5))

    settings = [start, {"optimizer.learning_rate": 0.2}, {SCHEDULE_LENGTH: 6.0}]
    folds = ragged_folds(22, 3)
    members = [
        Member(one.train_rows, one.validation_rows, fold=one.fold, settings=own)
        for one, own in zip(folds, settings, strict=True)
    ]
    with precision("float64", mixes_types=True):
        data = to_arrays(X, Y)
        result = train_population(make(start), X, Y, members, epochs=4, batch_size=8, shuffle=False, seed=7, fuse=False)
        states = initial_states(make(start), data, members, seed=7)
        assert result.num_programs == 1
        for number, member in enumerate(members):
            lone = LoneFits(make(start | dict(member.settings)), data)
            own = jax.tree.map(lambda leaf, number=number: leaf[number], states)
            compare(result, number, *lone.fit(member, own, epochs=4, batch_size=8), 1e-6)  # cosines are float32


def test_what_decays_are_the_kernels_and_tables_of_a_network():
    problem = define_problem(pd.DataFrame({"x": 0, "y": [0.5, 1.5, 2.5]}), "y")
    model = table_network(InputShape(5, 2, (4,)), problem, Rung((3,), "periodic", "realmlp"))()
    decayed = {variable.path for variable in model.trainable_variables if model.optimizer._use_weight_decay(variable)}
    assert decayed == {
        "hidden_1/kernel", "output/kernel", "waves/frequency", "waves/kernel", "code_vectors/embeddings",
        "code_biases/embeddings",
    }  # fmt: skip
