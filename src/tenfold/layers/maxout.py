"""The largest of several linear maps: `y_o = max_k (W_k x + b_k)_o`.

`MaxoutDense` of Keras 1 and 2, which Keras 3 left out.

Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout Networks", section 3.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names

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
        kernel_initializer: Start of the kernel.
        bias_initializer: Start of the biases.
        kernel_regularizer: Penalty on the kernel.
        bias_regularizer: Penalty on the biases.
        activity_regularizer: Penalty on the answers.
        kernel_constraint: Constraint of the kernel.
        bias_constraint: Constraint of the biases.
        **kwargs: As every Keras layer takes them, and the names of Keras 1 (`output_dim`, `init`, `bias`, ...).
    """

    @takes_old_names("MaxoutDense")
    def __init__(
        self, units, nb_feature=NB_FEATURE, use_bias=True, kernel_initializer="glorot_uniform",
        bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if units < 1 or nb_feature < 1:
            raise ValueError(f"`units` and `nb_feature` are at least 1. Received: {units} and {nb_feature}")
        self.units, self.nb_feature, self.use_bias = units, nb_feature, use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Create a kernel and a bias for each linear map."""
        self.kernel = self.add_weight(
            shape=(self.nb_feature, input_shape[-1], self.units), name="kernel", initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(self.nb_feature, self.units), name="bias", initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip

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
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
