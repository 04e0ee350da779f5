"""The last word on a repair: the whole program against the untouched one, on rows that nothing was chosen on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tenfold.repairing.acceptance import Comparison, compare
from tenfold.repairing.program import Program
from tenfold.repairing.rows import Dealt
from tenfold.repairing.scoring import Scored, Scorer

__all__ = ["Verdict", "judge"]


@dataclass(frozen=True)
class Verdict:
    """What the sealed rows say.

    Attributes:
        before: Score of each seed of the untouched program.
        after: Score of each seed of the repaired program.
        comparison: Both compared.
        epochs: Epochs that the repaired program's seeds trained until their best weights, median.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    comparison: Comparison
    epochs: int

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"before": list(self.before), "after": list(self.after), **self.comparison.to_json()}


def judge(untouched: Program, repaired: Program, dealt: Dealt, scorer: Scorer, *, seeds: int) -> Verdict:
    """Train both on all open rows and score both on the sealed ones.

    Args:
        untouched: The user's program.
        repaired: The program with all repairs that were kept.
        dealt: Which rows are for what.
        scorer: Trains and scores.
        seeds: Trainings of each.
    """
    pairs = [(dealt.open, dealt.sealed)] * seeds
    found = scorer.score([untouched, repaired], pairs)
    before, after = (_table(one, dealt, seeds) for one in found)
    comparison = compare(after, before, are_all_rows=dealt.are_all_rows)
    epochs = found[1].best_epochs or [repaired.fit.epochs]
    return Verdict(_means(before), _means(after), comparison, round(float(np.median(epochs))))


def _table(one: Scored, dealt: Dealt, seeds: int) -> np.ndarray:
    return np.zeros((seeds, len(dealt.sealed))) if one.failure else one.row_table


def _means(table: np.ndarray) -> tuple[float, ...]:
    means: Sequence[float] = table.mean(axis=1)
    return tuple(round(float(one), 6) for one in means)
