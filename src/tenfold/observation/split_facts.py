"""Training rows beside validation rows: the same scale, the same classes, no row in both."""

from collections.abc import Sequence

import numpy as np

from tenfold.checks.facts import InputFacts, SplitFacts, TargetFacts
from tenfold.observation.doubt import row_marks
from tenfold.observation.inputs import spread_rows
from tenfold.observation.quick_model import as_features

__all__ = ["split_facts"]

_MOST_ENTRIES = 100_000
_MOST_COMPARED = 50_000
_MOST_TOLD_APART = 1_000
_SUPPORT = 10
"""Rows in which a feature differs from its most frequent value before its scale is compared: arbitrary."""

_FOLDS = 3


def split_facts(
    train: Sequence[np.ndarray],
    validation: Sequence[np.ndarray],
    inputs: Sequence[InputFacts],
    targets: tuple[np.ndarray, np.ndarray] | None,
    target: TargetFacts | None,
    *,
    is_given: bool,
    seed: int,
    thorough: bool,
) -> SplitFacts:
    """Both sides beside each other.

    Args:
        train: Input arrays of the training rows.
        validation: Those of the validation rows.
        inputs: Facts of the inputs.
        targets: First target of both sides.
        target: Its facts.
        is_given: Whether the user gave the validation rows.
        seed: Seed of the quick model.
        thorough: Whether rows are compared one by one and told apart by the quick model.
    """
    ratios, shifts = zip(*(_compared(*pair) for pair in zip(train, validation, strict=True)), strict=True)
    missing, distance = _classes(targets, target)
    return SplitFacts(
        num_train=len(train[0]),
        num_validation=len(validation[0]),
        is_given=is_given,
        repeated_share=_repeated(train, validation) if thorough else 0.0,
        scale_ratio=max(ratios),
        shift=max(shifts),
        outside=max(_outside(*pair) for pair in zip(train, validation, strict=True)),
        told_apart=_told_apart(train, validation, inputs, seed) if thorough else None,
        missing_classes=missing,
        class_distance=distance,
    )


def _compared(train: np.ndarray, validation: np.ndarray) -> tuple[float, float]:
    """Largest ratio of scales and largest shift of means among features that vary in both."""
    first, second = (_flat(spread_rows(side, _MOST_ENTRIES)) for side in (train, validation))
    varies = (_support(first) >= _SUPPORT) & (_support(second) >= _SUPPORT)
    if not varies.any():
        return _ratio_of_all(first, second), 0.0
    first, second = first[:, varies], second[:, varies]
    spreads, sizes = (first.std(axis=0), second.std(axis=0)), (np.abs(first).mean(axis=0), np.abs(second).mean(axis=0))
    ratios = np.maximum(_ratios(*spreads), 1.0)
    size_ratios = np.where(np.minimum(*sizes) > spreads[0], _ratios(*sizes), 1.0)  # means near 0 have no ratio
    shifts = np.abs(first.mean(axis=0) - second.mean(axis=0)) / np.where(spreads[0] > 0, spreads[0], 1.0)
    return float(max(ratios.max(), size_ratios.max())), float(shifts.max())


def _outside(train: np.ndarray, validation: np.ndarray) -> float:
    """Part of the validation entries that lie outside of all training entries."""
    known = train[np.isfinite(train)]
    if not known.size:
        return 0.0
    some = spread_rows(validation, _MOST_ENTRIES)
    return float(np.mean((some < known.min()) | (some > known.max())))


def _flat(rows: np.ndarray) -> np.ndarray:
    """Entries of the last axis as columns; of tables these are the features."""
    flat = rows.reshape(-1, rows.shape[-1] if rows.ndim > 1 else 1).astype(np.float64)
    return np.where(np.isfinite(flat), flat, 0.0)


def _support(columns: np.ndarray) -> np.ndarray:
    middle = np.median(columns, axis=0)
    found: np.ndarray = (columns != middle).sum(axis=0)
    return found


def _ratios(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    small, large = np.minimum(first, second), np.maximum(first, second)
    found: np.ndarray = np.where(small > 0, large / np.where(small > 0, small, 1.0), 1.0)
    return found


def _ratio_of_all(first: np.ndarray, second: np.ndarray) -> float:
    return float(_ratios(np.abs(first).mean(keepdims=True), np.abs(second).mean(keepdims=True)).max())


def _repeated(train: Sequence[np.ndarray], validation: Sequence[np.ndarray]) -> float:
    num_validation = min(len(validation[0]), _MOST_COMPARED)
    known = set(row_marks([side.astype(np.float32) for side in train], len(train[0])))
    marks = row_marks([side.astype(np.float32) for side in validation], num_validation)
    return sum(mark in known for mark in marks) / num_validation


def _told_apart(
    train: Sequence[np.ndarray], validation: Sequence[np.ndarray], inputs: Sequence[InputFacts], seed: int
) -> float | None:
    """ROC AUC of telling the two sides apart, out of fold; 0.5 where nothing tells them apart."""
    from sklearn.ensemble import ExtraTreesClassifier  # noqa: PLC0415  # passive checks do without (0.3 s)
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415
    from sklearn.model_selection import StratifiedKFold, cross_val_predict  # noqa: PLC0415

    sides = [[_some(array, seed) for array in side] for side in (train, validation)]
    both = [np.concatenate(pair) for pair in zip(*sides, strict=True)]
    is_validation = np.repeat([0, 1], [len(sides[0][0]), len(sides[1][0])])
    if is_validation.sum() < _SUPPORT:
        return None
    features = as_features(inputs, both, np.arange(len(is_validation)), seed)
    trees = ExtraTreesClassifier(50, min_samples_leaf=5, class_weight="balanced", random_state=seed)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    answers = cross_val_predict(trees, features, is_validation, cv=folds, method="predict_proba")[:, 1]
    return max(0.5, float(roc_auc_score(is_validation, answers)))


def _some(array: np.ndarray, seed: int) -> np.ndarray:
    rows = np.random.default_rng(seed).permutation(len(array))[:_MOST_TOLD_APART]
    return array[np.sort(rows)]


def _classes(
    targets: tuple[np.ndarray, np.ndarray] | None, target: TargetFacts | None
) -> tuple[tuple[float, ...], float | None]:
    """Classes that only validation rows have, and the distance between the two distributions."""
    if targets is None or target is None or not target.is_classes:
        return (), None
    first, second = (np.argmax(side, axis=1) if target.kind == "one-hot" else side.reshape(-1) for side in targets)
    values = np.union1d(first, second)
    counts = [np.array([np.count_nonzero(side == value) for value in values]) for side in (first, second)]
    shares = [count / max(1, count.sum()) for count in counts]
    missing = tuple(float(value) for value, count in zip(values, counts[0], strict=True) if count == 0)
    return missing, float(np.abs(shares[0] - shares[1]).sum() / 2)
