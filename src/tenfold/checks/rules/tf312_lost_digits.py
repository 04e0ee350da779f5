"""TF312: a step that loses digits: its loss or gradient differs from float64 by more than rounding explains."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

LOST = 1e-3
LOST_IN_HALF = 0.1


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare one step with the same step in float64."""
    costs, model = evidence.precision, evidence.model
    if costs is None or costs.loss_error is None or costs.gradient_error is None or model is None:
        return Silent("Keras' own operations in float32 lose nothing that matters")
    is_half = any("16" in layer.dtype for layer in model.layers)
    worst, most = max(costs.loss_error, costs.gradient_error), LOST_IN_HALF if is_half else LOST
    if not np.isfinite(worst):
        return Silent("the step is not finite, which TF110 and TF306 judge")
    numbers: dict[str, Any] = {"loss_error": costs.loss_error, "gradient_error": costs.gradient_error}
    if not worst > most:
        return Passed(numbers)
    message = (
        f"One step in the model's own precision differs from the same step in float64: the loss by "
        f"{costs.loss_error:.2g}, the gradient by {costs.gradient_error:.2g} of their size."
    )
    return [CHECK.finding("warning" if worst < 1 else "error", message, **numbers)]


CHECK = Check(
    code="TF312",
    title="Digits lost in a step",
    faults=("numeric",),
    stage="probe",
    explanation="Differences of nearly equal numbers, sums of very unequal ones and exponentials lose the digits that "
    "the gradient is made of. Keras' own functions are written to keep them.",
    repair="Use `keras.ops.logsumexp`, `log1p`, `expm1` and Keras' own losses instead of spelling them out; "
    "`tenfold precision audit` shows the layer.",
    thresholds=(
        Threshold("LOST", LOST, "relative error against float64", "the anchors' rule 26; float32 rounds at 6e-8"),
        Threshold("LOST_IN_HALF", LOST_IN_HALF, "the same with 16-bit layers", "bfloat16 keeps 2 to 3 digits"),
    ),
    judge=judge,
)
