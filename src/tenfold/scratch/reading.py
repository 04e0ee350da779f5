"""A Keras model read into scratch layers: the same weights, settings and numbers, in double precision.

    network = tenfold.scratch.from_keras(model)
    network.predict(x)                             # what model.predict says, to rounding

What can be opened is a chain of the layers below, a model as a layer among them; for anything else a sentence says
which layer, and why. Nothing here imports Keras: a layer is known by the name of its class and by its configuration.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tenfold.errors import ModelError
from tenfold.scratch.activations import ACTIVATIONS
from tenfold.scratch.convolution import Convolution
from tenfold.scratch.dense import Dense
from tenfold.scratch.embedding import Embedding
from tenfold.scratch.gru import GRU
from tenfold.scratch.layer import AbstractLayer, Numbers
from tenfold.scratch.lstm import LSTM
from tenfold.scratch.network import Network
from tenfold.scratch.normalization import BatchNormalization
from tenfold.scratch.pooling import AveragePooling, GlobalAveragePooling, GlobalMaxPooling, MaxPooling
from tenfold.scratch.recurrent import SimpleRNN
from tenfold.scratch.shaping import ActivationLayer, Dropout, Reshape
from tenfold.scratch.windows import Windows

__all__ = ["from_keras"]

_STATISTICS = ("moving_mean", "moving_variance")
"""Arrays of batch normalisation that are measured, not trained."""

_KNOWN_SETTINGS: dict[str, Any] = {
    "activity_regularizer": None,
    "bias_constraint": None,
    "bias_regularizer": None,
    "kernel_constraint": None,
    "kernel_regularizer": None,
    "recurrent_constraint": None,
    "recurrent_regularizer": None,
    "embeddings_constraint": None,
    "embeddings_regularizer": None,
    "beta_constraint": None,
    "beta_regularizer": None,
    "gamma_constraint": None,
    "gamma_regularizer": None,
    "lora_rank": None,
    "max_value": None,
    "noise_shape": None,
    "quantization_config": None,
    "axis": -1,
    "data_format": "channels_last",
    "dropout": 0,
    "go_backwards": False,
    "groups": 1,
    "keepdims": False,
    "mask_zero": False,
    "negative_slope": 0,
    "recurrent_dropout": 0,
    "renorm": False,
    "return_state": False,
    "stateful": False,
    "synchronized": False,
    "threshold": 0,
}
"""Settings that change what a layer computes, with the value that the scratch layers know; any other is refused."""


def from_keras(model: Any) -> Network:
    """The layers of a Keras model as scratch layers.

    Args:
        model: A built Keras model whose layers follow one another: Sequential, or functional without branches.

    Returns:
        The network, with the weights as they are now, in double precision.

    Raises:
        ModelError: A layer, or a setting of it, cannot be opened.
    """
    return Network(tuple(_opened(layer) for layer in _chain(model)))


def _chain(model: Any) -> list[Any]:
    """The layers in order, models among them unfolded; refuses branches."""
    if not hasattr(model, "layers") or not model.built:
        raise ModelError("not_built", f"The model `{model.name}` has no weights yet", hint="build it, or call it once")
    if type(model).__name__ != "Sequential":
        _check_straight(model)
    chain: list[Any] = []
    for layer in model.layers:
        if type(layer).__name__ != "InputLayer":
            chain += _chain(layer) if hasattr(layer, "layers") else [layer]
    return chain


def _check_straight(model: Any) -> None:
    """A functional model whose layers do not follow one another is refused."""
    entries = model.get_config().get("layers", []) if type(model).__name__ == "Functional" else []
    names = [entry["name"] for entry in entries]
    sources = [list(_sources(entry["inbound_nodes"])) for entry in entries]
    if not entries or sources != [[], *([name] for name in names[:-1])]:
        raise ModelError(
            "not_a_chain",
            f"The model `{model.name}` is no chain of layers and cannot be opened",
            expected="one input, one output, and layers that follow one another, each used once",
        )


def _sources(nodes: Any) -> Iterator[str]:
    """Names of the layers that a layer's calls receive tensors from, as a configuration tells them."""
    if isinstance(nodes, Mapping):
        if "keras_history" in nodes:
            yield nodes["keras_history"][0]
        nodes = list(nodes.values())
    if isinstance(nodes, list | tuple):
        for node in nodes:
            yield from _sources(node)


def _opened(layer: Any) -> AbstractLayer:
    kind, config = type(layer).__name__, layer.get_config()
    if kind not in _READERS or not type(layer).__module__.startswith("keras."):
        raise ModelError(
            "layer_not_opened",
            f"The layer `{layer.name}` ({kind}) cannot be opened",
            expected=f"one of {', '.join(sorted(_READERS))}",
        )
    for setting, known in _KNOWN_SETTINGS.items():
        if (found := config.get(setting, known)) not in (known if isinstance(known, tuple) else (known,)):
            raise ModelError(
                "setting_not_opened",
                f"The layer `{layer.name}` ({kind}) cannot be opened with its `{setting}`",
                expected=f"{known}",
                received=f"{found}",
            )
    return _READERS[kind](layer, config)


def _common(layer: Any) -> dict[str, Any]:
    """What every scratch layer is given."""
    weights = {name: value for name, value in _arrays(layer).items() if name not in _STATISTICS}
    return {"weights": weights, "name": layer.name, "trainable": bool(layer.trainable)}


def _arrays(layer: Any) -> dict[str, Numbers]:
    return {variable.name: np.array(variable.value, dtype=float) for variable in layer.weights}


def _activation(layer: Any, config: Mapping[str, Any], key: str = "activation") -> str:
    found = config[key] if isinstance(config[key], str) else "a function of its own"
    name = "silu" if found == "swish" else found
    if name not in ACTIVATIONS:
        raise ModelError(
            "activation_not_opened",
            f"The layer `{layer.name}` cannot be opened with its `{key}`",
            expected=f"one of {', '.join(ACTIVATIONS)}",
            received=name,
        )
    return name


def _windows(config: Mapping[str, Any], size: str) -> Windows:
    dilation = tuple(config.get("dilation_rate", (1, 1)))
    return Windows(tuple(config[size]), tuple(config["strides"]), config["padding"], dilation)


def _dense(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return Dense(_activation(layer, config), **_common(layer))


def _convolution(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return Convolution(_windows(config, "kernel_size"), _activation(layer, config), **_common(layer))


def _max_pooling(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return MaxPooling(_windows(config, "pool_size"), **_common(layer))


def _average_pooling(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return AveragePooling(_windows(config, "pool_size"), **_common(layer))


def _global_average_pooling(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:  # noqa: ARG001  # no settings
    return GlobalAveragePooling(**_common(layer))


def _global_max_pooling(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:  # noqa: ARG001  # no settings
    return GlobalMaxPooling(**_common(layer))


def _reshape(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return Reshape(tuple(config.get("target_shape", (-1,))), **_common(layer))


def _activation_layer(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return ActivationLayer(_activation(layer, {"activation": "relu", **config}), **_common(layer))


def _dropout(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return Dropout(config["rate"], seed=config["seed"] or 0, **_common(layer))


def _embedding(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:  # noqa: ARG001  # all in its table
    return Embedding(**_common(layer))


def _batch_normalization(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    statistics = {name: value for name, value in _arrays(layer).items() if name in _STATISTICS}
    return BatchNormalization(statistics, config["momentum"], config["epsilon"], **_common(layer))


def _simple_rnn(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return SimpleRNN(_activation(layer, config), config["return_sequences"], **_common(layer))


def _gated(layer: Any, config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings that an LSTM and a GRU share."""
    return {
        "activation": _activation(layer, config),
        "recurrent_activation": _activation(layer, config, "recurrent_activation"),
        "return_sequences": config["return_sequences"],
        **_common(layer),
    }


def _lstm(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return LSTM(**_gated(layer, config))


def _gru(layer: Any, config: Mapping[str, Any]) -> AbstractLayer:
    return GRU(reset_after=config["reset_after"], **_gated(layer, config))


_READERS: dict[str, Callable[[Any, Mapping[str, Any]], AbstractLayer]] = {
    "Activation": _activation_layer,
    "AveragePooling1D": _average_pooling,
    "AveragePooling2D": _average_pooling,
    "BatchNormalization": _batch_normalization,
    "Conv1D": _convolution,
    "Conv2D": _convolution,
    "Dense": _dense,
    "Dropout": _dropout,
    "Embedding": _embedding,
    "Flatten": _reshape,
    "GRU": _gru,
    "GlobalAveragePooling1D": _global_average_pooling,
    "GlobalAveragePooling2D": _global_average_pooling,
    "GlobalMaxPooling1D": _global_max_pooling,
    "GlobalMaxPooling2D": _global_max_pooling,
    "LSTM": _lstm,
    "MaxPooling1D": _max_pooling,
    "MaxPooling2D": _max_pooling,
    "ReLU": _activation_layer,
    "Reshape": _reshape,
    "SimpleRNN": _simple_rnn,
}
"""Every layer of Keras that can be opened."""
