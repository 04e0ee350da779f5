"""TF307: with a smaller learning rate the same training comes clearly further."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import CLEAR_GAIN, SMALLER_RATES, best_gain, lead_of, rate_of

__all__ = ["CHECK"]

BEHIND = 0.05
BEYOND = 100.0


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the user's rate with smaller ones, over the same steps."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    gain = best_gain(probe, *SMALLER_RATES)
    if gain is None:
        return Silent("the learning rate cannot be varied")
    rate = model.optimizer.learning_rate
    better = rate_of(model.optimizer, gain.name)
    numbers: dict[str, Any] = {
        "rate": rate,
        "better_rate": better,
        "reach": round(gain.from_reach, 3),
        "reach_at_better_rate": round(gain.to_reach, 3),
    }
    if not gain.is_clear:
        return Passed(numbers)
    if lead_of(probe, *SMALLER_RATES) < -BEHIND:
        message = f"The learning rate {better:g} would help too, but another cause stands before it."
        return [CHECK.finding("tip", message, **numbers)]
    if _starts_beyond(probe):
        message = (
            f"A learning rate of {better:g} would help too, but the network starts at a loss out of all proportion."
        )
        return [CHECK.finding("tip", message, **numbers)]
    diverged = int((~probe.as_it_is.is_finite).sum())
    seen = (
        f"the loss stopped being finite in {diverged} trainings"
        if diverged
        else f"it takes away {max(gain.from_reach, 0):.0%} of a guess's error"
    )
    message = f"With the learning rate {rate:g} {seen}; with {better:g}, over the same steps, {gain.to_reach:.0%}."
    return [CHECK.finding("error" if gain.from_reach < CLEAR_GAIN else "warning", message, **numbers)]


def _starts_beyond(probe: ProbeFacts) -> bool:
    """Whether the first loss is far beyond that of a guess: then the rate is not the first cause."""
    known = probe.start_loss[np.isfinite(probe.start_loss)]
    return bool(len(known)) and float(np.median(known)) > BEYOND * probe.guess_loss


CHECK = Check(
    code="TF307",
    title="Learning rate too high",
    faults=("lr_too_high",),
    stage="probe",
    explanation="A step that is too long jumps over the valley it seeks: the loss oscillates, stalls or grows.",
    repair="Take the smaller learning rate.",
    repairs=("learning_rate",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("BEYOND", BEYOND, "times the loss of a guess, at the start", "then weights or scales are the cause"),
        Threshold("BEHIND", BEHIND, "part of the way", "by which another remedy may gain more"),
    ),
    judge=judge,
)
