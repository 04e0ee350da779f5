"""When one compiled program serves two models: the same architecture, optimizer, loss and metrics.

Weights, learning rates and traced settings are arguments of a program, so they do not count. Only models made wholly of
Keras' own parts can be compared by their configuration; any other model is compared by identity.
"""

import json
from collections.abc import Hashable, Sequence
from typing import Any

import keras

from tenfold.engine.settings import LEARNING_RATE, settings_in_place

__all__ = ["signature"]


def signature(model: Any, traced: Sequence[str], heads: Sequence[Any]) -> Hashable:
    """A key that two models share if and only if they train as one program.

    Args:
        model: A compiled, built Keras model.
        traced: Names of settings that are arguments of the program.
        heads: Heads that train on logits.
    """
    if not _is_plain(model):
        return ("model", id(model))
    text = _without_values(model, traced)
    if not traced:  # names decide nothing then, and Keras counts them up from build to build
        for number, layer in enumerate(model._flatten_layers()):
            text = text.replace(f'"{layer.name}"', f'"#{number}"')
    trainable = tuple(layer.trainable for layer in model._flatten_layers())
    return (text, tuple(traced), tuple(head.output for head in heads), trainable, keras.config.floatx())


def _is_plain(model: Any) -> bool:
    layers = list(model._flatten_layers())
    losses = [entry.loss for entry in model._compile_loss._flat_losses] if model._compile_loss else [None]
    metrics = model._compile_metrics.metrics if model._compile_metrics else []
    functions = [getattr(one, name) for one in losses + metrics for name in ("fn", "_fn") if hasattr(one, name)]
    schedule = getattr(model.optimizer, "_learning_rate", None)
    parts = [type(one).__module__ for one in [*layers, model.optimizer, *losses, *metrics, schedule]]
    parts += [getattr(function, "__module__", "") for function in functions]
    has_functions = any(isinstance(layer, keras.layers.Lambda) for layer in layers)
    return not has_functions and all(part.startswith("keras.src.") for part in parts)


def _without_values(model: Any, traced: Sequence[str]) -> str:
    with settings_in_place(model, dict.fromkeys(set(traced) - {LEARNING_RATE}, 1.0), wrap=float):
        optimizer = keras.optimizers.serialize(model.optimizer)
        _forget_values(optimizer["config"])
        losses = [
            (entry.path, keras.losses.serialize(entry.loss), entry.loss_weights)
            for entry in model._compile_loss._flat_losses
        ]
        metrics = model._compile_metrics
        listed = [keras.metrics.serialize(metric) for metric in metrics.metrics] if metrics else []
        parts = [model.get_config(), optimizer, losses, listed]
        return json.dumps(parts, default=repr, sort_keys=True)


def _forget_values(config: dict[str, Any]) -> None:
    """Leave out the name, and a learning rate that is kept in a variable, also inside a loss-scaling wrapper."""
    config["name"] = None
    if isinstance(config.get("learning_rate"), float):
        config["learning_rate"] = None
    if isinstance(config.get("inner_optimizer"), dict):
        _forget_values(config["inner_optimizer"]["config"])
