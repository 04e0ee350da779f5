"""One Keras layer, or an operation of a functional model, as plain facts."""

from typing import Any

import keras
import numpy as np
from keras.src.utils.naming import to_snake_case

from tenfold.checks.facts import LayerFacts
from tenfold.engine.known_parts import is_known
from tenfold.observation.kernels import kernel_facts
from tenfold.observation.passage import Passage

__all__ = ["activation_name", "layer_facts"]

_KINDS_OF_ACTIVATION = {
    "ReLU": "relu", "ReLU6": "relu6", "LeakyReLU": "leaky_relu", "PReLU": "leaky_relu", "ELU": "elu",
    "Softmax": "softmax",
}  # fmt: skip
"""Layers and operations that are an activation and nothing else, where Keras spells them unlike the function."""

_FUNCTIONS = (keras.layers.Lambda, keras.layers.JaxLayer, keras.layers.FlaxLayer, keras.layers.TorchModuleWrapper)
"""Keras' layers around a function of the user's own."""


def layer_facts(passage: Passage) -> LayerFacts:
    """A layer on the way as facts."""
    if passage.layer is None:
        return LayerFacts(passage.name, "Operation", "custom", 0, passage.shape, passage.sources, is_known=False)
    if not isinstance(passage.layer, keras.Layer):
        return _of_operation(passage)
    layer = _inside(passage.layer)
    return LayerFacts(
        name=passage.name,
        kind=type(layer).__name__,
        activation=activation_name(layer),
        units=int(passage.shape[-1] or 0) if passage.shape else 0,
        output_shape=passage.shape,
        sources=passage.sources,
        kernel=kernel_facts(layer),
        num_parameters=int(sum(np.prod(variable.shape) for variable in layer.trainable_variables)),
        rate=_rate(layer),
        dtype=str(layer.compute_dtype),
        is_known=is_known(type(layer).__module__) and not isinstance(layer, _FUNCTIONS),
        is_trainable=bool(layer.trainable),
        uses_bias=any(variable.name == "bias" for variable in layer.weights),
    )


def activation_name(layer: Any) -> str:
    """Name of the activation that ends a layer; `"linear"` without one, `""` where the kind has none."""
    kind = type(layer).__name__
    if kind in _KINDS_OF_ACTIVATION:
        return _KINDS_OF_ACTIVATION[kind]
    if isinstance(layer, keras.layers.Bidirectional):
        return activation_name(layer.forward_layer)
    activation = getattr(layer, "activation", "")
    if activation == "" or activation is None:
        return "" if activation == "" else "linear"
    if isinstance(activation, keras.Layer):
        return activation_name(activation) or "custom"
    known = is_known(str(getattr(activation, "__module__", "")))
    return str(getattr(activation, "__name__", "custom")) if known else "custom"


def _of_operation(passage: Passage) -> LayerFacts:
    """An operation of `keras.ops` between the layers of a functional model."""
    kind = type(passage.layer).__name__
    activation = _KINDS_OF_ACTIVATION.get(kind, to_snake_case(kind))
    is_activation = hasattr(keras.activations, activation)
    return LayerFacts(
        passage.name, kind, activation if is_activation else "", 0, passage.shape, passage.sources, uses_bias=False
    )


def _inside(layer: Any) -> Any:
    """The layer that a wrapper applies to each step."""
    return layer.layer if isinstance(layer, keras.layers.TimeDistributed) else layer


def _rate(layer: Any) -> float | None:
    rate = getattr(layer, "rate", None)
    return float(rate) if "Dropout" in type(layer).__name__ and rate is not None else None
