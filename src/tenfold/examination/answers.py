"""How wrong answers are, on one scale for every kind of target: 0 for none, about 1 for guessing numbers.

For classes it is the fraction of rows whose class is wrong; for numbers the mean squared error over the variance of
the target. The rule from an answer to a class follows the loss: a logit is compared with 0, a probability with 0.5, and
labels such as -1 and 1 with their middle.
"""

from collections.abc import Sequence

import numpy as np

from tenfold.checks.facts import OutputFacts, TargetFacts

__all__ = ["class_of", "error_of", "guess_error", "true_class"]


def error_of(answers: np.ndarray, truth: np.ndarray, target: TargetFacts, output: OutputFacts) -> float:
    """The error of one output.

    Args:
        answers: What the network answers, shape `(row, ...)`.
        truth: The targets of the same rows.
        target: What they are.
        output: What the answers are.

    Returns:
        Fraction of wrong classes, 0 to 1; that of the steps or pixels over what the most frequent class would have; or
        the mean squared error over the variance of these rows' targets. NaN where the answers are not finite.
    """
    answers, truth = np.asarray(answers, np.float64), np.asarray(truth, np.float64)
    if not np.isfinite(answers).all():
        return float("nan")
    if target.is_classes:
        return float(np.mean(class_of(answers, target, output) != true_class(truth, target)))
    if target.kind == "multi-label":
        middle = 0.0 if output.from_logits else 0.5
        return float(np.mean((answers > middle) != (truth > 0.5)))  # noqa: PLR2004  # labels are 0 and 1
    steps = _classes_of_steps(answers, truth)
    if target.kind == "sequence" and steps is not None:
        return _wrong_beside_guessing(*steps)
    answers = answers.reshape(truth.shape) if answers.size == truth.size else answers
    if answers.shape != truth.shape:
        return float("nan")
    variance = float(np.mean((truth - truth.mean(axis=0)) ** 2))
    return float(np.mean((answers - truth) ** 2) / max(variance, 1e-30))


def _classes_of_steps(answers: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The answered and the true class of every step or pixel; None where they are numbers."""
    if answers.ndim < 3 or answers.shape[-1] < 2:  # noqa: PLR2004  # rows and classes alone, or one unit
        return None
    chosen = answers.argmax(axis=-1)
    if truth.size == chosen.size:
        return chosen, truth.reshape(chosen.shape)
    is_one_hot = truth.shape == answers.shape and np.isin(truth, (0, 1)).all() and (truth.sum(axis=-1) == 1).all()
    return (chosen, truth.argmax(axis=-1)) if is_one_hot else None


def _wrong_beside_guessing(chosen: np.ndarray, true: np.ndarray) -> float:
    most_frequent = np.unique(true, return_counts=True)[1].max() / true.size
    return float(np.mean(chosen != true) / max(1 - most_frequent, 1e-30))


def class_of(answers: np.ndarray, target: TargetFacts, output: OutputFacts) -> np.ndarray:
    """The class of each row as a number from 0, by the largest entry or by the side of the middle."""
    answers = answers.reshape(len(answers), -1)
    if answers.shape[1] > 1:
        return np.asarray(answers.argmax(axis=1))
    low, high = (min(target.values), max(target.values)) if target.values else (0.0, 1.0)
    if len(target.values) > 2:  # noqa: PLR2004  # one unit for several classes: the nearest label
        values = np.array(target.values)
        return np.asarray(np.abs(answers - values[None]).argmin(axis=1))
    middle = 0.0 if output.from_logits else (low + high) / 2
    return np.asarray((answers[:, 0] > middle).astype(int))


def true_class(truth: np.ndarray, target: TargetFacts) -> np.ndarray:
    """The true class of each row as a number from 0."""
    if target.kind == "one-hot":
        return np.asarray(truth.reshape(len(truth), -1).argmax(axis=1))
    flat = truth.reshape(len(truth), -1)[:, 0]
    values = np.array(target.values) if target.values else np.unique(flat)
    positions = np.searchsorted(values, flat)
    counted_from_zero = np.array_equal(values, np.arange(len(values)))
    return np.asarray(flat.astype(int) if counted_from_zero else positions)


def guess_error(targets: Sequence[TargetFacts]) -> float:
    """The error of the best constant answer, mean over outputs."""
    return float(np.mean([_guess(one) for one in targets])) if targets else 1.0


def _guess(target: TargetFacts) -> float:
    if target.is_classes and target.counts:
        return 1 - max(target.counts) / sum(target.counts)
    if target.kind == "multi-label":
        return float(min(target.mean, 1 - target.mean))
    return 1.0
