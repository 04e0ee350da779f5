"""What a network of photos must beat: simple models of few pixels and of colours (`prepare.pictures`).

The constant guess; logistic regression on 16 x 16 pixels; the same on how much there is of each colour and on 8 x 8
pixels; boosted trees on these. All see the other inputs too, where there are any.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.baselines.rivals import Baseline, choose_baselines
from tenfold.measures.measure import Measure
from tenfold.prepare.pictures import COLOURS, NUM_FEATURES, PIXELS
from tenfold.problem.definition import Problem

__all__ = ["choose_photo_baselines"]

STRENGTHS = (1e-1, 1e-2, 1e-3, 1e-4)
"""The C of logistic regression on standardised pixels and colours, of which there are many and all alike (arbitrary; on
flowers 0.01 and 0.001 are best)."""

TREE_SETTINGS: tuple[dict[str, Any], ...] = ({"max_leaf_nodes": 8, "min_samples_leaf": 10, "max_iter": 60},)
"""One size of trees: 400 columns make each fit slow, and colours need no deep trees (arbitrary)."""


def choose_photo_baselines(
    problem: Problem, measure: Measure, *, seed: int, num_others: int = 0
) -> tuple[Baseline, ...]:
    """The rivals for photos, the constant guess first.

    Args:
        problem: From `define_problem`.
        measure: The measure of success.
        seed: Of the trees.
        num_others: Inputs that come before the photos' features.

    Returns:
        Guess, pixels, colours, trees; of `rival_inputs` with photos.
    """
    guess, linear, trees = choose_baselines(problem, measure, seed=seed)
    settings = tuple({"C": strength} for strength in STRENGTHS)
    if "C" not in linear.settings[0]:
        settings = linear.settings

    def on(model: Callable[..., Any], columns: slice, scaling: Any) -> Callable[..., Any]:
        return lambda **setting: make_pipeline(_columns(columns, num_others, scaling), model(**setting))

    scaling = StandardScaler()
    return (
        guess,
        Baseline("pixels", f"{linear.words} on 16 x 16 pixels", "baseline", settings, on(linear.make, PIXELS, scaling)),
        Baseline("colours", f"{linear.words} on colours", "baseline", settings, on(linear.make, COLOURS, scaling)),
        Baseline(
            trees.name, f"{trees.words} on colours", "baseline", TREE_SETTINGS, on(trees.make, COLOURS, "passthrough")
        ),
    )  # fmt: skip


def _columns(columns: slice, num_others: int, scaling: Any) -> ColumnTransformer:
    """Some of the photos' features, and all other inputs as they are."""
    places = np.arange(NUM_FEATURES) + num_others
    return ColumnTransformer(
        [("others", "passthrough", list(range(num_others))), ("photo", scaling, places[columns].tolist())],
        sparse_threshold=0.0,
    )
