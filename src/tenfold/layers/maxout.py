"""The largest of several linear maps: `y_o = max_k (W_k x + b_k)_o`.

`MaxoutDense` of Keras 1 and 2, which Keras 3 left out.

Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout Networks", section 3.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names
from tenfold.layers.weight_settings import WeightSettings, config_of, settings_of

__all__ = ["MaxoutDense"]

NB_FEATURE = 4
"""Keras' default number of linear maps."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class MaxoutDense(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """A dense layer that learns its own convex activation: the largest answer of `nb_feature` linear maps.

    Input: `(row, feature)`; output: `(row, unit)`. Weights: `kernel` `(nb_feature, feature, unit)`, `bias`
    `(nb_feature, unit)`.

    Args:
        units: Units, at least 1.
        nb_feature: Linear maps, at least 1.
        use_bias: Whether there are biases.
        **kwargs: As every Keras layer takes them, with initializer, regularizer and constraint of kernel and bias
            (`kernel_initializer`, ...), and the names of Keras 1 (`output_dim`, `init`, `bias`, ...).
    """

    @takes_old_names("MaxoutDense")
    def __init__(self, units: int, nb_feature: int = NB_FEATURE, *, use_bias: bool = True, **kwargs: Any) -> None:
        settings = WeightSettings.taken_from(kwargs)
        super().__init__(**kwargs)
        if units < 1 or nb_feature < 1:
            raise ValueError(f"`units` and `nb_feature` are at least 1. Received: {units} and {nb_feature}")
        settings.give_to(self)
        self.units, self.nb_feature, self.use_bias = units, nb_feature, use_bias

    def build(self, input_shape: Any) -> None:
        """Create a kernel and a bias for each linear map."""
        shape = (self.nb_feature, input_shape[-1], self.units)
        self.kernel = self.add_weight(shape=shape, name="kernel", **settings_of(self, "kernel"))
        self.bias = None
        if self.use_bias:
            of_bias = (self.nb_feature, self.units)
            self.bias = self.add_weight(shape=of_bias, name="bias", **settings_of(self, "bias"))

    def call(self, inputs: Any) -> Any:
        """The largest answer of all maps, unit by unit."""
        answers = ops.einsum("ri,kiu->rku", inputs, self.kernel)
        return ops.max(answers if self.bias is None else answers + self.bias, axis=1)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, unit)`."""
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "units": self.units,
            "nb_feature": self.nb_feature,
            "use_bias": self.use_bias,
            **config_of(self),
        }
