"""The target as a network sees it, and its answers as the user reads them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from tenfold.metrics import Prediction
from tenfold.problem import Problem

__all__ = ["TargetScale", "answers_to_predictions"]


@dataclass(frozen=True)
class TargetScale:
    """How a numeric target is scaled for training: (y - centre) / spread. Classes have centre 0 and spread 1.

    Args:
        centre: Mean of the training rows, in the target's own unit.
        spread: Standard deviation of the training rows, in the target's own unit; 1 where they are all equal.
    """

    centre: float = 0.0
    spread: float = 1.0

    @classmethod
    def fit(cls, target: Float[np.ndarray, " row"]) -> "TargetScale":
        """Mean and standard deviation of training rows."""
        return cls(float(target.mean()), float(target.std()) or 1.0)

    def scale(self, target: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """From the target's unit to the network's."""
        return np.asarray((target - self.centre) / self.spread)

    def restore(self, output: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """From the network's unit to the target's."""
        return np.asarray(output * self.spread + self.centre)


def answers_to_predictions(
    answers: Float[np.ndarray, "row output"], problem: Problem, scale: TargetScale
) -> Prediction:
    """A network's answers as numbers in the target's unit, or as a probability for each class.

    Args:
        answers: One scaled number a row, the positive class's probability, or a probability for each class.
        problem: What is predicted.
        scale: Of a numeric target.

    Returns:
        As `Measure.score` takes them, in double precision: probabilities add up to 1 there too.
    """
    exact = answers.astype(np.float64)
    if problem.is_number:
        return scale.restore(exact[:, 0])
    if problem.kind == "two_classes":
        return np.column_stack([1 - exact[:, 0], exact[:, 0]])
    return np.asarray(exact / exact.sum(axis=1, keepdims=True))
