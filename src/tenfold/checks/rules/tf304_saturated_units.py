"""TF304: units on the flat part of a sigmoid or tanh."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import LARGER_RATES, best_gain, reach

__all__ = ["CHECK"]

MOST_SATURATED = 0.5
LEARNS = 0.6


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look for hidden layers most of whose entries are beyond 5 before the activation."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    answering = {output.layer for output in model.outputs}
    hidden = [one for one in probe.signs if one.name not in answering and not np.isnan(one.saturated).all()]
    if not hidden:
        return Silent("no hidden layer has a sigmoid or tanh")
    shares = {one.name: float(np.nanmean(one.saturated[:, :2])) for one in hidden}
    came = float(reach(probe.as_it_is.error, probe.guess_error).mean())
    worst = max(shares, key=lambda name: shares[name])
    numbers: dict[str, Any] = {
        "saturated": {name: round(share, 3) for name, share in shares.items()},
        "reach": round(came, 3),
    }
    late = best_gain(probe, "longer", *LARGER_RATES, "adam")
    is_late = late is not None and late.is_clear
    if shares[worst] <= MOST_SATURATED or not (came < LEARNS or is_late):
        return Passed(numbers)
    message = (
        f"{shares[worst]:.0%} of what enters the activation of `{worst}` lies beyond 5 in size, where it is flat: "
        "almost no gradient passes."
    )
    return [CHECK.finding("warning", message, subject=worst, **numbers)]


CHECK = Check(
    code="TF304",
    title="Saturated units",
    faults=("saturation",),
    stage="probe",
    explanation="Sigmoid and tanh are flat far from 0. Large inputs or large initial weights put units there from "
    "the start, and a flat curve passes no gradient back.",
    repair="Scale the inputs, start from `kernel_initializer='glorot_uniform'`, or use `activation='relu'` with "
    "`'he_normal'`.",
    repairs=("scale_inputs", "initialisation", "activation", "normalisation"),
    thresholds=(
        Threshold("MOST_SATURATED", MOST_SATURATED, "fraction of entries beyond 5 in size", "DeepDiagnosis"),
        Threshold("LEARNS", LEARNS, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
