"""Which rows choose and which judge: a fifth is sealed at the start, the rest chooses by cross-validation.

Each seed trains on all folds but its own, which it is scored on: every open row scores as often as another, and the
trainings are no more than with one split for all seeds.

With fewer than 40 rows nothing can be held out (a truth table of XOR has four): then every row is trained on and judged
by, and the evidence says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Int

from tenfold.errors import SplitError
from tenfold.split.cv import resolve_splits

__all__ = ["Dealt", "deal"]

FEWEST_ROWS = 40
"""Rows below which none are held out: eight of them could not tell programs apart (arbitrary)."""

SEALED_PARTS = 5
"""One of so many parts is sealed, as in the custom of 80 to 20."""

MOST_FOLDS = 5
"""Folds at most, as in the custom of five; more seeds than folds go through other folds again."""

MOST_COPIES = 0.5
"""Share of rows that equal an earlier one above which copies are the task itself (a truth table, repeated)."""


@dataclass(frozen=True)
class Dealt:
    """Rows and what they are for.

    Attributes:
        sealed: Rows that nothing is chosen on.
        open: The others.
        folds: For each seed, open rows to train on and open rows to score on.
        are_all_rows: Whether the rows were too few, so that all are for everything.
    """

    sealed: Int[np.ndarray, " sealed_row"]
    open: Int[np.ndarray, " open_row"]
    folds: Sequence[tuple[Int[np.ndarray, " _train_row"], Int[np.ndarray, " _scored_row"]]]
    are_all_rows: bool = False

    def to_json(self) -> dict[str, Any]:
        """Numbers of rows as JSON values."""
        counts = {"sealed": len(self.sealed), "open": len(self.open), "trained_on": len(self.folds[0][0])}
        return {**counts, "held_out": not self.are_all_rows}


def deal(x: Any, y: Any, *, seeds: int, seed: int, most_open: int | None = None) -> Dealt:
    """Seal a part of the rows and deal the rest to folds.

    Args:
        x: Inputs as NumPy arrays, nested or not.
        y: Targets likewise; classes are spread evenly over the parts.
        seeds: Trainings of each candidate, at least 3: so many folds, up to five at a time.
        seed: Of the dealing.
        most_open: Open rows at most; a random part of them where there are more.

    Returns:
        The rows. Copies of a row stay on one side, unless most rows are copies.
    """
    target, groups = keras.tree.flatten(y)[0], _copies(keras.tree.flatten(x))
    everything = np.arange(len(target))
    if len(target) < FEWEST_ROWS:
        return Dealt(everything, everything, [(everything, everything)] * seeds, are_all_rows=True)
    rest, sealed = _split(target, groups, SEALED_PARTS, seed)[0]
    if most_open is not None and most_open < len(rest):
        rest = np.sort(np.random.default_rng(seed).choice(rest, most_open, replace=False))
    num_folds, inner = min(seeds, MOST_FOLDS), None if groups is None else groups[rest]
    folds = []
    for again in range(math.ceil(seeds / num_folds)):
        folds += _split(target[rest], inner, num_folds, seed + 1 + again)
    return Dealt(sealed, rest, [(rest[train], rest[scored]) for train, scored in folds[:seeds]])


def _split(
    target: np.ndarray, groups: Int[np.ndarray, " row"] | None, parts: int, seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Positions of all parts but one, in order, and of that one: for each part."""
    try:
        pairs = resolve_splits(parts, None, target, groups, seed)
    except SplitError:  # a class with fewer rows than parts
        pairs = resolve_splits(parts, None, np.arange(len(target)) + 0.5, None, seed)
    return [(np.sort(train), np.sort(held)) for train, held in pairs]


def _copies(inputs: list[np.ndarray]) -> Int[np.ndarray, " row"] | None:
    """A number that copies of a row share; None where rows are all different or mostly alike."""
    flat = np.concatenate([one.reshape(len(one), -1) for one in inputs], axis=1)
    seen: dict[bytes, int] = {}
    labels = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in flat])
    return labels if len(labels) * (1 - MOST_COPIES) < len(seen) < len(labels) else None
