"""TF403: a simple model learns what the network does not, however it is trained."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerFacts, ModelFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import reached_at_best

__all__ = ["CHECK"]

BEHIND = 0.12
LEARNT = 0.9
A_LITTLE_BEHIND = 0.05
UNKNOWN = 0.65
REPEATED = 0.05


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the best way of training, on its own rows, with a quick model on rows that it was not fitted on."""
    probe, data = evidence.probe, evidence.data
    if probe is None or data is None:
        return Silent("nothing was trained", skipped=True)
    learnable = data.measures.get("learnable", UNKNOWN)
    if data.measures.get("repeated_rows", 0.0) > REPEATED:
        return Silent("many rows repeat others, so that a quick model knows them already")
    best = reached_at_best(probe)
    narrow = None if evidence.model is None else _narrowest(evidence.model)
    if narrow is not None and best < min(LEARNT, learnable - A_LITTLE_BEHIND):
        message = (
            f"All that the network knows of a row passes through {narrow.units} unit{'s' * (narrow.units > 1)} of "
            f"`{narrow.name}`. In the best way of training it takes away {max(best, 0):.0%} of a guess's error."
        )
        return [CHECK.finding("warning", message, subject=narrow.name, learnable=learnable, reach_at_best=best)]
    if learnable == UNKNOWN:
        return Silent("no quick model was fitted on this kind of data")
    numbers: dict[str, Any] = {"learnable": round(learnable, 3), "reach_at_best": round(best, 3)}
    if best >= LEARNT or learnable - best < BEHIND:
        return Passed(numbers)
    message = (
        f"In the best of {len(probe.contrasts)} ways of training the network takes away {max(best, 0):.0%} of a "
        f"guess's error on its own training rows; a quick model takes away {learnable:.0%} on rows it has not seen."
    )
    return [CHECK.finding("warning", message, **numbers)]


def _narrowest(model: ModelFacts) -> LayerFacts | None:
    """A hidden layer of one unit before wider ones or the output, the first if there are several."""
    answering = {output.layer for output in model.outputs}
    hidden = [one for one in model.layers if one.kernel is not None and one.name not in answering]
    return next((one for one in hidden if one.units == 1 and one.kind == "Dense"), None)


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
        Threshold("A_LITTLE_BEHIND", A_LITTLE_BEHIND, "part of the way", "enough where a layer has one unit"),
        Threshold("UNKNOWN", UNKNOWN, "part of the way", "taken as learnable where no quick model was fitted"),
        Threshold("LEARNT", LEARNT, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
