"""When one compiled program serves two models: the same architecture, optimizer, loss and metrics.

Weights, learning rates and traced settings are arguments of a program, so they do not count. Everything else that a
program has inside must count, also what Keras leaves out of a configuration: the delta of a Huber loss, the statistics
of an adapted normalisation, the weights that an optimizer does not decay. A configuration tells this only of
known parts (`known_parts.py`). A model with any part of the user's own (a layer, a function, a regulariser) shares its
programs with nobody but itself, and only until it is compiled again.
"""

import itertools
import json
import re
import weakref
from collections.abc import Hashable, Mapping, Sequence
from types import FunctionType
from typing import Any

import jax
import keras
import numpy as np
from keras.src.utils.naming import to_snake_case

from tenfold.engine.known_parts import is_known, is_known_configuration
from tenfold.engine.settings import settings_in_place

__all__ = ["signature"]


def signature(model: Any, traced: Sequence[str], heads: Sequence[Any]) -> Hashable:
    """A key that two models share if and only if they train as one program.

    Args:
        model: A compiled, built Keras model.
        traced: Names of settings that are arguments of the program.
        heads: Heads that train on logits.
    """
    try:
        described: Hashable = _described(model, traced)
    except _OwnPartError:
        compiled = (model.optimizer, model._compile_loss, model._compile_metrics)
        described = tuple(0 if one is None else _number_of(one) for one in (model, *compiled))
    layers = list(model._flatten_layers())
    owners = {name.split(".")[0] for name in traced}
    traced_layers = tuple(number for number, layer in enumerate(layers) if layer.name in owners)
    trainable = tuple(layer.trainable for layer in layers)
    of_keras = keras.config.floatx(), keras.config.epsilon()
    return (described, tuple(traced), traced_layers, tuple(head.output for head in heads), trainable, of_keras)


class _OwnPartError(Exception):
    """The model has a part that is not Keras' own, so its configuration does not tell what it does."""


_numbers: "weakref.WeakKeyDictionary[Any, int]" = weakref.WeakKeyDictionary()
_count = itertools.count(1)


def _number_of(one: Any) -> int:
    """A number for an object that no other object gets, also after it is gone; unlike `id`."""
    if one not in _numbers:
        _numbers[one] = next(_count)
    return _numbers[one]


def _described(model: Any, traced: Sequence[str]) -> str:
    """The model's configuration as text, with every number that the program would have inside."""
    layers = list(model._flatten_layers())
    _check_keras_parts(model, layers)
    with settings_in_place(model, dict.fromkeys(traced, 1.0), wrap=float):
        optimizer = keras.optimizers.serialize(model.optimizer)
        _forget_values(optimizer["config"])
        parts = [
            model.get_config(),
            optimizer,
            _choices_of(model.optimizer, model.trainable_variables),
            [_loss(entry) for entry in model._compile_loss._flat_losses],
            _metrics(model._compile_metrics),
            [_arrays_inside(layer) for layer in layers],
        ]
        return _without_counted_names(json.dumps(_plain(parts), sort_keys=True), layers)


def _check_keras_parts(model: Any, layers: Sequence[Any]) -> None:
    """Layers and optimizers of known classes, and a compiled loss to look at."""
    inner = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    parts = [*layers, model.optimizer, inner, inner._learning_rate]
    functions = [one for layer in layers for one in vars(layer).values() if isinstance(one, FunctionType)]
    modules = [type(part).__module__ for part in parts] + [str(function.__module__) for function in functions]
    if model._compile_loss is None or not all(is_known(module) for module in modules):
        raise _OwnPartError


def _loss(entry: Any) -> list[Any]:
    """A compiled loss; its numbers are added, because `Huber` keeps its delta out of its configuration."""
    loss = entry.loss
    return [entry.path, entry.loss_weights, _with_function(loss, getattr(loss, "fn", None))]


def _metrics(compiled: Any) -> list[Any]:
    """Metrics by output, those that sample weights count in apart from the others."""
    if compiled is None:
        return []

    def listed(of_output: Any) -> list[Any] | None:
        return of_output and [_with_function(metric, getattr(metric, "_fn", None)) for metric in of_output.metrics]

    return [[listed(one) for one in part] for part in (compiled._flat_metrics, compiled._flat_weighted_metrics)]


def _with_function(one: Any, function: Any) -> list[Any]:
    """A loss or metric by its class, configuration, function and the function's numbers."""
    if not all(is_known(str(part.__module__)) for part in (type(one), function or type(one))):
        raise _OwnPartError
    config = {name: value for name, value in one.get_config().items() if name != "fn"}
    return [type(one).__name__, config, getattr(function, "__name__", None), getattr(one, "_fn_kwargs", {})]


def _choices_of(optimizer: Any, variables: Sequence[Any]) -> list[Any]:
    """Which weights the optimizer treats apart: a choice by the weight's name that is in no configuration."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    choices = [getattr(inner, name) for name in ("_use_weight_decay", "_should_use_adamw") if hasattr(inner, name)]
    return [[bool(choice(variable)) for variable in variables] for choice in choices]


def _arrays_inside(layer: Any) -> dict[str, Any]:
    """Arrays that a layer keeps outside its weights, such as the mean of an adapted `Normalization`."""
    found = {name: value for name, value in vars(layer).items() if isinstance(value, np.ndarray | jax.Array)}
    return {name: [np.asarray(value).dtype.name, np.asarray(value).tolist()] for name, value in found.items()}


def _plain(value: Any) -> Any:
    """A configuration as JSON values, without initializers: initial weights are arguments of a program.

    Raises:
        _OwnPartError: It holds a function or an object of the user's own.
    """
    if isinstance(value, Mapping):
        if "class_name" in value and not _is_keras(value):
            raise _OwnPartError
        return {str(name): _plain(one) for name, one in value.items() if not str(name).endswith("initializer")}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.ndarray | np.generic | jax.Array):
        return np.asarray(value).tolist()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, type | np.dtype | keras.DTypePolicy):
        return repr(value)
    raise _OwnPartError


def _is_keras(serialized: Mapping[str, Any]) -> bool:
    is_value = serialized["class_name"] in ("__numpy__", "__tensor__", "__tuple__", "__slice__", "__keras_tensor__")
    return is_value or is_known_configuration(str(serialized.get("module")))


def _forget_values(config: dict[str, Any]) -> None:
    """Leave out the name, and a learning rate that is kept in a variable, also inside a loss-scaling wrapper."""
    config["name"] = None
    if isinstance(config.get("learning_rate"), float):
        config["learning_rate"] = None
    if isinstance(config.get("inner_optimizer"), dict):
        _forget_values(config["inner_optimizer"]["config"])


def _without_counted_names(text: str, layers: Sequence[Any]) -> str:
    """Names that Keras counts up from build to build, replaced by the layer's position; a user's own names stay."""
    for number, layer in enumerate(layers):
        if re.fullmatch(rf"{to_snake_case(type(layer).__name__)}(_\d+)?", layer.name):
            text = text.replace(f'"{layer.name}"', f'"#{number}"')
    return text
