"""A large generated table: numbers, categories, dates of entry, gaps; what is predicted follows from some of them."""

import numpy as np
import pandas as pd

__all__ = ["large_table"]

NUM_LEVELS = (2, 5, 12, 40, 300)
SHARE_OF_GAPS = 0.1


def large_table(num_rows: int, num_columns: int, *, seed: int = 0) -> pd.DataFrame:
    """A table with a column `price` that can be predicted in part.

    Four fifths of the other columns are numbers, of several scales and skews; the rest are categories of 2 to 300
    levels. Every third column has gaps in a tenth of its rows.

    Args:
        num_rows: Rows.
        num_columns: Columns beside `price`.
        seed: Same seed, same table.

    Returns:
        The table.
    """
    rng = np.random.default_rng(seed)
    columns: dict[str, np.ndarray] = {}
    signal = np.zeros(num_rows)
    for place in range(num_columns):
        is_category = place % 5 == 4  # noqa: PLR2004  # every fifth
        name = f"{'kind' if is_category else 'size'}_{place}"
        columns[name], effect = _category(rng, num_rows, place) if is_category else _number(rng, num_rows, place)
        signal += effect / np.sqrt(num_columns)
    frame = pd.DataFrame(columns)
    for name in list(frame)[::3]:
        frame[name] = frame[name].mask(rng.uniform(size=num_rows) < SHARE_OF_GAPS)
    return frame.assign(price=100 + 10 * (signal + 0.5 * np.tanh(signal) + 0.5 * rng.normal(size=num_rows)))


def _number(rng: np.random.Generator, num_rows: int, place: int) -> tuple[np.ndarray, np.ndarray]:
    """A column of numbers, every other one skewed, and what it adds to the signal."""
    values = rng.normal(size=num_rows)
    effect = np.abs(values) if place % 3 == 1 else values
    return (np.exp(values) if place % 2 else values) * 10.0 ** (place % 4), effect


def _category(rng: np.random.Generator, num_rows: int, place: int) -> tuple[np.ndarray, np.ndarray]:
    """A column of levels, frequent and rare ones, and what each adds to the signal."""
    num_levels = NUM_LEVELS[place // 5 % len(NUM_LEVELS)]
    level = np.minimum(rng.exponential(num_levels / 3, size=num_rows).astype(np.int64), num_levels - 1)
    return np.array([f"level {one}" for one in range(num_levels)])[level], rng.normal(size=num_levels)[level]
