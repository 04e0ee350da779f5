"""TF210: labels that the data contradict (confident learning, Northcutt, Jiang and Chuang 2021).

Where classes overlap, labels are contradicted near the border; where labels were exchanged, everywhere. So what counts
is how many are contradicted among the rows that are answered most surely, and only where the classes can be told apart
at all. Two classes that are barely told apart, as many exchanged labels leave them, need more of them.
"""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import DataFacts, Evidence
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

_DOUBTFUL = 0.1
_AS_OFTEN = 0.75
_OFTEN_DOUBTFUL = 0.2
_TOLD_APART = 0.45
_BARELY_TOLD_APART = 0.2
_TWO = 2
_FEWEST = 5
_CONFLICTS = 0.02
_MOST_LOOKED_AT = 2_000


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    if "doubtful_among_surest" not in data.measures:
        return Silent("no target has classes, or they were not looked at", skipped=True)
    found = [finding for finding in (_contradicted(data), _in_conflict(data)) if finding is not None]
    return found or Passed(_numbers(data))


def _contradicted(data: DataFacts) -> Finding | None:
    measures = data.measures
    share = measures["doubtful_among_surest"]
    count = share * min(data.num_rows, _MOST_LOOKED_AT) / 3
    learnable = measures.get("learnable", 0.0)
    is_even = share >= _AS_OFTEN * measures["doubtful_labels"]
    is_clear = share > _DOUBTFUL and is_even and learnable >= _TOLD_APART
    is_strong = share > _OFTEN_DOUBTFUL and learnable >= _BARELY_TOLD_APART and len(data.targets[0].counts) == _TWO
    if not (is_clear or is_strong) or round(count) < _FEWEST:
        return None
    return CHECK.finding(
        "warning",
        f"Among the third of the rows that a quick model answers most surely, {share:.0%} have another label; of all "
        f"rows {measures['doubtful_labels']:.0%} are contradicted. That many labels are probably wrong.",
        **_numbers(data),
    )


def _in_conflict(data: DataFacts) -> Finding | None:
    share = data.measures.get("conflicting_rows", 0.0)
    if share <= _CONFLICTS:
        return None
    return CHECK.finding(
        "tip",
        f"{share:.1%} of the rows have a label that differs from most rows with the very same inputs: no network can "
        "answer both.",
        repair="Look at these rows: is a column missing that tells them apart?",
        **_numbers(data),
    )


def _numbers(data: DataFacts) -> dict[str, Any]:
    named = ("doubtful_among_surest", "doubtful_labels", "learnable", "conflicting_rows", "repeated_rows")
    return {name: data.measures[name] for name in named if name in data.measures}


CHECK = Check(
    code="TF210",
    title="Labels that the data contradict",
    faults=("label_error",),
    stage="data",
    explanation=(
        "Labels written by hand contain mistakes, and a network with enough capacity learns them too. A model that has "
        "not seen a row, but is sure of another label, is often right."
    ),
    repair="Look at the rows whose label a model held out contradicts most surely, and correct or drop them.",
    thresholds=(
        Threshold("doubtful", _DOUBTFUL, "of the surest third", "tuned: tables with labels right and exchanged"),
        Threshold("as_often", _AS_OFTEN, "of the share among all rows", "arbitrary: overlap spares sure answers"),
        Threshold("often_doubtful", _OFTEN_DOUBTFUL, "of the surest third", "tuned likewise"),
        Threshold("told_apart", _TOLD_APART, "of the guess's error", "tuned: below it overlap looks like doubt"),
        Threshold("barely_told_apart", _BARELY_TOLD_APART, "of the guess's error", "arbitrary: for two classes only"),
        Threshold("fewest", _FEWEST, "rows", "arbitrary: fewer may be chance"),
        Threshold("conflicts", _CONFLICTS, "of the rows", "arbitrary"),
    ),
    judge=_judge,
)
