"""A member equals its lone Keras fit: convolutions and pooling, lowered on the CPU, in one to three dimensions."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from keras import layers

from engine.models import dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision

Y = numbers(20, 1, seed=1)
SHAPES = {1: (11, 3), 2: (9, 8, 3), 3: (6, 5, 4, 2)}

CASES: dict[str, tuple[int, list[Callable[[], Any]]]] = {
    "Conv1D": (
        1,
        [
            partial(layers.Conv1D, 4, 3, padding="causal", activation="relu"),
            partial(layers.Conv1D, 4, 3, strides=2, padding="same"),
            partial(layers.Conv1D, 2, 2, dilation_rate=2),
        ],
    ),
    "Conv1D, depthwise, separable and transposed": (
        1,
        [
            partial(layers.DepthwiseConv1D, 3, depth_multiplier=2, activation="tanh"),
            partial(layers.SeparableConv1D, 4, 3, strides=2),
            partial(layers.Conv1DTranspose, 3, 3, strides=2, padding="same"),
        ],
    ),
    "Conv2D": (
        2,
        [
            partial(layers.Conv2D, 4, 3, activation="relu"),
            partial(layers.Conv2D, 4, (3, 2), strides=(2, 1), padding="same", groups=2),
            partial(layers.Conv2D, 2, 2, dilation_rate=2, padding="same"),
        ],
    ),
    "Conv2D, depthwise, separable and transposed": (
        2,
        [
            partial(layers.DepthwiseConv2D, 3, strides=2, padding="same"),
            partial(layers.SeparableConv2D, 4, 2, activation="relu"),
            partial(layers.Conv2DTranspose, 3, 3, strides=2, padding="same"),
        ],
    ),
    "Conv3D": (
        3,
        [
            partial(layers.Conv3D, 3, 2, activation="relu"),
            partial(layers.Conv3D, 2, 2, strides=2, padding="same"),
            partial(layers.Conv3DTranspose, 2, 2, strides=2),
        ],
    ),
    "MaxPooling": (
        2,
        [partial(layers.Conv2D, 3, 2), partial(layers.MaxPooling2D, 2), partial(layers.MaxPooling2D, 2, 1)],
    ),
    "AveragePooling": (2, [partial(layers.AveragePooling2D, 2, padding="same"), partial(layers.Conv2D, 3, 2)]),
    "pooling in one dimension": (1, [partial(layers.MaxPooling1D, 2), partial(layers.AveragePooling1D, 3, 1)]),
    "pooling in three dimensions": (3, [partial(layers.MaxPooling3D, 2), partial(layers.Conv3D, 2, 2)]),
}


@pytest.mark.parametrize("name", CASES)
def test_convolutions_and_pooling(name: str):
    dimensions, made = CASES[name]
    pool = (layers.GlobalAveragePooling1D, layers.GlobalMaxPooling2D, layers.GlobalAveragePooling3D)[dimensions - 1]
    build = sequential(*made, pool, dense(1), shape=SHAPES[dimensions])
    with precision("float64"):
        assert_members_equal_lone_fits(build, numbers(20, *SHAPES[dimensions]), Y, kind="float64", epochs=2)


@pytest.mark.parametrize("mode", ["map", "vmap"])
def test_a_small_convnet_in_float32(mode: str):
    build = sequential(
        partial(layers.Conv2D, 4, 3, activation="relu"), layers.MaxPooling2D, partial(layers.SpatialDropout2D, 0.3),
        layers.BatchNormalization, layers.Flatten, dense(1), shape=SHAPES[2],
    )  # fmt: skip
    x = numbers(20, *SHAPES[2])
    assert_members_equal_lone_fits(build, x, Y, kind="float32", mode=mode, epochs=5, allowed=1e-4)
