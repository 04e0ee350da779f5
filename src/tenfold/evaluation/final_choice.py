"""The last choices: an ensemble or a retraining, and probabilities put right; each judged on rows it is not scored on.

What a fold chose can answer in two ways: as the mean of the members that its inner folds left, or as a network a seed,
trained anew on all rows of the fold. Which is better is judged fold by fold on the *other* outer folds of the same
repeat, whose rows are training rows of this one; forward in time only earlier folds may judge. With a single hold-out
nobody can judge, and the ensemble stays. The final network takes what all outer folds together prefer.

Forecasts that start from a linear model are always the ensemble's: its members stop where they would spoil what they
start from, a training on all rows would not. (Measured on monthly temperatures a year ahead: where earlier folds had
preferred the retraining, the next fold's mean absolute error was 0.27 in place of 0.11.)

Probabilities are corrected the same way: by the predictions of the other folds for their held-out rows. Where those do
not exist (a hold-out, order in time) the inner folds' held-out rows serve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.evaluation.calibration import Correction, fit_correction
from tenfold.evaluation.scoring import out_of_fold
from tenfold.measures.measure import Measure, Prediction
from tenfold.nested.origins import starts_from_past
from tenfold.nested.results import FoldResult, Tally
from tenfold.nested.retraining import retrain
from tenfold.nested.rows import NestedRows
from tenfold.problem.definition import EncodedTarget
from tenfold.progress import ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["FinalChoice", "choose_finally"]


@dataclass(frozen=True)
class FinalChoice:
    """What every fold answers with in the end.

    Args:
        results: The way taken by each fold, the last one for the network that is delivered.
        is_retrained: Whether that is the retraining, by fold.
        corrections: What puts each fold's probabilities right.
        uncorrected: Answers for the outer rows before that, by outer fold and seed.
        predictions: The same after it.
        gain: How much better retraining was on the outer rows, in the measure's unit; NaN where nobody could judge.
        tally: What the retraining took.
    """

    results: tuple[FoldResult, ...]
    is_retrained: tuple[bool, ...]
    corrections: tuple[Correction, ...]
    uncorrected: tuple[tuple[Prediction, ...], ...]
    predictions: tuple[tuple[Prediction, ...], ...]
    gain: float
    tally: Tally


def choose_finally(
    nested: NestedRows,
    measure: Measure,
    target: EncodedTarget,
    chosen: Sequence[FoldResult],
    *,
    in_time: bool = False,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> FinalChoice:
    """Make the last choices.

    Args:
        nested: Folds and rows.
        measure: The measure of success.
        target: Encoded target of all rows.
        chosen: What each fold chose by its inner folds.
        in_time: Whether folds go forward in time.
        kept: Finished stages of the run.
        progress: Told of the training.

    Returns:
        The way and the correction of each fold.
    """
    judges = [_judges(nested, fold, in_time=in_time) for fold in range(len(nested.folds))]
    gains, results, tally = np.full(len(nested.outer), np.nan), list(chosen), Tally()
    is_retrained = [False] * len(results)
    if any(judges[:-1]) and not starts_from_past(nested):
        anew, tally = retrain(nested, chosen, kept=kept, progress=progress)
        gains = np.array([_gain(nested, measure, target, old, new) for old, new in zip(chosen, anew, strict=True)][:-1])
        is_retrained = [_mean(gains[own]) > 0 for own in judges]
        results = [new if takes else old for old, new, takes in zip(chosen, anew, is_retrained, strict=True)]
    uncorrected = tuple(one.predictions or () for one in results[:-1])
    corrections = _corrections(nested, target, uncorrected, chosen, judges)
    predictions = tuple(
        tuple(correction.apply(one, nested.problem) for one in ones)
        for ones, correction in zip(uncorrected, corrections, strict=False)
    )
    return FinalChoice(tuple(results), tuple(is_retrained), corrections, uncorrected, predictions, _mean(gains), tally)


def _judges(nested: NestedRows, fold: int, *, in_time: bool) -> list[int]:
    """Positions of the outer folds that judge for a fold: never itself."""
    if fold == nested.final:
        return list(range(len(nested.outer)))
    own = nested.folds[fold]
    same_repeat = [place for place, one in enumerate(nested.outer) if one.repeat == own.repeat]
    return [place for place in same_repeat if (place < fold if in_time else place != fold)]


def _gain(nested: NestedRows, measure: Measure, target: EncodedTarget, old: FoldResult, new: FoldResult) -> float:
    """How much better the second answers for a fold's outer rows; NaN for the fold without any."""
    if old.predictions is None or new.predictions is None:
        return float("nan")
    truth = target[nested.folds[old.fold].validation_rows]
    first, second = (measure.score(truth, np.mean(answers, axis=0)) for answers in (old.predictions, new.predictions))
    return measure.gain(second, first)


def _mean(gains: np.ndarray) -> float:
    known = gains[np.isfinite(gains)]
    return float(known.mean()) if len(known) else float("nan")


def _corrections(
    nested: NestedRows,
    target: EncodedTarget,
    predictions: Sequence[Sequence[Prediction]],
    chosen: Sequence[FoldResult],
    judges: Sequence[Sequence[int]],
) -> tuple[Correction, ...]:
    if nested.problem.is_number or nested.problem.kind == "several_numbers":
        return (Correction(),) * len(chosen)
    return tuple(_correction(nested, target, predictions, own, one) for own, one in zip(judges, chosen, strict=True))


def _correction(
    nested: NestedRows,
    target: EncodedTarget,
    predictions: Sequence[Sequence[Prediction]],
    judges: Sequence[int],
    chosen: FoldResult,
) -> Correction:
    """By other folds' outer rows, or by the fold's own inner ones where there are no other folds."""
    if judges:
        rows, prediction = out_of_fold(
            [nested.folds[place] for place in judges], [predictions[place] for place in judges], len(target)
        )
    else:
        rows = np.concatenate([validation for _, validation in nested.folds[chosen.fold].inner])
        prediction = np.concatenate(chosen.inner_predictions)
    return fit_correction(nested.problem, target[rows], prediction)
