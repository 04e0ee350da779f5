"""The same model with other activations: what a user would write by hand to compare them.

Only hidden layers change; the activation of an output belongs to the loss. A layer that is an activation (`ReLU()`,
`Activation("tanh")`) is exchanged as well as one that has one (`Dense(8, activation="relu")`).
"""

from collections.abc import Callable
from typing import Any

import keras

from tenfold.errors import ModelError

__all__ = ["hidden_activations", "with_activation"]

_NO_ACTIVATION = ("", "linear", "softmax")
"""What is not compared: nothing, and what turns a whole layer into shares."""

_ALONE = {keras.layers.ReLU: "relu", keras.layers.LeakyReLU: "leaky_relu", keras.layers.ELU: "elu"}
"""Layers that are nothing but an activation."""

_INITIAL_WEIGHTS = {"relu": "he_normal", "leaky_relu": "he_normal", "elu": "he_normal", "gelu": "he_normal",
                    "selu": "lecun_normal"}  # fmt: skip
"""Initial weights that belong to an activation; `glorot_uniform` to all others. Sources: He et al. (2015), Klambauer
et al. (2017), Glorot and Bengio (2010)."""


def hidden_activations(model: Any) -> dict[str, str]:
    """Activation of each hidden layer that has one, by the layer's name, in order; recurrent layers are left out.

    Args:
        model: A built Keras model.
    """
    last = _output_layers(model)
    found = {layer.name: _activation(layer) for layer in _layers(model) if layer.name not in last}
    return {name: activation for name, activation in found.items() if activation not in _NO_ACTIVATION}


def with_activation(model: Any, name: str, *, instead_of: tuple[str, ...] = (), redraws: bool = False) -> Any:
    """A compiled copy of a model whose hidden layers have another activation.

    Args:
        model: A compiled, built Keras model.
        name: The new activation, by Keras' name.
        instead_of: Which activations are exchanged; empty for all.
        redraws: Whether exchanged layers also get the initial weights that belong to the activation.

    Raises:
        ModelError: Keras cannot rebuild this kind of model from its layers.
    """
    hidden = {layer for layer, own in hidden_activations(model).items() if not instead_of or own in instead_of}
    try:
        copy = keras.models.clone_model(model, clone_function=_exchange(hidden, name, redraws=redraws), recursive=True)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ModelError(
            "not_rebuilt", "The layers of this model cannot be exchanged", expected="a Sequential or functional model",
            received=type(model).__name__,
        ) from error  # fmt: skip
    copy.compile(
        optimizer=keras.optimizers.deserialize(keras.optimizers.serialize(model.optimizer)),
        loss=model.loss,
        loss_weights=getattr(model._compile_loss, "_user_loss_weights", None),
    )
    return copy


def _exchange(hidden: set[str], name: str, *, redraws: bool) -> Callable[[Any], Any]:
    def exchanged(layer: Any) -> Any:
        if layer.name not in hidden:
            return layer.__class__.from_config(layer.get_config())
        if type(layer) in _ALONE:
            return keras.layers.Activation(name, name=layer.name)
        config = layer.get_config() | {"activation": name}
        if redraws and "kernel_initializer" in config:
            config["kernel_initializer"] = _INITIAL_WEIGHTS.get(name, "glorot_uniform")
        return layer.__class__.from_config(config)

    return exchanged


def _layers(model: Any) -> list[Any]:
    """Layers that a user named, nested models taken apart."""
    found: list[Any] = []
    for layer in model.layers:
        found += _layers(layer) if isinstance(layer, keras.Model) else [layer]
    return found


def _activation(layer: Any) -> str:
    if type(layer) in _ALONE:
        return _ALONE[type(layer)]
    if isinstance(layer, keras.layers.RNN) or hasattr(layer, "cell"):
        return ""
    return str(getattr(getattr(layer, "activation", None), "__name__", ""))


def _output_layers(model: Any) -> set[str]:
    """Layers whose answers are the model's own; in a chain the last one."""
    histories = [
        getattr(tensor, "_keras_history", None) for tensor in keras.tree.flatten(getattr(model, "outputs", []))
    ]
    found = {history.operation.name for history in histories if history is not None}
    return found | {_layers(model)[-1].name}
