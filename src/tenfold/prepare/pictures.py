"""What simple models see of a photo: few pixels, and how much there is of each colour. Nothing here is fitted.

A table of a thousand numbers a photo, made once and shared by all folds. Flowers and animals are told apart by colour
alone better than one would think: on 2,000 photos of cats and dogs 0.64 of the answers are right, on five kinds of
flowers 0.58, where pixels reach 0.59 and 0.48 (closed-form least squares). A network must beat that.
"""

import numpy as np
from jaxtyping import Float, UInt8

__all__ = ["COLOURS", "NUM_FEATURES", "PIXELS", "photo_features"]

PIXEL_SIDE, THUMBNAIL_SIDE = 16, 8
"""Pixels of a side of the small photo that is judged by itself, and of the one that stands beside the colours."""

LEVELS = 6
"""Levels of red, of green and of blue in the histogram: 216 colours."""

CHUNK = 512
"""Photos at a time, so that no large copy is made."""

PIXELS = slice(0, 3 * PIXEL_SIDE**2)
"""Where the pixels stand among the features."""

COLOURS = slice(PIXELS.stop, PIXELS.stop + LEVELS**3 + 3 * THUMBNAIL_SIDE**2)
"""Where the colours and the thumbnail stand."""

NUM_FEATURES: int = COLOURS.stop


def photo_features(photos: UInt8[np.ndarray, "photo height width channel"]) -> Float[np.ndarray, "photo feature"]:
    """Pixels of 16 x 16, then the square root of the share of each of 216 colours, then pixels of 8 x 8.

    Args:
        photos: Bytes of red, green and blue.

    Returns:
        `NUM_FEATURES` numbers from 0 to 1 a photo, in single precision.
    """
    found = np.empty((len(photos), NUM_FEATURES), np.float32)
    for start in range(0, len(photos), CHUNK):
        part = photos[start : start + CHUNK]
        found[start : start + CHUNK] = np.concatenate(
            [_shrunk(part, PIXEL_SIDE), np.sqrt(_colour_shares(part)), _shrunk(part, THUMBNAIL_SIDE)], axis=1
        )
    return found


def _shrunk(photos: UInt8[np.ndarray, "photo height width channel"], side: int) -> Float[np.ndarray, "photo pixel"]:
    """Means of blocks of pixels, 0 to 1; blocks overlap where a photo is smaller than the result."""
    shrunk = photos.astype(np.float32)
    for axis in (1, 2):
        edges = np.linspace(0, photos.shape[axis], side + 1)
        starts, stops = np.floor(edges[:-1]).astype(int), np.ceil(edges[1:]).astype(int)
        blocks = [shrunk.take(range(start, stop), axis).mean(axis) for start, stop in zip(starts, stops, strict=True)]
        shrunk = np.stack(blocks, axis)
    return np.asarray(shrunk.reshape(len(photos), -1) / 255)


def _colour_shares(
    photos: UInt8[np.ndarray, "photo height width channel"],
) -> Float[np.ndarray, "photo colour"]:
    levels = photos.astype(np.int64) * LEVELS // 256
    colours = (levels[..., 0] * LEVELS + levels[..., 1]) * LEVELS + levels[..., 2]
    apart = colours.reshape(len(photos), -1) + np.arange(len(photos))[:, None] * LEVELS**3
    counts = np.bincount(apart.ravel(), minlength=len(photos) * LEVELS**3).reshape(len(photos), LEVELS**3)
    return np.asarray(counts / apart.shape[1])
