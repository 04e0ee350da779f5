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

MORE_SEEDS = 4, 2
"""How many times as many seeds as in choosing (arbitrary), the most first."""


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

    @property
    def confirms(self) -> bool:
        """Whether the repaired program, clearly better before, is better here."""
        return self.comparison.confirms

    @property
    def is_sure(self) -> bool:
        """Whether it is clearly better here."""
        return self.comparison.is_clearly_better

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"before": list(self.before), "after": list(self.after), **self.comparison.to_json()}


def judge(
    untouched: Program, repaired: Program, dealt: Dealt, scorer: Scorer, *, seeds: int, seconds: float
) -> Verdict:
    """Train both on all open rows and score both on the sealed ones.

    Both are trained with four times as many seeds as candidates were, where that can be expected to end in time: what
    is wrong with a network often shows in some of its seeds only.

    Args:
        untouched: The user's program.
        repaired: The program with all repairs that were kept.
        dealt: Which rows are for what.
        scorer: Trains and scores.
        seeds: Trainings of each, at least.
        seconds: Time that more trainings may take.
    """
    both = [untouched, repaired]
    times = next((times for times in MORE_SEEDS if scorer.seconds_for(both, times * seeds) < seconds), 1)
    found = scorer.score(both, [(dealt.open, dealt.sealed)] * (times * seeds))
    before, after = (_table(one, dealt, times * seeds) for one in found)
    comparison = compare(after, before, are_all_rows=dealt.are_all_rows)
    epochs = found[1].best_epochs or [repaired.fit.epochs]
    return Verdict(_means(before), _means(after), comparison, round(float(np.median(epochs))))


def _table(one: Scored, dealt: Dealt, seeds: int) -> np.ndarray:
    return np.zeros((seeds, len(dealt.sealed))) if one.failure else np.stack(one.gained)


def _means(table: np.ndarray) -> tuple[float, ...]:
    means: Sequence[float] = table.mean(axis=1)
    return tuple(round(float(one), 6) for one in means)
