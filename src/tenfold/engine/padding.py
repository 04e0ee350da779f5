"""Whether padded rows can take part in a model's training: only where rows of a batch cannot influence each other.

Members with different numbers of rows share a program by padding, and padding weighs nothing in losses and metrics. But
batch normalisation averages over rows, an activity regulariser divides by their number, a custom loss may do either.
Such models never see padding: their members are sorted by number of rows, and the last batch is a smaller step of its
own.
"""

from types import FunctionType
from typing import Any

import keras
import numpy as np
from keras.src.models.functional import Functional

from tenfold.engine.known_parts import is_known
from tenfold.engine.losses import losses_ignore_padding, treats_rows_alone_in

__all__ = ["mixes_rows_in_training", "treats_rows_alone"]

_MIX_IN_TRAINING = (keras.layers.BatchNormalization, keras.layers.MixUp, keras.layers.CutMix)
"""Keras' layers that look across rows while they train. Found by comparing every layer's answers for five rows alone
and among three others (Keras 3.15)."""

_FUNCTIONS = (keras.layers.Lambda, keras.layers.JaxLayer, keras.layers.FlaxLayer, keras.layers.TorchModuleWrapper)
"""Keras' layers around a function of the user's own, which may do anything."""

_ROW_BY_ROW = {
    "Absolute", "Add", "Clip", "Cos", "Divide", "Elu", "Exp", "Gelu", "LeakyRelu", "Log", "Log1p", "Maximum", "Minimum",
    "Multiply", "Negative", "Power", "Relu", "Selu", "Sigmoid", "Silu", "Sin", "Softplus", "Sqrt", "Square", "Subtract",
    "Tanh", "TrueDivide",
}  # fmt: skip
"""Operations of `keras.ops` in a functional model that work entry by entry; any other one counts as one that mixes."""


def treats_rows_alone(model: Any) -> bool:
    """Whether rows of a batch cannot influence each other when the model predicts, its loss and metrics included.

    Only known parts can be judged (`known_parts.py`); any other layer, loss or metric counts as one that mixes rows.

    Args:
        model: A compiled and built Keras model.
    """
    metrics = model._compile_metrics.metrics if model._compile_metrics else []
    return (
        all(_layer_treats_rows_alone(layer) and _graph_treats_rows_alone(layer) for layer in model._flatten_layers())
        and losses_ignore_padding(model)
        and all(_metric_treats_rows_alone(metric) for metric in metrics)
        and not _answers_masked(model)
    )


def mixes_rows_in_training(model: Any) -> bool:
    """Whether a layer looks across the rows of a batch while it trains, and only then."""
    return any(isinstance(layer, _MIX_IN_TRAINING) for layer in model._flatten_layers())


def _layer_treats_rows_alone(layer: Any) -> bool:
    functions = [one for one in vars(layer).values() if isinstance(one, FunctionType)]
    modules = [type(layer).__module__, *(str(function.__module__) for function in functions)]
    is_judged = all(is_known(module) for module in modules) and not isinstance(layer, _FUNCTIONS)
    is_stateful = getattr(layer, "stateful", False) and hasattr(layer, "reset_state")
    return (
        is_judged
        and getattr(layer, "activity_regularizer", None) is None
        and not is_stateful
        and 0 not in np.atleast_1d(getattr(layer, "axis", -1))
    )


def _graph_treats_rows_alone(layer: Any) -> bool:
    """Whether the operations between the layers of a functional model work entry by entry."""
    graph = getattr(layer, "_functional", None) or layer
    operations = graph.operations if isinstance(graph, Functional) else []
    return all(isinstance(one, keras.Layer) or type(one).__name__ in _ROW_BY_ROW for one in operations)


def _metric_treats_rows_alone(metric: Any) -> bool:
    counts_whole_rows = str(metric.dtype).startswith("int")  # such as `MeanIoU`, which warns of weights
    if counts_whole_rows or not type(metric).__module__.startswith("keras.src."):
        return False
    function = getattr(metric, "_fn", None)
    return function is None or treats_rows_alone_in(function, getattr(metric, "_fn_kwargs", {}))


def _answers_masked(model: Any) -> bool:
    """Whether a mask may reach the output, where Keras weighs the loss by the number of unmasked steps in the batch."""
    makes_mask = any(
        isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False)
        for layer in model._flatten_layers()
    )
    outputs = getattr(model, "outputs", None) or []
    return makes_mask and any(len(output.shape) > 2 for output in outputs)  # noqa: PLR2004  # (row, step, feature)
