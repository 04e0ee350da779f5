"""When a repair is clearly better: paired differences of scores, one-sided, at the 5 % level.

Both programs are trained with the same seeds on the same rows and scored on the same other rows. Two kinds of luck add
up in the difference of their scores: that of the seeds (initial weights, orders of rows) and that of the scored rows.

    variance = s_seeds^2 / seeds + s_rows^2 / rows

`s_seeds` is the standard deviation of the difference from seed to seed, `s_rows` that of each row's difference, mean
over the seeds. The mean difference over the root of it is compared with Student's t for `seeds - 1`, the fewer of the
two numbers of degrees of freedom, which errs on the careful side.

Source: Student's paired test, with the two variances of a crossed design of seeds and rows (Cornfield and Tukey 1956,
Average values of mean squares in factorials, Annals of Mathematical Statistics 27).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

__all__ = ["Comparison", "compare"]

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


def compare(
    new: Float[np.ndarray, "seed row"], old: Float[np.ndarray, "seed row"], *, are_all_rows: bool = False
) -> Comparison:
    """Two programs on the same rows.

    Args:
        new: What each row adds to the score (the score is their mean), for each seed of the changed program.
        old: The same of the program before.
        are_all_rows: Whether these rows are all there are, as in a truth table: then only seeds bring noise.

    Returns:
        The comparison.

    >>> old = np.array([[0.0, 1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0, 0.0]])
    >>> found = compare(np.ones((3, 5)), old)
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
