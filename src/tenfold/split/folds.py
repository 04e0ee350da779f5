"""What a split is: pairs of rows, an outer fold with its inner folds, and the rows under seal."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Int

__all__ = ["Fold", "Pair", "Parts", "SealedRows"]

Pair: TypeAlias = tuple[Int[np.ndarray, " _"], Int[np.ndarray, " _"]]
"""Rows to train on, rows to validate on."""


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
class Parts:
    """One split: rows to train on, rows to validate on, and how many are left out between them."""

    train: Int[np.ndarray, " train_row"]
    validation: Int[np.ndarray, " validation_row"]
    num_purged: int = 0
    num_purged_for_group: int = 0

    @property
    def pair(self) -> Pair:
        """The rows alone."""
        return self.train, self.validation
