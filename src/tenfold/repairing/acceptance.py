"""When a repair is clearly better: paired differences of scores, one-sided, at the 5 % level.

Both programs are trained with the same seeds on the same rows and scored on the same other rows. Candidates are chosen
by cross-validation: each seed has a fold of its own, so that every open row scores once, and the differences of the
folds are noise of seeds and of rows in one (Student's paired test over the folds).

    variance = s_folds^2 / folds                      `folds - 1` degrees of freedom

The last word is that of sealed rows, which every seed is scored on. There two kinds of luck add up in the difference:
that of the seeds (initial weights, orders of rows) and that of the rows.

    variance = s_seeds^2 / seeds + s_rows^2 / rows    degrees of freedom after Satterthwaite

`s_seeds` is the standard deviation of the difference from seed to seed, `s_rows` that of each row's difference, mean
over the seeds. A repair that was clearly better on the open rows is confirmed there if it is better beyond the noise
of seeds, and rather better than not where other rows had been drawn. One that was only rather better on the open rows,
as some that findings ask for are, has to be clearly better on the sealed ones.

Sources: Student's paired test; the two variances of a crossed design of seeds and rows (Cornfield and Tukey 1956,
Average values of mean squares in factorials, Annals of Mathematical Statistics 27); their degrees of freedom
(Satterthwaite 1946, An approximate distribution of estimates of variance components, Biometrics Bulletin 2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

__all__ = ["Comparison", "compare", "compare_folds"]

LEVEL = 0.05
"""Share of useless repairs that pass one test by luck: the custom of the field."""

RATHER = 0.25
"""The same where something else speaks for the repair: a finding that asks for it, or the open rows (arbitrary)."""


@dataclass(frozen=True)
class Comparison:
    """Two programs, compared.

    Attributes:
        gain: Mean difference of the scores, new minus old, in the score's unit.
        low: What the gain is at least, 95 times in 100; negative infinity where nothing can be told.
        rather_low: What it is at least, 75 times in 100.
        low_of_seeds: What it is at least, 95 times in 100, on the same rows.
        num_seeds: Paired trainings.
    """

    gain: float
    low: float
    rather_low: float
    low_of_seeds: float
    num_seeds: int

    @property
    def is_clearly_better(self) -> bool:
        """Whether the gain is beyond the noise."""
        return self.low > 0

    @property
    def is_rather_better(self) -> bool:
        """Whether the gain is above 0 rather than not."""
        return self.rather_low > 0

    @property
    def confirms(self) -> bool:
        """Whether the gain is beyond the noise of seeds, and rather above 0 on other rows."""
        return self.low_of_seeds > 0 and self.is_rather_better

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        low = self.low if math.isfinite(self.low) else None
        return {"gain": self.gain, "low": low, "seeds": self.num_seeds}


def compare_folds(new: Sequence[Float[np.ndarray, " _row"]], old: Sequence[Float[np.ndarray, " _row"]]) -> Comparison:
    """Two programs by cross-validation.

    Args:
        new: What each row of a fold adds to the score (the score is their mean), for each seed of the changed program.
        old: The same of the program before.

    Returns:
        The comparison.
    """
    folds = np.array([after.mean() - before.mean() for after, before in zip(new, old, strict=True)])
    gain, variance = float(folds.mean()), _variance(folds)
    low, rather_low = (_low(gain, variance, len(folds) - 1, level) for level in (LEVEL, RATHER))
    return Comparison(gain, low, rather_low, low, len(folds))


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
    >>> round(found.gain, 2), round(found.low, 3)  # 0.6 - 2.13 * sqrt(0 / 3 + 0.365^2 / 5), t with 4
    (0.6, 0.252)
    """
    differences = new - old
    of_seeds, of_rows = differences.mean(axis=1), differences.mean(axis=0)
    gain, seeds, rows = float(differences.mean()), _variance(of_seeds), _variance(of_rows)
    low_of_seeds = _low(gain, seeds, len(of_seeds) - 1, LEVEL)
    freedom = _satterthwaite((seeds, len(of_seeds) - 1), (rows, len(of_rows) - 1))
    low, rather_low = (_low(gain, seeds + rows, freedom, level) for level in (LEVEL, RATHER))
    if are_all_rows:
        low, rather_low = low_of_seeds, _low(gain, seeds, len(of_seeds) - 1, RATHER)
    return Comparison(gain, low, rather_low, low_of_seeds, len(of_seeds))


def _variance(values: Float[np.ndarray, " number"]) -> float:
    """Of the mean."""
    return float(np.var(values, ddof=1)) / len(values) if len(values) > 1 else math.inf


def _satterthwaite(*parts: tuple[float, int]) -> float:
    """Degrees of freedom of a sum of variances."""
    total = sum(variance for variance, _ in parts)
    if not 0 < total < math.inf:
        return min(freedom for _, freedom in parts)
    return total**2 / sum(variance**2 / freedom for variance, freedom in parts)


def _low(gain: float, variance: float, freedom: float, level: float) -> float:
    if not math.isfinite(variance):
        return -math.inf
    return gain - float(stdtrit(freedom, 1 - level)) * math.sqrt(variance)
