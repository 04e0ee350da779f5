"""The way to the horizon as one more training: every step of it at once, each with a low, a middle and a high number.

The seven steps choose a network by the time that was asked for. The same architecture, held back alike, is then trained
on all steps up to there, in the same folds: its outputs are the steps, and three numbers a step. It starts from a ridge
of its own for each step, and inner folds stop it, so that it leaves what the ridge does well as it is. Origins of which
a step is missing are left out.

Source: direct forecasts of several steps at once, as N-BEATS, TiDE and most networks of today make them; with quantiles
as in Wen et al. (2017), A Multi-Horizon Quantile Recurrent Forecaster.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from tenfold.measures.measure import Measure
from tenfold.nested.linear_start import can_start_linear, with_linear_start
from tenfold.nested.results import Candidate, FoldResult, Tally
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import train_pairs
from tenfold.prepare.folded import fold_table
from tenfold.prepare.target import TargetScale
from tenfold.problem.definition import Problem, define_problem
from tenfold.progress import ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages
from tenfold.split.folds import Fold

__all__ = ["nest_path", "path_problem", "train_path"]

FEWEST_ROWS = 3
"""Rows that train or score in any fold; with fewer nothing is said of the way (arbitrary)."""


def path_problem(target: str, steps: Sequence[int], truth: Float[np.ndarray, "row step"]) -> Problem:
    """Several numbers at once, one a step.

    Args:
        target: Name of what is forecast.
        steps: Steps ahead.
        truth: The target at each of them; NaN where it is missing.
    """
    names = [f"{target} {step} ahead" for step in steps]
    frame = pd.DataFrame(truth, columns=names).dropna().assign(origin=0.0)  # a target alone would have no inputs
    columns = [define_problem(frame, name, kind="number").columns[0] for name in names]
    return Problem("several_numbers", tuple(columns), "The target at each step to the horizon.", len(frame))


def nest_path(
    nested: NestedRows,
    problem: Problem,
    inputs: pd.DataFrame,
    known: pd.DataFrame,
    truth: Float[np.ndarray, "row step"],
    measure: Measure,
) -> NestedRows | None:
    """The same folds with the steps as targets, without origins of which a step is missing.

    Args:
        nested: Folds and rows of the run.
        problem: From `path_problem`.
        inputs: Input columns of all origins.
        known: What is known ahead of the steps before the last; without columns the prepared rows are used as they are.
        truth: The target at each step.
        measure: Chooses the penalty of the linear model that networks start from.

    Returns:
        Folds and rows; None where a fold keeps too few.
    """
    is_whole = ~np.isnan(truth).any(axis=1)
    folds = tuple(_only(fold, is_whole) for fold in nested.folds)
    parts = [rows for fold in folds for pair in fold.inner for rows in pair]
    if min(map(len, [*parts, *(fold.validation_rows for fold in folds[:-1])])) < FEWEST_ROWS:
        return None
    target = np.nan_to_num(truth)  # rows that nobody uses: as padding they would count 0 times NaN
    if known.shape[1]:
        frame = pd.concat([inputs.reset_index(drop=True), known], axis=1)
        table = fold_table(frame, problem, target, [fold.train_rows for fold in folds])
    else:
        is_log = nested.table.scales[0].is_log
        scales = tuple(TargetScale.fit(problem, target[fold.train_rows], is_log=is_log) for fold in folds)
        targets = np.concatenate([scale.scale(target) for scale in scales])
        nobody = np.zeros((len(nested.table.inputs), 0), np.float32)
        table = replace(nested.table, targets=targets, scales=scales, start=nobody)
    found = replace(nested, problem=problem, table=table, folds=folds, starts=())
    return with_linear_start(found, measure, target) if can_start_linear(found) else found


def train_path(
    nested: NestedRows,
    chosen: Sequence[FoldResult],
    *,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> tuple[list[FoldResult], Tally]:
    """Train what each fold chose for the horizon on all steps to it, a member an inner fold and seed.

    Args:
        nested: From `nest_path`.
        chosen: The choice of each fold, in the order of the folds.
        kept: Finished stages of the run.
        progress: Told of the training.

    Returns:
        A result for each fold, and what it took.
    """
    groups: dict[tuple[object, bool], list[tuple[Candidate, int]]] = {}
    for one in chosen:
        rung = replace(one.candidate.rung, has_quantiles=True)
        candidate = replace(one.candidate, rung=rung)
        groups.setdefault((rung, candidate.trial == 0), []).append((candidate, one.fold))
    results, tally = dict[int, FoldResult](), Tally()
    for number, pairs in enumerate(groups.values(), start=1):
        found, spent = train_pairs(nested, pairs, name=f"path {number}", kept=kept, progress=progress)
        results |= {one.fold: one for one in found}
        tally += spent
    return [results[one.fold] for one in chosen], tally


def _only(fold: Fold, is_whole: Bool[np.ndarray, " row"]) -> Fold:
    """The fold with these of its rows."""
    inner = tuple((train[is_whole[train]], validation[is_whole[validation]]) for train, validation in fold.inner)
    train, validation = fold.train_rows, fold.validation_rows
    return replace(
        fold, train_rows=train[is_whole[train]], validation_rows=validation[is_whole[validation]], inner=inner
    )
