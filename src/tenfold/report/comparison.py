"""Models side by side: each score with its interval, and who is better than whom on the same folds and seeds.

The workflow hands over one array of scores per model, `[fold, seed]`; everything the report says about better and
worse is made here from `tenfold.intervals`. "The best baseline" is the best on these same folds: the choice least kind
to the network.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float

from tenfold.intervals import UNBOUNDED, corrected_interval
from tenfold.report.evidence import Difference, Interval, MemberScore, Model

__all__ = ["best_baseline", "compare_models", "difference_between", "guess_among", "network_among", "scored_model"]

Better = Literal["lower", "higher"]


def scored_model(
    name: str,
    words: str,
    role: Literal["network", "baseline", "guess"],
    scores: Float[np.ndarray, "fold seed"],
    *,
    rows_ratio: float,
    redrawn: bool = False,
    smallest_spread: float = 0.0,
    within: tuple[float, float] = UNBOUNDED,
    seconds: float = float("nan"),
    num_parameters: int | None = None,
    num_bytes: int | None = None,
) -> Model:
    """A model with mean, interval and spreads worked out.

    Args:
        name: As in the table, "boosted trees".
        words: As in a sentence: "gradient-boosted trees", "always guessing `no`", "the mean of `price`".
        role: The network, a baseline, or the constant guess.
        scores: One per outer fold and seed; one seed is enough for a model without chance.
        rows_ratio: Validation rows per training row.
        redrawn: Whether each seed drew its own folds.
        smallest_spread: Floor of the spread, see `intervals.corrected_interval`.
        within: Smallest and largest score there can be.
        seconds: Training time of one final fit.
        num_parameters: Trainable parameters.
        num_bytes: Size on disk.

    Returns:
        The model as the facts hold it.
    """
    found = corrected_interval(
        scores, rows_ratio=rows_ratio, redrawn=redrawn, smallest_spread=smallest_spread, within=within
    )
    members = tuple(MemberScore(int(fold), int(seed), float(score)) for (fold, seed), score in np.ndenumerate(scores))
    return Model(
        name=name,
        words=words,
        role=role,
        scores=members,
        score=Interval(found.value, found.low, found.high),
        fold_spread=found.fold_spread,
        seed_spread=found.seed_spread,
        seconds=seconds,
        num_parameters=num_parameters,
        num_bytes=num_bytes,
    )


def compare_models(
    models: Sequence[Model], *, better: Better, rows_ratio: float, redrawn: bool = False, smallest_spread: float = 0.0
) -> tuple[Difference, ...]:
    """The network against each other model, and the best baseline against the guess; positive = the first is better.

    Args:
        models: As `scored_model` made them, on the same folds.
        better: Direction of the measure.
        rows_ratio: Validation rows per training row.
        redrawn: Whether each seed drew its own folds.
        smallest_spread: Floor of the spread of a difference on one fold, for models that agree on every row by luck.

    Returns:
        One difference a pair; pairs with a missing model are left out.
    """
    network, guess, baseline = network_among(models), guess_among(models), best_baseline(models, better)
    pairs = [*((network, model) for model in models if model is not network), (baseline, guess)]
    return tuple(
        _difference(model, rival, better, rows_ratio, redrawn=redrawn, smallest_spread=smallest_spread)
        for model, rival in pairs
        if model is not None and rival is not None and model is not rival
    )


def network_among(models: Sequence[Model]) -> Model | None:
    """The network, or None."""
    return next((model for model in models if model.role == "network"), None)


def guess_among(models: Sequence[Model]) -> Model | None:
    """The constant guess, or None."""
    return next((model for model in models if model.role == "guess"), None)


def best_baseline(models: Sequence[Model], better: Better) -> Model | None:
    """The baseline with the best mean; the guess where there is no other; None where there is none at all."""
    baselines = [model for model in models if model.role == "baseline"] or [
        model for model in models if model.role == "guess"
    ]
    sign = 1 if better == "lower" else -1
    return min(baselines, key=lambda model: sign * model.score.value, default=None)


def difference_between(
    differences: Sequence[Difference], model: Model | None, rival: Model | None
) -> Difference | None:
    """The difference of these two, or None where it was not worked out."""
    if model is None or rival is None:
        return None
    names = (model.name, rival.name)
    return next((found for found in differences if (found.model, found.rival) == names), None)


def _difference(
    model: Model, rival: Model, better: Better, rows_ratio: float, *, redrawn: bool, smallest_spread: float
) -> Difference:
    sign = 1.0 if better == "higher" else -1.0
    gains = sign * (_score_table(model) - _score_table(rival))  # a rival with one seed meets every seed of the model
    found = corrected_interval(gains, rows_ratio=rows_ratio, redrawn=redrawn, smallest_spread=smallest_spread)
    interval = Interval(found.value, found.low, found.high)
    return Difference(model.name, rival.name, interval, int(np.sum(gains > 0)), found.num_pairs)


def _score_table(model: Model) -> Float[np.ndarray, "fold seed"]:
    num_folds = 1 + max(member.fold for member in model.scores)
    num_seeds = 1 + max(member.seed for member in model.scores)
    table = np.full((num_folds, num_seeds), np.nan)
    for member in model.scores:
        table[member.fold, member.seed] = member.score
    return table
