"""Layers for series: three numbers that never cross, of which the middle one is the forecast."""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["QuantileSteps"]

PARTS = 3
"""Low, middle, high."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class QuantileSteps(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """From `(row, 3 x target)` to a low, a middle and a high number of each target: all lows, all middles, all highs.

    The low one lies a step below the middle and the high one a step above. Steps are softplus of what comes in, and so
    never below 0: quantiles cannot cross.

    Source: increments through softplus as in the quantile networks of GluonTS (incremental quantile functions, Park et
    al. 2022).

    Args:
        first_step: Length of a step where what comes in is 0, above 0.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, first_step: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first_step = first_step

    def call(self, inputs: Any) -> Any:
        """Numbers, middle and steps; or a list of these and of what is added to every middle."""
        raw, added = inputs if isinstance(inputs, list | tuple) else (inputs, 0.0)
        below, middle, above = ops.split(raw, PARTS, axis=-1)
        middle = middle + added
        offset = ops.log(ops.expm1(ops.cast(self.first_step, raw.dtype)))
        low, high = middle - ops.softplus(below + offset), middle + ops.softplus(above + offset)
        return ops.concatenate([low, middle, high], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """That of the numbers."""
        return tuple(input_shape[0]) if isinstance(input_shape[0], list | tuple) else tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "first_step": self.first_step}
