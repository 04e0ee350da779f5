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
from tenfold.layers.weight_settings import WeightSettings, config_of, settings_of

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
        **kwargs: As every Keras layer takes them, with initializer, regularizer and constraint of kernel and bias
            (`kernel_initializer`, which starts both kernels, ...), and the names of Keras 1 (`init`, `W_regularizer`,
            `bias`, ...). The gate is not penalised or constrained, as in Keras.
    """

    @takes_old_names("Highway")
    def __init__(
        self, activation: Any = None, transform_bias: float = TRANSFORM_BIAS, *, use_bias: bool = True, **kwargs: Any
    ) -> None:
        settings = WeightSettings.taken_from(kwargs)
        super().__init__(**kwargs)
        settings.give_to(self)
        self.transform_start, self.use_bias = transform_bias, use_bias
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Any) -> None:
        """Create both kernels and biases, in the order in which Keras 2 stored them."""
        num_features = input_shape[-1]
        square = (num_features, num_features)
        self.kernel = self.add_weight(shape=square, name="kernel", **settings_of(self, "kernel"))
        start = self.kernel_initializer.clone()  # other numbers than the kernel's
        self.transform_kernel = self.add_weight(shape=square, name="transform_kernel", initializer=start)
        self.bias = self.transform_bias = None
        if self.use_bias:
            self.bias = self.add_weight(shape=(num_features,), name="bias", **settings_of(self, "bias"))
            start = keras.initializers.Constant(self.transform_start)
            self.transform_bias = self.add_weight(shape=(num_features,), name="transform_bias", initializer=start)

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
            **config_of(self),
        }
