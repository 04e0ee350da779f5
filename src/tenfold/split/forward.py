"""Folds that only look forward: blocks of rows in order of time, each scored by what was trained on the blocks before.

    time  ──────────────────────────────────────────────────▶
          train ░░░░░ gap [scored]
          train ░░░░░░░░░░░░░░░ gap [scored]
          train ░░░░░░░░░░░░░░░░░░░░░░░░░ gap [scored]

Rows within the gap before a block are used by neither side: what was measured shortly before the block may hold part of
its answer (a mean over the last week, a series that hardly moves from day to day). Rows of one moment are never parted.

scikit-learn's `TimeSeriesSplit` counts its gap in rows and parts equal times; without a gap and ties it agrees.

Source of the gap: M. Lopez de Prado, Advances in Financial Machine Learning (2018), section 7.4.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

__all__ = ["Purged", "forward_blocks", "purge_before"]

ROUNDING = 4
"""Units in the last place by which a distance in time may be off: days that are no whole number are rounded."""


@dataclass(frozen=True)
class Purged:
    """Rows before a block that may be trained on, and how many may not.

    Args:
        rows: Positions that are left.
        num_purged: How many were left out, for either reason.
        num_purged_for_group: How many of them only because their group goes on in the block.
    """

    rows: Int[np.ndarray, " left_row"]
    num_purged: int = 0
    num_purged_for_group: int = 0


def forward_blocks(times: Float[np.ndarray, " row"], num_blocks: int) -> Int[np.ndarray, " row"]:
    """Block of each row in order of time, all with about as many rows.

    Args:
        times: When each row happened, finite, in any unit and order.
        num_blocks: How many blocks; as many as there are different times at most.

    Returns:
        Block of each row, 0 the earliest. Equal times share a block. None is empty.

    >>> forward_blocks(np.array([5.0, 1.0, 2.0, 1.0, 4.0, 3.0]), 3)
    array([2, 0, 1, 0, 2, 1])
    >>> forward_blocks(np.array([1.0, 1.0, 1.0, 1.0, 2.0, 3.0]), 3)
    array([0, 0, 0, 0, 1, 2])
    """
    moments, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    num_blocks = min(num_blocks, len(moments))
    rows_up_to = np.cumsum(counts)
    last_moments: list[int] = []
    for block in range(1, num_blocks):
        first, end = (last_moments[-1] + 1 if last_moments else 0), len(moments) - (num_blocks - block)
        off_by = np.abs(rows_up_to[first:end] - block * len(times) / num_blocks)
        last_moments.append(first + int(off_by.argmin()))
    return np.searchsorted(np.array(last_moments, dtype=np.int64), place)


def purge_before(
    rows: Int[np.ndarray, " row"],
    block: Int[np.ndarray, " scored_row"],
    times: Float[np.ndarray, " any_row"],
    gap: float,
    groups: Int[np.ndarray, " any_row"] | None,
) -> Purged:
    """Leave out rows that lie too close before a block, or whose group goes on in it.

    Args:
        rows: Positions of the rows before the block.
        block: Positions of the rows that are scored.
        times: When each row of the table happened.
        gap: Rows less than this before the block's start are left out, in the unit of `times`, 0 or more.
        groups: Group of each row of the table, or None.

    Returns:
        The rows that may be trained on.

    >>> purge_before(np.arange(4), np.array([4]), np.arange(5.0), 2.0, None)
    Purged(rows=array([0, 1, 2]), num_purged=1, num_purged_for_group=0)
    """
    is_far = _is_far(times[rows], float(times[block].min()), gap)
    is_apart = np.ones(len(rows), dtype=bool) if groups is None else ~np.isin(groups[rows], groups[block])
    is_left = is_far & is_apart
    return Purged(rows[is_left], int((~is_left).sum()), int((is_far & ~is_apart).sum()))


def _is_far(times: Float[np.ndarray, " row"], start: float, gap: float) -> Bool[np.ndarray, " row"]:
    """Whether times lie at least the gap before a start; exactly the gap is far enough, whatever rounding did to it."""
    rounding = ROUNDING * np.spacing(max(abs(start), float(np.abs(times).max(initial=0.0))))
    return np.asarray((times < start) & (start - times >= gap - rounding))
