"""TF109: the last layer answers in float32 (rule 24 of the anchors; Keras' guide to mixed precision asks for it)."""

from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence, OutputFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.heads import CROSSENTROPIES

__all__ = ["CHECK"]

_HALF = {"float16": (8.32, 65504.0), "bfloat16": (6.24, 3.39e38)}
"""Logit from which a sigmoid rounds to 1, and the largest number."""


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    if evidence.model is None:
        return Silent("no model was given", skipped=True)
    outputs = [output for output in evidence.model.outputs if output.loss]
    found = [_finding(output) for output in outputs if output.dtype in _HALF]
    return found or Passed({output.name: output.dtype for output in outputs})


def _finding(output: OutputFacts) -> Finding:
    rounds, largest = _HALF[output.dtype]
    harm = (
        f"a probability rounds to exactly 1 from a logit of {rounds:g} on, where the loss is infinite or stands still"
        if output.loss in CROSSENTROPIES
        else f"it keeps two to three digits and ends at {largest:.3g}"
    )
    return CHECK.finding(
        "tip" if output.is_fused else "warning",
        f"`{output.layer}` answers in {output.dtype}: {harm}.",
        subject=output.layer,
        dtype=output.dtype,
        loss=output.loss,
        is_fused=output.is_fused,
    )


CHECK = Check(
    code="TF109",
    title="A last layer that answers in 16 bits",
    faults=("numeric",),
    stage="model",
    explanation=(
        "Mixed precision computes inside the network with 16 bits, which is fast and enough there. The answer and the "
        "loss need 32: in 16 bits probabilities close to 1 become 1, and the logarithm of the rest becomes infinite."
    ),
    repair='Give the last layer dtype="float32", or end with `keras.layers.Activation("softmax", dtype="float32")`.',
    repairs=("head_dtype",),
    judge=_judge,
)
