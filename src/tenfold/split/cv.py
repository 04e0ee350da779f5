"""What a user may pass as `cv` (a number, a scikit-learn splitter, a list), as pairs of rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Int
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

from tenfold.errors import SplitError
from tenfold.shapes import Rows
from tenfold.split.folds import Pair

__all__ = ["resolve_splits"]

MAX_STRATA = 20
"""A number as `cv` takes whole numbers in `y` for classes, and spreads them evenly over the folds, up to so many
different ones (arbitrary: counts and ages are not classes)."""


def resolve_splits(cv: Any, x: Any, y: Any, groups: Any = None, seed: int = 0) -> list[Pair]:
    """What a user may pass as `cv`, as pairs of rows.

    Args:
        cv: A number of folds, any scikit-learn splitter (an object with `split(x, y, groups)`), or a list of (train,
            validation) pairs of positions or masks. A number deals the rows at random, never splits a group, and
            spreads classes evenly where `y` holds classes.
        x: Inputs; handed to a splitter as they are if they are one array or frame.
        y: Targets: classes, one-hot classes or numbers. Its length is the number of rows.
        groups: Group of each row, or None.
        seed: Of a number's random folds.

    Returns:
        One pair a fold: positions to train on, positions to validate on.

    Raises:
        SplitError: Not one of these, more folds than rows, groups or rows of a class, a row on both sides, a position
            that does not exist, or an empty side.

    >>> pairs = resolve_splits(2, None, np.array([0.5, 1.5, 2.5]), seed=0)
    >>> [len(validation) for _, validation in pairs]
    [2, 1]
    """
    num_rows, strata = len(_first_array(y)), _strata(y)
    if isinstance(cv, int | np.integer) and not isinstance(cv, bool):
        pairs = _split_by_number(int(cv), num_rows, strata, groups, seed)
    elif hasattr(cv, "split") and not isinstance(cv, str):
        pairs = _split_by_splitter(cv, x, y if strata is None else strata, groups, num_rows)
    elif isinstance(cv, Sequence) and not isinstance(cv, str):
        pairs = list(cv)
    else:
        received = f"`{cv}`" if isinstance(cv, str | bool | float) else f"an object of type `{type(cv).__name__}`"
        expected = "a number of folds, a scikit-learn splitter, or a list of (train, validation) pairs of rows"
        raise SplitError("unknown_cv", "`cv` does not say how to split", expected=expected, received=received)
    if not pairs:
        raise SplitError("no_folds", "`cv` makes no folds", expected="at least one pair of rows")
    return [_checked_pair(pair, fold, num_rows) for fold, pair in enumerate(pairs)]


def _first_array(y: Any) -> Any:
    """One of the arrays of targets: they all have as many rows."""
    if isinstance(y, dict):
        return _first_array(next(iter(y.values())))
    return _first_array(y[0]) if isinstance(y, list | tuple) and len(y) and np.ndim(y[0]) > 0 else y


def _strata(y: Any) -> Int[np.ndarray, " row"] | None:
    """Class of each row, from labels, few whole numbers or one-hot classes; None where `y` holds numbers."""
    if isinstance(y, dict) or (isinstance(y, list | tuple) and len(y) and np.ndim(y[0]) > 0):
        return None
    values = np.asarray(y)
    if values.ndim > 1 and values.size == len(values):
        values = values.reshape(len(values))
    if values.ndim == 2:  # noqa: PLR2004 (row and class)
        is_one_hot = np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all()
        return values.argmax(axis=1) if is_one_hot else None
    if values.ndim != 1 or (values.dtype.kind == "f" and not (np.isfinite(values) & (values % 1 == 0)).all()):
        return None
    labels, codes = np.unique(values, return_inverse=True)
    return codes if values.dtype.kind in "bOUST" or len(labels) <= MAX_STRATA else None


def _split_by_number(
    num_folds: int, num_rows: int, strata: Int[np.ndarray, " row"] | None, groups: Any, seed: int
) -> list[Pair]:
    if num_folds < 2:  # noqa: PLR2004 (one fold has nothing to train on)
        raise SplitError("too_few_folds", f"`cv` is {num_folds}", expected="at least 2 folds")
    _check_enough(num_folds, num_rows, "rows", "the table")
    if groups is not None:
        _check_enough(num_folds, len(np.unique(np.asarray(groups))), "groups", "the table")
        splitter = GroupKFold(num_folds, shuffle=True, random_state=seed)
        return list(splitter.split(np.zeros(num_rows), groups=groups))
    if strata is None:
        return list(KFold(num_folds, shuffle=True, random_state=seed).split(np.zeros(num_rows)))
    found = np.unique_counts(strata)
    rarest = int(found.counts.argmin())
    hint = "fewer folds, or cv=KFold(...) from scikit-learn, which does not look at classes"
    _check_enough(num_folds, int(found.counts[rarest]), "rows", f"class {found.values[rarest]} of `y`", hint)
    return list(StratifiedKFold(num_folds, shuffle=True, random_state=seed).split(np.zeros(num_rows), strata))


def _check_enough(num_folds: int, available: int, things: str, where: str, hint: str = "fewer folds") -> None:
    if num_folds > available:
        thing = things if available != 1 else things.removesuffix("s")
        what = f"{num_folds} folds are more than the {available} {thing} of {where}"
        raise SplitError("more_folds_than_rows", what, expected=f"2 to {available} folds", hint=hint)


def _split_by_splitter(splitter: Any, x: Any, y: Any, groups: Any, num_rows: int) -> list[Pair]:
    """Pairs of a splitter; its own complaints become ours."""
    is_one_array = hasattr(x, "shape") and len(x) == num_rows
    try:
        return list(splitter.split(x if is_one_array else np.zeros(num_rows), y, groups))
    except ValueError as error:
        name = type(splitter).__name__
        raise SplitError(
            "splitter_refused", f"`{name}` cannot split these rows: {error}", hint="other folds"
        ) from error


def _checked_pair(pair: Any, fold: int, num_rows: int) -> Pair:
    try:
        train, validation = (np.asarray(side) for side in pair)
    except (TypeError, ValueError) as error:
        what = f"Fold {fold} of `cv` is not a pair of rows"
        raise SplitError("not_a_pair", what, expected="(train rows, validation rows)") from error
    rows = _positions(train, fold, num_rows), _positions(validation, fold, num_rows)
    both = np.intersect1d(*rows)
    if len(both):
        what = f"Fold {fold} of `cv` trains and validates on the same {len(both)} rows (first: position {both[0]})"
        raise SplitError("rows_on_both_sides", what, expected="each row on one side")
    return rows


def _positions(side: np.ndarray, fold: int, num_rows: int) -> Rows:
    """One side of a pair as positions."""
    if side.dtype == bool and side.shape == (num_rows,):
        side = np.flatnonzero(side)
    if side.ndim != 1 or not len(side) or side.dtype.kind not in "iu":
        received = f"an array of shape {side.shape} and type {side.dtype}"
        expected = "positions of rows, or one yes or no a row; neither side empty"
        raise SplitError("not_rows", f"Fold {fold} of `cv` does not name rows", expected=expected, received=received)
    if side.min() < 0 or side.max() >= num_rows:
        received = f"{side.min()} to {side.max()}"
        what = f"Fold {fold} of `cv` names rows that do not exist"
        raise SplitError("no_such_row", what, expected=f"positions 0 to {num_rows - 1}", received=received)
    return side.astype(np.int64)
