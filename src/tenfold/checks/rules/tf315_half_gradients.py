"""TF315: gradients that float16 cannot hold: too small, so that they become 0, or too large."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

MOST_LOST = 0.05


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look at the share of gradient entries that are lost in float16."""
    costs = evidence.precision
    if costs is None or costs.underflow is None or costs.overflow is None:
        return Silent("no layer computes in float16")
    numbers: dict[str, Any] = {
        "underflow": round(costs.underflow, 4),
        "overflow": round(costs.overflow, 4),
        "scales_loss": costs.scales_loss,
    }
    if costs.underflow <= MOST_LOST and costs.overflow == 0:
        return Passed(numbers)
    what = "become 0" if costs.underflow > MOST_LOST else "are too large"
    share = costs.underflow if costs.underflow > MOST_LOST else costs.overflow
    message = f"{share:.1%} of the gradient's entries {what} in float16, which holds 6e-8 to 65,504."
    return [CHECK.finding("warning" if costs.overflow == 0 else "error", message, **numbers)]


CHECK = Check(
    code="TF315",
    title="Gradients beyond float16",
    faults=("numeric",),
    stage="probe",
    explanation="float16 has no numbers below 6e-8 and none above 65,504. Small gradients vanish in it unless the loss "
    "is scaled up before they are computed.",
    repair='Use `keras.mixed_precision.set_dtype_policy("mixed_bfloat16")`, wrap the optimizer in '
    "`keras.optimizers.LossScaleOptimizer`, or stay in float32.",
    thresholds=(Threshold("MOST_LOST", MOST_LOST, "fraction of the gradient's entries", "arbitrary: one in twenty"),),
    judge=judge,
)
