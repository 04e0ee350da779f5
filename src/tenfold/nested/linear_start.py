"""A linear model's answers as the place that networks start from.

Where a linear model is hard to beat (texts as bags of terms, series as their own past), a network that starts at random
spends its training on what the linear model knows at once. One that adds to the linear model's answer is that model
before its first step, and the inner folds stop it before it gets worse.

What a fold's members start from is answered crosswise: the answer for an inner fold's validation rows comes from a
model that was fitted without them, the answer for outer rows from one fitted on all training rows. So the network sees
errors as large as those on new rows, and no row that scores has taken part. In the network that is delivered, the
linear model is a layer: it is fitted on all working rows, and saved with the rest.

Source: stacked generalisation (Wolpert 1992); residual fitting of a network on a linear model as in "wide & deep"
learning (Cheng et al. 2016), but fitted one after the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tenfold.baselines.fitting import FittedBaseline, fit_with_parts, rival_inputs
from tenfold.baselines.rivals import choose_baselines
from tenfold.baselines.telling import TellingTerms
from tenfold.measures.measure import Measure
from tenfold.nested.origins import levels_of
from tenfold.nested.rows import LinearStart, NestedRows
from tenfold.prepare.target import TargetScale
from tenfold.problem.definition import EncodedTarget, Problem

__all__ = ["can_start_linear", "with_linear_start"]

IMPOSSIBLE = -10.0
"""The logit of a class that the training rows lack."""


def can_start_linear(nested: NestedRows) -> bool:
    """Whether there are texts or windows, no codes, and a problem whose linear model ends in its last layer's input."""
    kinds = {"number", "several_numbers", "two_classes", "several_classes"}
    table = nested.table
    has_past = table.text_sizes.num_terms > 0 or "history" in table.lookups
    return has_past and not table.code_sizes and nested.problem.kind in kinds


def with_linear_start(nested: NestedRows, measure: Measure, target: EncodedTarget) -> NestedRows:
    """The same folds with what their networks may start from.

    Args:
        nested: Folds and prepared rows.
        measure: Chooses the linear model's penalty for numbers.
        target: Encoded target of all rows, in its own unit.

    Returns:
        With `table.start`, the linear models of the fold that holds all working rows, and each fold's as a rival. Of
        forecasts, targets are in units of the linear model's error.
    """
    problem, table = nested.problem, nested.table
    num_terms = table.text_sizes.num_terms
    baseline = choose_baselines(problem, measure, seed=nested.seed, num_terms=num_terms, levels=levels_of(nested),
                                in_logs=table.scales[0].is_log)[1]  # fmt: skip
    start, targets = np.zeros((len(table.inputs), problem.num_outputs), np.float32), table.targets.copy()
    models: tuple[LinearStart, ...] = ()
    scales, fitted = list(table.scales), list[FittedBaseline]()
    for block, fold in enumerate(nested.folds):
        inputs = rival_inputs(table, block)
        fits = fit_with_parts(baseline, problem, measure, inputs, target, fold)
        fitted.append(fits[0])
        whole, *parts = (_linear(one, problem, scales[block], num_terms) for one in (fits[0], *fits[1]))
        answers = whole.answers(inputs)
        for (_, validation), model in zip(fold.inner, parts, strict=True):
            answers[validation] = model.answers(inputs[validation])
        rows, left = table.rows(block, np.arange(table.num_rows)), np.ones(problem.num_outputs)
        if "history" in table.lookups:
            held_out = np.concatenate([validation for _, validation in fold.inner])
            left = _left(targets[rows[held_out]], answers[held_out])
        start[rows], targets[rows] = answers / left, targets[rows] / (left if targets.ndim > 1 else left[0])
        spreads = left * np.array(scales[block].spreads) if problem.is_scaled else scales[block].spreads
        scales[block] = replace(scales[block], spreads=tuple(map(float, spreads)))
        models = tuple(one.in_units_of(left) for one in (whole, *parts))
    table = replace(table, start=start, targets=targets, scales=tuple(scales))
    return replace(nested, table=table, starts=models, linear=tuple(fitted))


def _left(targets: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """How large the errors of the linear model are for each target: the unit in which a forecast's network trains.

    A series that rises by far more than it errs would else leave the network errors of hundredths.
    """
    errors = np.sqrt(np.mean((targets.reshape(len(targets), -1) - answers) ** 2, axis=0))
    return np.where(errors > 0, errors, 1.0)


def _linear(fitted: FittedBaseline, problem: Problem, scale: TargetScale, num_terms: int) -> LinearStart:
    steps: Sequence[Any] = [step for _, step in getattr(fitted.model, "steps", [("", fitted.model)])]
    model, scales = steps[-1], next((one.scales_ for one in steps if isinstance(one, TellingTerms)), 1.0)
    kernel = np.atleast_2d(model.coef_).T * np.reshape(scales, (-1, 1))
    bias = np.atleast_1d(model.intercept_)
    if problem.is_scaled:
        spreads, centres = np.array(scale.spreads), np.array(scale.centres)
        return LinearStart(kernel / spreads, (bias - centres) / spreads, num_terms)
    if problem.kind == "two_classes" or len(model.classes_) == problem.num_outputs:
        return LinearStart(kernel, bias, num_terms)
    is_one = kernel.shape[1] == 1  # of two classes scikit-learn keeps the second's logit alone
    own = (np.column_stack([0 * kernel, kernel]), np.append(0 * bias, bias)) if is_one else (kernel, bias)
    every_kernel = np.zeros((len(kernel), problem.num_outputs))
    every_bias = np.full(problem.num_outputs, IMPOSSIBLE)
    every_kernel[:, model.classes_], every_bias[model.classes_] = own
    return LinearStart(every_kernel, every_bias, num_terms)
