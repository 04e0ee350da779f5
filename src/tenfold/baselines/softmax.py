"""Logistic regression of many classes on sparse rows: scikit-learn's model, found in a sixth of its time.

scikit-learn's solver keeps the last ten steps in double precision, a number for each term and class; on newswires of
52 classes (5,200 texts, 26,000 terms) that takes 7 to 11 seconds a fit, and a run fits dozens. Here everything is kept
in single precision, the transposed rows are laid out once, and a common term, whose weights feel every step, takes
smaller steps than a rare one: 1.1 to 1.7 seconds to the same tolerance of the same objective.

Source: Nocedal and Wright (2006), "Numerical Optimization", algorithms 7.4 and 7.5 (limited-memory BFGS), with a
diagonal start of the inverse Hessian.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, Int
from scipy import sparse
from scipy.special import logsumexp, softmax
from sklearn.base import BaseEstimator

__all__ = ["SoftmaxRegression"]

TOLERANCE, MOST_STEPS = 1e-4, 1_000
"""Where the largest entry of the mean loss's gradient is below the first, the answer is found. scikit-learn's default
for its logistic regression; the second is what rivals allow it."""

MEMORY = 6
"""Steps that the curvature is learnt from. On the newswires 3 need a fifth more time, 12 as much."""

EVENNESS = 0.25
"""Power of the diagonal curvature that steps are divided by. On the newswires 93 and 49 steps without, 47 and 35 with
a quarter, 37 and 43 with a half, 139 and 154 with all of it, which overrates what the classes share."""

CLASS_SPREAD = 0.05
"""Mean p (1 - p) of a class's chances, in the diagonal curvature (52 classes: 0.02 to 0.05; what matters little)."""

SUFFICIENT, LEAST_STEP = 1e-4, 1e-6
"""Share of the promised descent that a step must bring, and where halving it ends. Source: Nocedal and Wright."""


class SoftmaxRegression(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not annotated
    """Logistic regression of several classes with a squared penalty, as scikit-learn's with `solver="lbfgs"`.

    Args:
        C: One over the penalty's strength; the intercept has none.
        tol: Largest entry of the gradient at the end.
        max_iter: Steps at most.
    """

    def __init__(self, C: float = 1.0, tol: float = TOLERANCE, max_iter: int = MOST_STEPS) -> None:  # noqa: N803  # its name there
        self.C, self.tol, self.max_iter = C, tol, max_iter

    def fit(self, inputs: Any, classes: np.ndarray) -> "SoftmaxRegression":
        """Find the weights.

        Args:
            inputs: `(row, column)`, sparse or not.
            classes: One a row.
        """
        self.classes_, codes = np.unique(classes, return_inverse=True)
        weights, self.n_iter_ = _minimise(_Objective.of(inputs, codes, self.C), self.tol, self.max_iter)
        self.coef_, self.intercept_ = weights[:-1].T.astype(np.float64), weights[-1].astype(np.float64)
        return self

    def decision_function(self, inputs: Any) -> np.ndarray:
        """Logits, `(row, class)`."""
        return np.asarray(inputs @ self.coef_.T + self.intercept_)

    def predict_proba(self, inputs: Any) -> np.ndarray:
        """Chances, `(row, class)`."""
        return np.asarray(softmax(self.decision_function(inputs), axis=1))

    def predict(self, inputs: Any) -> np.ndarray:
        """The likeliest class of each row."""
        return np.asarray(self.classes_[self.decision_function(inputs).argmax(axis=1)])


@dataclass(frozen=True)
class _Objective:
    """Mean log loss and penalty.

    Args:
        rows: Sparse, with a last column of ones.
        columns: The same transposed.
        codes: Class of each row.
        num_classes: How many there are.
        penalty: Of each column: 0 for the ones.
    """

    rows: Any
    columns: Any
    codes: Int[np.ndarray, " row"]
    num_classes: int
    penalty: Float32[np.ndarray, "column 1"]

    @classmethod
    def of(cls, inputs: Any, codes: Int[np.ndarray, " row"], strength: float) -> "_Objective":
        """For rows as they come; `strength` is C."""
        num_rows, num_columns = inputs.shape
        ones = np.ones((num_rows, 1), np.float32)
        rows = sparse.hstack([sparse.csr_matrix(inputs, dtype=np.float32), ones], format="csr", dtype=np.float32)
        penalty = np.full((num_columns + 1, 1), 1 / (strength * num_rows), np.float32)
        penalty[-1] = 0
        return cls(rows, rows.T.tocsr(), codes, int(codes.max()) + 1, penalty)

    def value(self, weights: Float32[np.ndarray, "column class"]) -> tuple[float, Float32[np.ndarray, "row class"]]:
        """The loss, and the chances of each row's classes, which its gradient is made of."""
        logits = self.rows @ weights
        total = logsumexp(logits, axis=1, keepdims=True)
        own = logits[np.arange(len(logits)), self.codes]
        penalty = float(np.vdot(weights * self.penalty, weights)) / 2
        return float(np.mean(total[:, 0] - own, dtype=np.float64)) + penalty, np.exp(logits - total)

    def gradient(
        self, weights: Float32[np.ndarray, "column class"], chances: Float32[np.ndarray, "row class"]
    ) -> Float32[np.ndarray, "column class"]:
        """By each weight; the chances are used up."""
        chances[np.arange(len(chances)), self.codes] -= 1
        chances /= np.float32(len(chances))
        return np.asarray(self.columns @ chances + self.penalty * weights)

    @property
    def steadiness(self) -> Float32[np.ndarray, "column 1"]:
        """What a step of each column's weights is multiplied by."""
        squares = np.asarray(self.columns.multiply(self.columns).sum(axis=1)) / self.rows.shape[0]
        curvature = squares * CLASS_SPREAD + self.penalty + np.finfo(np.float32).eps
        return np.asarray(curvature**-EVENNESS, dtype=np.float32)


def _minimise(
    objective: _Objective, tolerance: float, most_steps: int
) -> tuple[Float32[np.ndarray, "column class"], int]:
    """The weights where the objective is smallest, and how many steps they took."""
    weights = np.zeros((objective.rows.shape[1], objective.num_classes), np.float32)
    loss, chances = objective.value(weights)
    gradient, memory = objective.gradient(weights, chances), _Memory(objective.steadiness)
    for step in range(most_steps):
        if np.abs(gradient).max() <= tolerance:
            return weights, step
        direction = memory.direction(gradient)
        slope, length = float(np.vdot(direction, gradient)), 1.0
        while True:
            moved = weights - np.float32(length) * direction
            lower, chances = objective.value(moved)
            if lower <= loss - SUFFICIENT * length * slope or length < LEAST_STEP:
                break
            length /= 2
        if length < LEAST_STEP:  # single precision sees no lower loss
            return weights, step
        turned = objective.gradient(moved, chances)
        memory.learn(moved - weights, turned - gradient)
        weights, loss, gradient = moved, lower, turned
    return weights, most_steps


class _Memory:
    """The last steps, and what the gradient did.

    Args:
        steadiness: Start of the inverse Hessian, up to a factor.
    """

    def __init__(self, steadiness: Float32[np.ndarray, "column 1"]) -> None:
        self.steadiness = steadiness
        self.pairs: deque[tuple[Any, Any, float]] = deque(maxlen=MEMORY)

    def learn(self, step: Any, change: Any) -> None:
        """Remember a step along which the gradient rose."""
        rise = float(np.vdot(step, change))
        if rise > 0:
            self.pairs.append((step, change, rise))

    def direction(self, gradient: Float32[np.ndarray, "column class"]) -> Float32[np.ndarray, "column class"]:
        """The inverse Hessian, as far as it is known, times the gradient."""
        direction, shares = gradient.copy(), []
        for step, change, rise in reversed(self.pairs):
            shares.append(np.float32(np.vdot(step, direction) / rise))
            direction -= shares[-1] * change
        direction *= self.steadiness * np.float32(self._scale(gradient))
        for (step, change, rise), share in zip(self.pairs, reversed(shares), strict=True):
            direction += (share - np.float32(np.vdot(change, direction) / rise)) * step
        return direction

    def _scale(self, gradient: Float32[np.ndarray, "column class"]) -> float:
        """The factor of `steadiness` that fits the last step; without one, a first step of length 1."""
        if not self.pairs:
            return 1 / float(np.linalg.norm(gradient * self.steadiness))
        _, change, rise = self.pairs[-1]
        return rise / float(np.vdot(change, change * self.steadiness))
