"""A member equals its lone Keras fit: layers that work on rows of numbers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from engine.models import dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision

X, Y = numbers(22, 5), numbers(22, 1, seed=1)


def stop_early() -> list[Any]:
    return [keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)]


@pytest.mark.parametrize("mode", ["map", "vmap"])
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_dense_layers_with_early_stopping(kind: str, mode: str):
    build = sequential(dense(4, activation="relu"), dense(1), metrics=lambda: ["mae"], optimizer=fast)
    with precision(kind):
        result = assert_members_equal_lone_fits(build, X, Y, kind=kind, mode=mode, epochs=9, callbacks=stop_early)
    assert len(set(result.epochs_trained.tolist())) > 1


def fast() -> keras.optimizers.Optimizer:
    return keras.optimizers.SGD(0.3)


NORMALISATIONS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "BatchNormalization": (layers.BatchNormalization, "float64", "vmap"),
    "BatchNormalization of momentum 0.5": (partial(layers.BatchNormalization, momentum=0.5), "float32", "map"),
    "frozen BatchNormalization": (partial(layers.BatchNormalization, trainable=False), "float64", "map"),
    "LayerNormalization": (layers.LayerNormalization, "float32", "vmap"),
    "GroupNormalization": (partial(layers.GroupNormalization, 2), "float64", "map"),
    "SpectralNormalization": (lambda: layers.SpectralNormalization(layers.Dense(4)), "float64", "vmap"),
}


@pytest.mark.parametrize("name", NORMALISATIONS)
def test_normalisations(name: str):
    layer, kind, mode = NORMALISATIONS[name]
    with precision(kind):
        build = sequential(dense(4, activation="tanh"), layer, dense(1))
        # Normalising magnifies rounding, and Keras keeps moving statistics in float32, whatever the layer computes in.
        allowed = 1e-4 if kind == "float32" else 1e-6 if "Batch" in name else None
        result = assert_members_equal_lone_fits(build, X, Y, kind=kind, mode=mode, allowed=allowed)
    assert result.num_waves == (2 if "Batch" in name else 1)


NOISES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "Dropout": (partial(layers.Dropout, 0.4), "float64", "vmap"),
    "Dropout with a seed of the user's": (partial(layers.Dropout, 0.4, seed=5), "float32", "map"),
    "Dropout of whole rows": (partial(layers.Dropout, 0.4, noise_shape=(None, 1)), "float64", "map"),
    "GaussianNoise": (partial(layers.GaussianNoise, 0.3), "float64", "map"),
    "GaussianDropout and AlphaDropout": (
        lambda: keras.Sequential([layers.GaussianDropout(0.2), layers.AlphaDropout(0.2)]),
        "float32",
        "vmap",
    ),
}


@pytest.mark.parametrize("name", NOISES)
def test_noise_of_a_padded_batch_is_that_of_the_smaller_batch(name: str):
    layer, kind, mode = NOISES[name]
    with precision(kind):
        build = sequential(dense(6, activation="relu"), layer, dense(1))
        assert_members_equal_lone_fits(build, X, Y, kind=kind, mode=mode, epochs=3)


def test_a_layer_that_is_used_twice_has_one_set_of_weights():
    def build() -> keras.Model:
        inputs, shared = keras.Input((5,)), layers.Dense(5, activation="tanh")
        model = keras.Model(inputs, layers.Dense(1)(shared(shared(inputs))))
        model.compile("adam", "mse")
        return model

    with precision("float64"):
        result = assert_members_equal_lone_fits(build, X, Y, kind="float64", epochs=3)
    assert len(result.states.trainable) == 4


def test_embeddings_and_their_pooling():
    words = np.random.default_rng(0).integers(0, 7, size=(22, 6))
    build = sequential(
        partial(layers.Embedding, 7, 3, mask_zero=True, embeddings_regularizer="l2"), layers.GlobalAveragePooling1D,
        dense(1), shape=(6,),
    )  # fmt: skip
    with precision("float64"):
        assert_members_equal_lone_fits(build, words, Y, kind="float64", mode="vmap", epochs=3)


def test_regularisers_and_constraints():
    both = keras.regularizers.L1L2(0.01, 0.02)
    build = sequential(
        dense(4, kernel_regularizer=both, bias_regularizer="l1", kernel_constraint="max_norm"),
        dense(3, kernel_regularizer=keras.regularizers.OrthogonalRegularizer(), kernel_constraint="unit_norm"),
        dense(1, activity_regularizer="l2"),
    )  # fmt: skip
    with precision("float64"):
        assert_members_equal_lone_fits(build, X, Y, kind="float64", mode="vmap", epochs=3)


def test_frozen_layers_keep_their_weights():
    build = sequential(dense(4, trainable=False), dense(1))
    with precision("float64"):
        result = assert_members_equal_lone_fits(build, X, Y, kind="float64", epochs=2)
    assert len(result.states.trainable) == 2
