"""TF111: a crossentropy that reads probabilities is cut off for confident mistakes (rule 23 of the anchors).

Keras on JAX clips the probability at 1e-7: from a logit of about 16 on, a wrong answer has no gradient and can never be
corrected. The engine trains most heads on their logits instead; this check names those that it cannot.
"""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, OutputFacts, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.heads import CROSSENTROPIES, PROBABILITIES

__all__ = ["CHECK"]

_CLIPPED = 0.01


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    if evidence.model is None:
        return Silent("no model was given", skipped=True)
    reading = [one for one in evidence.model.outputs if one.loss in CROSSENTROPIES and not one.from_logits]
    reading = [one for one in reading if one.activation in PROBABILITIES]
    if not reading:
        return Silent("no crossentropy reads probabilities")
    unfused = [one for one in reading if not one.is_fused]
    found = [_finding(one, evidence.probe) for one in unfused]
    return found or Passed({"trained_on_logits": [one.name for one in reading]})


def _finding(output: OutputFacts, probe: ProbeFacts | None) -> Finding:
    share = None if probe is None else probe.clipped_share
    wall = "" if output.wall is None else f" below a logit of {output.wall[0]:.2f} and above {output.wall[1]:.2f}"
    seen = "" if not share else f" {share:.1%} of the rows stand there after the probe."
    numbers: dict[str, Any] = {"wall": list(output.wall) if output.wall else None, "clipped_share": share}
    return CHECK.finding(
        "warning" if share is not None and share > _CLIPPED else "tip",
        f"`{output.loss}` reads the probabilities of `{output.layer}` and is cut off{wall}: confident mistakes have no "
        f"gradient.{seen}",
        subject=output.layer,
        **numbers,
    )


CHECK = Check(
    code="TF111",
    title="A loss that is cut off for confident mistakes",
    faults=("clipped_loss",),
    stage="model",
    explanation=(
        "A probability that rounds to 0 has no logarithm, so Keras cuts it off at 0.0000001. A row that is answered "
        "wrongly with more confidence than that has a loss that no longer changes: it teaches nothing, for ever. "
        "Losses that read logits have no such wall."
    ),
    repair="Leave out the last activation and compile the loss with from_logits=True.",
    repairs=("head",),
    thresholds=(Threshold("clipped", _CLIPPED, "of the rows", "arbitrary: a warning from one row in a hundred"),),
    judge=_judge,
)
