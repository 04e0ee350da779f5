"""TF313: a rare class that the trained network never answers."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

RARE = 10.0
LEAST_RECALL = 0.3
ENOUGH = 0.7


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look at the recall of classes that are rare."""
    probe, data = evidence.probe, evidence.data
    if probe is None or data is None or not probe.recall:
        return Silent("there are no classes to recall", skipped=probe is None)
    counts = np.array(data.targets[0].counts, float)
    recall = np.array(probe.recall)[: len(counts)]
    if not len(counts) or counts.min() <= 0:
        return Silent("a class has no rows")
    ratios = counts.max() / counts
    missed = [int(one) for one in np.flatnonzero((ratios >= RARE) & (recall < LEAST_RECALL))]
    common = float(recall[int(counts.argmax())])
    numbers: dict[str, Any] = {
        "ratio": round(float(ratios.max()), 1),
        "recall": [round(float(one), 3) for one in recall],
        "reach": round(float(reach(probe.as_it_is.error, probe.guess_error).mean()), 3),
    }
    if not missed or common < ENOUGH:
        return Passed(numbers)
    worst = missed[0]
    message = (
        f"Class {worst} has {int(counts[worst])} of {int(counts.sum())} rows, and the network finds "
        f"{recall[worst]:.0%} of those it was not trained on, against {common:.0%} of the most frequent class. "
        "Accuracy hides this."
    )
    return [CHECK.finding("warning", message, subject=f"class {worst}", **numbers)]


CHECK = Check(
    code="TF313",
    title="Rare class that is never answered",
    faults=("imbalance",),
    stage="probe",
    explanation="Where one class has ten times the rows of another, answering it always is nearly right, and training "
    "goes there first.",
    repair="Pass `class_weight` to `fit`, and judge by recall, average precision or balanced accuracy.",
    repairs=("class_weight",),
    thresholds=(
        Threshold("RARE", RARE, "rows of the largest class for one of this", "SageMaker Debugger: 10"),
        Threshold("LEAST_RECALL", LEAST_RECALL, "fraction of its rows", "SageMaker Debugger: misprediction above 0.7"),
        Threshold("ENOUGH", ENOUGH, "recall of the largest class", "SageMaker Debugger: the others are predicted well"),
    ),
    judge=judge,
)
