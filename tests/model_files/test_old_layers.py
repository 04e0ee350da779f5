"""Layers whose arrays or meaning changed between Keras 1, 2 and 3: loops in NumPy by the old definitions as oracle."""

from pathlib import Path

import keras
import numpy as np
import pytest

import tenfold
from model_files.old_files import dense, drawn, named, sequential, write_old_file
from tenfold.errors import ModelError

GENERATOR = np.random.default_rng(8)
STEPS = GENERATOR.normal(size=(3, 5, 4)).astype(np.float32)
"""3 rows, 5 steps, 4 features; layers have 2 units: sizes that differ."""


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def hard_sigmoid(z: np.ndarray) -> np.ndarray:
    return np.clip(0.2 * z + 0.5, 0, 1)


def lstm(x: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray, gate=sigmoid) -> np.ndarray:
    hidden = cell = np.zeros((len(x), recurrent.shape[0]))
    for step in range(x.shape[1]):
        enter, forget, new, leave = np.split(x[:, step] @ kernel + hidden @ recurrent + bias, 4, axis=1)
        cell = gate(forget) * cell + gate(enter) * np.tanh(new)
        hidden = gate(leave) * np.tanh(cell)
    return hidden


def gru(x: np.ndarray, kernel, recurrent, bias, gate, *, resets_after: bool) -> np.ndarray:
    hidden = np.zeros((len(x), recurrent.shape[0]))
    beside_input, beside_state = bias if resets_after else (bias, np.zeros_like(bias))
    of_state = np.split(recurrent, 3, axis=1)
    for step in range(x.shape[1]):
        update, reset, new = np.split(x[:, step] @ kernel + beside_input, 3, axis=1)
        more = np.split(beside_state, 3)
        update = gate(update + hidden @ of_state[0] + more[0])
        reset = gate(reset + hidden @ of_state[1] + more[1])
        if resets_after:
            new = np.tanh(new + reset * (hidden @ of_state[2] + more[2]))
        else:
            new = np.tanh(new + (reset * hidden) @ of_state[2])
        hidden = update * hidden + (1 - update) * new
    return hidden


def loaded(tmp_path: Path, network: dict, arrays: dict, **options) -> keras.Model:
    return tenfold.load_model(write_old_file(tmp_path / "old.h5", network, arrays, **options))


def answers(model: keras.Model, x: np.ndarray) -> np.ndarray:
    return np.asarray(model(x))


RECURRENT = {
    "trainable": True, "units": 2, "activation": "tanh", "use_bias": True, "return_sequences": False,
    "return_state": False, "go_backwards": False, "stateful": False, "unroll": False, "dropout": 0.0,
    "recurrent_dropout": 0.0, "implementation": 1, "batch_input_shape": [None, None, 4], "dtype": "float32",
}  # fmt: skip


def test_an_old_lstm_keeps_its_hard_sigmoid_which_keras_3_means_otherwise(tmp_path: Path):
    weights = {name: 3 * one for name, one in drawn(1, kernel=(4, 8), recurrent_kernel=(2, 8), bias=(8,)).items()}
    network = sequential(
        ("LSTM", {**RECURRENT, "name": "l", "recurrent_activation": "hard_sigmoid", "unit_forget_bias": True})
    )
    model = loaded(tmp_path, network, {"l": named("l", weights)})
    np.testing.assert_allclose(answers(model, STEPS), lstm(STEPS, *weights.values(), hard_sigmoid), rtol=1e-4)
    model.save(tmp_path / "new.keras")
    np.testing.assert_array_equal(answers(tenfold.load_model(tmp_path / "new.keras"), STEPS), answers(model, STEPS))


def test_an_old_gru_that_says_nothing_applies_its_reset_gate_first(tmp_path: Path):
    weights = drawn(2, kernel=(4, 6), recurrent_kernel=(2, 6), bias=(6,))
    network = sequential(("GRU", {**RECURRENT, "name": "g", "recurrent_activation": "sigmoid"}))
    model = loaded(tmp_path, network, {"g": named("g", weights)})
    expected = gru(STEPS, *weights.values(), sigmoid, resets_after=False)
    np.testing.assert_allclose(answers(model, STEPS), expected, rtol=1e-4)


def cudnn_reads(flat: np.ndarray, gates: int, inputs: int) -> np.ndarray:
    """Keras' kernel of what cuDNN reads: gate by gate a matrix (unit, input), line by line, out of one buffer."""
    pieces = [one.ravel().reshape(2, inputs) for one in np.split(flat, gates, axis=1)]
    return np.concatenate([one.T for one in pieces], axis=1)


def test_cudnn_layers_are_read_in_cudnns_own_layout(tmp_path: Path):
    weights = drawn(3, kernel=(4, 8), recurrent_kernel=(2, 8), bias=(16,))
    config = {"trainable": True, "units": 2, "return_sequences": False, "return_state": False, "stateful": False,
              "unit_forget_bias": True, "batch_input_shape": [None, None, 4]}  # fmt: skip
    model = loaded(tmp_path, sequential(("CuDNNLSTM", {**config, "name": "l"})), {"l": named("l", weights)})
    kernel, recurrent = cudnn_reads(weights["kernel"], 4, 4), cudnn_reads(weights["recurrent_kernel"], 4, 2)
    bias = weights["bias"].reshape(2, 8).sum(0)
    np.testing.assert_allclose(answers(model, STEPS), lstm(STEPS, kernel, recurrent, bias), rtol=1e-4)
    assert model.count_params() == 4 * 2 * (4 + 2) + 8 * 2

    weights = drawn(4, kernel=(4, 6), recurrent_kernel=(2, 6), bias=(12,))
    del config["unit_forget_bias"]
    model = loaded(tmp_path, sequential(("CuDNNGRU", {**config, "name": "g"})), {"g": named("g", weights)})
    kernel, recurrent = cudnn_reads(weights["kernel"], 3, 4), cudnn_reads(weights["recurrent_kernel"], 3, 2)
    expected = gru(STEPS, kernel, recurrent, weights["bias"].reshape(2, 6), sigmoid, resets_after=True)
    np.testing.assert_allclose(answers(model, STEPS), expected, rtol=1e-4)
    assert model.count_params() == 3 * 2 * (4 + 2) + 6 * 2


def test_wrappers_hand_their_arrays_to_what_they_wrap(tmp_path: Path):
    parts = drawn(5, fk=(4, 8), fr=(2, 8), fb=(16,), bk=(4, 8), br=(2, 8), bb=(16,))
    step = drawn(6, kernel=(4, 3), bias=(3,))
    inner = {"units": 2, "return_sequences": True, "name": "c"}
    network = sequential(
        ("Bidirectional", {"name": "b", "trainable": True, "merge_mode": "concat", "batch_input_shape": [None, 5, 4],
                           "layer": {"class_name": "CuDNNLSTM", "config": inner}}),
        ("TimeDistributed", {"name": "t", "trainable": True,
                             "layer": {"class_name": "Dense", "config": dense("d", 3, "linear")[1]}}),
    )  # fmt: skip
    model = loaded(tmp_path, network, {"b": named("b", parts), "t": named("t", step)})
    last = answers(model, STEPS)[:, -1]
    kernel, recurrent = cudnn_reads(parts["fk"], 4, 4), cudnn_reads(parts["fr"], 4, 2)
    forward = lstm(STEPS, kernel, recurrent, parts["fb"].reshape(2, 8).sum(0))
    kernel, recurrent = cudnn_reads(parts["bk"], 4, 4), cudnn_reads(parts["br"], 4, 2)
    backward = lstm(STEPS[:, -1:], kernel, recurrent, parts["bb"].reshape(2, 8).sum(0))
    both = np.concatenate([forward, backward], axis=1)
    np.testing.assert_allclose(last, both @ step["kernel"] + step["bias"], rtol=1e-4, atol=1e-6)


def test_stacked_cells_and_their_loop_come_back(tmp_path: Path):
    cells = [{"class_name": "LSTMCell", "config": {"name": f"c{number}", "units": 2}} for number in range(2)]
    network = sequential(
        ("RNN", {"name": "r", "batch_input_shape": [None, 5, 4], "return_sequences": True,
                 "cell": {"class_name": "StackedRNNCells", "config": {"name": "s", "cells": cells}}}),
    )  # fmt: skip
    weights = drawn(7, ak=(4, 8), ar=(2, 8), ab=(8,), bk=(2, 8), br=(2, 8), bb=(8,))
    model = loaded(tmp_path, network, {"r": named("r", weights)})
    ways = list(weights.values())
    first = np.stack([lstm(STEPS[:, : step + 1], *ways[:3]) for step in range(5)], axis=1)
    np.testing.assert_allclose(answers(model, STEPS)[:, -1], lstm(first, *ways[3:]), rtol=1e-4)


def test_a_highway_takes_its_arrays_by_name_whatever_their_order(tmp_path: Path):
    w, w_carry, b, b_carry = drawn(8, w=(4, 4), wc=(4, 4), b=(4,), bc=(4,)).values()
    network = sequential(("Highway", {"name": "h", "init": "glorot_uniform", "activation": "tanh", "bias": True,
                                      "batch_input_shape": [None, 4], "W_regularizer": None}))  # fmt: skip
    x = STEPS[:, 0]
    taken = sigmoid(x @ w_carry + b_carry)
    expected = taken * np.tanh(x @ w + b) + (1 - taken) * x
    orders = {
        "2.1.0": [("h/W:0", w), ("h/W_carry:0", w_carry), ("h/b:0", b), ("h/b_carry:0", b_carry)],
        "1.2.2": [("h_W", w), ("h_b", b), ("h_W_carry", w_carry), ("h_b_carry", b_carry)],
    }
    for version, arrays in orders.items():
        model = loaded(tmp_path, network, {"h": arrays}, version=version)
        np.testing.assert_allclose(answers(model, x), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_locally_connected_kernels_of_all_three_implementations_mean_the_same(tmp_path: Path, padding: str):
    x = GENERATOR.normal(size=(3, 6, 4)).astype(np.float32)
    places = 3 if padding == "same" else 2
    whole, bias = drawn(9, kernel=(6, 4, places, 2), bias=(places, 2)).values()  # (input, channel, place, filter)
    expected = np.zeros((3, places, 2))
    for place in range(places):
        reads = [2 * place + offset for offset in range(3) if 2 * place + offset < 6]
        expected[:, place] = np.tensordot(x[:, reads], whole[reads, :, place], 2) + bias[place]
    reads = [2 * place + offset for place in range(2) for offset in range(3)]
    by_place = np.stack([whole[reads[3 * p : 3 * p + 3], :, p].reshape(12, 2) for p in range(2)])
    stored = {1: by_place, 2: whole, 3: by_place.swapaxes(1, 2).ravel()}
    for way, kernel in stored.items() if padding == "valid" else [(2, whole)]:
        config = {"name": "p", "filters": 2, "kernel_size": [3], "strides": [2], "padding": padding,
                  "implementation": way, "batch_input_shape": [None, 6, 4]}  # fmt: skip
        network = sequential(("LocallyConnected1D", config))
        model = loaded(tmp_path, network, {"p": named("p", {"kernel": kernel, "bias": bias})}, version="2.4.0")
        np.testing.assert_allclose(answers(model, x), expected, rtol=1e-4, atol=1e-5)


def test_keras_1_convolutions_of_theano_are_turned_and_transposed(tmp_path: Path):
    """Theano convolved (kernels turned around), with channels first and filters first."""
    kernel, bias = drawn(10, kernel=(2, 3, 2, 2), bias=(2,)).values()  # filter, channel, row, column
    network = sequential(
        ("Convolution2D", {"name": "c", "nb_filter": 2, "nb_row": 2, "nb_col": 2, "border_mode": "valid",
                           "subsample": [1, 1], "dim_ordering": "th", "init": "glorot_uniform", "activation": "relu",
                           "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.01}, "bias": True,
                           "b_regularizer": None, "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0},
                           "batch_input_shape": [None, 3, 4, 5], "input_dtype": "float32"}),
        ("Flatten", {"name": "f", "trainable": True}),
        as_list=True,
    )  # fmt: skip
    model = loaded(
        tmp_path, network, {"c": [("c_W", kernel), ("c_b", bias)], "f": []}, version="1.2.2", backend="theano"
    )
    x = GENERATOR.normal(size=(2, 3, 4, 5)).astype(np.float32)
    expected = np.zeros((2, 2, 3, 4))
    for row in range(3):
        for column in range(4):
            patch = x[:, :, row : row + 2, column : column + 2]
            expected[:, :, row, column] = np.tensordot(patch, kernel[:, :, ::-1, ::-1], ((1, 2, 3), (1, 2, 3))) + bias
    np.testing.assert_allclose(answers(model, x), np.maximum(expected, 0).reshape(2, -1), rtol=1e-4, atol=1e-5)
    layer = model.layers[0]
    assert (float(layer.kernel_regularizer.l2), layer.kernel_constraint.max_value) == (pytest.approx(0.01), 2)


def test_keras_1_series_layers_gather_their_gates(tmp_path: Path):
    order = {"i": 0, "c": 2, "f": 1, "o": 3}
    parts = {gate: drawn(20 + place, W=(4, 2), U=(2, 2), b=(2,)) for gate, place in order.items()}
    arrays = [(f"l_{kind}_{gate}", parts[gate][kind]) for gate in order for kind in "WUb"]
    network = sequential(
        ("LSTM", {"name": "l", "output_dim": 2, "init": "glorot_uniform", "inner_init": "orthogonal",
                  "forget_bias_init": "one", "activation": "tanh", "inner_activation": "hard_sigmoid",
                  "consume_less": "cpu", "dropout_W": 0.0, "dropout_U": 0.0, "input_dim": 4, "input_length": None,
                  "return_sequences": False, "go_backwards": False, "stateful": False, "unroll": False,
                  "W_regularizer": None, "U_regularizer": None, "b_regularizer": None,
                  "batch_input_shape": [None, 5, 4], "input_dtype": "float32"}),
        as_list=True,
    )  # fmt: skip
    model = loaded(tmp_path, network, {"l": arrays}, version=None)
    kernel, recurrent, bias = (
        np.concatenate([parts[gate][kind] for gate in sorted(order, key=order.get)], axis=-1) for kind in "WUb"
    )
    np.testing.assert_allclose(answers(model, STEPS), lstm(STEPS, kernel, recurrent, bias, hard_sigmoid), rtol=1e-4)

    kernel = drawn(30, W=(3, 1, 4, 2), b=(2,))
    network = sequential(
        ("Convolution1D", {"name": "c", "nb_filter": 2, "filter_length": 3, "subsample_length": 1, "input_dim": 4,
                           "border_mode": "valid", "activation": "linear", "input_length": 5, "bias": True,
                           "batch_input_shape": [None, 5, 4]}),
    )  # fmt: skip
    model = loaded(tmp_path, network, {"c": [("c_W", kernel["W"]), ("c_b", kernel["b"])]}, version="1.1.0")
    expected = np.tensordot(STEPS[:, 1:4], kernel["W"][:, 0], 2) + kernel["b"]
    np.testing.assert_allclose(answers(model, STEPS)[:, 1], expected, rtol=1e-4, atol=1e-5)


def test_a_switch_that_keras_3_has_no_more_is_told(tmp_path: Path):
    network = sequential(("BatchNormalization", {"name": "n", "mode": 2, "axis": -1, "batch_input_shape": [None, 4]}))
    with pytest.raises(ModelError, match=r"`n` .*is switched to `mode`"):
        loaded(tmp_path, network, {})
