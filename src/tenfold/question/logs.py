"""Whether a skewed series is forecast as log(1 + its target): the run decides, by training rows of every fold.

Sales, loads of dust and prices are often small and now and then many times as large, and what moves them moves them by
a share. Then a linear model of logarithms may err less, in the target's own unit. It is tried where no value is below 0
and values are skewed, on the inner folds of the first outer fold alone: forward in time its training rows are training
rows of every other fold, so that nothing that is scored has a say.

Source: log1p for positive skewed targets, as in the best entries on Rossmann and Favorita.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.baselines.fitting import fit_with_parts, rival_inputs
from tenfold.baselines.rivals import choose_baselines
from tenfold.data.lookup_column import LookupArray
from tenfold.measures.measure import Measure
from tenfold.prepare.folded import fold_table
from tenfold.prepare.history import HistoryColumn
from tenfold.problem.definition import Problem
from tenfold.split.folds import Fold

__all__ = ["errors_without_and_with_logs", "is_skewed", "seen_in_logs"]

SKEWED = 1.0
"""Skewness from which logarithms are tried: that of an exponential distribution is 2 (arbitrary)."""


def is_skewed(target: Float[np.ndarray, " row"]) -> bool:
    """Whether logarithms are worth a try.

    Args:
        target: Of training rows.

    >>> bool(is_skewed(np.array([0.0, 1.0, 1.0, 2.0, 30.0]))), bool(is_skewed(np.array([1.0, 2.0, 3.0])))
    (True, False)
    """
    spread = target.std()
    return bool(target.min() >= 0 and spread > 0 and np.mean(((target - target.mean()) / spread) ** 3) > SKEWED)


def seen_in_logs(inputs: pd.DataFrame, column: str) -> pd.DataFrame:
    """The same origins whose windows show logarithms of the target.

    Args:
        inputs: Input columns of origins.
        column: The one with windows.
    """
    lookup = inputs[column].array.lookup
    meaning = replace(lookup.meaning, is_log=True)
    return inputs.assign(**{column: LookupArray(replace(lookup, meaning=meaning))})


def errors_without_and_with_logs(
    inputs: pd.DataFrame, column: str, problem: Problem, measure: Measure, target: Float[np.ndarray, " row"], fold: Fold
) -> tuple[float, float]:
    """Mean score of the linear model on the inner folds of a fold, of values and of their logarithms.

    Args:
        inputs: Input columns of all origins.
        column: The one with windows.
        problem: A number.
        measure: Lower is better.
        target: Of all origins, none below 0.
        fold: Whose inner folds judge.

    Returns:
        Both scores, in the measure's unit.
    """
    first, second = (_score(frame, problem, measure, target, fold) for frame in (inputs, seen_in_logs(inputs, column)))
    return first, second


def _score(
    inputs: pd.DataFrame, problem: Problem, measure: Measure, target: Float[np.ndarray, " row"], fold: Fold
) -> float:
    table = fold_table(inputs, problem, target, [fold.train_rows])
    columns = [one for one in table.preparations[0].columns if isinstance(one, HistoryColumn)]
    levels = tuple(table.input_names.index(one.input_names[place]) for one in columns for place in one.level_places)
    linear = choose_baselines(problem, measure, seed=0, levels=levels, in_logs=table.scales[0].is_log)[1]
    seen = rival_inputs(table, 0)
    _, parts = fit_with_parts(linear, problem, measure, seen, target, fold)
    scores = [
        measure.score(target[validation], part.predict(seen[validation]))
        for part, (_, validation) in zip(parts, fold.inner, strict=True)
    ]
    return float(np.mean(scores))
