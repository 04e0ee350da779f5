"""Step 2: the measure of success, which follows from the problem.

A number is measured by its mean absolute error, in the target's own unit. Classes that are about equally frequent are
measured by ROC AUC (two) or accuracy (several); where one is rare, by average precision or balanced accuracy, because a
constant answer would look good otherwise. A score keeps its natural sign: an error is positive and lower is better.
scikit-learn computes all of them.

Source: F. Chollet, Deep Learning with Python (2017), section 4.5.2.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int
from sklearn import metrics

from tenfold.problem import Problem

__all__ = ["Measure", "Measures", "choose_measures"]

Truth = Float[np.ndarray, " row"] | Int[np.ndarray, " row"]
Prediction = Float[np.ndarray, " _"] | Float[np.ndarray, "_ class"]


@dataclass(frozen=True)
class Measure:
    """How well predictions agree with the truth, as one number.

    Args:
        key: `"mae"`, `"roc_auc"`, ...
        name: In words.
        short: For the head of a table.
        better: Which direction is better.
        unit: `"target"` for the target's own unit, `"share"` for a share in [0, 1], `"nats"`, or empty.
        guess: In words: who scores `no_skill`, such as "a random order".
        compute: Truth and prediction to score. Truth holds numbers, or positions of classes; a prediction holds
            numbers, or one probability a class.
        no_skill_of: Truth to the score of somebody who ignores the columns but knows the target's distribution.
    """

    key: str
    name: str
    short: str
    better: Literal["lower", "higher"]
    unit: str
    guess: str
    compute: Callable[[Truth, Prediction], float]
    no_skill_of: Callable[[Truth], float]

    def score(self, truth: Truth, prediction: Prediction) -> float:
        """The score of predictions; NaN where the rows do not allow one (ROC AUC of one class)."""
        return float(self.compute(truth, prediction))

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest score there can be: shares lie in [0, 1], errors start at 0, R2 ends at 1."""
        if self.key == "r2":
            return -float("inf"), 1.0
        return 0.0, 1.0 if self.better == "higher" else float("inf")

    def no_skill(self, truth: Truth) -> float:
        """The score of a guess that ignores the columns."""
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


def choose_measures(problem: Problem) -> Measures:
    """The measures that fit a problem.

    Args:
        problem: From `define_problem`.

    Returns:
        The measure of success, the others, and why.
    """
    if problem.is_number:
        because = "it reads in the unit of the target, and one large error does not outweigh all others"
        return Measures(_MAE, (_RMSE, _R2), because)
    classes = np.arange(len(problem.labels))
    log_loss, guess = _log_loss(classes), f"always guessing `{_most_frequent(problem)}`"
    accuracy = _accuracy(guess)
    balanced = _balanced_accuracy(guess)
    if problem.kind == "several_classes":
        if problem.is_imbalanced:
            return Measures(balanced, (accuracy, log_loss), f"{_rarest(problem)}, so every class counts the same")
        return Measures(accuracy, (balanced, log_loss), f"no class is rare: {_rarest_share(problem)}")
    if problem.is_imbalanced:
        because = f"{_rarest(problem)}, so what counts is how far up it is ranked"
        return Measures(_AVERAGE_PRECISION, (_ROC_AUC, balanced, log_loss), because)
    return Measures(_ROC_AUC, (accuracy, log_loss), f"no class is rare: {_rarest_share(problem)}")


def _most_frequent(problem: Problem) -> str:
    return problem.label_texts[int(np.argmax(problem.class_counts))]


def _rarest(problem: Problem) -> str:
    rarest = int(np.argmin(problem.class_counts))
    share = problem.class_counts[rarest] / problem.num_rows
    return f"`{problem.label_texts[rarest]}` is rare ({100 * share:.1f} % of the rows)"


def _rarest_share(problem: Problem) -> str:
    rarest = int(np.argmin(problem.class_counts))
    share = problem.class_counts[rarest] / problem.num_rows
    return f"the rarest, `{problem.label_texts[rarest]}`, has {100 * share:.0f} % of the rows"


def _positive(compute: Callable[..., float], truth: Truth, prediction: Any) -> float:
    """A measure of the second class's probability; NaN where only one class is among the rows."""
    if len(np.unique(truth)) == 1:
        return float("nan")
    return float(compute(truth, prediction[:, 1]))


def _of_likeliest(compute: Callable[..., float], truth: Truth, prediction: Any) -> float:
    return float(compute(truth, prediction.argmax(axis=1)))


def _recall_mean(truth: Truth, likeliest: Int[np.ndarray, " row"]) -> float:
    """Balanced accuracy over the classes that occur: scikit-learn's own warns where a predicted class does not."""
    return float(metrics.recall_score(truth, likeliest, labels=np.unique(truth), average="macro", zero_division=0.0))


def _share_of_most_frequent(truth: Truth) -> float:
    return float(np.unique_counts(truth).counts.max() / len(truth))


def _entropy(truth: Truth) -> float:
    shares = np.unique_counts(truth).counts / len(truth)
    return float(-(shares * np.log(shares)).sum())


_MAE = Measure(
    "mae",
    "mean absolute error",
    "MAE",
    "lower",
    "target",
    "always guessing the median",
    metrics.mean_absolute_error,
    lambda truth: np.abs(truth - np.median(truth)).mean(),
)
_RMSE = Measure(
    "rmse",
    "root mean squared error",
    "RMSE",
    "lower",
    "target",
    "always guessing the mean",
    metrics.root_mean_squared_error,
    np.std,
)
_R2 = Measure(
    "r2", "explained share of the variance", "R2", "higher", "share", "always guessing the mean", metrics.r2_score,
    lambda truth: 0.0,  # noqa: ARG005 (whatever the truth)
)  # fmt: skip
_ROC_AUC = Measure(
    "roc_auc",
    "area under the ROC curve",
    "ROC AUC",
    "higher",
    "",
    "a random order",
    partial(_positive, metrics.roc_auc_score),
    lambda truth: 0.5,  # noqa: ARG005 (whatever the truth)
)
_AVERAGE_PRECISION = Measure(
    "average_precision",
    "average precision",
    "average precision",
    "higher",
    "",
    "a random order",
    partial(_positive, metrics.average_precision_score),
    np.mean,
)


def _accuracy(guess: str) -> Measure:
    compute = partial(_of_likeliest, metrics.accuracy_score)
    return Measure("accuracy", "accuracy", "accuracy", "higher", "share", guess, compute, _share_of_most_frequent)


def _balanced_accuracy(guess: str) -> Measure:
    compute = partial(_of_likeliest, _recall_mean)
    name = "balanced accuracy"
    return Measure("balanced_accuracy", name, name, "higher", "share", guess, compute, lambda t: 1 / len(np.unique(t)))


def _log_loss(classes: Int[np.ndarray, " class"]) -> Measure:
    compute = partial(metrics.log_loss, labels=classes)
    guess = "always guessing the shares of the classes"
    return Measure("log_loss", "log loss", "log loss", "lower", "nats", guess, compute, _entropy)
