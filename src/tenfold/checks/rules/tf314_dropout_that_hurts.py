"""TF314: without dropout the same training comes clearly further, also on rows it has not seen."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import CLEAR_GAIN, gain_of, lead_of

__all__ = ["CHECK"]

BEHIND = 0.05


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare with the same training without dropout."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    gain = gain_of(probe, "no dropout")
    if gain is None:
        return Silent("the model has no dropout to speak of")
    rates = {layer.name: layer.rate for layer in model.layers if layer.rate}
    numbers: dict[str, Any] = {
        "rates": rates,
        "reach": round(gain.from_reach, 3),
        "reach_without": round(gain.to_reach, 3),
    }
    if not gain.is_clear:
        return Passed(numbers)
    strongest = max(rates, key=lambda name: rates[name] or 0.0)
    message = (
        f"Without dropout the network takes away {gain.to_reach:.0%} of a guess's error on rows it has not seen, "
        f"with it {max(gain.from_reach, 0):.0%} (strongest: `{strongest}`, rate {rates[strongest]:g})."
    )
    is_cause = lead_of(probe, "no dropout") >= -BEHIND
    return [CHECK.finding("warning" if is_cause else "tip", message, subject=strongest, **numbers)]


CHECK = Check(
    code="TF314",
    title="Dropout that hurts",
    faults=("dropout",),
    stage="probe",
    explanation="Dropout costs capacity and time. It pays where a network overfits; elsewhere it only takes away.",
    repair="Lower the rates, to 0.2 or 0.3, or leave dropout out until the network overfits.",
    repairs=("dropout",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("BEHIND", BEHIND, "part of the way", "by which another remedy may gain more"),
    ),
    judge=judge,
)
