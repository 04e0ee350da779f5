"""A dense layer that may let its input pass: `y = t h + (1 - t) x`, `h = f(W x + b)`, `t = sigmoid(W_t x + b_t)`.

`Highway` of Keras 1 and 2, which Keras 3 left out.

Source: Srivastava, Greff and Schmidhuber (2015), "Highway Networks", equations 2 and 3; they start `b_t` at a negative
number, so that a new layer lets its input pass. Keras 1 started it at -2, which is the default here; Keras 2 at 1.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names

__all__ = ["Highway"]

TRANSFORM_BIAS = -2.0
"""Keras 1's start of the gate's bias: an input passes by 88 %."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class Highway(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """A dense layer whose gate decides how much of it is taken, and how much of the input passes unchanged.

    Input and output: `(row, feature)`. Weights: `kernel` and `transform_kernel` of shape `(feature, feature)`, `bias`
    and `transform_bias` of shape `(feature,)`.

    Args:
        activation: Of the transformed input; None for none, as in Keras.
        transform_bias: Where the gate's bias starts.
        use_bias: Whether there are biases.
        kernel_initializer: Start of both kernels.
        bias_initializer: Start of the bias that is not the gate's.
        kernel_regularizer: Penalty on the kernel; not on the gate's, as in Keras.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the answers.
        kernel_constraint: Constraint of the kernel.
        bias_constraint: Constraint of the bias.
        **kwargs: As every Keras layer takes them, and the names of Keras 1 (`init`, `W_regularizer`, `bias`, ...).
    """

    @takes_old_names("Highway")
    def __init__(
        self, activation=None, transform_bias=TRANSFORM_BIAS, use_bias=True, kernel_initializer="glorot_uniform",
        bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, **kwargs,
    ):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.transform_start = transform_bias
        self.use_bias = use_bias
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.bias_constraint = keras.constraints.get(bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Create both kernels and biases, in the order in which Keras 2 stored them."""
        num_features = input_shape[-1]
        self.kernel = self.add_weight(
            shape=(num_features, num_features), name="kernel", initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer, constraint=self.kernel_constraint,
        )  # fmt: skip
        self.transform_kernel = self.add_weight(
            shape=(num_features, num_features), name="transform_kernel",
            initializer=keras.initializers.get(self.kernel_initializer).clone(),
        )  # fmt: skip
        self.bias = self.transform_bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(num_features,), name="bias", initializer=self.bias_initializer,
                regularizer=self.bias_regularizer, constraint=self.bias_constraint,
            )  # fmt: skip
            self.transform_bias = self.add_weight(
                shape=(num_features,), name="transform_bias",
                initializer=keras.initializers.Constant(self.transform_start),
            )  # fmt: skip

    def call(self, inputs: Any) -> Any:
        """The transformed input where the gate is open, the input where it is closed."""
        transformed, gate = ops.matmul(inputs, self.kernel), ops.matmul(inputs, self.transform_kernel)
        if self.use_bias:
            transformed, gate = transformed + self.bias, gate + self.transform_bias
        taken = ops.sigmoid(gate)
        return taken * self.activation(transformed) + (1 - taken) * inputs

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """That of the input."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "activation": keras.activations.serialize(self.activation),
            "transform_bias": self.transform_start,
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": keras.constraints.serialize(self.bias_constraint),
        }
