"""Layers for texts: a dense layer over a bag of terms that is kept as a lookup, and pooling that leaves padding out."""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["BagDense", "GroupMax", "WordPooling"]

LOWEST = -1e30
"""Stands for padding where the largest number is sought: below what a layer answers, and finite in its gradient."""


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


@register_keras_serializable("tenfold")
@no_type_check
class GroupMax(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """The largest of each number in groups of neighbouring steps, padding left out as Keras' own layer does not.

    Input `(row, step, number)`, output `(row, group, number)`; zeros for a group of padding.

    Args:
        size: Steps of a group; the last one has what is left.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size, self.supports_masking = size, True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The largest of each group."""
        kept = inputs if mask is None else ops.where(mask[..., None], inputs, LOWEST)
        kept = ops.pad(kept, [[0, 0], [0, self._missing(inputs.shape[1])], [0, 0]], constant_values=LOWEST)
        found = ops.max(ops.reshape(kept, (-1, kept.shape[1] // self.size, self.size, kept.shape[2])), axis=2)
        return ops.where(found > LOWEST, found, ops.zeros_like(found))

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """None: whoever knows the mask hands it on."""
        del inputs, previous_mask

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, group, number)`."""
        row, step, number = input_shape
        return (row, -(-step // self.size), number)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "size": self.size}

    def _missing(self, num_steps: int) -> int:
        return -num_steps % self.size


@register_keras_serializable("tenfold")
@no_type_check
class WordPooling(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """The largest and the mean of each number over the words of a text, padding left out.

    Input `(row, word, number)`, output `(row, 2 * number)`; zeros for a text without words.

    Source: Howard and Ruder (2018), "Universal Language Model Fine-tuning", section 3.3 (concat pooling).

    Args:
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Both, side by side."""
        if mask is None:
            return ops.concatenate([ops.max(inputs, axis=1), ops.mean(inputs, axis=1)], axis=-1)
        real = ops.cast(mask, inputs.dtype)[..., None]
        count = ops.sum(real, axis=1)
        largest = ops.max(ops.where(mask[..., None], inputs, LOWEST), axis=1)
        largest = ops.where(count > 0, largest, ops.zeros_like(largest))
        return ops.concatenate([largest, ops.sum(inputs * real, axis=1) / ops.maximum(count, 1)], axis=-1)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """None: whoever knows the mask hands it on."""
        del inputs, previous_mask

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, 2 * number)`."""
        return (input_shape[0], 2 * input_shape[2])
