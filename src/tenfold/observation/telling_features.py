"""The single feature that tells the target best: a leak tells it all alone."""

from collections.abc import Mapping

import numpy as np

from tenfold.observation.quick_model import Question, answers_out_of_fold

__all__ = ["feature_measures"]

_WORTH_A_LOOK = 0.99


def feature_measures(features: np.ndarray, question: Question, seed: int) -> Mapping[str, float]:
    """Which column of a table tells the target best.

    Args:
        features: Columns of the table, for the rows that are looked at.
        question: Targets of the same rows.
        seed: Seed of the quick model.

    Returns:
        `best_feature`, `best_feature_score` (ROC AUC for two classes, else the absolute correlation of ranks), and
        where that is nearly perfect `best_feature_within`, the share of the feature's variance that is left within
        classes or beside a straight line in the target, `second_feature_within`, the same of the feature that comes
        next, and `learnable_without`, the quick model's score from all others.
    """
    scores = np.abs(_rank_correlations(features, question.values.astype(np.float64)))
    best = int(scores.argmax())
    column = features[:, best]
    score = _auc(column, question.values) if question.num_classes == 2 else float(scores[best])  # noqa: PLR2004
    found = {"best_feature": float(best), "best_feature_score": score}
    if score < _WORTH_A_LOOK:
        return found
    found["best_feature_within"] = _within(column, question)
    if features.shape[1] > 1:
        others = np.delete(features, best, axis=1)
        second = others[:, int(np.delete(scores, best).argmax())]
        found["second_feature_within"] = _within(second, question)
        found["learnable_without"] = answers_out_of_fold(others, question, seed).score
    return found


def _rank_correlations(features: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spearman's correlation of each column with the target."""
    ranks = np.column_stack([_mean_ranks(column) for column in features.T])
    target = _mean_ranks(values)
    ranks, target = ranks - ranks.mean(axis=0), target - target.mean()
    sizes = np.sqrt((ranks**2).sum(axis=0) * (target**2).sum())
    found: np.ndarray = np.where(sizes > 0, target @ ranks / np.where(sizes > 0, sizes, 1.0), 0.0)
    return found


def _mean_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; equal values share the mean of theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: np.ndarray = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return found


def _auc(column: np.ndarray, labels: np.ndarray) -> float:
    """ROC AUC of a column, in the direction that tells more (Mann and Whitney 1947)."""
    ranks, ones = _mean_ranks(column), labels == 1
    num_ones, num_zeros = int(ones.sum()), int((~ones).sum())
    area = (float(ranks[ones].sum()) - num_ones * (num_ones + 1) / 2) / (num_ones * num_zeros)
    return max(area, 1 - area)


def _within(column: np.ndarray, question: Question) -> float:
    """Share of a column's variance that the target leaves over."""
    total = float(np.var(column))
    if total == 0:
        return 1.0
    if not question.num_classes:
        return max(0.0, 1 - float(np.corrcoef(column, question.values)[0, 1]) ** 2)
    counts = np.bincount(question.values)
    means = np.bincount(question.values, weights=column) / np.maximum(counts, 1)
    return float(np.mean((column - means[question.values]) ** 2)) / total
