"""Layers that Keras 3 left behind, against their published definitions as loops in NumPy."""

import keras
import numpy as np
import pytest

from tenfold import layers

GENERATOR = np.random.default_rng(6)


def given(layer: keras.layers.Layer, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Build a layer and give it drawn weights; returns them by name."""
    layer.build((None, *shape))
    drawn = {one.name: GENERATOR.normal(0, 0.5, one.shape).astype(np.float32) for one in layer.weights}
    for one in layer.weights:
        one.assign(drawn[one.name])
    return drawn


def test_a_highway_mixes_its_input_with_what_it_makes_of_it():
    layer, x = layers.Highway(activation="tanh"), GENERATOR.normal(size=(5, 3)).astype(np.float32)
    w = given(layer, (3,))
    for row, answer in zip(x, np.asarray(layer(x)), strict=True):
        gate = 1 / (1 + np.exp(-(row @ w["transform_kernel"] + w["transform_bias"])))
        made = np.tanh(row @ w["kernel"] + w["bias"])
        np.testing.assert_allclose(answer, gate * made + (1 - gate) * row, rtol=1e-5, atol=1e-6)


def test_a_new_highway_lets_its_input_pass_by_88_percent():
    layer = layers.Highway(kernel_initializer="zeros")
    x = np.float32([[1.0, -2.0]])
    np.testing.assert_allclose(np.asarray(layer(x)), x / (1 + np.exp(-2.0)), rtol=1e-6)


def test_two_kernels_of_a_highway_start_at_different_numbers():
    layer = layers.Highway()
    layer.build((None, 4))
    assert not np.allclose(layer.kernel, layer.transform_kernel)


def test_maxout_is_the_largest_of_its_maps():
    layer, x = layers.MaxoutDense(2, nb_feature=3), GENERATOR.normal(size=(5, 4)).astype(np.float32)
    w = given(layer, (4,))
    assert (w["kernel"].shape, w["bias"].shape) == ((3, 4, 2), (3, 2))
    expected = np.max([x @ w["kernel"][one] + w["bias"][one] for one in range(3)], axis=0)
    np.testing.assert_allclose(np.asarray(layer(x)), expected, rtol=1e-5, atol=1e-6)


def test_a_thresholded_relu_keeps_what_lies_above_its_threshold():
    x = np.float32([-2, 0, 0.5, 1, 1.5])
    np.testing.assert_array_equal(np.asarray(layers.ThresholdedReLU(0.5)(x)), np.float32([0, 0, 0, 1, 1.5]))
    np.testing.assert_array_equal(np.asarray(layers.ThresholdedReLU()(x)), np.float32([0, 0, 0, 0, 1.5]))
    with pytest.raises(ValueError, match="0 or more"):
        layers.ThresholdedReLU(-1)


def test_the_hard_sigmoid_of_keras_2_is_steeper_than_that_of_keras_3():
    x = np.float32([-3, -2.5, -1, 0, 2, 2.5, 9])
    np.testing.assert_allclose(np.asarray(layers.hard_sigmoid_of_keras_2(x)), [0, 0, 0.3, 0.5, 0.9, 1, 1], atol=1e-6)
    assert float(keras.activations.hard_sigmoid(np.float32(-1))) == pytest.approx(1 / 3)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("implementation", [1, 2, 3])
def test_each_place_of_a_picture_has_its_own_kernel(padding: str, data_format: str, implementation: int):
    is_first, (height, width) = data_format == "channels_first", (5, 4)
    layer = layers.LocallyConnected2D(
        3, (2, 3), strides=(2, 1), padding=padding, data_format=data_format, implementation=implementation,
        activation="relu",
    )  # fmt: skip
    w = given(layer, (2, height, width) if is_first else (height, width, 2))
    x = GENERATOR.normal(size=(4, height, width, 2)).astype(np.float32)
    answers = np.asarray(layer(np.moveaxis(x, -1, 1) if is_first else x))
    answers = np.moveaxis(answers, 1, -1) if is_first else answers
    margins = ((0, 1), (1, 1)) if padding == "same" else ((0, 0), (0, 0))
    padded = np.pad(x, ((0, 0), *margins, (0, 0)))
    rows, columns = (3, 4) if padding == "same" else (2, 2)
    assert answers.shape == (4, rows, columns, 3)
    shown = answers.shape if not is_first else (4, 3, rows, columns)
    assert layer.compute_output_shape((4, 2, 5, 4) if is_first else (4, 5, 4, 2)) == shown
    for row in range(rows):
        for column in range(columns):
            patch = padded[:, 2 * row : 2 * row + 2, column : column + 3]
            flat = (np.moveaxis(patch, -1, 1) if is_first else patch).reshape(4, -1)
            made = flat @ w["kernel"][row * columns + column] + w["bias"][row, column]
            np.testing.assert_allclose(answers[:, row, column], np.maximum(made, 0), rtol=1e-4, atol=1e-5)


def test_a_locally_connected_layer_with_one_kernel_everywhere_is_a_convolution():
    conv = keras.layers.Conv1D(3, 2, strides=2)
    x = GENERATOR.normal(size=(4, 7, 5)).astype(np.float32)
    expected = np.asarray(conv(x))
    local = layers.LocallyConnected1D(3, 2, strides=2)
    local.build((None, 7, 5))
    local.kernel.assign(np.repeat(np.asarray(conv.kernel).reshape(1, 10, 3), 3, axis=0))
    np.testing.assert_allclose(np.asarray(local(x)), expected, rtol=1e-5, atol=1e-6)


def test_a_locally_connected_layer_says_what_it_cannot():
    with pytest.raises(ValueError, match="'valid' or 'same'"):
        layers.LocallyConnected1D(3, 2, padding="causal")
    with pytest.raises(ValueError, match="1, 2 or 3"):
        layers.LocallyConnected1D(3, 2, implementation=4)
    with pytest.raises(ValueError, match="length of each axis must be known"):
        layers.LocallyConnected1D(3, 2).build((None, None, 5))


def test_cudnns_lstm_adds_two_biases_and_is_keras_lstm_otherwise():
    x = GENERATOR.normal(size=(3, 5, 4)).astype(np.float32)
    ours, keras_own = layers.CuDNNLSTM(2, return_sequences=True), keras.layers.LSTM(2, return_sequences=True)
    w = given(ours, (5, 4))
    keras_own.build((None, 5, 4))
    keras_own.set_weights([w["kernel"], w["recurrent_kernel"], w["bias"].reshape(2, 8).sum(0)])
    np.testing.assert_allclose(np.asarray(ours(x)), np.asarray(keras_own(x)), rtol=1e-5, atol=1e-6)
    fresh = layers.CuDNNLSTM(2)
    fresh.build((None, 5, 4))
    np.testing.assert_array_equal(fresh.weights[2], [0] * 10 + [1, 1] + [0] * 4)
    flat = layers.CuDNNLSTM(2, unit_forget_bias=False)
    flat.build((None, 5, 4))
    assert not np.asarray(flat.weights[2]).any()


def test_cudnns_gru_is_keras_gru_with_the_reset_gate_behind():
    x = GENERATOR.normal(size=(3, 5, 4)).astype(np.float32)
    ours, keras_own = layers.CuDNNGRU(2), keras.layers.GRU(2, reset_after=True)
    w = given(ours, (5, 4))
    keras_own.build((None, 5, 4))
    keras_own.set_weights(list(w.values()))
    np.testing.assert_array_equal(np.asarray(ours(x)), np.asarray(keras_own(x)))


def test_a_recurrent_layer_of_ones_own_runs_its_step_over_the_series():
    class Sum(layers.Recurrent):
        def step(self, inputs, states):
            state = states[0] + inputs
            return 2 * state, [state]

    x = GENERATOR.normal(size=(3, 5, 4)).astype(np.float32)
    np.testing.assert_allclose(np.asarray(Sum(4)(x)), 2 * x.sum(1), rtol=1e-5, atol=1e-6)
    each = np.asarray(Sum(output_dim=4, return_sequences=True)(x))
    np.testing.assert_allclose(each, 2 * x.cumsum(1), rtol=1e-5, atol=1e-6)
    backwards = np.asarray(Sum(4, return_sequences=True, go_backwards=True)(x))
    np.testing.assert_allclose(backwards, 2 * x[:, ::-1].cumsum(1), rtol=1e-5, atol=1e-6)
    with pytest.raises(NotImplementedError, match="without a `step`"):
        layers.Recurrent(4)(x)


def test_the_loop_of_a_convolutional_cell_is_keras_own_layer():
    x = GENERATOR.normal(size=(3, 4, 5, 6, 2)).astype(np.float32)
    keras_own = keras.layers.ConvLSTM2D(3, (2, 3), padding="same", return_sequences=True)
    expected = np.asarray(keras_own(x))
    loop = layers.ConvRecurrent2D(layers.ConvLSTM2DCell(3, (2, 3), padding="same"), return_sequences=True)
    loop.build(x.shape)
    loop.set_weights(keras_own.get_weights())
    np.testing.assert_allclose(np.asarray(loop(x)), expected, rtol=1e-5, atol=1e-6)
    assert loop.compute_output_shape(x.shape) == expected.shape


OLD_AND_NEW = {
    "atrous steps": (lambda: layers.AtrousConvolution1D(3, 2, atrous_rate=2, border_mode="same"),
         lambda: keras.layers.Conv1D(3, 2, dilation_rate=2, padding="same")),
    "atrous picture": (lambda: layers.AtrousConvolution2D(3, 2, 3, atrous_rate=(2, 1), init="he_normal", bias=False),
         lambda: keras.layers.Conv2D(3, (2, 3), dilation_rate=(2, 1), kernel_initializer="he_normal", use_bias=False)),
    "deconvolution": (lambda: layers.Deconvolution2D(3, nb_row=2, nb_col=3, subsample=(2, 2), output_shape=(None, 1)),
         lambda: keras.layers.Conv2DTranspose(3, (2, 3), strides=2)),
    "deconvolution of volumes": (lambda: layers.Deconvolution3D(3, 2, 1, 2, dim_ordering="tf"),
         lambda: keras.layers.Conv3DTranspose(3, (2, 1, 2))),
    "locally connected": (lambda: layers.LocallyConnected2D(
             nb_filter=3, nb_row=2, nb_col=3, subsample=(2, 1), W_regularizer="l2"),
         lambda: layers.LocallyConnected2D(3, (2, 3), (2, 1), kernel_regularizer="l2")),
    "highway": (lambda: layers.Highway(init="he_normal", bias=False, input_dim=4),
         lambda: layers.Highway(kernel_initializer="he_normal", use_bias=False)),
    "maxout": (lambda: layers.MaxoutDense(output_dim=3, nb_feature=2, b_constraint="non_neg"),
         lambda: layers.MaxoutDense(3, 2, bias_constraint="non_neg")),
}  # fmt: skip


@pytest.mark.parametrize("name", OLD_AND_NEW)
def test_arguments_of_keras_1_mean_those_of_keras_3(name: str):
    old, new = (make().get_config() for make in OLD_AND_NEW[name])
    assert str({**old, "name": ""}) == str({**new, "name": ""})
