"""Contract 4: one compilation per program, whatever the epochs, settings and seeds; programs are used again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jax
import keras
import numpy as np
import pytest

from engine.models import Build, dense, numbers, sequential
from engine.oracle import ragged_folds
from tenfold.engine import program, waves
from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population

X, Y = numbers(22, 5), numbers(22, 1, seed=1)


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Notes each time a training step is traced; starts without compiled programs."""
    noted: list[Any] = []
    step = program.Network.train_step

    def watched(network: Any, *arguments: Any) -> Any:
        noted.append(network)
        return step(network, *arguments)

    monkeypatch.setattr(program.Network, "train_step", watched)
    monkeypatch.setattr(waves, "_programs", type(waves._programs)())
    return noted


def network(**arguments: Any) -> Build:
    given = {"optimizer": lambda: keras.optimizers.SGD(0.1, momentum=0.5)} | arguments
    return sequential(
        dense(4, activation="relu", kernel_regularizer="l2", name="hidden"),
        lambda: keras.layers.Dropout(0.3, name="dropout"),
        dense(1, activation="sigmoid"),
        **given,
    )


def train(build: Build, members: list[Member] | None = None, **arguments: Any) -> PopulationResult:
    given = {"epochs": 3, "batch_size": 8, "mode": "map"} | arguments
    return train_population(build, X, (Y > 0).astype(int), members or ragged_folds(22, 3), **given)


def test_epochs_settings_and_seeds_are_traced_once(traces: list[Any]):
    names = ("optimizer.learning_rate", "optimizer.momentum", "dropout.rate", "hidden.kernel_regularizer.l2")
    members = [
        Member(one.train_rows, one.validation_rows, seed=seed, settings=dict.fromkeys(names, 0.01 + 0.1 * seed))
        for one in ragged_folds(22, 3)
        for seed in range(4)
    ]
    result = train(network(), members, epochs=9)
    assert result.num_programs == 1
    assert len(traces) == 1


def test_another_call_of_the_same_architecture_compiles_nothing(traces: list[Any]):
    assert train(network(), seed=0).num_programs == 1
    faster = network(optimizer=lambda: keras.optimizers.SGD(0.3, momentum=0.5))
    assert train(faster, seed=1).num_programs == 0
    assert len(traces) == 1


def test_traced_settings_of_another_call_compile_nothing(traces: list[Any]):
    def members(l2: float) -> list[Member]:
        named = {"hidden.kernel_regularizer.l2": l2}
        return [Member(one.train_rows, one.validation_rows, settings=named) for one in ragged_folds(22, 3)]

    assert train(network(), members(0.1)).num_programs == 1
    assert train(network(), members(0.2)).num_programs == 0
    assert len(traces) == 1


DIFFERENT: dict[str, dict[str, Any]] = {
    "loss": {"build": network(loss="mae")},
    "metrics": {"build": network(metrics=lambda: ["mae"])},
    "momentum": {"build": network(optimizer=lambda: keras.optimizers.SGD(0.1, momentum=0.6))},
    "frozen layer": {"build": sequential(dense(4, activation="relu", trainable=False), dense(1, activation="sigmoid"))},
    "fusing": {"build": network(loss="binary_crossentropy")},
    "batch size": {"build": network(), "batch_size": 4},
    "callback": {"build": network(), "callbacks": [keras.callbacks.EarlyStopping(patience=7)]},
    "members": {"build": network(), "members": ragged_folds(22, 2)},
}


def test_whatever_matters_has_a_program_of_its_own(traces: list[Any]):
    train(network())
    for name, arguments in DIFFERENT.items():
        assert train(**arguments).num_programs == 1, name
    assert train(network(loss="binary_crossentropy"), fuse=False).num_programs == 1
    assert train(network()).num_programs == 0
    assert len(traces) == 2 + len(DIFFERENT)


def test_two_outputs_without_names_share_a_program_and_keep_their_own_keys(traces: list[Any]):
    def build() -> keras.Model:
        inputs = keras.Input((5,))
        model = keras.Model(inputs, [keras.layers.Dense(1)(inputs), keras.layers.Dense(1)(inputs)])
        model.compile("sgd", ["mse", "mae"])
        return model

    first, second = (train_population(build, X, [Y, Y], ragged_folds(22, 3), epochs=1) for _ in range(2))
    assert (first.num_programs, second.num_programs) == (1, 0)
    assert len(traces) == 1
    assert len(first.history) == len(second.history) == 6
    for before, after in zip(first.history.values(), second.history.values(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_programs_are_forgotten_when_there_are_too_many(traces: list[Any], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(waves, "_MOST_PROGRAMS", 1)
    train(network())
    train(network(), batch_size=4)
    assert train(network()).num_programs == 1
    assert len(traces) == 3


def test_all_devices_read_one_copy_of_the_data():
    from tenfold.engine.arrays import place, to_arrays

    data = place(to_arrays(X, Y), jax.devices())
    assert len(jax.devices()) == 2
    for leaf in jax.tree.leaves(data):
        assert len({shard.data.unsafe_buffer_pointer() for shard in leaf.addressable_shards}) == 1


@pytest.mark.parametrize("first", ["import tenfold, keras, jax", "import jax, keras, tenfold"])
def test_every_core_is_a_device_whichever_library_is_imported_first(first: str):
    code = f"import os; {first}; print(len(jax.devices()) == len(os.sched_getaffinity(0)))"
    environment = {name: value for name, value in os.environ.items() if name != "JAX_NUM_CPU_DEVICES"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "True\n"
