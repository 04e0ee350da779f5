"""Turned, moved, zoomed and sheared photos in a form that is fast on CPU.

Keras 3.15 on JAX looks up each number of an image by itself: three coordinates a number, the channel among them, and
eight neighbours, of which four weigh nothing. In a loop XLA's CPU backend computes all these coordinates again for each
of the eight. Here coordinates are those of pixels, and a pixel has four neighbours. 32 photos of 96 x 96 pixels turned
on one core of an Intel Xeon at 2.8 GHz: 3 ms in place of 95.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import jax
import jax.numpy as jnp
from jax import Array
from keras.src.backend.jax import image as keras_image

from tenfold.engine.exchange import exchanged

__all__ = ["quick_warps", "warp"]

_RANDOM_LAYERS: Final = "keras.src.layers.preprocessing.image_preprocessing."


@contextlib.contextmanager
def quick_warps(model: Any) -> Iterator[None]:
    """Let Keras' layers that turn, move, zoom and shear images do so by `warp` while the block traces the model.

    Their random numbers stay; their images are the same up to rounding. Layers of the user's own are left alone.

    Args:
        model: A Keras model.
    """
    with contextlib.ExitStack() as stack:
        for layer in model._flatten_layers(include_self=False):
            if type(layer).__module__.startswith(_RANDOM_LAYERS) and "backend" in vars(layer):
                stack.enter_context(exchanged(layer, "backend", value=_QuickBackend(layer.backend)))
        yield


def warp(
    images: Array,
    transform: Array,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Array:
    """What `keras.ops.image.affine_transform` computes, where the last two numbers of a transform are zero.

    Args:
        images: Shape `(image, row, column, channel)`; with `data_format="channels_first"`
            `(image, channel, row, column)`.
        transform: Shape `(image, 8)`. The pixel at `(x, y)` becomes what stands at
            `(t[0] x + t[1] y + t[2], t[3] x + t[4] y + t[5])`.
        interpolation: `"bilinear"`. Anything else is left to Keras, as are images of other types than `transform`,
            whole numbers and a single image.
        fill_mode: `"constant"`, `"nearest"`, `"wrap"`, `"mirror"` or `"reflect"`: what stands outside of an image.
        fill_value: Stands outside with `"constant"`.
        data_format: Keras' default where it is not given.

    Returns:
        As `images`.
    """
    is_batch = (images.ndim, transform.ndim) == (4, 2)
    has_one_type = images.dtype == transform.dtype and jnp.issubdtype(images.dtype, jnp.floating)
    if not (is_batch and has_one_type and interpolation == "bilinear"):
        result: Array = keras_image.affine_transform(
            images, transform, interpolation, fill_mode, fill_value, data_format
        )
        return result
    if keras_image.backend.standardize_data_format(data_format) == "channels_first":
        return jnp.moveaxis(_warp(jnp.moveaxis(images, 1, -1), transform, fill_mode, fill_value), -1, 1)
    return _warp(images, transform, fill_mode, fill_value)


def _warp(images: Array, transform: Array, fill_mode: str, fill_value: float) -> Array:
    """Each pixel is the weighed sum of the four around the place it comes from."""
    num_images, height, width, channels = images.shape
    row, column = jnp.arange(height, dtype=transform.dtype)[:, None], jnp.arange(width, dtype=transform.dtype)
    a0, a1, a2, b0, b1, b2 = (transform[:, place, None, None] for place in range(6))
    pixels = images.reshape(num_images, height * width, channels)
    warped = jnp.zeros_like(images)
    for y, y_share in _neighbours(b0 * column + b1 * row + b2):
        for x, x_share in _neighbours(a0 * column + a1 * row + a2):
            place = _inside(y, height, fill_mode) * width + _inside(x, width, fill_mode)
            found = _look_up(pixels, place.reshape(num_images, -1)).reshape(images.shape)
            if fill_mode == "constant":
                is_inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
                found = jnp.where(is_inside[..., None], found, jnp.asarray(fill_value, images.dtype))
            warped += (y_share * x_share)[..., None] * found
    return warped


def _neighbours(place: Array) -> list[tuple[Array, Array]]:
    """The whole numbers on both sides of a place, each with its share."""
    low = jnp.floor(place)
    upper_share = place - low
    index = low.astype(jnp.int32)
    return [(index, 1 - upper_share), (index + 1, upper_share)]


def _inside(index: Array, size: int, fill_mode: str) -> Array:
    """The row or column of the image that stands at an index which may lie outside."""
    if fill_mode == "wrap":
        return index % size
    if fill_mode == "mirror":
        return _mirrored(index, size)
    if fill_mode == "reflect":
        return (_mirrored(2 * index + 1, 2 * size + 1) - 1) // 2
    return jnp.clip(index, 0, size - 1)


def _mirrored(index: Array, size: int) -> Array:
    return jnp.abs((index + size - 1) % (2 * (size - 1)) - (size - 1))


@jax.vmap
def _look_up(pixels: Array, places: Array) -> Array:
    return pixels.at[places].get(mode="clip")


class _QuickBackend:
    """A layer's backend whose images are warped by `warp`."""

    def __init__(self, own: Any) -> None:
        self._own = own

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._own, name)
        return _QuickImages() if found is keras_image else found


class _QuickImages:
    affine_transform = staticmethod(warp)

    def __getattr__(self, name: str) -> Any:
        return getattr(keras_image, name)
