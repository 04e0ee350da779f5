"""Layers that vary photos while a network trains, each row by a draw of its own: mirrored, shifted, lit otherwise.

They do nothing outside of training. All are made of slices and choices between whole arrays, no gathers, which are slow
in a compiled step on a CPU; mirroring and shifting move bytes and change none. Rotation and zoom, which blend
neighbouring pixels by gathers, cost several times as much and are left out.

Sources: the choice follows Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep convolutional
neural networks" (shifted crops, mirror images) and its many successors on small photos.
"""

from typing import Any, no_type_check

import keras
from keras import ops
from keras.saving import register_keras_serializable

__all__ = ["RandomLight", "RandomMirror", "RandomShift"]

HALF = 0.5


@register_keras_serializable("tenfold")
@no_type_check  # Keras reads the arguments of `__init__`, which a wrapper that checks them would hide
class RandomMirror(keras.layers.Layer):  # type: ignore[misc]  # Keras is not annotated
    """Swaps left and right in half of the photos, in training.

    Input and output: `(row, height, width, channel)` of any type of number.

    Args:
        seed: Of the draws; None for one of Keras' own.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.seed = seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002  # as Keras calls it
        """The photos, some of them mirrored."""
        if not training:
            return inputs
        is_mirrored = keras.random.uniform((ops.shape(inputs)[0], 1, 1, 1), seed=self.draws) < HALF
        return ops.where(is_mirrored, ops.flip(inputs, axis=2), inputs)

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "seed": self.seed}


@register_keras_serializable("tenfold")
@no_type_check
class RandomShift(keras.layers.Layer):  # type: ignore[misc]
    """Moves each photo by whole pixels up, down and sideways, in training; what comes in is mirrored from its edge.

    A shift is a sum of steps of 1, 2, 4, ... pixels, each taken or not: a few choices between slices in place of a
    gather.

    Input and output: `(row, height, width, channel)` of any type of number.

    Args:
        pixels: Largest shift, each way; every whole number up to it is equally likely.
        seed: Of the draws; None for one of Keras' own.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, pixels: int, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.pixels, self.seed = pixels, seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The photos, moved."""
        if not training or not self.pixels:
            return inputs
        around = (self.pixels, self.pixels)
        shifted = ops.pad(inputs, ((0, 0), around, around, (0, 0)), mode="reflect")
        for axis in (1, 2):
            places = keras.random.randint(
                (ops.shape(inputs)[0], 1, 1, 1), 0, 2 * self.pixels + 1, dtype="int32", seed=self.draws
            )
            shifted = _cut(shifted, places, 2 * self.pixels, axis)
        return shifted

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        return {**super().get_config(), "pixels": self.pixels, "seed": self.seed}


@register_keras_serializable("tenfold")
@no_type_check
class RandomLight(keras.layers.Layer):  # type: ignore[misc]
    """Makes each photo brighter or darker, and its contrast stronger or weaker, in training.

    A photo x with the mean m becomes m + (x - m) c + b. Nothing is cut off at white or black.

    Input and output: `(row, height, width, channel)`, floating point.

    Args:
        brightness: b is drawn evenly from -brightness to brightness, in the photos' unit.
        contrast: c is drawn evenly from 1 - contrast to 1 + contrast.
        seed: Of the draws; None for one of Keras' own.
        **kwargs: As every Keras layer takes them.
    """

    def __init__(self, brightness: float, contrast: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.brightness, self.contrast, self.seed = brightness, contrast, seed
        self.draws = keras.random.SeedGenerator(seed)

    def call(self, inputs: Any, training: bool = False) -> Any:  # noqa: FBT001, FBT002
        """The photos, in another light."""
        if not training:
            return inputs
        drawn = keras.random.uniform((2, ops.shape(inputs)[0], 1, 1, 1), -1.0, 1.0, inputs.dtype, self.draws)
        mean = ops.mean(inputs, axis=(1, 2, 3), keepdims=True)
        return mean + (inputs - mean) * (1 + self.contrast * drawn[0]) + self.brightness * drawn[1]

    def get_config(self) -> dict[str, Any]:
        """What the layer is rebuilt from."""
        config = super().get_config()
        return {**config, "brightness": self.brightness, "contrast": self.contrast, "seed": self.seed}


def _cut(padded: Any, places: Any, total: int, axis: int) -> Any:
    """From each row a piece that is `total` pixels shorter along an axis and begins at its own place, 0 to `total`."""
    for step in _steps(total):
        total -= step
        is_taken = places > total
        places = places - step * ops.cast(is_taken, places.dtype)
        padded = ops.where(is_taken, _slice(padded, step, None, axis), _slice(padded, None, -step, axis))
    return padded


def _steps(total: int) -> list[int]:
    """Steps, the largest first, so that some of them add up to any whole number from 0 to `total`.

    >>> _steps(8), _steps(7), _steps(1)
    ([4, 2, 1, 1], [4, 2, 1], [1])
    """
    steps = []
    while total:
        steps.append((total + 1) // 2)
        total -= steps[-1]
    return steps


def _slice(array: Any, start: int | None, stop: int | None, axis: int) -> Any:
    return array[(slice(None),) * axis + (slice(start, stop),)]
