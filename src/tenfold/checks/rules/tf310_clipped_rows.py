"""TF310: rows that are answered wrongly and no longer teach, because floating point cuts their loss off."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.reach import SMALLER_RATES, best_gain, gain_of

__all__ = ["CHECK"]

MOST_CLIPPED = 0.02


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Count training rows behind the wall on the wrong side, and look what training on logits would have made of it."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    if probe.clipped_share is None:
        return Silent("the loss does not clip probabilities")
    fused = gain_of(probe, "fused")
    numbers: dict[str, Any] = {
        "clipped_share": round(probe.clipped_share, 4),
        "gain_on_logits": None if fused is None else round(min(fused.trained, fused.held_out), 3),
    }
    is_better_on_logits = fused is not None and fused.is_clear
    if probe.clipped_share <= MOST_CLIPPED and not is_better_on_logits:
        return Passed(numbers)
    others = best_gain(probe, *SMALLER_RATES, "scaled inputs", "no dropout")
    has_other_cause = others is not None and others.is_clear and not is_better_on_logits
    output = model.outputs[0]
    missing = (
        ""
        if output.activation in ("sigmoid", "softmax")
        else (f" The last layer has no {'sigmoid' if output.units == 1 else 'softmax'}, and answers no probabilities.")
    )
    message = (
        f"{probe.clipped_share:.1%} of the training rows are answered wrongly with a probability beyond 1e-7, where "
        f"`{output.loss}` is cut off: their gradient is exactly 0, and they cannot be put right any more.{missing}"
    )
    severity: Severity = (
        "tip" if has_other_cause else "error" if probe.clipped_share > 0.1 or is_better_on_logits else "warning"
    )
    return [CHECK.finding(severity, message, subject=output.layer, **numbers)]


CHECK = Check(
    code="TF310",
    title="Rows behind the wall of the loss",
    faults=("clipped_loss",),
    stage="probe",
    explanation="Keras on JAX computes a crossentropy from probabilities that are clipped to [1e-7, 1 - 1e-7]. Beyond "
    "about 16 in logits a confident mistake has no gradient. Computed from logits the same loss has none of this.",
    repair="Leave the last activation out and compile with `from_logits=True`, or let `tenfold.precision.fuse(model)` "
    "do it.",
    repairs=("head",),
    thresholds=(
        Threshold("MOST_CLIPPED", MOST_CLIPPED, "fraction of the training rows", "tuned on the development programs"),
    ),
    judge=judge,
)
