"""The user's own code inside a model, searched for unsafe operations: losses, metrics, layers, activations.

A loss is called with targets as they were observed and with predictions anywhere in the range of the last activation
(any number where there is none). A layer is called with what it was seen to receive, and ten times as far where its
input has no end. Keras' own losses are searched too, since they break with an activation that does not fit; of layers
only lines of the user's own are reported.
"""

from collections.abc import Iterator, Sequence
from types import FunctionType
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from tenfold.engine.known_parts import is_known
from tenfold.engine.losses import find_heads, hands_logits, output_position
from tenfold.engine.network import Batch
from tenfold.precision.steps import nodes_called_once
from tenfold.precision.unsafe.extremes import Argument
from tenfold.precision.unsafe.finding import UnsafeOperation, find_unsafe
from tenfold.precision.unsafe.interval import ANYTHING, Interval

__all__ = ["unsafe_in_layers", "unsafe_in_losses"]

_MARGIN = 10.0
"""How many times its observed span an input without an end is followed beyond what was observed. Arbitrary."""

_FEW_ROWS = 8
"""Rows that a function is traced and tried with. Arbitrary: ranges do not depend on it, time does."""

_RANGES = {
    "sigmoid": Interval(0.0, 1.0), "hard_sigmoid": Interval(0.0, 1.0), "softmax": Interval(0.0, 1.0),
    "relu": Interval(0.0, np.inf), "softplus": Interval(0.0, np.inf), "exponential": Interval(0.0, np.inf),
    "relu6": Interval(0.0, 6.0), "tanh": Interval(-1.0, 1.0), "hard_tanh": Interval(-1.0, 1.0),
    "softsign": Interval(-1.0, 1.0), "elu": Interval(-1.0, np.inf), "selu": Interval(-1.7580993408473766, np.inf),
}  # fmt: skip
"""Ranges of Keras' activations; any other may give any number."""


def unsafe_in_losses(model: Any, targets: Sequence[Any], answers: Sequence[Any]) -> list[UnsafeOperation]:
    """Unsafe operations in the compiled losses, and in metrics that are functions of the user's.

    Args:
        model: A compiled, built model.
        targets: Targets of the rows to judge by, in the order of the outputs.
        answers: What the model answers, in the order of the outputs.

    Returns:
        What was found, loss by loss.
    """
    found = []
    logits = {head.output for head in find_heads(model)} if hands_logits(model) else set()
    for entry in model._compile_loss._flat_losses:
        place = output_position(model, entry)
        argument = _prediction(model, place, answers[place], reads_logits=place in logits)
        target = _observed(np.asarray(targets[place])[:_FEW_ROWS].astype(entry.loss.dtype))
        found += find_unsafe(entry.loss.call, [target, argument], name=_name(entry.loss)).operations
    for function in _metric_functions(model):
        argument = _prediction(model, 0, answers[0], reads_logits=False)._replace(observed=None, passes_gradient=False)
        found += find_unsafe(function, [_observed(np.asarray(targets[0])[:_FEW_ROWS]), argument]).operations
    return found


def unsafe_in_layers(model: Any, rows: Batch) -> list[UnsafeOperation]:
    """Unsafe operations in lines of the user's own that the forward pass runs through.

    Layer by layer in a graph; the whole forward pass at once in a model that is no graph.
    """
    few = jax.tree.map(lambda leaf: leaf[:_FEW_ROWS], rows.x)
    graph = getattr(model, "_functional", None) or model
    if not isinstance(graph, keras.src.models.functional.Functional):
        return _searched(model, keras.tree.flatten(few), [None] * len(keras.tree.flatten(few)), nested=few)
    own = [node for node in nodes_called_once(graph) if node.input_tensors and _holds_own_code(node.operation)]
    if not own:
        return []
    received = keras.Model(graph.inputs, [list(node.input_tensors) for node in own])(keras.tree.flatten(few))
    found = []
    for node, arrays in zip(own, received, strict=True):
        found += _searched(node.operation, arrays, node.input_tensors, nested=node.arguments.args[0])
    return found


def _searched(layer: Any, arrays: Sequence[Any], tensors: Sequence[Any], *, nested: Any) -> list[UnsafeOperation]:
    """The operations of one layer's call."""
    trainable = [variable.value for variable in layer.trainable_variables]
    frozen = [variable.value for variable in layer.non_trainable_variables]
    arguments = [_received(np.asarray(array), tensor) for array, tensor in zip(arrays, tensors, strict=True)]

    def call(*inputs: Any) -> Any:
        return layer.stateless_call(trainable, frozen, keras.tree.pack_sequence_as(nested, list(inputs)))[0]

    return find_unsafe(call, arguments, name=layer.name, only_user_code=True).operations


def _holds_own_code(layer: Any) -> bool:
    """Whether a call of the layer runs through lines that are not Keras' or ours."""
    functions = [one for one in vars(layer).values() if isinstance(one, FunctionType)]
    modules = [type(layer).__module__, *(str(function.__module__) for function in functions)]
    inner = layer._flatten_layers(include_self=False)
    return not all(is_known(module) for module in modules) or any(_holds_own_code(one) for one in inner)


def _received(array: np.ndarray, tensor: Any) -> Argument:
    """A layer's input: in the range of the activation before it, as far as that has ends."""
    is_float = jnp.issubdtype(array.dtype, jnp.floating)
    low, high = float(array.min()), float(array.max())
    span = _MARGIN * (high - low) if is_float else 0.0
    before = ANYTHING if tensor is None else _activation_range(tensor._keras_history.operation)
    ends = Interval(max(before.low, low - span), min(before.high, high + span))
    return Argument(array.shape, ends, array.dtype.name, array, passes_gradient=bool(is_float))


def _prediction(model: Any, place: int, answer: np.ndarray, *, reads_logits: bool) -> Argument:
    """What a loss is given by the model."""
    graph = getattr(model, "_functional", None) or model
    is_graph = isinstance(graph, keras.src.models.functional.Functional)
    layer = keras.tree.flatten(graph.outputs)[place]._keras_history.operation if is_graph else None
    interval = ANYTHING if reads_logits or layer is None else _activation_range(layer)
    is_softmax = not reads_logits and _activation_of(layer) == "softmax" and getattr(layer, "axis", -1) == -1
    few = np.asarray(answer)[:_FEW_ROWS].astype("float32")
    return Argument(few.shape, interval, "float32", None if reads_logits else few, sums_to_one=is_softmax)


def _activation_range(layer: Any) -> Interval:
    return _RANGES.get(_activation_of(layer), ANYTHING)


def _activation_of(layer: Any) -> str:
    """Keras' name of the activation that a layer ends with; empty for another."""
    if isinstance(layer, keras.layers.Softmax | keras.layers.ReLU):
        plain = isinstance(layer, keras.layers.Softmax) or not (layer.negative_slope or layer.threshold)
        return type(layer).__name__.lower() if plain else ""
    activation = getattr(layer, "activation", None)
    return str(getattr(activation, "__name__", "")) if is_known(str(getattr(activation, "__module__", ""))) else ""


def _observed(array: np.ndarray) -> Argument:
    numbers = array.astype(np.float64)
    return Argument(array.shape, Interval(float(numbers.min()), float(numbers.max())), array.dtype.name, array,
                    passes_gradient=False)  # fmt: skip


def _name(loss: Any) -> str:
    """How a loss is written."""
    function = getattr(loss, "fn", None)
    return f"keras.losses.{function.__name__}" if function is not None else type(loss).__name__


def _metric_functions(model: Any) -> Iterator[Any]:
    """Metrics that are plain functions of the user's, of a model with one output."""
    asked = getattr(model, "_compile_config", None)
    if asked is not None and len(model._compile_loss._flat_losses) == 1:
        metrics = keras.tree.flatten(asked.config["metrics"] or [])
        yield from (one for one in metrics if isinstance(one, FunctionType) and not is_known(str(one.__module__)))
