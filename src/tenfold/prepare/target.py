"""The target as a network sees it, and its answers as the user reads them.

Only numbers without bounds are scaled, each target by itself: a share or a count keeps its values, because the last
layer fixes their range (sigmoid, exponential). Answers are never clipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from tenfold.measures.measure import Prediction
from tenfold.problem.definition import EncodedTarget, Problem

__all__ = ["TargetScale", "answers_to_predictions"]


@dataclass(frozen=True)
class TargetScale:
    """How targets are scaled for training: (y - centre) / spread. Where nothing is scaled, centre 0 and spread 1.

    Skewed targets of a forecast may be scaled as log(1 + y): centre and spread are then in that unit.

    Args:
        centres: Mean of the training rows of each target, in its own unit.
        spreads: Standard deviation of the training rows of each, in its own unit; 1 where they are all equal.
        is_log: Whether targets are scaled as log(1 + y).
    """

    centres: tuple[float, ...] = (0.0,)
    spreads: tuple[float, ...] = (1.0,)
    is_log: bool = False

    @classmethod
    def fit(cls, problem: Problem, target: EncodedTarget, *, is_log: bool = False) -> "TargetScale":
        """Mean and standard deviation of training rows, where the problem's target is scaled.

        Args:
            problem: Says whether it is.
            target: Of the training rows, in its own unit.
            is_log: Whether it is scaled as log(1 + y); all of it is then above -1.

        Returns:
            The scale.
        """
        if not problem.is_scaled:
            return cls()
        columns = target.reshape(len(target), -1)
        columns = np.log1p(columns) if is_log else columns
        spreads = columns.std(axis=0)
        return cls(tuple(map(float, columns.mean(axis=0))), tuple(float(spread) or 1.0 for spread in spreads), is_log)

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "TargetScale":
        """The scale that `dataclasses.asdict` and JSON have made plain."""
        return cls(tuple(content["centres"]), tuple(content["spreads"]), bool(content.get("is_log", False)))

    @property
    def unit(self) -> float:
        """What 1 of a scaled target is in the target's own unit; 1 for several targets, which share no unit."""
        return self.spreads[0] if len(self.spreads) == 1 else 1.0

    def scale(self, target: EncodedTarget) -> Float[np.ndarray, "..."] | Int[np.ndarray, "..."]:
        """From the targets' units to the network's: float32, or int32 for the positions of classes."""
        if np.issubdtype(target.dtype, np.integer) and target.ndim == 1:
            return target.astype(np.int32)
        target = np.log1p(target) if self.is_log else target
        return np.asarray((target - self._fitting(self.centres)) / self._fitting(self.spreads), dtype=np.float32)

    def restore(self, output: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """From the network's unit to the targets': one number a row for one target, else a line.

        Where a network answers with several numbers for each target (`layers.QuantileSteps`), these are all targets'
        first ones, then all second ones.
        """
        repeats = output.shape[-1] // len(self.spreads) if len(self.spreads) > 1 else 1
        restored = output * self._fitting(self.spreads * repeats) + self._fitting(self.centres * repeats)
        return np.asarray(np.expm1(restored) if self.is_log else restored)

    @staticmethod
    def _fitting(values: tuple[float, ...]) -> Float[np.ndarray, "..."]:
        """A number for one target, a line for several: neither adds an axis."""
        return np.array(values[0] if len(values) == 1 else values)


def answers_to_predictions(
    answers: Float[np.ndarray, "row output"], problem: Problem, scale: TargetScale
) -> Prediction:
    """A network's answers as numbers in the target's unit, or as a probability for each class or label.

    Args:
        answers: One number a row or target (scaled where `scale` says so), the positive class's probability, or a
            probability for each class or label.
        problem: What is predicted.
        scale: Of the target.

    Returns:
        As `Measure.score` takes them, in double precision: probabilities of classes add up to 1 there too.
    """
    exact = answers.astype(np.float64)
    if problem.is_number:
        return scale.restore(exact[:, 0])
    if problem.kind == "two_classes":
        return np.column_stack([1 - exact[:, 0], exact[:, 0]])
    if problem.kind == "several_classes":
        return np.asarray(exact / exact.sum(axis=1, keepdims=True))
    return scale.restore(exact)
