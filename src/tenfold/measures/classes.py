"""Measures of predicted classes and labels, from a probability for each.

Of two classes the second is the one to be found. Several labels are scored one by one and averaged, every label
counting the same ("macro"); a label that all rows or none of them have cannot be ranked and is left out of the mean.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Int
from sklearn import metrics

from tenfold.measures.measure import Measure, Truth

__all__ = [
    "AVERAGE_PRECISION",
    "ROC_AUC",
    "accuracy",
    "balanced_accuracy",
    "label_average_precision",
    "label_log_loss",
    "label_roc_auc",
    "log_loss",
]

SHARE = (0.0, 1.0)
RANDOM_ORDER = "a random order"
SHARES_OF_CLASSES = "always guessing the shares of the classes"


def _half(_: Truth) -> float:
    return 0.5


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


ROC_AUC = Measure("roc_auc", "area under the ROC curve", "ROC AUC", "higher", "", RANDOM_ORDER,
                  partial(_positive, metrics.roc_auc_score), _half, SHARE)  # fmt: skip
AVERAGE_PRECISION = Measure("average_precision", "average precision", "average precision", "higher", "", RANDOM_ORDER,
                            partial(_positive, metrics.average_precision_score), np.mean, SHARE)  # fmt: skip


def accuracy(guess: str) -> Measure:
    """Share of rows whose likeliest class is the true one; `guess` says in words who scores the largest class."""
    compute, no_skill = partial(_of_likeliest, metrics.accuracy_score), _share_of_most_frequent
    return Measure("accuracy", "accuracy", "accuracy", "higher", "share", guess, compute, no_skill, SHARE)


def balanced_accuracy(guess: str) -> Measure:
    """The mean over classes of the share of their rows that is found."""
    compute = partial(_of_likeliest, _recall_mean)
    return Measure("balanced_accuracy", "balanced accuracy", "balanced accuracy", "higher", "share", guess, compute,
                   lambda truth: 1 / len(np.unique(truth)), SHARE)  # fmt: skip


def log_loss(num_classes: int) -> Measure:
    """Minus the logarithm of the true class's probability, nats."""
    compute = partial(metrics.log_loss, labels=np.arange(num_classes))
    return Measure("log_loss", "log loss", "log loss", "lower", "nats", SHARES_OF_CLASSES, compute, _entropy)


def label_average_precision(labels: Sequence[str]) -> Measure:
    """Average precision, the mean over labels.

    Args:
        labels: Their names, which name the parts.

    Returns:
        The measure.
    """
    parts = partial(_by_label, labels, metrics.average_precision_score)
    return Measure("average_precision", "average precision, mean over labels", "mean average precision", "higher", "",
                   RANDOM_ORDER, partial(_mean_part, parts), _share_of_ranked, SHARE, parts)  # fmt: skip


def label_roc_auc(labels: Sequence[str]) -> Measure:
    """Area under the ROC curve, the mean over labels."""
    parts = partial(_by_label, labels, metrics.roc_auc_score)
    return Measure("roc_auc", "area under the ROC curve, mean over labels", "mean ROC AUC", "higher", "", RANDOM_ORDER,
                   partial(_mean_part, parts), _half, SHARE, parts)  # fmt: skip


def label_log_loss(labels: Sequence[str]) -> Measure:
    """Binary cross-entropy, the mean over labels, nats."""
    parts = partial(_by_label, labels, _two_sided_log_loss)
    return Measure("log_loss", "log loss, mean over labels", "mean log loss", "lower", "nats",
                   "always guessing the share of each label", lambda *both: float(np.mean(list(parts(*both).values()))),
                   lambda truth: float(np.mean([_entropy(one) for one in truth.T])), parts=parts)  # fmt: skip


def _two_sided_log_loss(truth: Truth, probability: Any) -> float:
    return float(metrics.log_loss(truth, probability, labels=[0, 1]))


def _by_label(labels: Sequence[str], compute: Callable[..., float], truth: Truth, prediction: Any) -> dict[str, float]:
    """Score of each label; NaN for one that all rows or none of them have, unless its probabilities can be judged."""
    is_ranking = compute is not _two_sided_log_loss
    return {
        label: float("nan") if is_ranking and len(np.unique(actual)) == 1 else float(compute(actual, probability))
        for label, actual, probability in zip(labels, truth.T, prediction.T, strict=True)
    }


def _mean_part(parts: Callable[[Truth, Any], dict[str, float]], truth: Truth, prediction: Any) -> float:
    scores = np.array(list(parts(truth, prediction).values()))
    return float("nan") if np.isnan(scores).all() else float(np.nanmean(scores))


def _share_of_ranked(truth: Truth) -> float:
    """The mean share of the labels that some rows have and some have not."""
    shares = truth.mean(axis=0)
    ranked = shares[(shares > 0) & (shares < 1)]
    return float(ranked.mean()) if len(ranked) else float("nan")
