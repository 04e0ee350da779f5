"""When a repair is clearly better: paired differences of scores, one-sided, at the 5 % level.

Two tests. While repairs are chosen, every seed trains both programs on its own random part of the rows and scores both
on the rest: same rows, same order, same random numbers. Such resamplings share training rows, so the variance of their
mean is that of Nadeau and Bengio (2003): `s^2 * (1 / seeds + held-out rows / training rows)`, and the mean difference
is compared with Student's t for `seeds - 1`.

At the end the whole repaired program stands against the untouched one on sealed rows, that no choice was made on. There
the noise of seeds and the noise of rows add up: `s_seeds^2 / seeds + s_rows^2 / rows`.

Source: Nadeau and Bengio (2003), Inference for the generalization error, Machine Learning 52, section 4.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

__all__ = ["Comparison", "compare_on_resamplings", "compare_on_sealed_rows"]

LEVEL = 0.05
"""Share of useless repairs that pass one test by luck: the custom of the field."""


@dataclass(frozen=True)
class Comparison:
    """Two programs, compared.

    Attributes:
        gain: Mean difference of the scores, new minus old, in the score's unit.
        low: What the gain is at least, 95 times in 100; negative infinity where nothing can be told.
        num_seeds: Paired trainings.
    """

    gain: float
    low: float
    num_seeds: int

    @property
    def is_clearly_better(self) -> bool:
        """Whether the gain is beyond the noise."""
        return self.low > 0

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        low = self.low if math.isfinite(self.low) else None
        return {"gain": self.gain, "low": low, "seeds": self.num_seeds}


def compare_on_resamplings(
    new: Float[np.ndarray, " seed"], old: Float[np.ndarray, " seed"], *, rows_ratio: float, num_rows: int
) -> Comparison:
    """Programs whose every seed was scored on a random part of the rows of its own.

    Args:
        new: Scores of the changed program; the higher, the better.
        old: Scores of the program before, with the same seeds and rows.
        rows_ratio: Held-out rows for each training row; 0 where all rows are both, as with a truth table.
        num_rows: Held-out rows of a seed. A gain of the same few rows in every seed is no certainty: the spread is at
            least that of as many rows won by luck, `sqrt(gain / rows)`. Ignored with a ratio of 0.

    Returns:
        The comparison.

    >>> new, old = np.array([0.9, 0.8, 0.9, 1.0, 0.9]), np.array([0.5, 0.5, 0.6, 0.5, 0.5])
    >>> found = compare_on_resamplings(new, old, rows_ratio=1 / 3, num_rows=100)
    >>> round(found.gain, 2), round(found.low, 3)  # 0.38 - 2.132 * 0.0837 * sqrt(1/5 + 1/3)
    (0.38, 0.25)
    >>> compare_on_resamplings(old, old, rows_ratio=1 / 3, num_rows=100).is_clearly_better
    False
    """
    differences = new - old
    gain, spread = float(differences.mean()), _spread(differences)
    if rows_ratio > 0:
        spread = max(spread, math.sqrt(abs(gain) / num_rows))
    half = _quantile(len(differences)) * spread * math.sqrt(1 / len(differences) + rows_ratio)
    return Comparison(gain, gain - half, len(differences))


def compare_on_sealed_rows(
    new: Float[np.ndarray, "seed row"], old: Float[np.ndarray, "seed row"], *, are_all_rows: bool = False
) -> Comparison:
    """Programs whose every seed was scored on the same sealed rows.

    Args:
        new: What each row adds to the score (the score is their mean), for each seed of the changed program.
        old: The same of the program before.
        are_all_rows: Whether these rows are all there are, as in a truth table: then only seeds bring noise.

    Returns:
        The comparison.

    >>> old = np.array([[0.0, 1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]])
    >>> found = compare_on_sealed_rows(np.ones((3, 5)), old)
    >>> round(found.gain, 2), round(found.low, 3)  # 0.6 - 2.92 * sqrt(0 / 3 + 0.3887^2 / 5)
    (0.6, 0.092)
    """
    differences = new - old
    of_seeds, of_rows = differences.mean(axis=1), differences.mean(axis=0)
    variance = _spread(of_seeds) ** 2 / len(of_seeds)
    if not are_all_rows:
        variance += _spread(of_rows) ** 2 / len(of_rows)
    gain = float(differences.mean())
    return Comparison(gain, gain - _quantile(len(of_seeds)) * math.sqrt(variance), len(of_seeds))


def _spread(values: Float[np.ndarray, " number"]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.inf


def _quantile(num_seeds: int) -> float:
    return float(stdtrit(num_seeds - 1, 1 - LEVEL)) if num_seeds > 1 else math.inf
