"""Layers around trained bases: the colours they take, a photo's mirror image, and the numbers of both views.

What a base makes of a photo is kept, so that photos cannot be varied any more while a head trains; keeping what it
makes of the mirror image too leaves the one variation that costs nothing. In training a head sees the numbers of either
view, else the mean of both. While a base is trained itself, `BothViews` and `MeanOfViews` stand below and above it, so
that each photo passes it once in training and twice outside.

Source: the mean over a photo and its mirror image is the "ten-crop testing" of Krizhevsky, Sutskever and Hinton (2012),
of which mirroring is one half.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["BothViews", "CaffeColours", "EitherView", "MeanOfViews", "MirrorImage"]

HALF = 0.5

CAFFE_MEANS = (103.939, 116.779, 123.68)
"""Mean blue, green and red of ImageNet's photos, in bytes. Source: `keras.applications.vgg16.preprocess_input`."""


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class MirrorImage(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """Swaps left and right of every photo.

    Input and output: `(row, height, width, channel)` of any type of number.

    Args:
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)

    def call(self, inputs: Any) -> Any:
        """The photos, mirrored."""
        return ops.flip(inputs, axis=2)


@register_keras_serializable("tenfold")
@no_type_check
class CaffeColours(keras.layers.Layer):  # type: ignore[misc]
    """Bytes as the first networks of ImageNet took them: blue, green, red, each less its mean over all photos.

    Input: `(row, height, width, 3)`, red, green, blue, 0 to 255; output: the same shape, numbers.

    Args:
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)

    def call(self, inputs: Any) -> Any:
        """The photos in those colours."""
        numbers = ops.cast(ops.flip(inputs, axis=-1), self.compute_dtype)
        return numbers - ops.convert_to_tensor(CAFFE_MEANS, self.compute_dtype)


@register_keras_serializable("tenfold")
@no_type_check
class EitherView(keras.layers.Layer):  # type: ignore[misc]
    """In training one of two lines of numbers, drawn for each row; else their mean.

    Input: `(row, 2, number)`; output: `(row, number)`.

    Args:
        seed: Of the draws; None for one of Keras' own.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002  # as Keras calls it
        """One line a row."""
        if not training:
            return ops.mean(inputs, axis=1)
        is_second = keras.random.uniform((ops.shape(inputs)[0], 1), seed=self.draws) < HALF
        return ops.where(is_second, inputs[:, 1], inputs[:, 0])

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "seed": self.seed}


@register_keras_serializable("tenfold")
@no_type_check
class BothViews(keras.layers.Layer):  # type: ignore[misc]
    """In training the photos, half of them mirrored; else all photos and then all of their mirror images.

    Input: `(row, height, width, channel)` of any type of number; output: the same, with twice the rows outside of
    training. What `MeanOfViews` ends must treat every row by itself.

    Args:
        seed: Of the draws; None for one of Keras' own.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.seed = seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002  # as Keras calls it
        """One view of each photo, or both."""
        mirrored = ops.flip(inputs, axis=2)
        if not training:
            return ops.concatenate([inputs, mirrored], axis=0)
        is_mirrored = keras.random.uniform((ops.shape(inputs)[0], 1, 1, 1), seed=self.draws) < HALF
        return ops.where(is_mirrored, mirrored, inputs)

    def compute_output_spec(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The same shape, of an unknown number of rows."""
        del training
        return keras.KerasTensor((None, *inputs.shape[1:]), inputs.dtype)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "seed": self.seed}


@register_keras_serializable("tenfold")
@no_type_check
class MeanOfViews(keras.layers.Layer):  # type: ignore[misc]
    """The mean of what was made of both views of `BothViews`; in training what comes, as there is one view.

    Input: `(row, number)`, twice the rows outside of training; output: `(row, number)`.

    Args:
        **kwargs: As every Keras layer takes them.
    """

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002  # as Keras calls it
        """One line a photo."""
        return inputs if training else ops.mean(ops.reshape(inputs, (2, -1, inputs.shape[-1])), axis=0)

    def compute_output_spec(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The same shape, of an unknown number of rows."""
        del training
        return keras.KerasTensor((None, *inputs.shape[1:]), inputs.dtype)
