"""Step 3: who trains on which rows, and who is scored on which.

`RowSplitter` makes every split of a run: the sealed test rows, the outer folds that score, the inner folds that choose.
One object, because the second split is where other tools leaked: the main one respected what the helper one forgot.
Rows of one group are never parted, at any level. Where rows have an order of time, no row trains that did not come
before those it is scored on, by the gap at least, at any level; and both hold where both are given.

`resolve_splits` turns what a user may pass as `cv` (a number, a scikit-learn splitter, a list) into pairs of rows.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float, Int
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold

from tenfold.errors import SplitError
from tenfold.shapes import Rows
from tenfold.split.forward import forward_blocks, purge_before
from tenfold.split.protocol import NUM_FOLDS, Protocol

__all__ = ["Fold", "Pair", "RowSplitter", "SealedRows", "resolve_splits"]

Pair: TypeAlias = tuple[Int[np.ndarray, " _"], Int[np.ndarray, " _"]]
"""Rows to train on, rows to validate on."""

FEWEST_ROWS = 10
"""Rows that a run needs at least: 8 to work on, then 6 to train on in a fold and 4 in an inner one (arbitrary)."""

FEWEST_TO_TRAIN = 4
"""Rows that any part must have to be trained on (arbitrary: as many as an inner fold of `FEWEST_ROWS` has)."""

MOST_UNEVEN = 100
"""Groups of at most a hundredth of the rows, are dealt like rows; larger ones by size. Arbitrary."""

MAX_STRATA = 20
"""A number as `cv` takes whole numbers in `y` for classes, and spreads them evenly over the folds, up to so many
different ones (arbitrary: counts and ages are not classes)."""


@dataclass(frozen=True)
class SealedRows:
    """The first split: rows to work on, and rows put away until the one look at the end.

    Args:
        working: Positions in the table, ascending.
        sealed: Positions in the table, ascending.
        sha256: Hash of the table's hash and the sealed positions: the same rows of the same data have the same name.
        working_sha256: The same of the working rows.
        num_purged: Rows that are neither, because they lie too close before the sealed ones or share a group with them.
        num_purged_for_group: How many of them only share a group.
    """

    working: Int[np.ndarray, " working_row"]
    sealed: Int[np.ndarray, " sealed_row"]
    sha256: str
    working_sha256: str
    num_purged: int = 0
    num_purged_for_group: int = 0


@dataclass(frozen=True)
class Fold:
    """An outer fold with the inner folds of its training rows.

    Args:
        fold: 0 to `num_folds - 1`.
        repeat: 0 to `num_repeats - 1`.
        train_rows: Positions in the table.
        validation_rows: Positions in the table: the rows that score.
        inner: Pairs of positions within `train_rows`, which choose.
        num_purged: Earlier rows that do not train, because they lie within the gap or share a group with scored ones.
        num_purged_for_group: How many of them only share a group.
    """

    fold: int
    repeat: int
    train_rows: Int[np.ndarray, " train_row"]
    validation_rows: Int[np.ndarray, " validation_row"]
    inner: tuple[Pair, ...]
    num_purged: int = 0
    num_purged_for_group: int = 0


@dataclass(frozen=True)
class _Parts:
    """One split: rows to train on, rows to validate on, and how many are left out between them."""

    train: Int[np.ndarray, " train_row"]
    validation: Int[np.ndarray, " validation_row"]
    num_purged: int = 0
    num_purged_for_group: int = 0

    @property
    def pair(self) -> Pair:
        return self.train, self.validation


@dataclass(frozen=True)
class RowSplitter:
    """Deals rows to folds, the same way at every level.

    Args:
        num_rows: Rows of the table.
        classes: Class of each row, to spread each class evenly over the folds; None for a number. Folds in time do not
            spread classes.
        seed: The run's seed; same seed, same folds.
        groups: Group of each row; a group is never split. None where every row may go its own way.
        times: When each row happened, finite, in any unit; None where rows have no order. See `data.order.row_times`.
        gap: Rows less than this before the start of what is scored do not train, in the unit of `times`, 0 or more.
    """

    num_rows: int
    classes: Int[np.ndarray, " row"] | None
    seed: int
    groups: Int[np.ndarray, " row"] | None = None
    times: Float[np.ndarray, " row"] | None = None
    gap: float = 0.0

    def seal(self, table_sha256: str) -> SealedRows:
        """Put a fifth of the rows away: any of them, or the last ones in time.

        Args:
            table_sha256: Hash of the table that the rows belong to.

        Returns:
            Rows to work on and rows under seal.

        Raises:
            SplitError: Too few rows for a run, too few groups or times, or too few rows left before the gap.
        """
        self._check_amount()
        parts = self._several(np.arange(self.num_rows), 1, 0)[0]
        if self.times is not None:
            self._check_left(parts, "the sealed rows", FEWEST_ROWS - FEWEST_ROWS // NUM_FOLDS)
            self._check_classes([parts], "the last fifth in time, which is sealed, holds")
        return SealedRows(
            parts.train,
            parts.validation,
            _hash_rows(table_sha256, parts.validation),
            _hash_rows(table_sha256, parts.train),
            parts.num_purged,
            parts.num_purged_for_group,
        )

    def folds(self, rows: Rows, protocol: Protocol) -> tuple[Fold, ...]:
        """All outer folds of a protocol with their inner folds.

        Args:
            rows: Rows to work on.
            protocol: From `choose_protocol`.

        Returns:
            `num_repeats * num_folds` folds, by repeat, then by fold. In time, rows of the first block are in no fold's
            validation rows.

        Raises:
            SplitError: Fewer groups, times or rows than the folds need. `check` finds it without dealing.
        """
        self.check(rows, protocol)
        return tuple(
            Fold(
                fold,
                repeat,
                *parts.pair,
                self.inner(parts.train, protocol.num_inner_folds, 1 + repeat, fold),
                parts.num_purged,
                parts.num_purged_for_group,
            )
            for repeat in range(protocol.num_repeats)
            for fold, parts in enumerate(self._several(rows, protocol.num_folds, 1 + repeat))
        )

    def inner(self, rows: Rows, num_folds: int, *stream: int) -> tuple[Pair, ...]:
        """Pairs within some rows, to choose by.

        Args:
            rows: Training rows of an outer fold, or all working rows before the final training.
            num_folds: 1 for a single hold-out.
            stream: Whole numbers that tell this split from others of the same run.

        Returns:
            One pair a fold. In time, the earliest folds are left out where too few rows come before them to train on.

        Raises:
            SplitError: In time, if no inner fold is left.
        """
        every = self._several(rows, num_folds, 0, *stream)
        if self.times is None:
            return tuple(parts.pair for parts in every)
        if not every:
            raise SplitError(
                "one_moment",
                f"The first {len(rows):,} rows in order of time are all of one time",
                expected="two different times at least, to train on and to choose by",
                hint="fewer folds, or a smaller gap",
            )
        usable = [parts for parts in every if len(parts.train) >= FEWEST_TO_TRAIN]
        if not usable:
            self._check_left(every[-1], "the last inner fold of a fold")
        return tuple(parts.pair for parts in usable)

    def parts(self, rows: Rows, num_parts: int) -> tuple[Int[np.ndarray, " _"], ...]:
        """Scored rows in disjoint parts, so that a hold-out's score has a spread.

        Args:
            rows: Validation rows of a hold-out.
            num_parts: How many parts; stretches of time where rows have an order.

        Returns:
            Positions in each part; together they are all rows.
        """
        if self.times is None:
            return tuple(parts.validation for parts in self._several(rows, num_parts, 0, 0, 2))
        blocks = forward_blocks(self.times[rows], num_parts)
        return tuple(rows[blocks == block] for block in range(int(blocks.max()) + 1))

    def check(self, rows: Rows, protocol: Protocol) -> None:
        """Refuse a protocol that these rows cannot fill, before anything is dealt.

        Args:
            rows: Rows to work on.
            protocol: From `choose_protocol`.

        Raises:
            SplitError: Fewer groups or times than folds, a class that more folds than usual would lack, or nothing left
                to train on before a fold.
        """
        if self.times is None:
            self._check_groups(rows, protocol)
            self._check_rarest_class(rows, protocol)
            return
        moments = len(np.unique(self.times[rows]))
        if moments <= protocol.num_folds:
            raise SplitError(
                "too_few_times",
                f"The rows to work on have {moments} different times",
                expected=f"at least {protocol.num_folds + 1} for {protocol.num_folds} folds forward in time",
                hint="fewer folds",
            )
        outer = self._several(rows, protocol.num_folds, 1)
        for fold, parts in enumerate(outer):
            self._check_left(parts, f"fold {fold + 1}")
            self.inner(parts.train, protocol.num_inner_folds, 1, fold)
        self._check_classes(outer, "each fold holds")

    def _several(self, rows: Rows, num_folds: int, *stream: int) -> list[_Parts]:
        """`num_folds` splits; a single fold is a hold-out of a fifth."""
        if self.times is not None:
            return self._forward(rows, num_folds, self.times)
        dealt = self._deal(rows, NUM_FOLDS if num_folds == 1 else num_folds, *stream)[:num_folds]
        return [_Parts(train, validation) for train, validation in dealt]

    def _forward(self, rows: Rows, num_folds: int, times: Float[np.ndarray, " any_row"]) -> list[_Parts]:
        """The last blocks of rows in order of time, each with what came before it.

        Blocks are a fifth of the rows, or smaller where so many folds are asked for.
        """
        blocks = forward_blocks(times[rows], max(NUM_FOLDS, num_folds + 1))
        found = []
        for block in range(max(1, int(blocks.max()) + 1 - num_folds), int(blocks.max()) + 1):
            scored = rows[blocks == block]
            before = purge_before(rows[blocks < block], scored, times, self.gap, self.groups)
            found.append(_Parts(before.rows, scored, before.num_purged, before.num_purged_for_group))
        return found

    def _check_amount(self) -> None:
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
        moments = self.num_rows if self.times is None else len(np.unique(self.times))
        if moments < FEWEST_ROWS:
            raise SplitError(
                "too_few_times",
                f"The rows have {moments} different times",
                expected=f"at least {FEWEST_ROWS}: the last are sealed, the others train and validate in turn",
            )

    def _check_groups(self, rows: Rows, protocol: Protocol) -> None:
        num_groups = len(rows) if self.groups is None else len(np.unique(self.groups[rows]))
        if num_groups < protocol.num_folds:
            raise SplitError(
                "more_folds_than_groups",
                f"{protocol.num_folds} folds are more than the {num_groups} groups of the rows to work on",
                expected=f"2 to {num_groups} folds: a group is never split",
                hint="fewer folds",
            )

    def _check_rarest_class(self, rows: Rows, protocol: Protocol) -> None:
        """More folds than usual are refused where a class would be missing from some: that was not so without them."""
        if self.classes is None or protocol.num_folds <= NUM_FOLDS:
            return
        rarest = int(np.unique_counts(self.classes[rows]).counts.min())
        if rarest < protocol.num_folds:
            raise SplitError(
                "more_folds_than_class",
                f"{protocol.num_folds} folds are more than the {rarest} rows of the rarest class",
                expected=f"2 to {max(NUM_FOLDS, rarest)} folds, so that classes are in each of them",
                hint="fewer folds",
            )

    def _check_left(self, parts: _Parts, where: str, fewest: int = FEWEST_TO_TRAIN) -> None:
        """Refuse a part of time before which nothing is left."""
        if len(parts.train) >= fewest:
            return
        if parts.num_purged_for_group > parts.num_purged / 2:
            reason = f"{_are(parts.num_purged_for_group)} left out because their group goes on later"
            hint = "groups that last all the time cannot be kept apart in its order: leave out the group or the time"
        else:
            reason = f"{_are(parts.num_purged)} left out for the gap"
            hint = "a smaller gap, or fewer folds"
        rows = "1 row" if len(parts.train) == 1 else f"{len(parts.train)} rows"
        raise SplitError(
            "nothing_before",
            f"Before {where} in order of time {rows} can be trained on: {reason}",
            expected=f"at least {fewest}",
            hint=hint,
        )

    def _check_classes(self, every: Sequence[_Parts], which: str) -> None:
        """Refuse an order of time in which classes come one after the other: there is nothing to tell apart."""
        if self.classes is None or any(len(np.unique(self.classes[parts.validation])) > 1 for parts in every):
            return
        raise SplitError(
            "classes_in_order",
            f"In order of time the classes come one after the other: {which} rows of one class only",
            expected="at least two classes among the rows that are scored together",
            hint="is this column a time, or is the table sorted by its target?",
        )

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


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count:,} are"


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
