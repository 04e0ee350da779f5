"""Convolutions without shared weights: each place of the input has a kernel of its own.

`LocallyConnected1D` and `LocallyConnected2D` of Keras 1 and 2, which Keras 3 left out. The kernel has a line a place:
`(place, kernel x channel, filter)`, as Keras 2 stored it. Patches are cut by one strided slice for each offset of the
kernel, and one contraction answers for all places, so that nothing grows with the number of places but the arrays.

Source: `keras/layers/local.py` of Keras 2.3.1; the idea: LeCun (1989), "Generalization and network design strategies".
"""

import math
from itertools import product
from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

from tenfold.layers.old_arguments import takes_old_names
from tenfold.layers.weight_settings import WeightSettings, config_of, settings_of

__all__ = ["LocallyConnected1D", "LocallyConnected2D"]

WAYS = (1, 2, 3)
"""What `implementation` may be: Keras 2 computed the same numbers in one of three ways."""


@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class _LocallyConnected(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """What both layers share; `rank` is the number of spatial axes."""

    rank: int

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        *,
        activation: Any = None,
        use_bias: bool = True,
        implementation: int = 1,
        **kwargs: Any,
    ) -> None:
        settings = WeightSettings.taken_from(kwargs)
        super().__init__(**kwargs)
        settings.give_to(self)
        self.filters, self.use_bias = filters, use_bias
        self.kernel_size, self.strides = self._sizes(kernel_size), self._sizes(strides)
        self.padding = padding.lower()
        if self.padding not in ("valid", "same"):
            raise ValueError(f"`padding` of {type(self).__name__} is 'valid' or 'same'. Received: {padding!r}")
        if implementation not in WAYS:
            raise ValueError(f"`implementation` of {type(self).__name__} is 1, 2 or 3. Received: {implementation!r}")
        self.implementation = implementation
        self.data_format = data_format or keras.config.image_data_format()
        self.activation = keras.activations.get(activation)

    def _sizes(self, size: Any) -> tuple[int, ...]:
        return (size,) * self.rank if isinstance(size, int) else tuple(size)

    def build(self, input_shape: Any) -> None:
        """Create kernel and bias, a line a place of the output."""
        lengths, channels = self._lengths(input_shape)
        if None in lengths:
            raise ValueError(
                f"`{self.name}` has a kernel for each place, so that the length of each axis must be known. "
                f"Received inputs of shape {tuple(input_shape)}."
            )
        self.places = self._places(lengths)
        shape = (math.prod(self.places), math.prod(self.kernel_size) * channels, self.filters)
        self.kernel = self.add_weight(shape=shape, name="kernel", **settings_of(self, "kernel"))
        self.bias = None
        if self.use_bias:
            of_bias = (*self.places, self.filters)
            self.bias = self.add_weight(shape=of_bias, name="bias", **settings_of(self, "bias"))

    def call(self, inputs: Any) -> Any:
        """Each place's patch times its own kernel."""
        is_first = self.data_format == "channels_first"
        patches = self._patches(ops.moveaxis(inputs, 1, -1) if is_first else inputs)
        row, places = ops.shape(inputs)[0], math.prod(self.places)
        if is_first:  # Keras 2 read a patch in the order of its data format
            patches = ops.swapaxes(patches, -1, -2)
        answers = ops.einsum("rpi,pio->rpo", ops.reshape(patches, (row, places, -1)), self.kernel)
        answers = ops.reshape(answers, (row, *self.places, self.filters))
        if self.bias is not None:
            answers = answers + self.bias
        return self.activation(ops.moveaxis(answers, -1, 1) if is_first else answers)

    def _patches(self, inputs: Any) -> Any:
        """Of each place the numbers that its kernel reads: `(row, place ..., offset, channel)`."""
        inputs = ops.pad(inputs, [(0, 0), *self._margins(inputs.shape[1:-1]), (0, 0)])
        cut = [
            inputs[(slice(None), *(
                slice(start, start + step * (places - 1) + 1, step)
                for start, step, places in zip(offset, self.strides, self.places, strict=True)
            ))]
            for offset in product(*map(range, self.kernel_size))
        ]  # fmt: skip
        return ops.stack(cut, axis=-2)

    def _margins(self, lengths: Any) -> list[tuple[int, int]]:
        if self.padding == "valid":
            return [(0, 0)] * self.rank
        places = self._places(lengths)
        total = [
            max((place - 1) * stride + kernel - length, 0)
            for place, stride, kernel, length in zip(places, self.strides, self.kernel_size, lengths, strict=True)
        ]
        return [(each // 2, each - each // 2) for each in total]

    def _places(self, lengths: Any) -> tuple[int, ...]:
        if self.padding == "same":
            return tuple(-(-length // stride) for length, stride in zip(lengths, self.strides, strict=True))
        return tuple(
            (length - kernel) // stride + 1
            for length, kernel, stride in zip(lengths, self.kernel_size, self.strides, strict=True)
        )

    def _lengths(self, input_shape: Any) -> tuple[tuple[Any, ...], Any]:
        _, *rest = input_shape
        return (tuple(rest[1:]), rest[0]) if self.data_format == "channels_first" else (tuple(rest[:-1]), rest[-1])

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """`(row, place ..., filter)`, the filter in second place for channels first."""
        places = self._places(self._lengths(input_shape)[0])
        is_first = self.data_format == "channels_first"
        return (input_shape[0], self.filters, *places) if is_first else (input_shape[0], *places, self.filters)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        kept = ("filters", "kernel_size", "strides", "padding", "data_format", "use_bias", "implementation")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in kept},
            "activation": keras.activations.serialize(self.activation),
            **config_of(self),
        }


@register_keras_serializable("tenfold")
@no_type_check
class LocallyConnected1D(_LocallyConnected):
    """A convolution over steps whose kernel is not shared: each step has its own.

    Input: `(row, step, channel)`, the number of steps known; output: `(row, place, filter)`.

    Args:
        filters: Numbers of each place of the output; the dimension of the output.
        kernel_size: Steps that a kernel reads.
        strides: Steps from one place to the next.
        padding: `"valid"`, or `"same"` for zeros around the input.
        data_format: `"channels_last"` or `"channels_first"`.
        implementation: 1, 2 or 3, as Keras 2 took it; the same numbers, computed in one way.
        **kwargs: Activation, initializers, regularizers, constraints and `use_bias` as in `keras.layers.Conv1D`, and
            the names of Keras 1 (`nb_filter`, `filter_length`, `subsample_length`, `border_mode`, ...).
    """

    rank = 1

    @takes_old_names("LocallyConnected1D")
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@register_keras_serializable("tenfold")
@no_type_check
class LocallyConnected2D(_LocallyConnected):
    """A convolution over a picture whose kernel is not shared: each place has its own.

    Input: `(row, height, width, channel)`, height and width known; output: `(row, height, width, filter)` of places.

    Args:
        filters: Numbers of each place of the output.
        kernel_size: Height and width that a kernel reads.
        strides: From one place to the next, down and across.
        padding: `"valid"`, or `"same"` for zeros around the input.
        data_format: `"channels_last"` or `"channels_first"`.
        implementation: 1, 2 or 3, as Keras 2 took it; the same numbers, computed in one way.
        **kwargs: Activation, initializers, regularizers, constraints and `use_bias` as in `keras.layers.Conv2D`, and
            the names of Keras 1 (`nb_filter`, `nb_row`, `nb_col`, `subsample`, `border_mode`, ...).
    """

    rank = 2

    @takes_old_names("LocallyConnected2D")
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
