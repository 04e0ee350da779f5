"""Step 3: who trains on which rows, and who is scored on which.

`RowSplitter` makes every split of a run: the sealed test rows, the outer folds that score, the inner folds that choose.
One object, because the second split is where other tools leaked: the main one respected what the helper one forgot.
Rows of one group are never parted, at any level.
The protocol follows from the amount of data: one hold-out when plenty, K-fold when few, iterated K-fold when very few.

`resolve_splits` turns what a user may pass as `cv` (a number, a scikit-learn splitter, a list) into pairs of rows.

Source: F. Chollet, Deep Learning with Python (2017), section 4.2.1.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Int
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from tenfold.errors import SplitError
from tenfold.shapes import Rows

__all__ = ["Fold", "Pair", "Protocol", "RowSplitter", "SealedRows", "choose_protocol", "resolve_splits"]

Pair: TypeAlias = tuple[Int[np.ndarray, " _"], Int[np.ndarray, " _"]]
"""Rows to train on, rows to validate on."""

PLENTY_ROWS = 10_000
"""From so many working rows one hold-out is enough: its fifth, 2,000 rows, knows an accuracy to 1.1 points (standard
error of a share at worst, sqrt(0.25 / 2000))."""

VERY_FEW_ROWS = 1_000
"""Below so many working rows K-fold is iterated: a fold of 200 rows knows an accuracy to 3.5 points only, so that which
rows share a fold matters. (TabArena repeats more often below 2,500 rows; the exact number is arbitrary.)"""

FEWEST_ROWS = 10
"""Rows that a run needs at least: 8 to work on, then 6 to train on in a fold and 4 in an inner one (arbitrary)."""

NUM_FOLDS = 5
"""Outer folds, and the share of the rows in a hold-out and under seal: a fifth. Source: Kohavi (1995) finds 5 to 10 the
best trade of bias and variance; 5 leaves room for inner folds."""

NUM_INNER_FOLDS = 5
"""Inner folds choose epoch, size and settings inside the training rows of an outer fold; as many as outer ones, so that
an inner member sees four fifths of what its fold may train on."""

MOST_UNEVEN = 100
"""Groups of at most a hundredth of the rows, are dealt like rows; larger ones by size. Arbitrary."""

MAX_STRATA = 20
"""A number as `cv` takes whole numbers in `y` for classes, and spreads them evenly over the folds, up to so many
different ones (arbitrary: counts and ages are not classes)."""

NUM_REPEATS = 2
"""How often K-fold is iterated by default (arbitrary; each repeat costs as much as the first)."""


@dataclass(frozen=True)
class Protocol:
    """How the working rows are divided.

    Args:
        kind: One hold-out, K-fold, or K-fold iterated with other folds.
        num_folds: Outer folds that are scored, per repeat.
        num_repeats: How often the rows are dealt to folds anew.
        num_inner_folds: Inner folds within each outer training part; 1 is an inner hold-out.
        because: One sentence: why.
    """

    kind: Literal["hold_out", "k_fold", "iterated_k_fold"]
    num_folds: int
    num_repeats: int
    num_inner_folds: int
    because: str


@dataclass(frozen=True)
class SealedRows:
    """The first split: rows to work on, and rows put away until the one look at the end.

    Args:
        working: Positions in the table, ascending.
        sealed: Positions in the table, ascending.
        sha256: Hash of the table's hash and the sealed positions: the same rows of the same data have the same name.
        working_sha256: The same of the working rows.
    """

    working: Int[np.ndarray, " working_row"]
    sealed: Int[np.ndarray, " sealed_row"]
    sha256: str
    working_sha256: str


@dataclass(frozen=True)
class Fold:
    """An outer fold with the inner folds of its training rows.

    Args:
        fold: 0 to `num_folds - 1`.
        repeat: 0 to `num_repeats - 1`.
        train_rows: Positions in the table.
        validation_rows: Positions in the table: the rows that score.
        inner: Pairs of positions within `train_rows`, which choose.
    """

    fold: int
    repeat: int
    train_rows: Int[np.ndarray, " train_row"]
    validation_rows: Int[np.ndarray, " validation_row"]
    inner: tuple[Pair, ...]


def choose_protocol(num_rows: int, *, num_repeats: int = NUM_REPEATS) -> Protocol:
    """The protocol that fits an amount of data.

    Args:
        num_rows: Rows to work on, the sealed ones left out.
        num_repeats: How often to iterate where rows are very few; 1 does not iterate.

    Returns:
        The protocol and why.

    >>> choose_protocol(404).kind, choose_protocol(4_000).kind, choose_protocol(20_000).kind
    ('iterated_k_fold', 'k_fold', 'hold_out')
    """
    if num_rows >= PLENTY_ROWS:
        because = f"{num_rows:,} rows are plenty: a fifth of them scores precisely enough"
        return Protocol("hold_out", 1, 1, 1, because)
    if num_rows >= VERY_FEW_ROWS or num_repeats == 1:
        because = f"{num_rows:,} rows are too few for a single hold-out: each row is scored once"
        return Protocol("k_fold", NUM_FOLDS, 1, NUM_INNER_FOLDS, because)
    because = f"{num_rows:,} rows are very few: which rows share a fold matters, so the folds are dealt again"
    return Protocol("iterated_k_fold", NUM_FOLDS, num_repeats, NUM_INNER_FOLDS, because)


@dataclass(frozen=True)
class RowSplitter:
    """Deals rows to folds, the same way at every level.

    Args:
        num_rows: Rows of the table.
        classes: Class of each row, to spread each class evenly over the folds; None for a number.
        seed: The run's seed; same seed, same folds.
        groups: Group of each row; a group is never split. None where every row may go its own way.
    """

    num_rows: int
    classes: Int[np.ndarray, " row"] | None
    seed: int
    groups: Int[np.ndarray, " row"] | None = None

    def seal(self, table_sha256: str) -> SealedRows:
        """Put a fifth of the rows away.

        Args:
            table_sha256: Hash of the table that the rows belong to.

        Returns:
            Rows to work on and rows under seal.

        Raises:
            SplitError: Too few rows for a run, or too few groups.
        """
        if self.num_rows < FEWEST_ROWS:
            raise SplitError(
                "too_few_rows",
                f"The table has {self.num_rows} rows",
                expected=f"at least {FEWEST_ROWS}: a fifth is sealed, the others train and validate",
            )
        num_groups = self.num_rows if self.groups is None else len(np.unique(self.groups))
        if num_groups < FEWEST_ROWS:
            raise SplitError(
                "too_few_groups",
                f"The rows form {num_groups} groups that must not be split",
                expected=f"at least {FEWEST_ROWS}: a fifth is sealed, the others train and validate",
            )
        working, sealed = self._deal(np.arange(self.num_rows), NUM_FOLDS, 0)[0]
        return SealedRows(working, sealed, _hash_rows(table_sha256, sealed), _hash_rows(table_sha256, working))

    def folds(self, rows: Rows, protocol: Protocol) -> tuple[Fold, ...]:
        """All outer folds of a protocol with their inner folds.

        Args:
            rows: Rows to work on.
            protocol: From `choose_protocol`.

        Returns:
            `num_repeats * num_folds` folds, by repeat, then by fold.
        """
        return tuple(
            Fold(fold, repeat, train, validation, self.inner(train, protocol.num_inner_folds, 1 + repeat, fold))
            for repeat in range(protocol.num_repeats)
            for fold, (train, validation) in enumerate(self._several(rows, protocol.num_folds, 1 + repeat))
        )

    def inner(self, rows: Rows, num_folds: int, *stream: int) -> tuple[Pair, ...]:
        """Pairs within some rows, to choose by.

        Args:
            rows: Training rows of an outer fold, or all working rows before the final training.
            num_folds: 1 for a single hold-out.
            stream: Whole numbers that tell this split from others of the same run.

        Returns:
            One pair a fold.
        """
        return tuple(self._several(rows, num_folds, 0, *stream))

    def _several(self, rows: Rows, num_folds: int, *stream: int) -> list[Pair]:
        """`num_folds` pairs; a single fold is a hold-out of a fifth."""
        return self._deal(rows, NUM_FOLDS if num_folds == 1 else num_folds, *stream)[:num_folds]

    def _deal(self, rows: Rows, num_folds: int, *stream: int) -> list[Pair]:
        """Folds of random rows, each class spread evenly. A class with fewer rows than folds misses in some of them."""
        random_state = int(np.random.SeedSequence([self.seed, *stream]).generate_state(1)[0])
        groups = np.arange(len(rows)) if self.groups is None else np.unique_inverse(self.groups[rows]).inverse_indices
        first_rows, sizes = np.unique(groups, return_index=True)[1], np.bincount(groups)
        if sizes.max() > max(1, len(rows) / MOST_UNEVEN):
            pairs = _deal_groups(groups, None if self.classes is None else self.classes[rows], num_folds, random_state)
            return [(rows[train], rows[validation]) for train, validation in pairs]
        strata = None if self.classes is None else self.classes[rows][first_rows]
        dealt = _deal_rows(len(sizes), strata, num_folds, random_state)
        sides = ((np.isin(groups, train), np.isin(groups, validation)) for train, validation in dealt)
        return [(rows[train], rows[validation]) for train, validation in sides]


def _deal_rows(num_rows: int, strata: Int[np.ndarray, " row"] | None, num_folds: int, random_state: int) -> list[Pair]:
    """Folds of rows that go their own way."""
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


def _hash_rows(table_sha256: str, rows: Rows) -> str:
    return hashlib.sha256(f"{table_sha256}:{','.join(map(str, rows))}".encode()).hexdigest()


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
    if values.ndim > 1 and values.shape[-1] == 1:
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
