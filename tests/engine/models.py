"""Small models and data for the engine's tests: sizes differ wherever they could be mistaken for each other."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

Build = Callable[[], keras.Model]


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Normally distributed numbers, the same for the same seed."""
    return np.random.default_rng(seed).normal(size=shape)


def classes(num_rows: int, num_classes: int = 2, seed: int = 0) -> np.ndarray:
    """Classes that all occur, in random order."""
    return np.random.default_rng(seed).permutation(np.arange(num_rows) % num_classes)


def sequential(
    *layers: Callable[[], Any],
    shape: Sequence[int | None] = (5,),
    optimizer: str | Callable[[], Any] = "adam",
    loss: Any = "mse",
    metrics: Callable[[], list[Any]] = list,
    **arguments: Any,
) -> Build:
    """A `build` function of a sequential model.

    Args:
        layers: Each makes a layer.
        shape: Of one row of the inputs.
        optimizer: A name, or makes an optimizer.
        loss: As in `Model.compile`.
        metrics: Makes the metrics.
        arguments: Further arguments of `Model.compile`.
    """

    def build() -> keras.Model:
        model = keras.Sequential([keras.Input(shape), *(make() for make in layers)])
        made = optimizer if isinstance(optimizer, str) else optimizer()
        model.compile(made, loss, metrics=metrics() or None, **arguments)
        return model

    return build


def dense(units: int, **arguments: Any) -> Callable[[], Any]:
    """Makes a dense layer."""
    return lambda: keras.layers.Dense(units, **arguments)
