"""Step 3: who trains on which rows, and who is scored on which.

`RowSplitter` makes every split of a run: the sealed test rows, the outer folds that score, the inner folds that choose.
One object, because the second split is where other tools leaked: the main one respected what the helper one forgot.
Rows of one group are never parted, at any level. Where rows have an order of time, no row trains that did not come
before those it is scored on, by the gap at least, at any level; and both hold where both are given.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from tenfold.errors import SplitError
from tenfold.shapes import Rows
from tenfold.split.dealing import deal_rows
from tenfold.split.folds import Fold, Pair, Parts, SealedRows
from tenfold.split.forward import forward_blocks, purge_before
from tenfold.split.protocol import NUM_FOLDS, Protocol
from tenfold.split.refusals import (
    FEWEST_ROWS,
    FEWEST_TO_TRAIN,
    check_amount,
    check_classes,
    check_groups,
    check_left,
    check_rarest_class,
)

__all__ = ["RowSplitter"]


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
        check_amount(self.num_rows, self.groups, self.times)
        parts = self._several(np.arange(self.num_rows), 1, 0)[0]
        if self.times is not None:
            check_left(parts, "the sealed rows", FEWEST_ROWS - FEWEST_ROWS // NUM_FOLDS)
            check_classes([parts], self.classes, "the last fifth in time, which is sealed, holds")
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
            check_left(every[-1], "the last inner fold of a fold")
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
            check_groups(rows, self.groups, protocol.num_folds)
            check_rarest_class(rows, self.classes, protocol.num_folds)
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
            check_left(parts, f"fold {fold + 1}")
            self.inner(parts.train, protocol.num_inner_folds, 1, fold)
        check_classes(outer, self.classes, "each fold holds")

    def _several(self, rows: Rows, num_folds: int, *stream: int) -> list[Parts]:
        """`num_folds` splits; a single fold is a hold-out of a fifth."""
        if self.times is not None:
            return self._forward(rows, num_folds, self.times)
        random_state = int(np.random.SeedSequence([self.seed, *stream]).generate_state(1)[0])
        num_dealt = NUM_FOLDS if num_folds == 1 else num_folds
        dealt = deal_rows(rows, num_dealt, random_state, classes=self.classes, groups=self.groups)
        return [Parts(train, validation) for train, validation in dealt[:num_folds]]

    def _forward(self, rows: Rows, num_folds: int, times: Float[np.ndarray, " any_row"]) -> list[Parts]:
        """The last blocks of rows in order of time, each with what came before it.

        Blocks are a fifth of the rows, or smaller where so many folds are asked for.
        """
        blocks = forward_blocks(times[rows], max(NUM_FOLDS, num_folds + 1))
        found = []
        for block in range(max(1, int(blocks.max()) + 1 - num_folds), int(blocks.max()) + 1):
            scored = rows[blocks == block]
            before = purge_before(rows[blocks < block], scored, times, self.gap, self.groups)
            found.append(Parts(before.rows, scored, before.num_purged, before.num_purged_for_group))
        return found


def _hash_rows(table_sha256: str, rows: Rows) -> str:
    return hashlib.sha256(f"{table_sha256}:{','.join(map(str, rows))}".encode()).hexdigest()
