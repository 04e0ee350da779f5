"""TF308: with a larger learning rate the same training comes clearly further."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.cures import cures
from tenfold.checks.facts import Evidence, OptimizerFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import CLEAR_GAIN, best_gain, gain_of, lead_of

__all__ = ["CHECK", "is_usual_rate"]

USUAL = 0.3
LARGE_GAIN = 0.25
BEHIND = 0.1


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the user's rate with larger ones, over the same steps."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    gain = best_gain(probe, "rate x 10", "rate x 100")
    if gain is None:
        return Silent("the learning rate cannot be varied")
    rate = model.optimizer.learning_rate
    better = rate * (10 if gain.name == "rate x 10" else 100)
    numbers: dict[str, Any] = {
        "rate": rate,
        "better_rate": better,
        "reach": round(gain.from_reach, 3),
        "reach_at_better_rate": round(gain.to_reach, 3),
    }
    if not gain.is_clear:
        return Passed(numbers)
    ends_early = (longer := gain_of(probe, "longer")) is not None and longer.is_clear
    is_little = gain.size < LARGE_GAIN or not cures(evidence, gain)
    lead = lead_of(probe, "rate x 10", "rate x 100")
    if lead < -BEHIND or (is_usual_rate(model.optimizer) and (ends_early or is_little)):
        return [
            CHECK.finding("tip", f"The rate {better:g} would be faster than {rate:g}.", lead=round(lead, 3), **numbers)
        ]
    message = (
        f"With the learning rate {rate:g} the network takes away {max(gain.from_reach, 0):.0%} of a guess's error; "
        f"with {better:g}, over the same steps, {gain.to_reach:.0%}."
    )
    return [CHECK.finding("error" if gain.from_reach < CLEAR_GAIN else "warning", message, **numbers)]


def is_usual_rate(optimizer: OptimizerFacts) -> bool:
    """Whether the rate is about Keras' default for its kind, or above."""
    return optimizer.default_learning_rate is not None and (
        optimizer.learning_rate >= USUAL * optimizer.default_learning_rate
    )


CHECK = Check(
    code="TF308",
    title="Learning rate too low",
    faults=("lr_too_low",),
    stage="probe",
    explanation="Steps that are too short do not arrive in the time given.",
    repair="Take the larger learning rate.",
    repairs=("learning_rate",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("USUAL", USUAL, "times Keras' default rate", "below it a rate is called low; tuned as the others"),
        Threshold("LARGE_GAIN", LARGE_GAIN, "part of the way", "for a usual rate; tuned on the development programs"),
        Threshold("BEHIND", BEHIND, "part of the way", "by which another remedy may gain more"),
    ),
    judge=judge,
)
