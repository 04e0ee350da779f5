"""TF209: a rare class that is never answered (rule 8 of the anchors; SageMaker's ClassImbalance: ratio 10).

Rare classes are no fault: the probe must show that the network leaves them out while it answers the frequent ones.
"""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, ProbeFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent

__all__ = ["CHECK"]

_RATIO = 10.0
_NEVER = 0.1
_OFTEN = 0.8
_FEW_ROWS = 15
"""Rows of the rarest class below which a recall is known to no better than a quarter."""


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    judged = [target for target in data.targets if target.is_classes and sum(one > 0 for one in target.counts) > 1]
    if not judged:
        return Silent("no target has classes")
    found = [
        finding
        for place, target in enumerate(judged)
        for finding in (_of_target(target, evidence.probe if place == 0 else None),)
        if finding is not None
    ]
    return found or Passed({target.name: _ratio(target) for target in judged})


def _ratio(target: TargetFacts) -> float:
    counts = [count for count in target.counts if count]
    return max(counts) / min(counts)


def _of_target(target: TargetFacts, probe: ProbeFacts | None) -> Finding | None:
    ratio = _ratio(target)
    if ratio <= _RATIO:
        return None
    recalls = _recalls(target, probe)
    numbers: dict[str, Any] = {"ratio": ratio, "counts": list(target.counts[:20])}
    rows = min(count for count in target.counts if count)
    if rows < _FEW_ROWS:
        return _finding(
            "warning", target, f"The rarest class has {rows} rows of {sum(target.counts)}: too few to learn it, or to "
            "measure whether it was learnt. Accuracy hides that.", numbers,
        )  # fmt: skip
    if recalls is None:
        return _finding("tip", target, f"The largest class has {ratio:.0f} times the rows of the smallest.", numbers)
    rare, frequent = recalls
    if rare >= _NEVER or frequent < _OFTEN:
        return _finding("tip", target, f"The largest class has {ratio:.0f} times the rows of the smallest.", numbers)
    return _finding(
        "warning", target,
        f"The largest class has {ratio:.0f} times the rows of the smallest, and the network answers the rare class for "
        f"{rare:.0%} of its rows only (the frequent one for {frequent:.0%}).",
        numbers | {"recall_of_rare": rare, "recall_of_frequent": frequent},
    )  # fmt: skip


def _recalls(target: TargetFacts, probe: ProbeFacts | None) -> tuple[float, float] | None:
    """Recall of the rare classes together and of the most frequent one; None where the probe has none."""
    if probe is None or len(probe.recall) != len(target.counts):
        return None
    counts, recall = np.asarray(target.counts), np.asarray(probe.recall)
    is_rare = (counts > 0) & (counts < counts.max() / _RATIO) & np.isfinite(recall)
    if not is_rare.any() or not np.isfinite(recall[counts.argmax()]):
        return None
    return float(recall[is_rare].mean()), float(recall[counts.argmax()])


def _finding(severity: Severity, target: TargetFacts, message: str, numbers: dict[str, Any]) -> Finding:
    return CHECK.finding(severity, message, subject=target.name, **numbers)


CHECK = Check(
    code="TF209",
    title="A rare class that is never answered",
    faults=("imbalance",),
    stage="data",
    explanation=(
        "Where one class is rare, always answering the other is nearly always right, and training finds that first. "
        "Accuracy looks fine while the class that matters is never found."
    ),
    repair=(
        "Give rare rows more weight: `class_weight = {k: len(y) / (K * n_k)}` in `fit`, and judge by "
        "`keras.metrics.Recall()` or `AUC()`."
    ),
    repairs=("class_weight",),
    thresholds=(
        Threshold("ratio", _RATIO, "times the rows", "SageMaker's ClassImbalance: 10"),
        Threshold("never", _NEVER, "recall", "arbitrary; SageMaker: misprediction above 0.7"),
        Threshold("often", _OFTEN, "recall", "arbitrary: else the network has learnt nothing yet"),
    ),
    judge=_judge,
)
