"""Layers of frozen bases: a photo's mirror image, and numbers of both of which a head sees either in training.

What a base makes of a photo is kept, so that photos cannot be varied any more while a head trains; keeping what it
makes of the mirror image too leaves the one variation that costs nothing. Outside of training the mean of both counts.

Source: the mean over a photo and its mirror image is the "ten-crop testing" of Krizhevsky, Sutskever and Hinton (2012),
of which mirroring is one half.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["EitherView", "MirrorImage"]

HALF = 0.5


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
