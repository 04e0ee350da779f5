"""Files as Keras 1 and 2 wrote them: `model_config` and `training_config` as JSON, arrays in groups of layers.

Source: `_serialize_model` in `keras/engine/saving.py` of Keras 2.3.1, and `save_model` in `keras/models.py` of 1.2.2.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Arrays = Mapping[str, Sequence[tuple[str, np.ndarray]]]
"""Of each layer the names and values of its weights, in the file's order."""

RMSPROP = {"class_name": "RMSprop", "config": {"lr": 0.002, "rho": 0.9, "decay": 0.0, "epsilon": 1e-07}}
GLOROT = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
}
ZEROS = {"class_name": "Zeros", "config": {}}


def write_old_file(
    path: Path,
    network: Mapping[str, Any],
    arrays: Arrays,
    *,
    training: Mapping[str, Any] | None = None,
    version: str | None = "2.2.4",
    backend: str = "tensorflow",
) -> Path:
    """A file of this network.

    Args:
        path: Where it goes.
        network: `class_name` and `config`.
        arrays: The weights.
        training: How it was compiled; None where it was not.
        version: Of Keras; None where the file does not say, as those of Keras 1.0.
        backend: What Keras ran on.

    Returns:
        The path.
    """
    with h5py.File(path, "w") as file:
        group = file.create_group("model_weights")
        if version is not None:
            file.attrs["keras_version"] = version.encode()
            file.attrs["backend"] = backend.encode()
            group.attrs["keras_version"] = version.encode()
            group.attrs["backend"] = backend.encode()
        file.attrs["model_config"] = json.dumps(network).encode()
        if training is not None:
            file.attrs["training_config"] = json.dumps(training).encode()
        group.attrs["layer_names"] = [name.encode() for name in arrays]
        for layer, weights in arrays.items():
            of_layer = group.create_group(layer)
            of_layer.attrs["weight_names"] = [name.encode() for name, _ in weights]
            for name, value in weights:
                of_layer.create_dataset(name, data=value)
    return path


def training_of(loss: Any, metrics: Any = (), optimizer: Mapping[str, Any] = RMSPROP) -> dict[str, Any]:
    """A `training_config`."""
    return {
        "optimizer_config": optimizer, "loss": loss, "metrics": list(metrics), "weighted_metrics": None,
        "sample_weight_mode": None, "loss_weights": None,
    }  # fmt: skip


def sequential(*layers: tuple[str, Mapping[str, Any]], as_list: bool = False) -> dict[str, Any]:
    """A Sequential network of layers; a list of them before Keras 2.2.3, named after."""
    described = [{"class_name": kind, "config": dict(config)} for kind, config in layers]
    return {
        "class_name": "Sequential",
        "config": described if as_list else {"name": "sequential_1", "layers": described},
    }


def dense(name: str, units: int, activation: str, **others: Any) -> tuple[str, dict[str, Any]]:
    """A Dense layer with every argument that Keras 2.2 wrote."""
    return "Dense", {
        "name": name, "trainable": True, "units": units, "activation": activation, "use_bias": True,
        "kernel_initializer": GLOROT, "bias_initializer": ZEROS, "kernel_regularizer": None, "bias_regularizer": None,
        "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None, **others,
    }  # fmt: skip


def drawn(seed: int, **shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Arrays of these shapes."""
    generator = np.random.default_rng(seed)
    return {name: generator.normal(0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()}


def named(layer: str, weights: Mapping[str, np.ndarray], suffix: str = ":0") -> list[tuple[str, np.ndarray]]:
    """Arrays as Keras 2 named them: `dense_1/kernel:0`."""
    return [(f"{layer}/{name}{suffix}", value) for name, value in weights.items()]
