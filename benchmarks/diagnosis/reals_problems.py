"""What people asked about, on data that can be made: truth tables, curves, and a stand-in for ordered pictures."""

from collections.abc import Callable

import numpy as np
from diagnosis.problems import shapes
from diagnosis.rows import Rows

__all__ = ["constant_rows", "double_line", "fourth_power", "ordered_shapes", "parabola", "squares", "xor"]


def xor(copies: int = 1) -> Callable[[int], Rows]:
    """The truth table of exclusive or, its four rows repeated."""

    def problem(_: int) -> Rows:
        x = np.array([[1, 1], [1, 0], [0, 0], [0, 1]], dtype="float32")
        y = np.array([[0], [1], [0], [1]])
        return Rows(np.tile(x, (copies, 1)), np.tile(y, (copies, 1)), x, y)

    return problem


def constant_rows(seed: int) -> Rows:
    """Rows of 128 ones are true, rows of 128 zeros are false."""
    y = np.random.default_rng(seed).permutation(np.repeat([True, False], 1000))
    x = np.repeat(y[:, None], 128, axis=1).astype("float32")
    return Rows(x[:1600], y[:1600], x[1600:], y[1600:])


def double_line(_: int) -> Rows:
    """Seven points of y = 2 x - 1."""
    x = np.arange(-1.0, 6.0, dtype="float32")[:, None]
    return Rows(x, 2 * x - 1, x, 2 * x - 1)


def parabola(seed: int) -> Rows:
    """A hundred points of y = (x - 0.5)^2 on [0, 1]."""
    x = np.random.default_rng(seed).permutation(np.linspace(0, 1, 100, dtype="float32"))[:, None]
    return Rows(x, (x - 0.5) ** 2, x, (x - 0.5) ** 2)


def squares(seed: int) -> Rows:
    """A hundred points of y = x^2 + 3 up to 9,804; x standardised."""
    x = np.random.default_rng(seed).permutation(np.arange(100.0))[:, None]
    y = (x**2 + 3).astype("float32")
    x = ((x - 49.5) / 28.9).astype("float32")
    return Rows(x, y, x, y)


def fourth_power(seed: int) -> Rows:
    """Y = x^4 for x from -100 to 100: targets up to 10^8."""
    generator = np.random.default_rng(seed)
    x = generator.uniform(-100, 100, (1000, 1)).astype("float32")
    return Rows(x[:800], x[:800] ** 4, x[800:], x[800:] ** 4)


def ordered_shapes(seed: int) -> Rows:
    """Pictures of two kinds, first all of one, then all of the other."""
    rows = shapes(seed)
    kept = [np.flatnonzero(rows.y == kind) for kind in (0, 2)]
    held = np.flatnonzero(rows.held_y != 1)
    order = np.concatenate(kept)
    return Rows(rows.x[order] / 255, (rows.y[order] == 2) * 1, rows.held_x[held] / 255, (rows.held_y[held] == 2) * 1)
