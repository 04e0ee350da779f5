"""Where members start: as Keras would draw, from the member's own seed, from one model for all."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import initializers, layers

from engine.models import Build, dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, initial_states, precision
from tenfold.engine.arrays import to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import State
from tenfold.engine.population import train_population
from tenfold.errors import ModelError

DATA = to_arrays(numbers(9, 5), numbers(9, 1, seed=1))
ROWS = np.arange(7)


def seeds(count: int) -> list[Member]:
    return [Member(ROWS, seed=seed) for seed in range(count)]


def start(build: Any, count: int = 3, *, seed: int = 7) -> State:
    return initial_states(build, DATA, seeds(count), seed)


def counting(build: Build) -> tuple[Build, list[int]]:
    """The same `build`, and a list that grows with each call."""
    calls: list[int] = []

    def counted() -> keras.Model:
        calls.append(1)
        return build()

    return counted, calls


RANDOM = {
    "glorot uniform": initializers.GlorotUniform,
    "glorot normal": initializers.GlorotNormal,
    "he uniform": initializers.HeUniform,
    "he normal": initializers.HeNormal,
    "lecun normal": initializers.LecunNormal,
    "uniform": lambda: initializers.RandomUniform(-0.3, 0.1),
    "normal": lambda: initializers.RandomNormal(0.2, 0.5),
    "truncated normal": lambda: initializers.TruncatedNormal(0.1, 0.4),
    "variance scaling": lambda: initializers.VarianceScaling(2.0, "fan_avg", "truncated_normal"),
}


@pytest.mark.parametrize("name", RANDOM)
def test_weights_are_distributed_as_keras_draws_them(name: str):
    keras.utils.set_random_seed(0)  # at a 0.1 % point, one run in a thousand would fail with nothing wrong
    build = sequential(lambda: layers.Dense(4000, kernel_initializer=RANDOM[name]()), lambda: layers.Dense(1))
    ours = np.concatenate([kernel.ravel() for kernel in start(build).trainable[0]])
    theirs = np.concatenate([np.asarray(RANDOM[name]()((5, 4000))).ravel() for _ in range(3)])
    assert ours.dtype == theirs.dtype
    # Kolmogorov and Smirnov's distance between two samples of 60,000; 0.0112 is its 0.1 % point.
    grid = np.sort(np.concatenate([ours, theirs]))
    shares = [np.searchsorted(np.sort(values), grid, side="right") / len(values) for values in (ours, theirs)]
    assert np.abs(shares[0] - shares[1]).max() < 0.0112


def test_orthogonal_weights_are_orthogonal():
    build = sequential(lambda: layers.Dense(5, kernel_initializer="orthogonal"), lambda: layers.Dense(1))
    for kernel in start(build).trainable[0]:
        np.testing.assert_allclose(kernel @ kernel.T, np.eye(5), atol=1e-6)


def test_what_is_not_random_has_kerass_own_value():
    def build() -> keras.Model:
        model = keras.Sequential(
            [
                keras.Input((5,)),
                layers.Dense(4, kernel_initializer="ones", bias_initializer="zeros"),
                layers.BatchNormalization(),
                layers.Dense(3, kernel_initializer=initializers.Constant(0.7)),
                layers.Dense(3, kernel_initializer="identity"),
                layers.Dense(1, "sigmoid", kernel_initializer=initializers.RandomNormal(seed=5)),
            ]
        )
        model.compile(keras.optimizers.Adagrad(0.1, initial_accumulator_value=0.3), "mse")
        return model

    model, states = build(), start(build)
    model.optimizer.build(model.trainable_variables)
    variables = (model.trainable_variables, model.non_trainable_variables, model.optimizer.variables)
    for part, values in zip(variables, states, strict=True):
        for variable, lines in zip(part, values, strict=True):
            for line in lines:
                np.testing.assert_array_equal(line, np.asarray(variable.value), err_msg=variable.path)
                assert line.dtype == np.asarray(variable.value).dtype


def test_each_seed_has_its_own_weights_and_the_same_seed_the_same():
    build = sequential(dense(4), dense(1))
    kernels = start(build, 3).trainable[0]
    assert len({kernel.tobytes() for kernel in kernels}) == 3
    np.testing.assert_array_equal(kernels, start(build, 3).trainable[0])
    np.testing.assert_array_equal(kernels[:2], start(build, 2).trainable[0])
    assert not np.array_equal(kernels, start(build, 3, seed=8).trainable[0])


def test_a_hundred_members_are_built_once():
    build, calls = counting(sequential(dense(4), lambda: layers.Dropout(0.2), dense(1)))
    train_population(build, numbers(9, 5), numbers(9, 1), seeds(100), epochs=1)
    assert len(calls) == 1


def test_a_compiled_model_gives_every_member_its_present_weights():
    model = sequential(dense(4), dense(1))()
    for lines, own in zip(start(model).trainable, model.trainable_variables, strict=True):
        for line in lines:
            np.testing.assert_array_equal(line, np.asarray(own.value))


def set_weights(make: Callable[[], np.ndarray]) -> Build:
    def build() -> keras.Model:
        model = sequential(dense(4), dense(1))()
        model.layers[0].set_weights([make(), np.zeros(4)])
        return model

    return build


def test_weights_that_build_sets_are_kept_and_the_rest_is_drawn():
    build, calls = counting(set_weights(lambda: np.full((5, 4), 0.25)))
    states = start(build)
    assert (states.trainable[0] == 0.25).all()
    assert len({kernel.tobytes() for kernel in states.trainable[2]}) == 3
    assert len(calls) == 2  # the second build shows that the first one's weights were no accident


def test_weights_that_build_draws_itself_are_drawn_for_each_member():
    build, calls = counting(set_weights(lambda: np.random.normal(size=(5, 4))))  # noqa: NPY002  # as users do
    states = start(build)
    assert len({kernel.tobytes() for kernel in states.trainable[0]}) == 3
    assert len(calls) == 2 + 3
    for again, before in zip(start(build).trainable, states.trainable, strict=True):
        np.testing.assert_array_equal(again, before)


def test_noise_has_a_stream_for_each_member_unless_the_user_fixed_it():
    build = sequential(lambda: layers.Dropout(0.5), lambda: layers.Dropout(0.5, seed=3), dense(1))
    drawn, fixed = start(build).frozen
    assert len({line.tobytes() for line in drawn}) == 3
    assert len({line.tobytes() for line in fixed}) == 1


def functional() -> keras.Model:
    """A model whose variables' paths are those of their layers."""
    inputs = keras.Input((5,))
    model = keras.Model(inputs, layers.Dense(1, name="last")(layers.Dense(4, name="first")(inputs)))
    model.compile("sgd", "mse")
    return model


def test_a_member_starts_from_what_it_brings_and_goes_on_as_keras_does():
    own = {"last/kernel": np.full((4, 1), 0.5), "last/bias": np.array([2.0])}
    members = [Member(ROWS, seed=1), Member(ROWS, seed=1, start=own)]
    states = initial_states(functional, DATA, members, 7)
    assert (states.trainable[2][1] == 0.5).all()
    assert not (states.trainable[2][0] == 0.5).any()
    np.testing.assert_array_equal(states.trainable[0][0], states.trainable[0][1])
    with precision("float64"):
        assert_members_equal_lone_fits(
            functional, numbers(9, 5), numbers(9, 1, seed=1), kind="float64", members=members, epochs=2
        )


@pytest.mark.parametrize(
    ("path", "said"), [("last/kernel", r"Expected: \(4, 1\) numbers"), ("lost/kernel", "first/bias")]
)
def test_a_start_that_does_not_fit_is_refused(path: str, said: str):
    with pytest.raises(ModelError, match=f"cannot start from values for `{path}`.*{said}"):
        initial_states(functional, DATA, [Member(ROWS, start={path: np.zeros(3)})], 7)
