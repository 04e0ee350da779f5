"""Layers for texts: a dense layer over a bag of terms that is kept as a lookup."""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["BagDense"]


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class BagDense(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """A dense layer over a line of `num_terms` inputs of which few are not 0, given as terms and their weights.

    The same numbers as a `Dense` layer without bias over the whole line: it gathers the rows of its kernel that count.

    Input: terms `(row, place)`, whole numbers from 0 to `num_terms - 1`, and weights `(row, place)`, 0 where there is
    no term. Output `(row, unit)`.

    Args:
        num_terms: Terms of the vocabulary.
        units: Units.
        gain: Factor of all weights: of texts whose weights have length 1, each term counts little without it.
        kernel_initializer: Start of the kernel.
        kernel_regularizer: Penalty on it.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(
        self,
        num_terms: int,
        units: int,
        gain: float = 1.0,
        kernel_initializer: Any = "glorot_uniform",
        kernel_regularizer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.num_terms, self.units, self.gain = num_terms, units, gain
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.kernel_regularizer = keras.regularizers.get(kernel_regularizer)

    def build(self, input_shape: Any) -> None:
        """Create the kernel, a line a term."""
        del input_shape
        self.kernel = self.add_weight(
            shape=(self.num_terms, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            name="kernel",
        )

    def call(self, inputs: Any) -> Any:
        """The kernel's rows of each bag, weighted and summed."""
        terms, weights = inputs
        rows = ops.take(self.kernel, terms, axis=0)
        return ops.einsum("rpu,rp->ru", rows, ops.cast(weights, rows.dtype) * self.gain)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, unit)`."""
        return (input_shape[0][0], self.units)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {
            **super().get_config(),
            "num_terms": self.num_terms,
            "units": self.units,
            "gain": self.gain,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
        }
