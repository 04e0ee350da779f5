"""Telemetry: the numbers are those of a calculation by hand, and a watched training is the training itself."""

import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from engine.models import Build, classes, dense, numbers, sequential
from engine.oracle import precision, ragged_folds
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Network
from tenfold.engine.population import PopulationResult, train_population
from tenfold.engine.telemetry import SIGNS, STEPS_BETWEEN_PROBES, Telemetry, watched_layers

X, Y = numbers(22, 5), numbers(22, 1, seed=1)
EVERY_EPOCH = Telemetry()


def signs_now(build: Build, x: Any, y: Any, num_rows: int = 8) -> tuple[Network, dict[str, np.ndarray]]:
    """The signs of a model as it stands, on the first rows, trained as Keras would."""
    batch = first_rows(to_arrays(x, y), num_rows)
    network = Network(build(), batch, fuse=False)
    found = network.signs(network.state(), {}, jax.tree.map(jnp.asarray, batch))
    return network, {name: np.asarray(value, float) for name, value in found.items()}


def gradients_by_keras(network: Network, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Gradients of the loss by the trainable variables, without anything of ours."""
    model = network.model
    frozen = [variable.value for variable in model.non_trainable_variables]

    def loss(trainable: list[Any]) -> Any:
        answers, _ = model.stateless_call(trainable, frozen, jnp.asarray(x, "float32"), training=True)
        return keras.losses.get(model.loss)(jnp.asarray(y, "float32"), answers).mean()

    return [np.asarray(one) for one in jax.grad(loss)([variable.value for variable in model.trainable_variables])]


def norms_of_layers(network: Network, values: Sequence[np.ndarray]) -> list[float]:
    """Euclidean norm of the values that belong to each watched layer; NaN where none do."""
    by_variable = dict(zip(map(id, network.model.trainable_variables), values, strict=True))
    parts = [[by_variable[id(one)] for one in layer.trainable_variables] for layer in watched_layers(network.model)]
    return [math.sqrt(sum(float((one.astype(float) ** 2).sum()) for one in own)) if own else math.nan for own in parts]


def train(build: Build, x: Any, y: Any, members: Sequence[Member], **arguments: Any) -> PopulationResult:
    return train_population(
        build, x, y, members, **({"epochs": 3, "batch_size": 4, "seed": 11, "mode": "map"} | arguments)
    )


def perceptron() -> keras.Model:
    """Five inputs, three tanh units (one far out), four relu units (one dead), one answer."""
    model = sequential(dense(3, activation="tanh"), dense(4, activation="relu"), dense(1), optimizer=_sgd)()
    first, second = model.layers[0], model.layers[1]
    first.bias.assign([9.0, 0.0, 0.1])
    second.bias.assign([0.1, -50.0, 0.2, 0.3])
    return model


def _sgd() -> keras.optimizers.Optimizer:
    return keras.optimizers.SGD(0.1)


def test_dead_and_saturated_units_and_spreads_are_those_of_numpy():
    network, signs = signs_now(perceptron, X, Y)
    (w1, b1), (w2, b2), (w3, b3) = [[np.asarray(v.value, float) for v in one.weights] for one in network.model.layers]
    before = X[:8] @ w1 + b1
    hidden = np.maximum(np.tanh(before) @ w2 + b2, 0)
    np.testing.assert_allclose(signs["dead"], [0, np.mean(hidden.max(axis=0) < 1e-5), 0], atol=1e-6)
    assert signs["dead"][1] >= 0.25  # the unit with bias -50, if no other
    np.testing.assert_allclose(signs["saturated"], [np.mean(np.abs(before) > 5), math.nan, math.nan], rtol=1e-6)
    spreads = [np.tanh(before).std(), hidden.std(), (hidden @ w3 + b3).std()]
    np.testing.assert_allclose(signs["spread"], spreads, rtol=1e-5)


def test_gradients_and_weights_are_those_of_jax_and_numpy():
    network, signs = signs_now(perceptron, X, Y)
    by_hand = norms_of_layers(network, gradients_by_keras(network, X[:8], Y[:8]))
    np.testing.assert_allclose(signs["gradient"], by_hand, rtol=1e-5)
    weights = norms_of_layers(network, [np.asarray(one.value) for one in network.model.trainable_variables])
    np.testing.assert_allclose(signs["weights"], weights, rtol=1e-6)


OPTIMIZERS = {
    "plain": _sgd,
    "Adam": lambda: keras.optimizers.Adam(0.01),
    "clipped": lambda: keras.optimizers.SGD(0.1, clipnorm=0.01),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_updates_are_the_steps_that_keras_itself_takes(name: str):
    build = sequential(dense(3, activation="tanh"), dense(1), optimizer=OPTIMIZERS[name])
    network, signs = signs_now(build, X, Y)
    before = [np.asarray(one.value, float) for one in network.model.trainable_variables]
    gradients = [jnp.asarray(one) for one in gradients_by_keras(network, X[:8], Y[:8])]
    network.model.optimizer.apply(gradients, network.model.trainable_variables)
    after = [np.asarray(one.value, float) for one in network.model.trainable_variables]
    steps = norms_of_layers(network, [new - old for new, old in zip(after, before, strict=True)])
    np.testing.assert_allclose(signs["update"], np.array(steps) / norms_of_layers(network, before), rtol=2e-3)


def test_a_layer_used_twice_has_the_gradient_of_both_uses():
    def shared() -> keras.Model:
        inputs = keras.Input((5,))
        twice = keras.layers.Dense(5, activation="tanh", name="twice")
        model = keras.Model(inputs, keras.layers.Dense(1)(twice(twice(inputs))))
        model.compile("sgd", "mse")
        return model

    network, signs = signs_now(shared, X, Y)
    assert network.taps.layers[0].name == "twice"
    by_hand = norms_of_layers(network, gradients_by_keras(network, X[:8], Y[:8]))
    np.testing.assert_allclose(signs["gradient"], by_hand, rtol=1e-5)


def test_a_model_inside_a_model_is_taken_apart():
    def nested() -> keras.Model:
        inner = keras.Sequential([keras.Input((5,)), keras.layers.Dense(4, activation="relu", name="inside")])
        inputs = keras.Input((5,))
        model = keras.Model(inputs, keras.layers.Dense(1, name="outside")(inner(inputs)))
        model.compile("sgd", "mse")
        return model

    network, signs = signs_now(nested, X, Y)
    assert [layer.name for layer in network.taps.layers] == ["inside", "outside"]
    by_hand = norms_of_layers(network, gradients_by_keras(network, X[:8], Y[:8]))
    np.testing.assert_allclose(signs["gradient"], by_hand, rtol=1e-5)
    assert np.isfinite(signs["spread"]).all()


def images() -> np.ndarray:
    return numbers(22, 6, 6, 1)


MODELS: dict[str, tuple[Build, Any, Any]] = {
    "dropout": (
        sequential(dense(4, activation="relu"), lambda: keras.layers.Dropout(0.3), dense(1)), X, Y,
    ),
    "batch normalisation": (
        sequential(dense(4), keras.layers.BatchNormalization, keras.layers.ReLU, dense(1)), X[:20], Y[:20],
    ),
    "LSTM": (
        sequential(lambda: keras.layers.LSTM(3, use_cudnn=False), dense(1, activation="sigmoid"), shape=(4, 2),
                   loss="binary_crossentropy"), numbers(22, 4, 2), classes(22)[:, None],
    ),
    "convolution": (
        sequential(lambda: keras.layers.Conv2D(3, 3, activation="relu"), lambda: keras.layers.MaxPooling2D(2),
                   keras.layers.Flatten, dense(3, activation="softmax"), shape=(6, 6, 1),
                   loss="sparse_categorical_crossentropy"), images(), classes(22, 3),
    ),
}  # fmt: skip


@pytest.mark.usefixtures("optimized")
@pytest.mark.parametrize("name", MODELS)
def test_a_watched_training_is_the_training_itself_bit_for_bit(name: str):
    build, x, y = MODELS[name]
    members = ragged_folds(len(x), 2)
    alone, watched = (train(build, x, y, members, telemetry=given) for given in (None, EVERY_EPOCH))
    assert alone.signs == {}
    for log, lines in alone.history.items():
        np.testing.assert_array_equal(lines, watched.history[log], err_msg=log)
    for own, theirs in zip(jax.tree.leaves(alone.states), jax.tree.leaves(watched.states), strict=True):
        np.testing.assert_array_equal(own, theirs)
    assert set(watched.signs) == set(SIGNS)
    assert watched.signs["weights"].shape == (2, 3, len(watched.network.taps.layers))
    assert np.isfinite(watched.signs["spread"]).all()
    assert watched.num_programs == alone.num_programs


def test_only_sampled_epochs_have_numbers():
    build, x, y = MODELS["dropout"]
    found = train(build, x, y, ragged_folds(22, 2), epochs=5, telemetry=Telemetry(every=2)).signs["weights"]
    np.testing.assert_array_equal(np.isfinite(found[0, :, 0]), [True, False, True, False, True])


def test_members_side_by_side_show_what_they_show_one_after_another():
    build, x, y = MODELS["dropout"]
    one, other = (
        train(build, x, y, ragged_folds(22, 3), mode=mode, telemetry=EVERY_EPOCH).signs for mode in ("map", "vmap")
    )
    for name in SIGNS:
        np.testing.assert_allclose(one[name], other[name], rtol=2e-5, atol=1e-6, err_msg=name)


def test_padding_changes_no_number():
    build = sequential(dense(4, activation="tanh"), dense(1), optimizer=_sgd)
    small, large = Member(np.arange(3), np.arange(20, 22), fold=0), Member(np.arange(3, 19), np.arange(20, 22), fold=1)
    with precision("float64"):
        together = train(build, X, Y, [small, large], telemetry=EVERY_EPOCH)
        alone = train(build, X, Y, [small], telemetry=EVERY_EPOCH)
    assert together.num_waves == 1  # the small member is padded to the large one
    for name in SIGNS:
        np.testing.assert_allclose(together.signs[name][0], alone.signs[name][0], rtol=1e-10, err_msg=name)


def test_telemetry_has_one_program_of_its_own_and_no_more():
    build, x, y = MODELS["dropout"]
    members = ragged_folds(22, 2)
    first = train(build, x, y, members, epochs=4, batch_size=5, telemetry=EVERY_EPOCH)
    again = train(build, x, y, members, epochs=4, batch_size=5, seed=12, telemetry=EVERY_EPOCH)
    assert (first.num_programs, again.num_programs) == (1, 0)


def test_a_probe_is_taken_every_64_steps_or_less_often():
    for steps in (1, 13, 26, 64, 500):
        assert Telemetry.for_steps(steps).every * steps >= STEPS_BETWEEN_PROBES
    assert Telemetry.for_steps(26).every == 3
    assert Telemetry.for_steps(469).every == 1


def test_the_model_is_left_as_it_was():
    network, _ = signs_now(perceptron, X, Y)
    assert all("call" not in layer.__dict__ for layer in network.model.layers)
    assert network.model.layers[0].activation is keras.activations.tanh
