"""Rows and networks that the demonstrations show when they are given none: small enough for seconds on two cores."""

from typing import Any

import keras
import numpy as np

__all__ = ["INITIAL_WEIGHTS", "circles", "deep_network", "digits", "digits_network", "network_of_width", "relu_network"]

SIDE = 16.0
"""Largest value of scikit-learn's digits."""

INITIAL_WEIGHTS = {
    "sigmoid": ("sigmoid", "glorot_uniform"),
    "tanh, small weights": ("tanh", "small"),
    "tanh": ("tanh", "glorot_uniform"),
    "relu": ("relu", "he_normal"),
}
"""Activation and initial weights of the kinds that are compared in depth. Small: normal with a standard deviation of
0.1, a gain of 0.4 at 16 units, as one gets who takes `RandomNormal` with a number of his own."""


def circles(num_rows: int, *, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two rings of points, one inside the other.

    Args:
        num_rows: Points, half of them on each ring.
        noise: Standard deviation of their distance from the ring; the radii are 1 and 0.5.
        seed: Of the generator.

    Returns:
        Points, shape `(row, 2)`, and the ring of each, 0 (outer) or 1, shape `(row, 1)`.
    """
    generator = np.random.default_rng(seed)
    ring = np.arange(num_rows) % 2
    angles = generator.uniform(0, 2 * np.pi, num_rows)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.where(ring, 0.5, 1.0)[:, None]
    points += generator.normal(0, noise, points.shape)
    return points.astype(np.float32), ring.astype(np.float32)[:, None]


def digits(num_rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits of 8 x 8 pixels from 0 to 1, and which digit each is.

    Args:
        num_rows: The first rows, at most 1,797.

    Source: scikit-learn's `load_digits` (UCI, Alpaydin and Kaynak 1998).
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415 (half a second that other demonstrations do not need)

    x, y = load_digits(return_X_y=True)
    return (x[:num_rows] / SIDE).astype(np.float32), y[:num_rows]


def relu_network() -> Any:
    """Three hidden layers of 16 ReLUs for the circles."""
    hidden = [keras.layers.Dense(16, activation="relu", kernel_initializer="he_normal", name=f"hidden_{number}")
              for number in (1, 2, 3)]  # fmt: skip
    return _for_circles(hidden, keras.optimizers.Adam(0.01))


def deep_network(depth: int, kind: str) -> Any:
    """As many hidden layers of 16 units for the circles.

    Args:
        depth: Hidden layers.
        kind: One of `INITIAL_WEIGHTS`.
    """
    activation, weights = INITIAL_WEIGHTS[kind]

    def initial() -> Any:
        return keras.initializers.RandomNormal(stddev=0.1) if weights == "small" else keras.initializers.get(weights)

    hidden = [keras.layers.Dense(16, activation=activation, kernel_initializer=initial()) for _ in range(depth)]
    return _for_circles(hidden, keras.optimizers.Adam(1e-3))


def network_of_width(width: int) -> Any:
    """Two hidden layers of so many ReLUs for the circles."""
    hidden = [keras.layers.Dense(width, activation="relu", kernel_initializer="he_normal") for _ in range(2)]
    return _for_circles(hidden, keras.optimizers.Adam(0.01))


def digits_network() -> Any:
    """Two hidden layers of 32 ReLUs for the digits, trained by Adam."""
    hidden = [keras.layers.Dense(32, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(10, activation="softmax")])
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    return model


def _for_circles(hidden: list[Any], optimizer: Any) -> Any:
    model = keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(1, activation="sigmoid", name="answer")])
    model.compile(optimizer, "binary_crossentropy")
    return model
