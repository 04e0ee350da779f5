"""Functional networks of old files: networks inside networks, shared layers, merges of Keras 1, code in a file."""

import base64
import marshal
from pathlib import Path

import keras
import numpy as np
import pytest

import tenfold
from model_files.old_files import dense, drawn, named, sequential, training_of, write_old_file
from tenfold.errors import ModelError

GENERATOR = np.random.default_rng(4)
X = GENERATOR.normal(size=(6, 5)).astype(np.float32)


def graph(layers: list[dict], inputs: list, outputs: list, kind: str = "Model") -> dict:
    return {
        "class_name": kind,
        "config": {"name": "model_1", "layers": layers, "input_layers": inputs, "output_layers": outputs},
    }


def source(name: str, shape: tuple) -> dict:
    config = {"batch_input_shape": [None, *shape], "dtype": "float32", "sparse": False, "name": name}
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def node(described: tuple[str, dict], *calls: list) -> dict:
    kind, config = described
    return {"class_name": kind, "config": config, "name": config["name"], "inbound_nodes": list(calls)}


def test_a_sequential_inside_a_functional_network_is_counted_from_1_in_old_files(tmp_path: Path):
    inner = sequential(dense("inner_dense", 3, "tanh", batch_input_shape=[None, 5]))
    network = graph(
        [
            source("in", (5,)),
            {**inner, "name": "sequential_1", "inbound_nodes": [[["in", 0, 0, {}]]]},
            node(("Concatenate", {"name": "both", "axis": -1}), [["sequential_1", 1, 0, {}], ["in", 0, 0, {}]]),
            node(dense("out", 1, "linear"), [["both", 0, 0, {}]]),
        ],
        [["in", 0, 0]],
        [["out", 0, 0], ["sequential_1", 1, 0]],
    )
    first, last = drawn(1, kernel=(5, 3), bias=(3,)), drawn(2, kernel=(8, 1), bias=(1,))
    arrays = {"in": [], "sequential_1": named("inner_dense", first), "both": [], "out": named("out", last)}
    path = write_old_file(tmp_path / "a.h5", network, arrays, training=training_of(["mse", "mae"]))
    model = tenfold.load_model(path)
    hidden = np.tanh(X @ first["kernel"] + first["bias"])
    out, inside = (np.asarray(one) for one in model(X))
    np.testing.assert_allclose(inside, hidden, rtol=1e-4, atol=1e-6)
    expected = np.concatenate([hidden, X], 1) @ last["kernel"] + last["bias"]
    np.testing.assert_allclose(out, expected, rtol=1e-4, atol=1e-5)
    tenfold.fit(model, X, [X[:, :1], X[:, :3]], epochs=2, batch_size=3, verbose=0, checks=False)


def test_a_functional_network_called_twice_shares_its_weights(tmp_path: Path):
    inner = graph([source("left", (5,)), node(dense("d", 3, "relu"), [["left", 0, 0, {}]])], [["left", 0, 0]],
                  [["d", 0, 0]])  # fmt: skip
    inner["config"]["name"] = "tower"
    network = graph(
        [
            source("a", (5,)), source("b", (5,)),
            {**inner, "name": "tower", "inbound_nodes": [[["a", 0, 0, {}]], [["b", 0, 0, {}]]]},
            node(("Dot", {"name": "dot", "axes": -1, "normalize": False}),
                 [["tower", 1, 0, {}], ["tower", 2, 0, {}]]),
        ],
        [["a", 0, 0], ["b", 0, 0]], [["dot", 0, 0], ["tower", 2, 0]], "Functional",
    )  # fmt: skip
    weights = drawn(3, kernel=(5, 3), bias=(3,))
    model = tenfold.load_model(
        write_old_file(tmp_path / "a.h5", network, {"tower": named("d", weights)}, version="2.4.0")
    )
    left, right = (np.maximum(one @ weights["kernel"] + weights["bias"], 0) for one in (X, X[::-1]))
    dot, of_b = (np.asarray(one) for one in model([X, X[::-1]]))
    np.testing.assert_allclose(dot[:, 0], (left * right).sum(1), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(of_b, right, rtol=1e-4, atol=1e-6)


def frozen_inner(weights: dict, order: list[tuple[str, str]]) -> tuple[dict, dict]:
    """A network of BatchNormalization and Dense inside another, its arrays in an order of the file's."""
    norm = ("BatchNormalization", {"name": "n", "trainable": False, "axis": [1], "momentum": 0.99, "epsilon": 0.001,
                                   "center": True, "scale": True, "batch_input_shape": [None, 5],
                                   "dtype": {"class_name": "Policy", "config": {"name": "float32"}}})  # fmt: skip
    inner = sequential(norm, dense("d", 5, "linear", trainable=False))
    inner["config"]["name"] = "base"
    outer = {"class_name": "Sequential", "config": {"name": "s", "layers": [inner, {
        "class_name": "Dense", "config": dense("out", 2, "linear")[1]}]}}  # fmt: skip
    arrays = [(f"{layer}/{name}:0", weights[layer][name]) for layer, name in order]
    return outer, {"base": arrays, "out": named("out", weights["out"])}


def test_arrays_of_a_frozen_network_inside_find_their_layers_by_name(tmp_path: Path):
    weights = {
        "n": drawn(5, gamma=(5,), beta=(5,), moving_mean=(5,)) | {"moving_variance": np.full(5, 2.0, np.float32)},
        "d": drawn(6, kernel=(5, 5), bias=(5,)),
        "out": drawn(7, kernel=(5, 2), bias=(2,)),
    }
    trained_first = [("n", "gamma"), ("n", "beta"), ("d", "kernel"), ("d", "bias"), ("n", "moving_mean"),
                     ("n", "moving_variance")]  # fmt: skip
    layer_by_layer = [("n", name) for name in weights["n"]] + [("d", name) for name in weights["d"]]
    n = weights["n"]
    hidden = (X - n["moving_mean"]) / np.sqrt(n["moving_variance"] + 0.001) * n["gamma"] + n["beta"]
    hidden = hidden @ weights["d"]["kernel"] + weights["d"]["bias"]
    expected = hidden @ weights["out"]["kernel"] + weights["out"]["bias"]
    for order in (trained_first, layer_by_layer):
        outer, arrays = frozen_inner(weights, order)
        model = tenfold.load_model(write_old_file(tmp_path / "a.h5", outer, arrays, version="2.3.1"))
        np.testing.assert_allclose(np.asarray(model(X)), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("mode", "merged"),
    [
        ("sum", lambda a, b: a + b), ("mul", lambda a, b: a * b), ("ave", lambda a, b: (a + b) / 2),
        ("max", np.maximum), ("concat", lambda a, b: np.concatenate([a, b], 1)),
        ("dot", lambda a, b: (a * b).sum(1, keepdims=True)),
        ("cos", lambda a, b: (a * b).sum(1, keepdims=True)
         / np.linalg.norm(a, axis=1, keepdims=True) / np.linalg.norm(b, axis=1, keepdims=True)),
    ],
)  # fmt: skip
def test_every_merge_mode_of_keras_1_is_a_layer_of_keras_3(tmp_path: Path, mode: str, merged):
    config = {"name": "m", "mode": mode, "concat_axis": -1, "dot_axes": [[1], [1]], "mode_type": "raw",
              "output_shape": None, "output_shape_type": "raw"}  # fmt: skip
    network = graph([source("a", (5,)), source("b", (5,)),
                     node(("Merge", config), [["a", 0, 0], ["b", 0, 0]])],
                    [["a", 0, 0], ["b", 0, 0]], [["m", 0, 0]])  # fmt: skip
    model = tenfold.load_model(write_old_file(tmp_path / "a.h5", network, {"m": []}, version="1.2.2"))
    np.testing.assert_allclose(np.asarray(model([X, X[::-1]])), merged(X, X[::-1]), rtol=1e-4, atol=1e-5)


def with_code(function) -> dict:
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode()
    config = {"name": "twice", "function": [code, None, None], "function_type": "lambda", "module": "__main__",
              "output_shape": None, "output_shape_type": "raw", "arguments": {}}  # fmt: skip
    return sequential(("InputLayer", {"name": "in", "batch_input_shape": [None, 5]}), ("Lambda", config))


def test_code_in_a_file_is_not_run_unless_it_is_asked_for(tmp_path: Path):
    path = write_old_file(tmp_path / "a.h5", with_code(lambda x: x * 2), {"twice": []})
    with pytest.raises(ModelError, match=r"`twice` of `a\.h5` is a Lambda: .*custom_objects=\{'twice': function\}"):
        tenfold.load_model(path)
    replaced = tenfold.load_model(path, custom_objects={"twice": lambda x: x * 3})
    np.testing.assert_allclose(np.asarray(replaced(X)), 3 * X, rtol=1e-6)
    trusted = tenfold.load_model(path, safe_mode=False)
    np.testing.assert_allclose(np.asarray(trusted(X)), 2 * X, rtol=1e-6)


def test_a_layer_of_the_callers_own_is_built_from_its_own_configuration(tmp_path: Path):
    class Doubling(keras.layers.Layer):
        def __init__(self, factor=1, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, x):
            return self.factor * x

    network = sequential(("Doubling", {"name": "mine", "factor": 4, "batch_input_shape": [None, 5]}))
    path = write_old_file(tmp_path / "a.h5", network, {"mine": []})
    model = tenfold.load_model(path, custom_objects={"Doubling": Doubling})
    np.testing.assert_allclose(np.asarray(model(X)), 4 * X, rtol=1e-6)
