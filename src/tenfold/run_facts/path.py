"""The way to the horizon as facts: errors by step, and which ranges are kept."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from tenfold.data.series_plan import SeriesPlan
from tenfold.evaluation.ranges import Ends, RangeScores, judge_ranges
from tenfold.intervals import corrected_interval
from tenfold.report.evidence import Interval
from tenfold.report.forecast import RangeCheck, StepErrors

__all__ = ["keeps_trained", "range_checks", "step_errors"]

MOST_SHOWN = 12
"""Steps that a table shows at most."""

NUM_STRETCHES = 12
"""Stretches of time whose shares within the range tell how sure their mean is (arbitrary)."""


def step_errors(
    plan: SeriesPlan,
    truth: Float[np.ndarray, "row step"],
    network: Float[np.ndarray, "row step"],
    rivals: Mapping[str, Float[np.ndarray, "row step"]],
) -> tuple[StepErrors, ...]:
    """Mean absolute error at up to twelve steps, the horizon last.

    Args:
        plan: How the table is read.
        truth: What came at each step of the way.
        network: What the network had forecast.
        rivals: The same of the others, by name.
    """
    shown = np.unique(np.linspace(0, len(plan.steps) - 1, min(len(plan.steps), MOST_SHOWN)).round().astype(int))
    return tuple(
        StepErrors(
            plan.step.ago(plan.steps[step]).removesuffix(" before"),
            _error(truth, network, step),
            tuple(_error(truth, rival, step) for rival in rivals.values()),
        )
        for step in shown.tolist()
    )


def range_checks(
    truth: Float[np.ndarray, " row"],
    ways: Mapping[str, Ends],
    blocks: tuple[np.ndarray, ...],
    times: Float[np.ndarray, " row"],
) -> tuple[RangeCheck, ...]:
    """Each way to a range, on rows that took no part in it.

    Args:
        truth: What came at the horizon.
        ways: Ends before they are moved, by the name of the way.
        blocks: Places of rows, the earliest block first.
        times: When each row's target happened.
    """
    return tuple(_check(name, judge_ranges(truth, ends, blocks), times) for name, ends in ways.items())


def keeps_trained(
    truth: Float[np.ndarray, "row step"], ways: tuple[list[Ends], list[Ends]], blocks: tuple[np.ndarray, ...]
) -> bool:
    """Whether trained ranges have the lower interval score, over all steps.

    Args:
        truth: What came at each step.
        ways: Ends of each step: constant ones, trained ones.
        blocks: Places of rows, the earliest block first.
    """
    scores = np.array([
        [judge_ranges(truth[:, step], one, blocks).score for step, one in enumerate(ends)] for ends in ways
    ])  # fmt: skip
    return bool(np.mean(np.log(np.maximum(scores[1], 1e-12) / np.maximum(scores[0], 1e-12))) < 0)


def _error(truth: Float[np.ndarray, "row step"], forecast: Float[np.ndarray, "row step"], step: int) -> float:
    return float(np.abs(forecast[:, step] - truth[:, step]).mean())


def _check(name: str, found: RangeScores, times: Float[np.ndarray, " row"]) -> RangeCheck:
    order = np.argsort(times[found.rows], kind="stable")
    shares = [part.mean() for part in np.array_split(found.is_within[order], min(NUM_STRETCHES, len(order)))]
    interval = corrected_interval(np.array(shares)[:, None], rows_ratio=1e-9, within=(0.0, 1.0))
    return RangeCheck(name, Interval(found.coverage, interval.low, interval.high), found.width, found.score)
