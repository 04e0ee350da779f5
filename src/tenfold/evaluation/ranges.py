"""Ranges around forecasts: where eight in ten values will lie, by errors on rows that no network was trained on.

Two ways are compared. A *constant* range is the forecast and the tenth and ninetieth of a hundred errors around it: as
wide in a storm as in calm weather. A *trained* range is the network's own low and high number, moved by as much as
they lay off. Each end is moved by itself. What folds before said is what moves the ends of a fold, so that the share of
values within the range is counted on rows that took no part in it. The way with the lower interval score is kept.

Sources: conformal prediction of each end (Papadopoulos et al. 2002) and of trained quantiles (Romano, Patterson and
Candes 2019, "Conformalized Quantile Regression", with a correction an end, their appendix B); Gneiting and Raftery
(2007), Strictly Proper Scoring Rules, section 6.2, for the interval score.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

__all__ = ["Ends", "RangeScores", "Shifts", "judge_ranges", "shifts_of"]

TAIL = 0.1
"""Share of values below the low end, and above the high one."""


@dataclass(frozen=True)
class Ends:
    """Low and high ends before they are moved; both the forecast itself where nothing else is known.

    Args:
        low: One a row.
        high: One a row.
    """

    low: Float[np.ndarray, " row"]
    high: Float[np.ndarray, " row"]

    def at(self, rows: Int[np.ndarray, " some_row"]) -> "Ends":
        """Of some rows."""
        return Ends(self.low[rows], self.high[rows])


@dataclass(frozen=True)
class Shifts:
    """How far ends are moved outwards, in the target's unit; below 0 inwards.

    Args:
        low: Of the low end, downwards.
        high: Of the high end, upwards.
    """

    low: float
    high: float

    def move(self, ends: Ends) -> Ends:
        """The ends where they belong; where they would cross, both where they meet."""
        low, high = ends.low - self.low, ends.high + self.high
        middle = (low + high) / 2
        return Ends(np.where(low > high, middle, low), np.where(low > high, middle, high))


@dataclass(frozen=True)
class RangeScores:
    """Ranges on rows that took no part in moving them.

    Args:
        rows: Positions of the rows that were judged.
        is_within: Whether each lies in its range.
        width: Mean of the ranges, in the target's unit.
        score: Mean interval score, in the same unit; lower is better.
    """

    rows: Int[np.ndarray, " judged_row"]
    is_within: np.ndarray
    width: float
    score: float

    @property
    def coverage(self) -> float:
        """Share of the rows within their range."""
        return float(self.is_within.mean())


def shifts_of(truth: Float[np.ndarray, " row"], ends: Ends) -> Shifts:
    """How far ends must be moved, so that a tenth of these rows lies beyond each.

    Args:
        truth: What came.
        ends: Of rows that nobody trained on.

    Returns:
        The shifts; with `n` rows the `ceil(0.9 (n + 1))`-th error, the largest where there are fewer.

    >>> truth = np.arange(1.0, 20.0)
    >>> shifts_of(truth, Ends(np.full(19, 10.0), np.full(19, 10.0)))
    Shifts(low=8.0, high=8.0)
    """
    return Shifts(_quantile(ends.low - truth), _quantile(truth - ends.high))


def judge_ranges(truth: Float[np.ndarray, " row"], ends: Ends, blocks: Sequence[Int[np.ndarray, " _"]]) -> RangeScores:
    """Move the ends of each block of rows by what the blocks before it said, and count.

    Args:
        truth: What came.
        ends: Of each row, by a network that was not trained on it.
        blocks: Positions of rows, the earliest block first; at least two. The first one only moves.

    Returns:
        What was counted.
    """
    moved_low, moved_high = ends.low.astype(np.float64).copy(), ends.high.astype(np.float64).copy()
    for number in range(1, len(blocks)):
        before, own = np.concatenate(blocks[:number]), blocks[number]
        moved = shifts_of(truth[before], ends.at(before)).move(ends.at(own))
        moved_low[own], moved_high[own] = moved.low, moved.high
    rows = np.concatenate(blocks[1:])
    came, low, high = truth[rows], moved_low[rows], moved_high[rows]
    miss = np.maximum(low - came, 0) + np.maximum(came - high, 0)
    width = float((high - low).mean())
    return RangeScores(rows, miss == 0, width, width + float(miss.mean()) / TAIL)


def _quantile(errors: Float[np.ndarray, " row"]) -> float:
    place = int(np.ceil((1 - TAIL) * (len(errors) + 1)))
    return float(np.sort(errors)[min(place, len(errors)) - 1])
