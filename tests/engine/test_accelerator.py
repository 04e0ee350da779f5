"""What a GPU needs done otherwise changes no number: checked here on the CPU, and where there is a GPU, on it."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from tenfold.engine.accelerator import fit_for_members, take_rows
from tenfold.engine.member import Member
from tenfold.engine.population import train_population


def test_a_lookup_and_its_gradient_are_those_of_take():
    table = jnp.asarray(np.random.default_rng(0).normal(size=(7, 3)), jnp.float32)
    positions = jnp.asarray([[0, 6, 2, 2], [5, 0, 0, 1]])
    weights = jnp.asarray(np.random.default_rng(1).normal(size=(2, 4, 3)), jnp.float32)

    ours = jax.value_and_grad(lambda rows: jnp.sum(take_rows(rows, positions) * weights))(table)
    expected = jax.value_and_grad(lambda rows: jnp.sum(jnp.take(rows, positions, axis=0) * weights))(table)

    np.testing.assert_allclose(ours[0], expected[0], rtol=1e-6)
    np.testing.assert_allclose(ours[1], expected[1], rtol=1e-6)


def test_a_model_answers_the_same_and_is_left_as_it_was():
    layers = [keras.Input((5,), dtype="int32"), keras.layers.Embedding(11, 4), keras.layers.LSTM(3)]
    model = keras.Sequential([*layers, keras.layers.Dense(2)])
    words = np.random.default_rng(0).integers(0, 11, (6, 5))
    before = [dict(vars(layer)) for layer in model.layers]
    expected = np.asarray(model(words))

    with fit_for_members(model):
        assert model.layers[1].use_cudnn is False
        answers = np.asarray(model(words))

    np.testing.assert_allclose(answers, expected, rtol=1e-6)
    for layer, attributes in zip(model.layers, before, strict=True):
        assert vars(layer).get("use_cudnn") == attributes.get("use_cudnn")
        assert ("call" in vars(layer)) == ("call" in attributes)


def _models():
    def dense():
        model = keras.Sequential([keras.Input((13,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
        model.compile("rmsprop", "mse")
        return model

    def recurrent():
        layers = [keras.Input((9,), dtype="int32"), keras.layers.Embedding(50, 8), keras.layers.LSTM(8)]
        model = keras.Sequential([*layers, keras.layers.Dense(1)])
        model.compile("rmsprop", "mse")
        return model

    def convolutional():
        layers = [keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.MaxPooling2D()]
        model = keras.Sequential([*layers, keras.layers.Flatten(), keras.layers.Dense(1)])
        model.compile("rmsprop", "mse")
        return model

    generator = np.random.default_rng(0)
    return {
        "dense": (dense, generator.normal(size=(40, 13)).astype(np.float32)),
        "recurrent": (recurrent, generator.integers(0, 50, (40, 9))),
        "convolutional": (convolutional, generator.normal(size=(40, 8, 8, 1)).astype(np.float32)),
    }


@pytest.mark.gpu
@pytest.mark.skipif(jax.default_backend() == "cpu", reason="needs an accelerator")
@pytest.mark.parametrize("mode", ["map", "vmap"])
@pytest.mark.parametrize("name", ["dense", "recurrent", "convolutional"])
def test_members_on_a_gpu_equal_members_trained_alone(name, mode):
    build, x = _models()[name]
    y = np.random.default_rng(2).normal(size=40).astype(np.float32)
    members = [Member(np.arange(30), np.arange(30, 40), fold=fold) for fold in range(5)]

    together = train_population(build, x, y, members, epochs=3, batch_size=8, mode=mode)

    for number, member in enumerate(members):
        alone = train_population(build, x, y, [member], epochs=3, batch_size=8, mode="map")
        np.testing.assert_allclose(
            together.history["val_loss"][number], alone.history["val_loss"][0], rtol=1e-3, atol=1e-4
        )
