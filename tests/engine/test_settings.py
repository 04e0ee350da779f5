"""Settings: a number traced for a member trains it as a model built with that number."""

from collections.abc import Callable
from typing import Any

import jax
import keras
import numpy as np
import pytest
from keras import layers, optimizers

from engine.models import Build, classes, numbers, sequential
from engine.oracle import LoneFits, compare, initial_states, precision, ragged_folds, tolerance
from tenfold.engine.arrays import to_arrays
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.errors import OptionError

X, Y = numbers(22, 5), numbers(22, 1, seed=1)

NUMBERS = {
    "optimizer.learning_rate": 0.1,
    "optimizer.momentum": 0.5,
    "optimizer.weight_decay": 0.02,
    "optimizer.clipnorm": 0.7,
    "hidden.kernel_regularizer.l1": 0.01,
    "hidden.kernel_regularizer.l2": 0.02,
    "hidden.bias_regularizer.l2": 0.03,
    "dropout.rate": 0.3,
    "noise.stddev": 0.2,
    "slope.negative_slope": 0.3,
    "loss.label_smoothing": 0.1,
}


def network(numbers: dict[str, float]) -> Build:
    """A model built with these numbers."""

    def build() -> keras.Model:
        regularizers = {
            "kernel_regularizer": keras.regularizers.L1L2(
                *(numbers[f"hidden.kernel_regularizer.{kind}"] for kind in ("l1", "l2"))
            ),
            "bias_regularizer": keras.regularizers.L2(numbers["hidden.bias_regularizer.l2"]),
        }
        model = keras.Sequential(
            [
                keras.Input((5,)),
                layers.Dense(4, name="hidden", **regularizers),
                layers.LeakyReLU(numbers["slope.negative_slope"], name="slope"),
                layers.Dropout(numbers["dropout.rate"], name="dropout"),
                layers.GaussianNoise(numbers["noise.stddev"], name="noise"),
                layers.Dense(1, "sigmoid", name="out"),
            ]
        )
        names = ("learning_rate", "momentum", "weight_decay", "clipnorm")
        optimizer = optimizers.SGD(**{name: numbers[f"optimizer.{name}"] for name in names})
        loss = keras.losses.BinaryCrossentropy(label_smoothing=numbers["loss.label_smoothing"])
        model.compile(optimizer, loss)
        return model

    return build


def assert_traced_equals_built(
    make: Callable[[dict[str, float]], Build],
    members: list[Member],
    y: np.ndarray,
    start: dict[str, float],
    mode: str = "map",
) -> None:
    """Members with settings against lone fits of models built with these settings."""
    data = to_arrays(X, y)
    result = train_population(
        make(start), X, y, members, epochs=4, batch_size=8, shuffle=False, seed=7, mode=mode, fuse=False
    )
    states = initial_states(make(start), data, members, seed=7)
    assert result.num_programs == 1
    for number, member in enumerate(members):
        lone = LoneFits(make(start | member.settings), data)
        own = jax.tree.map(lambda leaf, number=number: leaf[number], states)
        compare(result, number, *lone.fit(member, own, epochs=4, batch_size=8), tolerance("float64"))


@pytest.mark.parametrize("mode", ["map", "vmap"])
def test_each_number_of_a_member_trains_it_as_a_model_built_with_it(mode: str):
    folds = ragged_folds(22, 3)
    scales = (1.0, 0.5, 1.9)
    members = [
        Member(
            one.train_rows,
            one.validation_rows,
            fold=one.fold,
            settings={name: value * scale for name, value in NUMBERS.items()},
        )
        for one, scale in zip(folds, scales, strict=True)
    ]
    with precision("float64"):
        assert_traced_equals_built(network, members, classes(22)[:, None], NUMBERS, mode)


OPTIMIZERS: dict[str, tuple[Any, dict[str, tuple[float, float]]]] = {
    "Adam": (
        optimizers.Adam,
        {"beta_1": (0.9, 0.7), "beta_2": (0.99, 0.9), "epsilon": (1e-7, 1e-3), "global_clipnorm": (1.0, 0.2)},
    ),
    "RMSprop": (optimizers.RMSprop, {"rho": (0.9, 0.6), "momentum": (0.3, 0.6), "clipvalue": (0.5, 0.05)}),
    "Ftrl": (optimizers.Ftrl, {"l1_regularization_strength": (0.1, 0.01), "l2_regularization_strength": (0.1, 0.3)}),
    "AdamW by averages": (optimizers.AdamW, {"weight_decay": (0.004, 0.1), "ema_momentum": (0.9, 0.5)}),
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_number_of_an_optimizer(name: str):
    optimizer, numbers = OPTIMIZERS[name]
    averages = {"use_ema": True} if "ema_momentum" in numbers else {}

    def make(values: dict[str, float]) -> Build:
        given = {name.removeprefix("optimizer."): value for name, value in values.items()}
        return sequential(lambda: layers.Dense(1), optimizer=lambda: optimizer(0.05, **given, **averages))

    start, other = ({f"optimizer.{name}": pair[side] for name, pair in numbers.items()} for side in (0, 1))
    members = [
        Member(np.arange(14), np.arange(14, 22), settings=start),
        Member(np.arange(2, 17), np.arange(17, 22), fold=1, settings=other),
    ]
    with precision("float64"):
        assert_traced_equals_built(make, members, Y, start)


def test_numbers_of_recurrent_and_normalising_layers():
    def make(values: dict[str, float]) -> Build:
        return sequential(
            lambda: layers.Reshape((5, 1)),
            lambda: layers.LSTM(
                3, dropout=values["lstm.dropout"], recurrent_dropout=values["lstm.recurrent_dropout"], name="lstm"
            ),
            lambda: layers.BatchNormalization(momentum=values["normal.momentum"], epsilon=1e-3, name="normal"),
            lambda: layers.Dense(1),
        )

    start = {"lstm.dropout": 0.2, "lstm.recurrent_dropout": 0.3, "normal.momentum": 0.9}
    other = {"lstm.dropout": 0.5, "lstm.recurrent_dropout": 0.1, "normal.momentum": 0.5}
    rows = np.arange(14), np.arange(14, 22)
    members = [Member(*rows, settings=start), Member(*rows, fold=1, settings=other)]
    data = to_arrays(X, Y)
    result = train_population(make(start), X, Y, members, epochs=3, batch_size=8, shuffle=False, seed=7, mode="map")
    states = initial_states(make(start), data, members, seed=7)
    for number, member in enumerate(members):
        lone = LoneFits(make(member.settings), data)
        own = jax.tree.map(lambda leaf, number=number: leaf[number], states)
        compare(result, number, *lone.fit(member, own, epochs=3, batch_size=8), 1e-4)


def test_a_member_without_a_setting_keeps_the_models_own_number():
    members = [Member(np.arange(14), settings={"optimizer.momentum": 0.9}), Member(np.arange(14), fold=1)]
    with precision("float64"):
        assert_traced_equals_built(network, members, classes(22)[:, None], NUMBERS)


def test_an_unknown_setting_is_named_with_the_closest_known_one():
    members = [Member(np.arange(14), settings={"optimizer.momentun": 0.9})]
    with pytest.raises(
        OptionError, match=r"`optimizer\.momentun` is not a setting .* did you mean `optimizer\.momentum`\?"
    ):
        train_population(network(NUMBERS), X, classes(22)[:, None], members, epochs=1)


def test_a_number_that_is_not_in_use_is_no_setting():
    build = sequential(lambda: layers.Dense(1), optimizer=lambda: optimizers.SGD(0.1))
    with pytest.raises(OptionError, match=r"`optimizer\.momentum` is not a setting .* give the model a value above 0"):
        train_population(build, X, Y, [Member(np.arange(14), settings={"optimizer.momentum": 0.9})], epochs=1)


def test_the_model_keeps_its_own_numbers():
    models = []

    def build() -> keras.Model:
        models.append(network(NUMBERS)())
        return models[-1]

    members = [Member(np.arange(14), settings=dict.fromkeys(NUMBERS, 0.05))]
    train_population(build, X, classes(22)[:, None], members, epochs=1)
    assert models[0].optimizer.momentum == 0.5
    assert models[0].get_layer("dropout").rate == 0.3
