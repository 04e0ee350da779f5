"""TF208: nothing gives the answer away (rule 7 of the anchors).

Rows of the validation that stand among the training rows as well, beyond what repeats anyway in data of few values; and
a single feature that tells the target. That one feature separates two classes is no leak by itself: well separated
groups do that too. It is one where the feature is the target in other words, or where nothing else comes close.
"""

import math
from collections.abc import Iterator, Mapping

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import DataFacts, Evidence, InputFacts, SplitFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

_REPEATED = 0.05
_BEYOND_NATURAL = 3.0
_MANY = 0.3
_TELLS_ALL = 0.998
_MOST_WITHIN = 0.05
_LITTLE_WITHIN = 0.005
_NEXT_WITHIN = 0.2
_IS_TARGET = 1e-6
_OTHERS_LESS = 0.1


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    found = [*_repeated(data), *_told(data)]
    share = None if data.split is None else data.split.repeated_share
    return found or Passed({"repeated_share": share, "best_feature_score": data.measures.get("best_feature_score")})


def _repeated(data: DataFacts) -> Iterator[Finding]:
    split = data.split
    if split is None or not split.is_given or split.repeated_share <= _REPEATED:
        return
    natural = data.measures.get("repeated_rows", 0.0)
    are_copies = split.repeated_share > _MANY and not data.measures.get("conflicting_rows", 0.0)
    are_numbers = all(one.kind != "tokens" and not _is_whole(one) for one in data.inputs)
    if split.repeated_share <= _BEYOND_NATURAL * natural and not (_is_copy(split) or (are_copies and are_numbers)):
        return
    what = (
        "The validation rows are training rows"
        if _is_copy(split)
        else f"{split.repeated_share:.0%} of the validation rows stand among the training rows as well"
    )
    yield CHECK.finding(
        "warning",
        f"{what}: their score measures memory.",
        repair="Split before anything is repeated or augmented, and keep copies of a row on one side.",
        repeated_share=split.repeated_share,
        repeated_rows=natural,
    )


def _is_whole(one: InputFacts) -> bool:
    """Whether all scales are of whole numbers, as codes of categories have: such rows repeat by themselves."""
    return float(one.minimum).is_integer() and float(one.maximum).is_integer()


def _is_copy(split: SplitFacts) -> bool:
    return split.repeated_share == 1.0 and split.num_validation >= split.num_train


def _told(data: DataFacts) -> Iterator[Finding]:
    measures = data.measures
    if measures.get("best_feature_score", 0.0) < _TELLS_ALL or math.prod(data.inputs[0].shape) < 2:
        return
    within = measures["best_feature_within"]
    stands_out = within < _LITTLE_WITHIN and measures.get("second_feature_within", 0.0) > _NEXT_WITHIN
    if not (within <= _IS_TARGET or stands_out or (within < _MOST_WITHIN and _others_tell_less(measures))):
        return
    place = int(measures["best_feature"])
    yield CHECK.finding(
        "warning",
        f"Column {place} of the inputs tells the target all by itself (score {measures['best_feature_score']:.4f}); "
        f"the others together take away {measures.get('learnable_without', 0.0):.0%} of the guess's error. Is it known "
        "when a prediction is due?",
        subject=f"column {place}",
        column=place,
        score=measures["best_feature_score"],
        within=within,
        learnable_without=measures.get("learnable_without"),
    )


def _others_tell_less(measures: Mapping[str, float]) -> bool:
    return measures.get("learnable_without", 1.0) < measures.get("learnable", 1.0) - _OTHERS_LESS


CHECK = Check(
    code="TF208",
    title="Inputs that give the answer away",
    faults=("leakage",),
    stage="data",
    explanation=(
        "A score is worth something only if the network could not look up the answer. Rows that stand on both sides of "
        "the split can be remembered; a column that was written down after the answer was known contains it. Both give "
        "wonderful scores that vanish with the first new row."
    ),
    repair="Leave the column out, unless it is known before the answer is.",
    thresholds=(
        Threshold("repeated", _REPEATED, "of the validation rows", "arbitrary"),
        Threshold("beyond_natural", _BEYOND_NATURAL, "times the training rows' own share", "arbitrary"),
        Threshold("many", _MANY, "of the validation rows", "arbitrary: where copies never differ in their label"),
        Threshold("most_within", _MOST_WITHIN, "of the feature's variance", "arbitrary: nearly a copy of the target"),
        Threshold("tells_all", _TELLS_ALL, "ROC AUC or rank correlation", "anchors, rule 7"),
        Threshold("is_target", _IS_TARGET, "of the feature's variance", "what rounding leaves of the target itself"),
        Threshold("little_within", _LITTLE_WITHIN, "of the feature's variance", "arbitrary: the target and some noise"),
        Threshold("next_within", _NEXT_WITHIN, "of the next feature's variance", "arbitrary: no other comes close"),
        Threshold("others_less", _OTHERS_LESS, "of the guess's error", "arbitrary"),
    ),
    judge=_judge,
)
