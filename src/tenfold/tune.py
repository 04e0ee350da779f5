"""Step 7: hold back what overfits.

A few trials of dropout, L2 and learning rate, drawn evenly over their ranges, on the largest rung of the ladder: one
population over all inner folds. Trials share initial weights and orders of rows, so that their inner losses are
compared in pairs. Each outer fold then chooses among all it has seen, by its own inner folds, free networks included.

Source of the ranges: dropout and rates of the plain network in Gorishniy, Kotelnikov and Babenko (2024), "TabM",
narrowed to what a small network can use.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from tenfold.capacity import Climb
from tenfold.nested.results import Candidate, FoldResult, Tally
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import train_candidates
from tenfold.networks.table import Regularisation
from tenfold.progress import Note, ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["Tuned", "draw_trials", "tune_network"]

MAX_DROPOUT = 0.5
"""Trials draw dropout from 0 to this."""

L2_RANGE = (1e-5, 1e-2)
LEARNING_RATE_RANGE = (3e-4, 5e-3)
"""Drawn evenly on a logarithmic scale."""


@dataclass(frozen=True)
class Tuned:
    """What was tried, and what each fold chose.

    Args:
        trials: The regularisations, in the order tried; trial number `i` is `trials[i - 1]`, number 0 is free.
        results: Of every trial and fold.
        chosen: The result that each fold chose by its inner loss, by position of the fold.
        tally: What it took.
    """

    trials: tuple[Regularisation, ...]
    results: tuple[FoldResult, ...]
    chosen: tuple[FoldResult, ...]
    tally: Tally


def draw_trials(num_trials: int, *, seed: int) -> tuple[Regularisation, ...]:
    """Regularisations spread evenly over their ranges.

    Args:
        num_trials: How many.
        seed: The run's seed.

    Returns:
        A Latin hypercube: of `n` trials one lies in each `n`-th part of each range.
    """
    points = qmc.LatinHypercube(d=3, rng=np.random.default_rng(seed)).random(num_trials)
    return tuple(
        Regularisation(float(MAX_DROPOUT * one), _between(two, L2_RANGE), _between(three, LEARNING_RATE_RANGE))
        for one, two, three in points
    )


def tune_network(
    nested: NestedRows,
    climb: Climb,
    num_trials: int,
    *,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> Tuned:
    """Try the trials on the ladder's largest rung, and let each fold choose.

    Args:
        nested: Folds and rows.
        climb: The ladder's results.
        num_trials: At least one.
        kept: Finished stages of the run.
        progress: Told of the training.

    Returns:
        Trials, results, choices.
    """
    trials = draw_trials(num_trials, seed=nested.seed)
    candidates = [Candidate(climb.top, trial, number) for number, trial in enumerate(trials, start=1)]
    progress(Note(f"{num_trials} trials of width {climb.top.label}"))
    results, tally = train_candidates(
        nested, candidates, range(len(nested.folds)), name="trials", kept=kept, progress=progress
    )
    return Tuned(trials, tuple(results), _choose([*climb.results, *results], len(nested.folds)), tally)


def _choose(results: Sequence[FoldResult], num_folds: int) -> tuple[FoldResult, ...]:
    """The result with the lowest inner loss of each fold; of equal ones the first, which is the smaller and freer."""
    return tuple(
        min((one for one in results if one.fold == fold), key=lambda one: one.loss) for fold in range(num_folds)
    )


def _between(share: float, ends: tuple[float, float]) -> float:
    """The point at a share of the way from one end to the other, on a logarithmic scale."""
    return float(ends[0] * (ends[1] / ends[0]) ** share)
