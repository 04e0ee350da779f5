"""TF403: a simple model learns what the network does not, however it is trained."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerFacts, ModelFacts, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import reached_at_best

__all__ = ["CHECK", "bottleneck"]

BEHIND = 0.12
LEARNT = 0.9
A_LITTLE_BEHIND = 0.05
UNKNOWN = 0.65
REPEATED = 0.05
AVERAGED = 1_000
LONGER = 4


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the best way of training, on its own rows, with a quick model on rows that it was not fitted on."""
    probe, data = evidence.probe, evidence.data
    if probe is None or data is None:
        return Silent("nothing was trained", skipped=True)
    learnable = data.measures.get("learnable", UNKNOWN)
    if data.measures.get("repeated_rows", 0.0) > REPEATED:
        return Silent("many rows repeat others, so that a quick model knows them already")
    best, narrow = reached_at_best(probe), bottleneck(evidence)
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
    lags = evidence.model is not None and _has_lagging_averages(evidence.model, probe)
    return [CHECK.finding("tip" if lags else "warning", message, **numbers)]


def bottleneck(evidence: Evidence) -> LayerFacts | None:
    """A hidden dense layer of one unit, or of less than half as many as there are classes; the first of several."""
    model, data = evidence.model, evidence.data
    if model is None or data is None:
        return None
    answering = {output.layer for output in model.outputs}
    hidden = [one for one in model.layers if one.kernel is not None and one.name not in answering]
    has_classes = bool(data.targets) and all(one.kind in ("classes", "one-hot") for one in data.targets)
    num_classes = min((output.units for output in model.outputs), default=0) if has_classes else 0
    return next((one for one in hidden if one.kind == "Dense" and one.units <= max(1, (num_classes - 1) // 2)), None)


def _has_lagging_averages(model: ModelFacts, probe: ProbeFacts) -> bool:
    """Whether batch normalisation has had too few steps for its averages, with which rows are answered."""
    steps = LONGER * probe.epochs * probe.steps_an_epoch
    return steps < AVERAGED and any(layer.kind == "BatchNormalization" for layer in model.layers)


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
        Threshold("AVERAGED", AVERAGED, "training steps", "ten times what a momentum of 0.99 looks back"),
        Threshold("LONGER", LONGER, "times as long", "the longest way of training"),
        Threshold("REPEATED", REPEATED, "fraction of the rows", "arbitrary"),
        Threshold("A_LITTLE_BEHIND", A_LITTLE_BEHIND, "part of the way", "enough where a layer has one unit"),
        Threshold("UNKNOWN", UNKNOWN, "part of the way", "taken as learnable where no quick model was fitted"),
        Threshold("LEARNT", LEARNT, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
