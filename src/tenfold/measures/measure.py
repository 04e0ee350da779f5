"""What a measure of success is: predictions and truth to one number, which keeps its natural sign.

An error is positive and lower is better; a share found is positive and higher is better. Which measures fit which
problem is said in `tenfold.measures`; scikit-learn computes them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Measure", "Measures", "Prediction", "Truth"]

Truth = (
    Float[np.ndarray, " row"] | Int[np.ndarray, " row"] | Float[np.ndarray, "row target"] | Int[np.ndarray, "row label"]
)
"""Numbers, positions of classes, or a line of numbers or of zeros and ones a row."""

Prediction = Float[np.ndarray, " _"] | Float[np.ndarray, "_ class"]
"""Numbers; a probability for each class or label; a line of numbers."""


@dataclass(frozen=True)
class Measure:
    """How well predictions agree with the truth, as one number.

    Args:
        key: `"mae"`, `"roc_auc"`, ...
        name: In words.
        short: For the head of a table.
        better: Which direction is better.
        unit: `"target"` for the target's own unit, `"share"` for a share of rows in [0, 1], `"percent"` for a share of
            the truth, `"nats"`, or empty.
        guess: In words: who scores `no_skill`, such as "a random order"; empty where nobody is known.
        compute: Truth and prediction to score.
        no_skill_of: Truth to the score of somebody who ignores the columns but knows the target's distribution; NaN
            where that is not defined.
        bounds: Least and greatest score there can be.
        parts: Truth and prediction to the score of each label or target by itself; None for one target.
    """

    key: str
    name: str
    short: str
    better: Literal["lower", "higher"]
    unit: str
    guess: str
    compute: Callable[[Truth, Prediction], float]
    no_skill_of: Callable[[Truth], float]
    bounds: tuple[float, float] = (0.0, float("inf"))
    parts: Callable[[Truth, Prediction], Mapping[str, float]] | None = field(default=None, repr=False)

    def score(self, truth: Truth, prediction: Prediction) -> float:
        """The score of predictions; NaN where the rows do not allow one (ROC AUC of one class)."""
        return float(self.compute(truth, prediction))

    def no_skill(self, truth: Truth) -> float:
        """The score of a guess that ignores the columns; NaN where that is not defined."""
        return float(self.no_skill_of(truth))

    def gain(self, score: float, rival: float) -> float:
        """How much better `score` is than `rival`: positive = better, whatever the direction of the measure."""
        return score - rival if self.better == "higher" else rival - score


@dataclass(frozen=True)
class Measures:
    """The measure that decides, the others that are shown, and the reason.

    Args:
        primary: The measure of success.
        others: Shown beside it.
        because: One sentence.
    """

    primary: Measure
    others: tuple[Measure, ...]
    because: str

    @property
    def all(self) -> tuple[Measure, ...]:
        """The measure of success first."""
        return (self.primary, *self.others)
