"""Activations of Keras 1 and 2 that Keras 3 left out, or means something else by."""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["ThresholdedReLU", "hard_sigmoid_of_keras_2"]


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class ThresholdedReLU(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """`x` where `x > theta`, else 0.

    Input and output: any shape.

    Source: Konda, Memisevic and Krueger (2015), "Zero-bias autoencoders and the benefits of co-adapting features".

    Args:
        theta: The threshold, 0 or more.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, theta: float | None = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if theta is None or theta < 0:
            raise ValueError(f"`theta` of ThresholdedReLU is 0 or more. Received: {theta}")
        self.theta, self.supports_masking = float(theta), True

    def call(self, inputs: Any) -> Any:
        """The numbers above the threshold."""
        return ops.where(inputs > self.theta, inputs, ops.zeros_like(inputs))

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """That of the input."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "theta": self.theta}


@register_keras_serializable("tenfold")  # type: ignore[untyped-decorator]  # Keras is not annotated
def hard_sigmoid_of_keras_2(x: Any) -> Any:
    """`clip(x / 5 + 1 / 2, 0, 1)`: the `"hard_sigmoid"` of Keras 1 and 2, and the gates of their LSTM and GRU.

    Keras 3 means `clip(x / 6 + 1 / 2, 0, 1)` by that name: an old LSTM would answer other numbers with it.

    Source: Courbariaux, Bengio and David (2015), "BinaryConnect"; `keras/backend/tensorflow_backend.py` of Keras 2.3.1.

    Args:
        x: Any numbers.

    Returns:
        Numbers from 0 to 1 of the same shape.
    """
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)
