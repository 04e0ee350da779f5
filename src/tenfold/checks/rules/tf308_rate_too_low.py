"""TF308: with a larger learning rate the same training comes clearly further."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.cures import cures
from tenfold.checks.facts import Evidence, OptimizerFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import CLEAR_GAIN, LARGER_RATES, best_gain, gain_of, lead_of, rate_of

__all__ = ["CHECK", "is_usual_rate"]

USUAL = 0.3
LARGE_GAIN = 0.25
FEW_STEPS = 300
BEHIND = 0.1


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the user's rate with larger ones, over the same steps."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    gain = best_gain(probe, *LARGER_RATES)
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
    ends_early = (longer := gain_of(probe, "longer")) is not None and longer.is_clear
    is_little = gain.size < LARGE_GAIN or not cures(evidence, gain)
    lead = lead_of(probe, *LARGER_RATES)
    if lead < -BEHIND or (is_usual_rate(model.optimizer) and (ends_early or is_little)):
        return [
            CHECK.finding("tip", f"The rate {better:g} would be faster than {rate:g}.", lead=round(lead, 3), **numbers)
        ]
    steps = probe.epochs * probe.steps_an_epoch
    if is_usual_rate(model.optimizer) and steps < FEW_STEPS:
        message = (
            f"The network is trained for {steps} steps only and takes away {max(gain.from_reach, 0):.0%} of a guess's "
            f"error; with a learning rate of {better:g} instead of {rate:g}, a usual one, {gain.to_reach:.0%}."
        )
        repair = "Train longer; a larger learning rate or a smaller batch gets further in the same epochs."
        return [CHECK.finding("warning", message, fault="too_few_epochs", repair=repair, steps=steps, **numbers)]
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
    faults=("lr_too_low", "too_few_epochs"),
    stage="probe",
    explanation="Steps that are too short do not arrive in the time given.",
    repair="Take the larger learning rate.",
    repairs=("learning_rate",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("USUAL", USUAL, "times Keras' default rate", "below it a rate is called low; tuned as the others"),
        Threshold("LARGE_GAIN", LARGE_GAIN, "part of the way", "for a usual rate; tuned on the development programs"),
        Threshold("FEW_STEPS", FEW_STEPS, "training steps", "below it a usual rate is not called low"),
        Threshold("BEHIND", BEHIND, "part of the way", "by which another remedy may gain more"),
    ),
    judge=judge,
)
