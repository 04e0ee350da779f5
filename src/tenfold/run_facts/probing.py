"""Whether probabilities are true and which columns are used, as facts."""

import numpy as np
from jaxtyping import Bool, Float
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit
from scipy.stats import binomtest

from tenfold.evaluation.calibration import logit
from tenfold.evaluation.importance import NUM_SHUFFLES, ColumnLosses
from tenfold.intervals import corrected_interval
from tenfold.measures.measure import Measure, Prediction
from tenfold.problem.definition import EncodedTarget, Problem
from tenfold.report.evidence import Interval
from tenfold.report.probing import Calibration, CalibrationBin, ColumnImportance, Importance

__all__ = ["calibration_facts", "importance_facts"]

NUM_BINS = 10
FEWEST_IN_A_BIN = 10
"""Bins of equal count, and rows that each holds at least (arbitrary; ten bins are the custom)."""

LARGEST_MOVE = 20.0
"""Largest intercept that is looked for, in logits: probabilities of 2e-9."""


def calibration_facts(
    problem: Problem, truth: EncodedTarget, before: Prediction, after: Prediction, method: str
) -> Calibration | None:
    """Whether probabilities are true on rows that no member behind them was trained on.

    Args:
        problem: What is predicted.
        truth: Encoded target of the rows.
        before: Probabilities as the networks answered.
        after: The same once they were put right.
        method: How they were, as a phrase; empty where they were not.

    Returns:
        The facts; None for numbers, and where too few rows of an outcome make no two bins.
    """
    if problem.is_number or problem.kind == "several_numbers":
        return None
    of, happened, probability = _outcomes(problem, truth, after)
    _, happened_before, first = _outcomes(problem, truth, before)
    if len(happened) < 2 * FEWEST_IN_A_BIN or happened.all() or not happened.any():
        return None
    share = happened.mean()
    plain = Calibration(
        of,
        _bins(happened, probability),
        _slope(happened, probability),
        _intercept(happened, probability),
        brier=float(np.mean((probability - happened) ** 2)),
        brier_no_skill=float(share * (1 - share)),
    )
    if not method:
        return plain
    return Calibration(
        plain.of,
        plain.bins,
        plain.slope,
        plain.intercept,
        plain.brier,
        plain.brier_no_skill,
        brier_before=float(np.mean((first - happened_before) ** 2)),
        slope_before=_slope(happened_before, first),
        intercept_before=_intercept(happened_before, first),
        bins_before=_bins(happened_before, first),
        method=method,
    )


def importance_facts(found: ColumnLosses, measure: Measure, num_members: int) -> Importance:
    """Which columns the network uses.

    Args:
        found: From `evaluation.importance.column_losses`.
        measure: What is lost.
        num_members: Members that were asked.

    Returns:
        The facts, with intervals over the parts in which rows were scored.
    """
    columns = tuple(
        ColumnImportance(name, _interval(line, found.rows_ratio))
        for name, line in zip(found.columns, found.losses, strict=True)
        if np.isfinite(line).any()
    )
    return Importance(columns, measure.name, num_shuffles=NUM_SHUFFLES, num_members=num_members)


def _interval(line: Float[np.ndarray, " part"], rows_ratio: float) -> Interval:
    found = corrected_interval(line[:, None], rows_ratio=rows_ratio)
    return Interval(found.value, found.low, found.high)


def _outcomes(
    problem: Problem, truth: EncodedTarget, prediction: Prediction
) -> tuple[str, Bool[np.ndarray, " outcome"], Float[np.ndarray, " outcome"]]:
    """What the probability is of, whether it happened, and the probability."""
    if problem.kind == "two_classes":
        return f"`{problem.target}` = `{problem.label_texts[1]}`", truth == 1, np.asarray(prediction[:, 1])
    if problem.kind == "several_labels":
        return "each label", np.asarray(truth == 1).ravel(), np.asarray(prediction).ravel()
    named = prediction.argmax(axis=1)
    return "the class it names", named == truth, np.asarray(prediction.max(axis=1))


def _bins(
    happened: Bool[np.ndarray, " outcome"], probability: Float[np.ndarray, " outcome"]
) -> tuple[CalibrationBin, ...]:
    num_bins = max(2, min(NUM_BINS, len(happened) // FEWEST_IN_A_BIN))
    order = np.argsort(probability, kind="stable")
    return tuple(_bin(happened[part], probability[part]) for part in np.array_split(order, num_bins))


def _bin(happened: Bool[np.ndarray, " outcome"], probability: Float[np.ndarray, " outcome"]) -> CalibrationBin:
    share = binomtest(int(happened.sum()), len(happened)).proportion_ci(method="wilson")
    return CalibrationBin(
        float(probability.min()),
        float(probability.max()),
        float(probability.mean()),
        Interval(float(happened.mean()), float(share.low), float(share.high)),
        len(happened),
    )


def _slope(happened: Bool[np.ndarray, " outcome"], probability: Float[np.ndarray, " outcome"]) -> float:
    """Slope of the logistic regression of what happened on the logit of the probability."""
    logits, sign = logit(probability), np.where(happened, 1.0, -1.0)

    def loss(line: Float[np.ndarray, " 2"]) -> float:
        return float(-log_expit(sign * (line[0] * logits + line[1])).mean())

    return float(minimize(loss, np.array([1.0, 0.0]), method="BFGS").x[0])


def _intercept(happened: Bool[np.ndarray, " outcome"], probability: Float[np.ndarray, " outcome"]) -> float:
    """Intercept of the same with the slope held at 1: the move that makes the mean probability right."""
    logits, share = logit(probability), happened.mean()
    return float(brentq(lambda move: expit(logits + move).mean() - share, -LARGEST_MOVE, LARGEST_MOVE))
