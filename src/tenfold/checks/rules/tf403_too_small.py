"""TF403: a simple model learns what the network does not, however it is trained."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import reached_at_best

__all__ = ["CHECK"]

BEHIND = 0.12
LEARNT = 0.9
REPEATED = 0.05


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the best way of training, on its own rows, with a quick model on rows that it was not fitted on."""
    probe, data = evidence.probe, evidence.data
    if probe is None or data is None:
        return Silent("nothing was trained", skipped=True)
    learnable = data.measures.get("learnable")
    if learnable is None:
        return Silent("no quick model was fitted on this kind of data")
    if data.measures.get("repeated_rows", 0.0) > REPEATED:
        return Silent("many rows repeat others, so that a quick model knows them already")
    best = reached_at_best(probe)
    numbers: dict[str, Any] = {"learnable": round(learnable, 3), "reach_at_best": round(best, 3)}
    if best >= LEARNT or learnable - best < BEHIND:
        return Passed(numbers)
    message = (
        f"In the best of {len(probe.contrasts)} ways of training the network takes away {max(best, 0):.0%} of a "
        f"guess's error on its own training rows; a quick model takes away {learnable:.0%} on rows it has not seen."
    )
    return [CHECK.finding("warning", message, **numbers)]


CHECK = Check(
    code="TF403",
    title="Network too small",
    faults=("capacity",),
    stage="history",
    explanation="If a network cannot even learn its training rows, it has too few units or layers for the task.",
    repair="Add units or layers until it overfits, then regularise.",
    repairs=("capacity",),
    thresholds=(
        Threshold("BEHIND", BEHIND, "part of the way from guessing to perfect", "tuned on the development programs"),
        Threshold("REPEATED", REPEATED, "fraction of the rows", "arbitrary"),
        Threshold("LEARNT", LEARNT, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
