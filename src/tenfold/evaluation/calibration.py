"""Probabilities put right: 70 % shall mean 70 %, judged on rows that no member behind the prediction was trained on.

A logit is multiplied by a slope and moved by an intercept (Platt scaling, for two classes and for each label), or all
logits are divided by one temperature (several classes). Both keep the order of the rows of one fold, so that rankings
stay as they are. A correction is only made where it pays for its parameters.

Sources: Platt (1999), Probabilistic outputs for support vector machines; Guo, Pleiss, Sun and Weinberger (2017), On
calibration of modern neural networks; the price of a parameter is Akaike's (1974).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_expit, log_softmax, softmax

from tenfold.measures.measure import Prediction
from tenfold.problem.definition import EncodedTarget, Problem

__all__ = ["Correction", "fit_correction", "logit"]

SMALLEST = float(np.finfo(np.float32).eps)
"""Probabilities are kept this far from 0 and 1: what single precision tells apart."""

FEWEST_OF_A_SIDE = 20
"""Rows of the rarer outcome that a correction needs at least: ten a parameter (Peduzzi and others 1996)."""

LOG_TEMPERATURES = (-2.0, 2.0)
"""Temperatures from 0.14 to 7.4 are searched (arbitrary; 0.5 to 3 is usual)."""


@dataclass(frozen=True)
class Correction:
    """Slopes and intercepts of logits; empty where probabilities stay as they are.

    Args:
        slopes: One for two classes or several, one a label.
        intercepts: The same; none for several classes.
    """

    slopes: tuple[float, ...] = ()
    intercepts: tuple[float, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing is corrected."""
        return not self.slopes

    @property
    def words(self) -> str:
        """What is done, as a phrase; empty where nothing is.

        >>> Correction((0.8,), (0.1,)).words
        'logits times 0.80, plus 0.10'
        """
        if self.is_none:
            return ""
        if len(self.slopes) > 1:
            return "the logits of each label multiplied and moved"
        moved = f", {'plus' if self.intercepts[0] >= 0 else 'minus'} {abs(self.intercepts[0]):.2f}"
        return f"logits times {self.slopes[0]:.2f}{moved if any(self.intercepts) else ''}"

    def apply(self, prediction: Prediction, problem: Problem) -> Prediction:
        """Corrected probabilities.

        Args:
            prediction: Probabilities of classes or labels; numbers stay as they are.
            problem: What is predicted.

        Returns:
            The same shape.
        """
        if self.is_none:
            return prediction
        if problem.kind == "several_classes":
            return np.asarray(softmax(self.slopes[0] * np.log(np.clip(prediction, SMALLEST, 1)), axis=1))
        if problem.kind == "several_labels":
            return np.asarray(expit(np.array(self.slopes) * logit(prediction) + np.array(self.intercepts)))
        positive = expit(self.slopes[0] * logit(prediction[:, 1]) + self.intercepts[0])
        return np.column_stack([1 - positive, positive])


def fit_correction(problem: Problem, truth: EncodedTarget, prediction: Prediction) -> Correction:
    """The correction that makes held-out outcomes likeliest, if it is worth its parameters.

    Args:
        problem: What is predicted.
        truth: Encoded target of the rows.
        prediction: Probabilities for them, by members that were not trained on them.

    Returns:
        The correction; none for numbers, for too few rows of an outcome, or where it would not pay.
    """
    if problem.kind == "two_classes":
        slope, intercept = _platt(truth == 1, logit(prediction[:, 1]))
        return Correction() if (slope, intercept) == (1.0, 0.0) else Correction((slope,), (intercept,))
    if problem.kind == "several_labels":
        lines = [_platt(truth[:, place] == 1, logit(prediction[:, place])) for place in range(prediction.shape[1])]
        if all(line == (1.0, 0.0) for line in lines):
            return Correction()
        return Correction(tuple(slope for slope, _ in lines), tuple(intercept for _, intercept in lines))
    if problem.kind == "several_classes":
        slope = _temperature(truth, np.log(np.clip(prediction, SMALLEST, 1)))
        return Correction() if slope == 1.0 else Correction((slope,), (0.0,))
    return Correction()


def logit(probability: Float[np.ndarray, "*rows"]) -> Float[np.ndarray, "*rows"]:
    """log(p / (1 - p)), with p kept away from 0 and 1 by what single precision tells apart."""
    kept = np.clip(probability, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(kept) - np.log1p(-kept))


def _platt(happened: Bool[np.ndarray, " row"], logits: Float[np.ndarray, " row"]) -> tuple[float, float]:
    """Slope and intercept; 1 and 0 where the two do not pay."""
    if min(happened.sum(), (~happened).sum()) < FEWEST_OF_A_SIDE:
        return 1.0, 0.0
    sign = np.where(happened, 1.0, -1.0)

    def loss(line: Float[np.ndarray, " 2"]) -> tuple[float, Float[np.ndarray, " 2"]]:
        margin = sign * (line[0] * logits + line[1])
        pull = -sign * expit(-margin)
        return float(-log_expit(margin).sum()), np.array([(pull * logits).sum(), pull.sum()])

    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    pays = found.x[0] > 0 and loss(start)[0] - found.fun > 2  # noqa: PLR2004 (two parameters)
    return (float(found.x[0]), float(found.x[1])) if pays else (1.0, 0.0)


def _temperature(truth: Int[np.ndarray, " row"], logs: Float[np.ndarray, "row class"]) -> float:
    """Factor of all logits; 1 where it does not pay."""
    rows = np.arange(len(truth))
    if len(rows) < 2 * FEWEST_OF_A_SIDE:
        return 1.0

    def loss(log_factor: float) -> float:
        return float(-log_softmax(np.exp(log_factor) * logs, axis=1)[rows, truth].sum())

    found = minimize_scalar(loss, bounds=LOG_TEMPERATURES, method="bounded")
    return float(np.exp(found.x)) if loss(0.0) - found.fun > 1 else 1.0
