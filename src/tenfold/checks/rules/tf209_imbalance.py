"""TF209: classes of very different size (rule 8 of the anchors; SageMaker's ClassImbalance: ratio 10).

Rare classes are no fault by themselves, so this is a tip: what to look at. Whether the network leaves them out is seen
in its training (TF313). A class of a handful of rows is a fault: nothing can be said of it.
"""

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, TargetFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

_RATIO = 10.0
_SHOWN = 20
_FEW_ROWS = 15


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    judged = [target for target in data.targets if target.is_classes and sum(one > 0 for one in target.counts) > 1]
    if not judged:
        return Silent("no target has classes")
    found = [_finding(target) for target in judged if _ratio(target) > _RATIO]
    return found or Passed({target.name: _ratio(target) for target in judged})


def _ratio(target: TargetFacts) -> float:
    """How many times the rows of the smallest class the largest one has."""
    counts = [count for count in target.counts if count]
    return max(counts) / min(counts)


def _finding(target: TargetFacts) -> Finding:
    fewest = min(count for count in target.counts if count)
    if fewest < _FEW_ROWS:
        return CHECK.finding(
            "warning",
            f"The rarest class has {fewest} of {sum(target.counts)} rows: too few to learn it, or to measure whether "
            "it was learnt. Accuracy hides that.",
            subject=target.name,
            ratio=_ratio(target),
            counts=list(target.counts[:_SHOWN]),
        )
    return CHECK.finding(
        "tip",
        f"The largest class has {_ratio(target):.0f} times the rows of the smallest ({max(target.counts)} against "
        f"{fewest}): see whether the network finds the small one at all.",
        subject=target.name,
        ratio=_ratio(target),
        counts=list(target.counts[:_SHOWN]),
    )


CHECK = Check(
    code="TF209",
    title="Classes of very different size",
    faults=("imbalance",),
    stage="data",
    explanation=(
        "Where one class is rare, always answering the other is nearly always right, and training finds that first. "
        "Accuracy looks fine while the class that matters is never found."
    ),
    repair=(
        "Judge by `keras.metrics.Recall()` or `AUC()`, and give rare rows more weight where they are missed: "
        "`class_weight = {k: len(y) / (K * n_k)}` in `fit`."
    ),
    repairs=("class_weight",),
    thresholds=(
        Threshold("ratio", _RATIO, "times the rows", "SageMaker's ClassImbalance: 10"),
        Threshold("few_rows", _FEW_ROWS, "rows", "arbitrary: a recall is then known to a quarter at best"),
    ),
    judge=_judge,
)
