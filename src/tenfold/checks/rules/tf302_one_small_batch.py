"""TF302: the network cannot even learn one small batch by heart."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

MOST_ERROR = 0.2
NEARLY_ALL = 0.9


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look at the error on one small batch after training on it alone."""
    probe = evidence.probe
    if probe is None or not len(probe.batch_error):
        return Silent("nothing was trained", skipped=True)
    error = float(np.median(np.nan_to_num(probe.batch_error, nan=1.0)))
    numbers: dict[str, Any] = {"batch_error": round(error, 4)}
    if error <= MOST_ERROR:
        return Passed(numbers)
    hindered = "something keeps it from learning at all" if error > NEARLY_ALL else "something holds it back"
    message = (
        f"Trained on 16 rows alone for 500 steps, the network still has an error of {error:.2g} on them (0 is none): "
        f"{hindered}."
    )
    return [CHECK.finding("tip", message, **numbers)]


CHECK = Check(
    code="TF302",
    title="One small batch by heart",
    faults=("capacity",),
    stage="probe",
    explanation="A network that can learn anything can learn sixteen rows by heart. If it cannot, look at loss, "
    "labels, learning rate, initial weights and activations before anything else.",
    repair="Start with the findings above; if there are none, make the network larger.",
    thresholds=(
        Threshold(
            "MOST_ERROR",
            MOST_ERROR,
            "fraction of wrong rows, or of the variance",
            "TheDeepChecker asks for 0.05 after 1,000 steps",
        ),
        Threshold("NEARLY_ALL", NEARLY_ALL, "the same", "above it nothing was learnt; arbitrary"),
    ),
    judge=judge,
)
