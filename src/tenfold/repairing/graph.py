"""Which layer of a model stands where: sources, heads, hidden layers, and the activation that ends each.

A *head* is the last layer with a kernel before an output, with everything after it (`Dense(10)`, then `Softmax`).
*Hidden* layers are the other layers with a kernel and units of their own. Read from Keras' public configuration.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import keras
from keras.src.models.functional import Functional

__all__ = [
    "Head",
    "activation_of",
    "configuration",
    "consumers",
    "head_of",
    "hidden_layers",
    "input_name",
    "is_rewritable",
    "layer_named",
    "operations",
    "sources",
]

WEIGHTED = (
    keras.layers.Dense, keras.layers.EinsumDense, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D,
    keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose,
    keras.layers.SeparableConv1D, keras.layers.SeparableConv2D,
)  # fmt: skip
"""Layers that are a matrix product followed by an activation."""

ACTIVATIONS = {
    keras.layers.ReLU: "relu", keras.layers.LeakyReLU: "leaky_relu", keras.layers.ELU: "elu",
    keras.layers.PReLU: "leaky_relu", keras.layers.Softmax: "softmax",
}  # fmt: skip
"""Layers that are an activation, with its name."""

_TRANSPARENT = (
    keras.layers.BatchNormalization, keras.layers.LayerNormalization, keras.layers.GroupNormalization,
    keras.layers.Dropout, keras.layers.SpatialDropout1D, keras.layers.SpatialDropout2D, keras.layers.MaxPooling1D,
    keras.layers.MaxPooling2D, keras.layers.AveragePooling1D, keras.layers.AveragePooling2D,
)  # fmt: skip
"""Layers that may stand between a layer and its activation."""


class Head:
    """The last layer with a kernel before an output, and what follows it.

    Args:
        layer: That layer.
        after: Names of the layers behind it, in order.
    """

    def __init__(self, layer: Any, after: list[str]) -> None:
        self.layer, self.after = layer, after


def is_rewritable(model: Any) -> bool:
    """Whether the model says how its layers are connected: Sequential or functional, and built."""
    return isinstance(model, keras.Sequential | Functional) and model.built


def layer_named(model: Any, name: str) -> Any:
    """A layer or operation of the model itself, not of a model inside it."""
    return next(one for one in operations(model) if one.name == name)


def configuration(model: Any) -> dict[str, Any]:
    """Layers and calls of a functional model, as Keras' own class tells them."""
    found: dict[str, Any] = Functional.get_config(model)
    return found


def sources(model: Any) -> dict[str, tuple[str, ...]]:
    """Names of the layers (and inputs) that each layer takes its inputs from, in the order of the layers."""
    if isinstance(model, keras.Sequential):
        names = [model.inputs[0].name, *(layer.name for layer in model.layers)]
        return {after: (before,) for before, after in itertools.pairwise(names)}
    config = configuration(model)
    return {one["name"]: tuple(_history(one["inbound_nodes"])) for one in config["layers"] if one["inbound_nodes"]}


def input_name(model: Any) -> str | None:
    """What the user has named the input of a Sequential model; None where it has no input yet."""
    first = model.get_config()["layers"][0]
    return str(first["config"]["name"]) if first["class_name"] == "InputLayer" else None


def operations(model: Any) -> list[Any]:
    """Layers of a model, with the operations of `keras.ops` between them."""
    return list(model.layers if isinstance(model, keras.Sequential) else model.operations)


def consumers(model: Any, name: str) -> list[str]:
    """Names of the layers that take what this layer or input gives."""
    return [layer for layer, before in sources(model).items() if name in before]


def head_of(model: Any, output: int = 0) -> Head | None:
    """The head of an output; None where no layer with a kernel leads straight to it.

    Args:
        model: Sequential or functional, built.
        output: Position among the flattened outputs.
    """
    after: list[str] = []
    name = _output_layers(model)[output]
    before = sources(model)
    while name in before:
        layer = layer_named(model, name)
        if isinstance(layer, WEIGHTED):
            return Head(layer, after)
        if len(before[name]) > 1 or (getattr(layer, "weights", None) and not isinstance(layer, _TRANSPARENT)):
            return None
        after.insert(0, name)
        name = before[name][0]
    return None


def hidden_layers(model: Any) -> list[Any]:
    """Layers with a kernel that are no head, in order."""
    heads = {id(head.layer) for head in _heads(model)}
    return [layer for layer in model.layers if isinstance(layer, WEIGHTED) and id(layer) not in heads]


def activation_of(model: Any, layer: Any) -> tuple[str, Any | None]:
    """The activation that a layer's answers pass, and the layer that holds it.

    Returns:
        Its name (`"linear"` where there is none) and its owner: the layer itself, an activation layer behind it, or
        None.
    """
    name = _name_of(getattr(layer, "activation", None))
    if name != "linear":
        return name, layer
    following = consumers(model, layer.name)
    while len(following) == 1:
        after = layer_named(model, following[0])
        if type(after) in ACTIVATIONS or isinstance(after, keras.layers.Activation):
            return ACTIVATIONS.get(type(after)) or _name_of(after.activation), after
        if not isinstance(after, _TRANSPARENT):
            break
        following = consumers(model, after.name)
    return "linear", None


def _heads(model: Any) -> Iterator[Head]:
    for output in range(len(_output_layers(model))):
        head = head_of(model, output)
        if head is not None:
            yield head


def _output_layers(model: Any) -> list[str]:
    if isinstance(model, keras.Sequential):
        return [model.layers[-1].name]
    return list(_history(configuration(model)["output_layers"]))


def _history(config: Any) -> Iterator[str]:
    """Names of layers in a serialised call or list of outputs, in order."""
    if isinstance(config, dict) and config.get("class_name") == "__keras_tensor__":
        yield config["config"]["keras_history"][0]
    elif isinstance(config, dict):
        for one in config.values():
            yield from _history(one)
    elif isinstance(config, list | tuple) and len(config) == 3 and isinstance(config[0], str):  # noqa: PLR2004
        yield config[0]  # an output: layer, call, position
    elif isinstance(config, list | tuple):
        for one in config:
            yield from _history(one)


def _name_of(activation: Any) -> str:
    return str(getattr(activation, "__name__", type(activation).__name__)) if activation is not None else "linear"
