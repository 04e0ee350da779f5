"""The layers for tables: NumPy as oracle, forward scaling against an optimizer of its own, loading in safe mode."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import tenfold.layers.table
from engine.oracle import precision
from tenfold import layers

GENERATOR = np.random.default_rng(0)


def numbers(*shape: int) -> np.ndarray:
    return GENERATOR.normal(size=shape)


def answer(layer: keras.Layer, x: np.ndarray, **arguments: Any) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """What a layer with random weights answers, and these weights by name."""
    layer.build(x.shape)
    layer.set_weights([numbers(*weight.shape) for weight in layer.weights])
    return np.asarray(layer(x, **arguments)), {one.name: np.asarray(one.value) for one in layer.weights}


def test_the_front_scale_multiplies_each_column():
    with precision("float64"):
        x = numbers(5, 3)
        got, own = answer(layers.ScalingLayer(6.0), x)
        np.testing.assert_allclose(got, x * 6 * own["scale"], rtol=1e-12)
        np.testing.assert_allclose(layers.ScalingLayer(6.0)(x), x, rtol=1e-12, err_msg="it starts at 1")


def test_a_scaled_dense_layer_divides_by_the_root_of_its_columns():
    with precision("float64"):
        x = numbers(5, 3)
        got, own = answer(layers.ScaledDense(4, 0.5), x)
        np.testing.assert_allclose(got, x @ own["kernel"] / np.sqrt(3) + 0.5 * own["bias"], rtol=1e-12)


def test_a_parametric_activation_lies_between_the_identity_and_its_function():
    with precision("float64"):
        x = numbers(5, 3)
        got, own = answer(layers.ParametricActivation("relu", 0.1), x)
        np.testing.assert_allclose(got, x + 0.1 * own["slope"] * (np.maximum(x, 0) - x), rtol=1e-12)
        np.testing.assert_allclose(layers.ParametricActivation("relu")(x), np.maximum(x, 0), atol=1e-12)


def test_a_piecewise_linear_embedding_interpolates_between_knots():
    with precision("float64"):
        ranks = np.array([[0.0, 0.1], [0.35, 1.0], [0.5, 0.99]])
        got, own = answer(layers.PiecewiseLinearEmbedding(bins=4, units=2), ranks)
        heights = np.concatenate([np.zeros((2, 1, 2)), own["kernel"].cumsum(axis=1)], axis=1)
        knots = np.linspace(0, 1, 5)
        for column in range(2):
            for unit in range(2):
                line = (2 * ranks[:, column] - 1) * own["line"][column, unit] + own["bias"][column, unit]
                curve = np.interp(ranks[:, column], knots, heights[column, :, unit])
                np.testing.assert_allclose(got[:, 2 * column + unit], line + curve, rtol=1e-12)


def test_a_periodic_embedding_mixes_waves_and_keeps_the_number():
    with precision("float64"):
        x = numbers(5, 3)
        got, own = answer(layers.PeriodicEmbedding(frequencies=4, units=2, learning_rate_factor=0.5), x)
        for column in range(3):
            waves = np.cos(np.pi * (np.outer(x[:, column], own["frequency"][column]) + own["phase_bias"][column]))
            mixed = 0.5 * (waves @ own["kernel"][column] + own["bias"][column])
            expected = np.column_stack([mixed, x[:, column]])
            np.testing.assert_allclose(got[:, 3 * column : 3 * column + 3], expected, rtol=1e-5)


def test_the_frequencies_start_with_the_deviation_that_was_asked():
    layer = layers.PeriodicEmbedding(frequencies=500, sigma=0.3, learning_rate_factor=0.1)
    layer.build((None, 4))
    np.testing.assert_allclose(np.std(np.asarray(layer.frequency.value)) * 0.1, 0.3, rtol=0.05)


def test_code_embeddings_look_up_each_columns_own_table():
    codes = np.array([[0, 2], [1, 0], [1, 3]])
    got, own = answer(layers.CodeEmbedding((2, 4), 3), codes)
    table = own["embeddings"]
    assert (got.shape, table.shape) == ((3, 2, 3), (6, 3))
    np.testing.assert_array_equal(got[:, 0], table[codes[:, 0]])
    np.testing.assert_array_equal(got[:, 1], table[2 + codes[:, 1]])


def test_pair_products_are_dot_products():
    with precision("float64"):
        vectors = numbers(5, 2, 6)
        got = np.asarray(layers.PairProducts(2)(vectors))
        expected = [[row[0][part] @ row[1][part] for part in (slice(0, 3), slice(3, 6))] for row in vectors]
        np.testing.assert_allclose(got, expected, rtol=1e-10)
        three = numbers(5, 3, 4)
        pairs = [row[0] @ row[1] + row[0] @ row[2] + row[1] @ row[2] for row in three]
        np.testing.assert_allclose(np.asarray(layers.PairProducts()(three))[:, 0], pairs, rtol=1e-10)


def test_heads_see_the_columns_through_factors_of_their_own():
    x = numbers(5, 3).astype(np.float32)
    got, own = answer(layers.HeadAdapter(4), x)
    np.testing.assert_allclose(got, x[:, None] * own["scale"], rtol=1e-6)


def test_heads_answer_for_themselves_in_training_and_with_their_mean_else():
    x, layer = numbers(5, 3, 2).astype(np.float32), layers.HeadMean()
    np.testing.assert_array_equal(np.asarray(layer(x, training=True)), np.swapaxes(x, 1, 2))
    np.testing.assert_allclose(np.asarray(layer(x, training=False)), x.mean(axis=1), rtol=1e-6)
    assert layer.compute_output_shape((None, 3, 2)) == (None, 2)


def test_a_learning_rate_factor_is_a_learning_rate_of_its_own():
    """Forward scaling under Adam against a layer without it whose weights have a learning rate of their own."""
    x, y, factor, rate = numbers(20, 3), numbers(20, 1), 6.0, 0.01
    with precision("float64"):
        scaled = keras.Sequential([keras.Input((3,)), layers.ScalingLayer(factor)])
        plain = keras.Sequential([keras.Input((3,)), layers.ScalingLayer(1.0)])
        scaled.compile(keras.optimizers.AdamW(rate, weight_decay=0.1, epsilon=1e-300), "mse")
        decay = 0.1 / factor  # Keras decays by decay * rate, and this rate is `factor` times as large
        plain.compile(keras.optimizers.AdamW(rate * factor, weight_decay=decay, epsilon=1e-300), "mse")
        for model in (scaled, plain):
            model.fit(x, np.repeat(y, 3, axis=1), epochs=7, shuffle=False, verbose=0)
        np.testing.assert_allclose(np.asarray(scaled(x)), np.asarray(plain(x)), rtol=1e-9)


LAYERS: dict[str, tuple[keras.Layer, np.ndarray]] = {
    "ScalingLayer": (layers.ScalingLayer(2.0), numbers(5, 3)),
    "ScaledDense": (layers.ScaledDense(4, 0.2, "glorot_uniform"), numbers(5, 3)),
    "ParametricActivation": (layers.ParametricActivation("mish", 0.3), numbers(5, 3)),
    "PiecewiseLinearEmbedding": (layers.PiecewiseLinearEmbedding(7, 2), GENERATOR.uniform(size=(5, 3))),
    "PeriodicEmbedding": (layers.PeriodicEmbedding(4, 2, 0.3, 0.5), numbers(5, 3)),
    "CodeEmbedding": (layers.CodeEmbedding((3, 9), 4, "ones", "l2"), np.array([[0, 1], [2, 8]])),
    "PairProducts": (layers.PairProducts(2), numbers(5, 3, 4)),
    "HeadAdapter": (layers.HeadAdapter(3, "ones"), numbers(5, 4)),
    "HeadMean": (layers.HeadMean(), numbers(5, 4, 2)),
}


def test_every_layer_is_tried():
    assert sorted(LAYERS) == tenfold.layers.table.__all__


@pytest.mark.parametrize("name", LAYERS)
def test_a_saved_layer_comes_back_in_safe_mode(name: str, tmp_path: Path):
    layer, x = LAYERS[name]
    x = x.astype(np.float32 if x.dtype.kind == "f" else np.int32)
    inputs = keras.Input(x.shape[1:], dtype=x.dtype.name)
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    back = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert back.layers[-1].get_config() == layer.get_config()
    assert model.output_shape[1:] == np.shape(model(x))[1:] == back.output_shape[1:]
    np.testing.assert_array_equal(np.asarray(back(x)), np.asarray(model(x)))
