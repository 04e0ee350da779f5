"""Steps 6 and 7 as facts: the ladder, the learning curves, the trials, what the choice cost in optimism."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Literal, TypeAlias, cast

import numpy as np

from tenfold.capacity import Climb, RungEvidence
from tenfold.intervals import corrected_interval
from tenfold.measures.measure import Measure
from tenfold.nested.results import Candidate, FoldResult
from tenfold.nested.rows import NestedRows
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.networks.ladder import Rung
from tenfold.problem.definition import Problem
from tenfold.report.evidence import Capacity, Curve, Interval, LearningCurves, MemberScore, Trial, Tuning
from tenfold.report.evidence import Rung as RungFacts
from tenfold.tune import Tuned

__all__ = ["capacity_facts", "curve_facts", "delivered_words", "tuning_facts"]

Outcome: TypeAlias = Literal["ran", "stopped_early", "nonfinite_loss"]


TIMED = " Time ended the search: another machine would have tried another number of trials."


def capacity_facts(nested: NestedRows, climb: Climb) -> Capacity:
    """Step 6.

    Args:
        nested: Folds and rows.
        climb: The ladder, climbed.

    Returns:
        The facts, from the inner folds of all working rows.
    """
    first = climb.overfits_from
    decision, because = _large_enough(climb)
    return Capacity(
        tuple(_rung_facts(nested, one) for one in climb.evidence),
        chosen=climb.top.label,
        overfits_from=first.label if first else "",
        loss=_loss_name(nested.problem),
        decision=decision,
        because=because,
    )


def curve_facts(nested: NestedRows, chosen: FoldResult) -> LearningCurves:
    """Learning curves of the final network's members.

    Args:
        nested: Folds and rows.
        chosen: What the fold of all working rows chose.

    Returns:
        One curve a member.
    """
    members = chosen.members
    if members is None:
        raise ValueError("curves come from the fold of all working rows")
    places = _places(nested)
    history, key = members.history, inner_loss_name(nested.problem)  # what members stopped by, free of penalties
    curves = (
        Curve(
            fold,
            seed,
            tuple(map(float, history[key.removeprefix("val_")][number, :epochs])),
            tuple(map(float, history[key][number, :epochs])),
            best_epoch=int(members.best_epochs[number]) + 1,
            outcome=cast("Outcome", members.outcomes[number]),
        )
        for number, ((fold, seed), epochs) in enumerate(zip(places, members.epochs_trained, strict=True))
    )
    return LearningCurves(
        f"network {chosen.candidate.rung.label}, inner folds", _inner_loss_in_words(nested.problem), tuple(curves)
    )


def tuning_facts(
    nested: NestedRows, climb: Climb, tuned: Tuned, measure: Measure, judge: Measure, target: np.ndarray
) -> Tuning:
    """Step 7.

    Args:
        nested: Folds and rows.
        climb: The ladder's results.
        tuned: Trials and choices.
        measure: The measure of success.
        judge: What inner folds choose by.
        target: Encoded target of all rows.

    Returns:
        The facts: inner scores of the trials on all working rows, number 0 the best free network; and what the chosen
        ones scored on outer rows.
    """
    final = nested.final
    free = min((one for one in climb.results if one.fold == final), key=lambda one: one.loss)
    tried = [free, *(one for one in tuned.results if one.fold == final)]
    chosen = tuned.chosen[final].candidate
    unit = [scale.unit for scale in nested.table.scales]
    return Tuning(
        tuple(_trial_facts(one, unit[final]) for one in tried),
        chosen=chosen.trial,
        untuned=0,
        inner=float(np.mean([one.loss * unit[one.fold] for one in tuned.chosen[:-1]])),
        outer=_outer_score(nested, tuned, judge, target),
        measure="" if judge.key == measure.key else judge.name,
        better=judge.better,
        decision=_choice_in_words(chosen, climb.top, len(tuned.trials)),
        because=_why_chosen(tuned, final) + (TIMED if tuned.is_timed else ""),
        settings_that_mattered=dict(tuned.mattered),
    )


def delivered_words(is_retrained: Sequence[bool], gain: float, *, starts_from_past: bool = False) -> str:
    """Which network is delivered, and why, as one sentence.

    Args:
        is_retrained: Whether each outer fold took the retraining, then the final network.
        gain: How much better retraining was on the outer rows; NaN where nobody could judge.
        starts_from_past: Whether networks add to a linear model's forecasts.
    """
    ensemble = "The mean of the inner folds' networks is delivered"
    if starts_from_past:
        return f"{ensemble}: each stopped where it would have spoiled the linear model that it starts from."
    if math.isnan(gain):
        return f"{ensemble}: with one outer fold nobody can judge whether retraining on all rows would be better."
    folds = sum(is_retrained[:-1])
    if not is_retrained[-1]:
        return f"{ensemble}: trained anew on all rows it was no better on the outer folds."
    return (
        f"It is delivered trained anew on all rows, which was better on the outer folds ({folds} of "
        f"{len(is_retrained) - 1} took that way, each judged by the others)."
    )


def _places(nested: NestedRows) -> list[tuple[int, int]]:
    """Inner fold and seed of each member of the fold of all working rows."""
    final = nested.final
    return [(inner, seed) for inner in range(len(nested.folds[final].inner)) for seed in nested.seeds[final]]


def _rung_facts(nested: NestedRows, one: RungEvidence) -> RungFacts:
    places = _places(nested)
    last = (~np.isnan(one.training)).sum(axis=1) - 1
    members = np.arange(len(last))
    training = one.training[members, last]
    validation = one.validation[members, one.best_epochs - 1]

    def scores(values: np.ndarray) -> tuple[MemberScore, ...]:
        return tuple(MemberScore(*place, float(value)) for place, value in zip(places, values, strict=True))

    return RungFacts(
        one.rung.label,
        one.num_parameters,
        scores(training),
        scores(validation),
        tuple(int(epoch) for epoch in one.best_epochs),
        int(one.is_overfitting.sum()),
    )


_LOSSES = {"mse": "mean squared error of the scaled target", "poisson": "Poisson loss"}
_INNER_LOSSES = {"val_mae": "mean absolute error", "val_deviance": "Poisson deviance"}


def _loss_name(problem: Problem) -> str:
    return _LOSSES.get(problem.last_layer.loss, "cross-entropy in nats")


def _inner_loss_in_words(problem: Problem) -> str:
    words = _INNER_LOSSES.get(inner_loss_name(problem), "cross-entropy in nats")
    return f"{words} of the scaled target" if problem.is_scaled else words


def _large_enough(climb: Climb) -> tuple[str, str]:
    """Whether size is the limit, and why, as a sentence each."""
    first = climb.overfits_from
    if first is None:
        return (
            f"No size up to {climb.top.label} overfits.",
            "A larger network might do better still; step 7 holds a large one back.",
        )
    evidence = next(one for one in climb.evidence if one.rung == first)
    turned, num_members = int(evidence.is_overfitting.sum()), len(evidence.is_overfitting)
    because = (
        f"The validation loss turned up in {turned} of {num_members} trainings of that size while the training loss "
        "still fell. Step 7 holds a large network back."
    )
    return f"Size is not the limit: networks overfit from {first.label} on.", because


def _trial_facts(result: FoldResult, unit: float) -> Trial:
    losses = np.where(np.isfinite(result.losses), result.losses * unit, np.nan)
    number, network = result.candidate.trial, result.candidate.rung.label
    settings = {name: value for name, value in asdict(result.candidate.regularisation).items() if value is not None}
    if not result.candidate.rung.widths:
        del settings["dropout"]  # there is no hidden layer to silence
    if not np.isfinite(losses).any():
        return Trial(number, settings, Interval(*(float("nan"),) * 3), network=network)
    found = corrected_interval(losses, rows_ratio=1 / max(1, len(losses) - 1), within=(0.0, math.inf))
    return Trial(number, settings, Interval(found.value, found.low, found.high), network=network)


def _outer_score(nested: NestedRows, tuned: Tuned, judge: Measure, target: np.ndarray) -> float:
    scores = [
        judge.score(target[fold.validation_rows], prediction)
        for fold, chosen in zip(nested.outer, tuned.chosen, strict=False)
        for prediction in chosen.predictions or ()
    ]
    return float(np.nanmean(scores))


def _choice_in_words(chosen: Candidate, top: Rung, num_trials: int) -> str:
    if chosen.trial:
        held = chosen.regularisation
        dropout = (
            f"Dropout {held.dropout:.2f}, weight decay"
            if chosen.rung.widths or chosen.rung.filters or chosen.rung.base
            else "Weight decay"
        )
        settings = f"{dropout} {held.weight_decay:.1g}, learning rate {held.learning_rate:.2g}"
        wide = {"L1": held.l1, "L2": held.l2 if held.l1 is not None else None, "label smoothing": held.label_smoothing}
        settings += "".join(f", {name} {value:.1g}" for name, value in wide.items() if value is not None)
        if chosen.rung != top:
            words = chosen.rung.words
            settings = f"{words[0].upper()}{words[1:]}, {settings[0].lower()}{settings[1:]}"
        return f"{settings}: trial {chosen.trial} of {num_trials}."
    free = "Nothing holds the network back" if chosen.rung == top else f"The smaller network {chosen.rung.label}, free"
    return f"{free}: none of {num_trials} trials was better on inner rows."


def _why_chosen(tuned: Tuned, final: int) -> str:
    words = tuned.chosen[final].candidate.rung.words
    same = sum(one.candidate == tuned.chosen[final].candidate for one in tuned.chosen[:final])
    return (
        f"Its loss on the inner rows of all working rows is lowest ({words}). Each outer fold chose for itself, "
        f"by its own inner rows: {same} of {final} chose the same."
    )
