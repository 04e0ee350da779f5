"""TF309: another optimizer comes clearly further than this one does at any learning rate."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.reach import CLEAR_GAIN, LARGER_RATES, SMALLER_RATES, best_gain, gain_of, lead_of
from tenfold.checks.rules.tf308_rate_too_low import is_usual_rate

__all__ = ["CHECK"]

LARGE_GAIN = 0.25
SLOW = ("adadelta", "adagrad", "ftrl")


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare with Adam at its default rate, over the same steps."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    gain = gain_of(probe, "adam")
    if gain is None:
        return Silent("the optimizer is adaptive, or the network learns well with it")
    rates = best_gain(probe, *SMALLER_RATES, *LARGER_RATES)
    kind = model.optimizer.kind
    by_rate = min(rates.trained, rates.held_out) if rates is not None else 0.0
    numbers: dict[str, Any] = {
        "optimizer": kind,
        "reach": round(gain.from_reach, 3),
        "reach_with_adam": round(gain.to_reach, 3),
        "gain_by_rate": round(by_rate, 3),
    }
    if not gain.is_clear:
        return Passed(numbers)
    is_beyond_rates = min(gain.trained, gain.held_out) - max(by_rate, 0.0) >= CLEAR_GAIN
    is_plain = kind == "sgd" and model.optimizer.momentum == 0 and gain.size >= LARGE_GAIN
    if not is_beyond_rates and kind not in SLOW and not (is_plain and is_usual_rate(model.optimizer)):
        return Passed(numbers)
    is_cause = lead_of(probe, "adam", *LARGER_RATES) >= -CLEAR_GAIN
    message = (
        f"With `{kind}` the network takes away {max(gain.from_reach, 0):.0%} of a guess's error; with Adam at its "
        f"default rate, over the same steps, {gain.to_reach:.0%}."
    )
    severity: Severity = "tip" if not is_cause else "error" if gain.from_reach < CLEAR_GAIN else "warning"
    return [CHECK.finding(severity, message, **numbers)]


CHECK = Check(
    code="TF309",
    title="Optimizer that does not suit",
    faults=("optimizer",),
    stage="probe",
    explanation="Adadelta, Adagrad and FTRL at Keras' default rate of 0.001 move very slowly, and plain gradient "
    "descent has one step length for all weights. Adam finds a step length for each.",
    repair='Compile with `optimizer="adam"`.',
    repairs=("optimizer",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("LARGE_GAIN", LARGE_GAIN, "part of the way", "for plain SGD at a usual rate; tuned as the others"),
    ),
    judge=judge,
)
