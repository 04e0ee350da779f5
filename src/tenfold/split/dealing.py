"""Rows dealt to folds at random: no group is split, each class is spread evenly."""

import warnings

import numpy as np
from jaxtyping import Int
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from tenfold.shapes import Rows
from tenfold.split.folds import Pair

__all__ = ["deal_rows"]

MOST_UNEVEN = 100
"""Groups of at most a hundredth of the rows, are dealt like rows; larger ones by size. Arbitrary."""


def deal_rows(
    rows: Rows,
    num_folds: int,
    random_state: int,
    *,
    classes: Int[np.ndarray, " any_row"] | None,
    groups: Int[np.ndarray, " any_row"] | None,
) -> list[Pair]:
    """Folds of random rows, each class spread evenly. A class with fewer rows than folds misses in some of them.

    Args:
        rows: Positions in the table of the rows to deal.
        num_folds: At least 2; fewer are dealt where there are fewer rows or groups.
        random_state: Same state, same folds.
        classes: Class of each row of the table; None for a number.
        groups: Group of each row of the table; None where every row may go its own way.

    Returns:
        Positions in the table to train on and to validate on, a pair a fold.
    """
    strata = None if classes is None else classes[rows]
    parties = np.arange(len(rows)) if groups is None else np.unique_inverse(groups[rows]).inverse_indices
    first_rows, sizes = np.unique(parties, return_index=True)[1], np.bincount(parties)
    if sizes.max() > max(1, len(rows) / MOST_UNEVEN):
        pairs = _deal_groups(parties, strata, num_folds, random_state)
        return [(rows[train], rows[validation]) for train, validation in pairs]
    strata_of_parties = None if strata is None else strata[first_rows]
    dealt = _deal_parties(len(sizes), strata_of_parties, num_folds, random_state)
    sides = ((np.isin(parties, train), np.isin(parties, validation)) for train, validation in dealt)
    return [(rows[train], rows[validation]) for train, validation in sides]


def _deal_parties(
    num_rows: int, strata: Int[np.ndarray, " row"] | None, num_folds: int, random_state: int
) -> list[Pair]:
    """Folds of rows that go their own way, or of groups so small that they are dealt as if each were a row."""
    num_folds, rows = min(num_folds, num_rows), np.zeros(num_rows)
    if strata is None or np.unique_counts(strata).counts.max() < num_folds:
        return list(KFold(num_folds, shuffle=True, random_state=random_state).split(rows))
    return _spread(StratifiedKFold(num_folds, shuffle=True, random_state=random_state), strata)


def _deal_groups(
    groups: Int[np.ndarray, " row"], classes: Int[np.ndarray, " row"] | None, num_folds: int, random_state: int
) -> list[Pair]:
    """Folds of whole groups of unequal size, about as large as each other."""
    num_folds = min(num_folds, int(groups.max()) + 1)
    if classes is None or np.unique_counts(classes).counts.max() < num_folds:
        return list(GroupKFold(num_folds, shuffle=True, random_state=random_state).split(groups, groups=groups))
    return _spread(StratifiedGroupKFold(num_folds, shuffle=True, random_state=random_state), classes, groups)


def _spread(
    splitter: StratifiedKFold | StratifiedGroupKFold,
    classes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None = None,
) -> list[Pair]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        return list(splitter.split(classes, classes, groups))
