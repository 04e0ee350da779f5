"""A member equals its lone Keras fit: recurrent layers and attention, masked and with noise."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from engine.models import Build, dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision

Y = numbers(20, 1, seed=1)
SERIES = numbers(20, 6, 3)
WORDS = np.random.default_rng(0).integers(0, 5, size=(20, 6))  # 0 is masked
WORDS[:, 0] = np.maximum(WORDS[:, 0], 1)

CASES: dict[str, tuple[Callable[[], Any], str, str]] = {
    "SimpleRNN": (partial(layers.SimpleRNN, 4), "float32", "vmap"),  # Keras 3.15's SimpleRNN fails in float64 by itself
    "LSTM": (partial(layers.LSTM, 4), "float64", "map"),
    "LSTM with dropout": (partial(layers.LSTM, 4, dropout=0.3, recurrent_dropout=0.2), "float32", "map"),
    "GRU": (partial(layers.GRU, 4, activity_regularizer="l2"), "float64", "vmap"),
    "GRU with dropout": (
        partial(layers.GRU, 4, dropout=0.3, recurrent_dropout=0.2, reset_after=False),
        "float64",
        "map",
    ),
    "Bidirectional": (lambda: layers.Bidirectional(layers.LSTM(3, dropout=0.2), merge_mode="sum"), "float32", "vmap"),
    "two layers": (
        lambda: keras.Sequential([layers.GRU(4, return_sequences=True), layers.LSTM(3, go_backwards=True)]),
        "float32",
        "map",
    ),
    "ConvLSTM": (
        lambda: keras.Sequential([layers.Reshape((6, 3, 1)), layers.ConvLSTM1D(2, 2), layers.Flatten()]),
        "float32",
        "map",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_recurrent_layers(name: str, request: pytest.FixtureRequest):
    layer, kind, mode = CASES[name]
    if name == "GRU":  # where Keras 3.15 mixes float32 into float64, few optimisations round otherwise, by 3e-10
        request.getfixturevalue("optimized")
    with precision(kind, mixes_types=kind == "float64"):
        build = sequential(layer, dense(1), shape=(6, 3))
        assert_members_equal_lone_fits(build, SERIES, Y, kind=kind, mode=mode, epochs=3)


@pytest.mark.parametrize("layer", [partial(layers.LSTM, 4), lambda: layers.Bidirectional(layers.GRU(3, dropout=0.3))])
def test_masked_steps(layer: Callable[[], Any]):
    build = sequential(partial(layers.Embedding, 5, 3, mask_zero=True), layer, dense(1), shape=(6,))
    assert_members_equal_lone_fits(build, WORDS, Y, kind="float32", epochs=3)


def test_a_masked_answer_at_every_step():
    build = sequential(
        partial(layers.Embedding, 5, 3, mask_zero=True), partial(layers.GRU, 4, return_sequences=True), dense(1),
        shape=(6,), metrics=lambda: ["mae"],
    )  # fmt: skip
    result = assert_members_equal_lone_fits(build, WORDS, numbers(20, 6, 1), kind="float32", epochs=3)
    assert result.num_waves == 2  # Keras divides by the unmasked steps of the batch, so that no padding takes part


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "mean_with_sample_weight"])
def test_an_answer_at_every_step(reduction: str):
    build = sequential(
        partial(layers.LSTM, 3, return_sequences=True), dense(2), shape=(6, 3),
        loss=keras.losses.MeanSquaredError(reduction=reduction), metrics=lambda: ["mae"],
    )  # fmt: skip
    assert_members_equal_lone_fits(build, SERIES, numbers(20, 6, 2), kind="float32", epochs=3)


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [(1, "sigmoid", "binary_crossentropy"), (3, "softmax", "sparse_categorical_crossentropy"), (2, None, "mse")],
)
def test_an_answer_for_every_pixel(units: int, activation: str | None, loss: str):
    build = sequential(
        partial(layers.Conv2D, 3, 3, padding="same", activation="relu"),
        partial(layers.Conv2D, units, 1, activation=activation),
        shape=(4, 4, 2), loss=loss, metrics=lambda: ["mae" if units == 2 else "accuracy"],
    )  # fmt: skip
    answers = np.random.default_rng(3).integers(0, max(units, 2), (20, 4, 4))
    y = {1: answers[..., None].astype("float32"), 2: numbers(20, 4, 4, 2), 3: answers}[units]
    assert_members_equal_lone_fits(build, numbers(20, 4, 4, 2), y, kind="float32", epochs=3)


def attention(*, additive: bool) -> Build:
    def build() -> keras.Model:
        inputs = keras.Input((6, 3))
        attended = layers.MultiHeadAttention(2, 3, dropout=0.2)(inputs, inputs, use_causal_mask=True)
        normal = layers.LayerNormalization()(layers.Add()([attended, inputs]))
        kind = layers.AdditiveAttention if additive else layers.Attention
        model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(kind(use_scale=True)([normal, inputs]))))
        model.compile("sgd", "mse")  # the gradient of a key's bias is 0: Adam would blow its rounding up
        return model

    return build


@pytest.mark.parametrize(("kind", "mode"), [("float64", "map"), ("float32", "vmap")])
def test_attention(kind: str, mode: str):
    build = attention(additive=kind == "float32")
    # Keras computes scores and normalisation in float32, whatever it is told: 1e-7 is their rounding.
    allowed = 1e-7 if kind == "float64" else None
    with precision(kind):
        assert_members_equal_lone_fits(build, SERIES, Y, kind=kind, mode=mode, epochs=3, allowed=allowed)
