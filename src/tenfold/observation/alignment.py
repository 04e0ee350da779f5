"""Do inputs and targets belong to the same rows? What can be learnt as they stand, and with the targets moved.

A target moved by some rows against its inputs is found by correlation: the shift at which some feature, or its square,
correlates most with the target, over all shifts at once by the Fourier transform. Whether that shift is right is then
measured with the quick model. Windows of a series overlap, so there any shift tells something and none is tried.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.checks.facts import InputFacts
from tenfold.observation.quick_model import Answers, Question, answers_out_of_fold, as_features, sample_of

__all__ = ["CLEARLY", "alignment_measures", "are_windows"]

CLEARLY = 1.5
"""How many times what chance reaches in one of a hundred orders something must score before it is learnt: random orders
of the same answers are a little less lucky than answers to a random order."""

_MOST_SHIFTED_ROWS = 20_000
_MOST_CLASSES = 20
_IS_WINDOW = 0.5


def alignment_measures(
    inputs: Sequence[InputFacts], arrays: Sequence[np.ndarray], question: Question, answers: Answers, seed: int
) -> Mapping[str, float]:
    """What can be learnt as the rows stand, by chance, and with the targets moved.

    Args:
        inputs: The inputs.
        arrays: Their arrays.
        question: The targets of all rows.
        answers: The quick model's answers for the rows that are looked at.
        seed: Seed of the quick model.
    """
    found = {
        "learnable": answers.score,
        "learnable_train": answers.train_score,
        "learnable_linear": answers.linear_score,
        "learnable_shuffled": answers.chance,
    }
    if answers.score > CLEARLY * answers.chance or any(are_windows(array) for array in arrays):
        return found
    shift = _likeliest_shift(inputs, arrays, question, seed)
    moved = Question(np.roll(question.values, shift), question.num_classes)
    again = sample_of(moved)
    if shift and again is not None:
        features = as_features(inputs, arrays, again.rows, seed)
        found |= {
            "best_shift": float(shift),
            "learnable_shifted": answers_out_of_fold(features, again.question, seed).score,
        }
    return found


def are_windows(values: np.ndarray) -> bool:
    """Whether neighbouring rows are windows of one series, each a step after the other."""
    if values.ndim < 2 or values.shape[1] < 3 or len(values) < 3:  # noqa: PLR2004 - nothing to overlap
        return False
    some = values[:1_000]
    overlap = float(np.mean(some[1:, :-1] == some[:-1, 1:]))
    return overlap > _IS_WINDOW and bool(np.mean(some[1:] == some[:-1]) < _IS_WINDOW)


def _likeliest_shift(inputs: Sequence[InputFacts], arrays: Sequence[np.ndarray], question: Question, seed: int) -> int:
    """By how many rows the targets stand before their inputs, circularly; 0 where no shift beats none."""
    rows = np.arange(min(len(question.values), _MOST_SHIFTED_ROWS))
    features = as_features(inputs, arrays, rows, seed)
    features = _standardised(np.concatenate([features, _standardised(features) ** 2], axis=1))
    targets = _standardised(_target_columns(question, rows))
    spectra = np.fft.rfft(features, axis=0)[:, :, None] * np.conj(np.fft.rfft(targets, axis=0))[:, None, :]
    correlations = np.fft.irfft(spectra, n=len(rows), axis=0)
    strongest = np.abs(correlations).max(axis=(1, 2))
    shift = int(strongest.argmax())
    return shift if shift <= len(rows) // 2 else shift - len(rows)


def _target_columns(question: Question, rows: np.ndarray) -> np.ndarray:
    values: np.ndarray = question.values[rows][:, np.newaxis]
    if not question.num_classes:
        return values
    common = np.argsort(-np.bincount(values[:, 0]), kind="stable")[:_MOST_CLASSES]
    found: np.ndarray = np.equal(values, common).astype(np.float64)
    return found


def _standardised(columns: np.ndarray) -> np.ndarray:
    spread = columns.std(axis=0)
    found: np.ndarray = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found
