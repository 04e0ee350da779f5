"""Layers that read photos: small convnets that grow, a small residual net, and a separable one.

A convnet is a stack of 3 x 3 convolutions, each with its rectifier and a max-pooling of 2, with twice the filters each
time; the mean over all places ends it, which needs no weights and does not mind where a thing lies. A residual net adds
to its input what two convolutions make of it, with batch normalisation; it learns in fewer epochs, each of which costs
more. A separable net is a small Xception: it looks for shapes in each channel by itself, then mixes the channels, which
takes a ninth of the weights of a 3 x 3 convolution or little more. Bytes become numbers from -1 to 1 in the network, so
that a saved network takes photos as they are.

Sources: F. Chollet, Deep Learning with Python (2017), section 5.2, and second edition (2021), section 9.3, for the
separable net ("a mini Xception-like model"); Lin, Chen and Yan (2014), "Network in network", for the mean over all
places; He et al. (2016), "Deep residual learning for image recognition", for residual blocks; Chollet (2017),
"Xception", for separable ones.
"""

from typing import Any

import keras

from tenfold.layers import EitherView, RandomLight, RandomMirror, RandomShift
from tenfold.networks.ladder import Rung

__all__ = ["read_features", "read_photos"]

LARGE_SIDE = 96
"""Pixels of a side from which the first convolution of a residual net takes every second place."""

STEM = 5
"""Pixels of a side of a separable net's first kernels, which see all colours at once: colours hang together. Source:
Chollet (2021), section 9.3.4."""

SHIFT_SHARE = 1 / 12
"""Largest shift as a share of the side: 4 pixels of 48. Source: 4 pixels of 32 are usual for CIFAR-10 (He et al. 2016);
larger photos of a folder are framed with more care."""

BRIGHTNESS, CONTRAST = 0.2, 0.2
"""How far photos are lit otherwise; brightness in units where black is -1 and white 1 (arbitrary)."""


def read_photos(photos: Any, rung: Rung, dropout: float) -> Any:
    """From a photo to one line of numbers.

    Args:
        photos: `(row, height, width, channel)`, bytes.
        rung: Filters of each stage, whether they are residual or separable, and whether photos are varied in training.
        dropout: Share of the line that is silenced in training.

    Returns:
        `(row, number)`, a number for each filter of the last stage.
    """
    seen = _scaled(photos, rung)
    if rung.separable:
        seen = _separable_stages(seen, rung)
    else:
        seen = _residual_stages(seen, rung) if rung.residual else _stages(seen, rung)
    line = keras.layers.GlobalAveragePooling2D(name="reading")(seen)
    return keras.layers.Dropout(dropout, name="reading_dropout")(line) if dropout else line


def read_features(features: Any, dropout: float) -> Any:
    """From what a frozen base makes of a photo and of its mirror image to one line of numbers.

    Args:
        features: `(row, 2, number)`.
        dropout: Share of the line that is silenced in training.
    """
    line = EitherView(name="reading")(features)
    return keras.layers.Dropout(dropout, name="reading_dropout")(line) if dropout else line


def _scaled(photos: Any, rung: Rung) -> Any:
    """Bytes as numbers from -1 to 1, varied in training where the rung says so."""
    if not rung.augmented:
        return keras.layers.Rescaling(1 / 127.5, -1.0, name="scaled")(photos)
    shift = max(1, round(SHIFT_SHARE * photos.shape[1]))
    moved = RandomShift(shift, name="shifted")(RandomMirror(name="mirrored")(photos))
    scaled = keras.layers.Rescaling(1 / 127.5, -1.0, name="scaled")(moved)
    return RandomLight(BRIGHTNESS, CONTRAST, name="lit")(scaled)


def _stages(seen: Any, rung: Rung) -> Any:
    for number, filters in enumerate(rung.filters, start=1):
        seen = keras.layers.Conv2D(
            filters, 3, padding="same", activation="relu", kernel_initializer="he_normal", name=f"filters_{number}"
        )(seen)
        seen = keras.layers.MaxPooling2D(2, name=f"pooled_{number}")(seen)
    return seen


def _residual_stages(seen: Any, rung: Rung) -> Any:
    first = rung.filters[0]
    strides = 2 if seen.shape[1] >= LARGE_SIDE else 1
    seen = _normalised(_convolution(first, strides, "stem")(seen), "stem")
    seen = keras.layers.Activation("relu", name="stem_activation")(seen)
    for number, filters in enumerate(rung.filters, start=1):
        seen = _block(seen, filters, 1 if number == 1 else 2, f"block_{number}")
    return seen


def _block(seen: Any, filters: int, strides: int, name: str) -> Any:
    """Two convolutions beside a way straight through; the second begins at zero, so that a new block does nothing."""
    made = _normalised(_convolution(filters, strides, f"{name}_first")(seen), f"{name}_first")
    made = keras.layers.Activation("relu", name=f"{name}_first_activation")(made)
    made = _normalised(_convolution(filters, 1, f"{name}_second")(made), f"{name}_second", start="zeros")
    if strides > 1 or seen.shape[-1] != filters:
        seen = keras.layers.Conv2D(filters, 1, strides, kernel_initializer="he_normal", name=f"{name}_straight")(seen)
    return keras.layers.Activation("relu", name=name)(keras.layers.Add(name=f"{name}_sum")([seen, made]))


def _separable_stages(seen: Any, rung: Rung) -> Any:
    """A stem of 5 x 5, then in each stage two separable convolutions and a pooling beside a way straight through.

    Normalisation and rectifier come before each convolution, so that what runs straight through is not rectified.
    """
    strides = 2 if seen.shape[1] >= LARGE_SIDE else 1
    seen = keras.layers.Conv2D(rung.filters[0], STEM, strides, padding="same", use_bias=False, name="stem")(seen)
    for number, filters in enumerate(rung.filters, start=1):
        made, name = seen, f"block_{number}"
        for part in ("first", "second"):
            made = keras.layers.Activation("relu", name=f"{name}_{part}_activation")(
                _normalised(made, f"{name}_{part}")
            )
            made = keras.layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=f"{name}_{part}")(made)
        made = keras.layers.MaxPooling2D(3, 2, padding="same", name=f"{name}_pooled")(made)
        straight = keras.layers.Conv2D(filters, 1, 2, padding="same", use_bias=False, name=f"{name}_straight")(seen)
        seen = keras.layers.Add(name=name)([made, straight])
    return seen


def _convolution(filters: int, strides: int, name: str) -> keras.layers.Layer:
    return keras.layers.Conv2D(
        filters, 3, strides, padding="same", use_bias=False, kernel_initializer="he_normal", name=name
    )


def _normalised(seen: Any, name: str, start: str = "ones") -> Any:
    return keras.layers.BatchNormalization(momentum=0.9, gamma_initializer=start, name=f"{name}_normalised")(seen)
