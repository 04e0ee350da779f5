"""Whether padded rows can take part in a model's training: only where rows of a batch cannot influence each other.

Members with different numbers of rows share a program by padding, and padding weighs nothing in losses and metrics. But
batch normalisation averages over rows, an activity regulariser divides by their number, a custom loss may do either.
Such models never see padding: their members are sorted by number of rows, and the last batch is a smaller step of its
own.
"""

from typing import Any

import keras

from tenfold.engine.losses import losses_ignore_padding

__all__ = ["mixes_rows_in_training", "treats_rows_alone"]

_CROSS_ROW = (keras.layers.BatchNormalization,)


def treats_rows_alone(model: Any) -> bool:
    """Whether rows of a batch cannot influence each other when the model predicts, its loss and metrics included.

    Only Keras' own parts can be judged; any other layer, loss or metric counts as one that mixes rows.

    Args:
        model: A compiled and built Keras model.
    """
    metrics = model._compile_metrics.metrics if model._compile_metrics else []
    return (
        all(_layer_treats_rows_alone(layer) for layer in model._flatten_layers())
        and losses_ignore_padding(model)
        and all(_metric_treats_rows_alone(metric) for metric in metrics)
        and not _answers_masked(model)
    )


def mixes_rows_in_training(model: Any) -> bool:
    """Whether a layer looks across the rows of a batch while it trains, and only then."""
    return any(isinstance(layer, _CROSS_ROW) for layer in model._flatten_layers())


def _layer_treats_rows_alone(layer: Any) -> bool:
    is_keras = type(layer).__module__.startswith("keras.src.")
    is_stateful = getattr(layer, "stateful", False) and hasattr(layer, "reset_state")
    return is_keras and getattr(layer, "activity_regularizer", None) is None and not is_stateful


def _metric_treats_rows_alone(metric: Any) -> bool:
    if not type(metric).__module__.startswith("keras.src."):
        return False
    function = getattr(metric, "_fn", None)
    return function is None or getattr(function, "__module__", "").startswith("keras.src.")


def _answers_masked(model: Any) -> bool:
    """Whether a mask may reach the output, where Keras weighs the loss by the number of unmasked steps in the batch."""
    makes_mask = any(
        isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False)
        for layer in model._flatten_layers()
    )
    outputs = getattr(model, "outputs", None) or []
    return makes_mask and any(len(output.shape) > 2 for output in outputs)  # noqa: PLR2004  # (row, step, feature)
