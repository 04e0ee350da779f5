"""TF206: validation rows prepared like the training rows.

Rule 3 of the anchors, which no earlier tool has: in one of its real programs (59325381) the training pixels were
divided by 255 and the validation pixels were not. A series that is split by time may drift, so a shift alone is no
fault.
"""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, SplitFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

_SCALES = 10.0
_FEWER_SCALES = 3.0
_SHIFT = 3.0
_TOLD_APART = 0.9
_BARELY_TOLD_APART = 0.7
_OUTSIDE = 0.15
_CLASSES = 0.5
_FEWEST_ROWS = 20
_LEARNABLE = 0.5
_FALLS = 0.4


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    if evidence.data is None:
        return Silent("no data were given", skipped=True)
    split = evidence.data.split
    if split is None or not split.is_given:
        return Silent("no validation rows were given")
    if min(split.num_train, split.num_validation) < _FEWEST_ROWS:
        return Silent(f"fewer than {_FEWEST_ROWS} rows on one side")
    found = [*_prepared(split), *_classes(split)] or _answers(evidence)
    return found or Passed(_numbers(split))


def _prepared(split: SplitFacts) -> list[Finding]:
    told_apart = 1.0 if split.told_apart is None else split.told_apart
    is_sure = split.told_apart is not None and told_apart >= _TOLD_APART
    scales_differ = split.scale_ratio > (_FEWER_SCALES if is_sure else _SCALES)
    is_shifted = split.shift > _SHIFT and told_apart >= _TOLD_APART
    is_outside = split.outside > _OUTSIDE and told_apart >= _TOLD_APART
    if told_apart < _BARELY_TOLD_APART or not (scales_differ or is_shifted or is_outside):
        return []
    severity: Severity = "error" if split.scale_ratio > _SCALES else "warning"
    how = (
        f"a feature's scale differs {split.scale_ratio:.3g} times"
        if scales_differ
        else f"a feature's mean lies {split.shift:.2g} standard deviations away"
        if is_shifted
        else f"{split.outside:.0%} of their entries are smaller or larger than any entry of the training rows"
    )
    return [
        CHECK.finding(
            severity, f"Validation rows were prepared otherwise than training rows: {how}.", **_numbers(split)
        )
    ]


def _answers(evidence: Evidence) -> list[Finding]:
    """What can be learnt within the training rows, and is learnt, does not hold on the validation rows."""
    probe, data = evidence.probe, evidence.data
    learnable = 0.0 if data is None else data.measures.get("learnable", 0.0)
    if probe is None or learnable < _LEARNABLE:
        return []
    own = probe.as_it_is
    trained = float(reach(own.error, probe.guess_error).mean())
    held_out = float(reach(own.validation_error, probe.guess_error).max())
    if trained < _LEARNABLE or held_out > learnable - _FALLS:
        return []
    message = (
        f"Within the training rows a quick model takes away {learnable:.0%} of a guess's error on rows it was not "
        f"fitted on; the network takes away {max(held_out, 0):.0%} on the validation rows. They were not made alike: "
        "columns, labels or rows differ."
    )
    return [CHECK.finding("warning", message, learnable=learnable, on_validation_rows=held_out)]


def _classes(split: SplitFacts) -> list[Finding]:
    if split.missing_classes:
        names = ", ".join(f"{value:g}" for value in split.missing_classes[:5])
        return [
            CHECK.finding(
                "warning",
                f"Validation rows have classes that no training row has: {names}. The network cannot answer them.",
                repair="Split with the same classes on both sides: `train_test_split(x, y, stratify=y)`.",
                **_numbers(split),
            )
        ]
    if split.class_distance is not None and split.class_distance > _CLASSES:
        return [
            CHECK.finding(
                "warning",
                "The classes are not as frequent among validation rows as among training rows: "
                f"{split.class_distance:.0%} of the rows would have to change class.",
                repair="Split with the same classes on both sides: `train_test_split(x, y, stratify=y)`.",
                **_numbers(split),
            )
        ]
    return []


def _numbers(split: SplitFacts) -> dict[str, Any]:
    named = ("scale_ratio", "shift", "outside", "told_apart", "class_distance", "num_train", "num_validation")
    return {name: getattr(split, name) for name in named}


CHECK = Check(
    code="TF206",
    title="Training and validation rows that were prepared differently",
    faults=("split_mismatch",),
    stage="data",
    explanation=(
        "A network knows only rows as it was trained on them. If validation rows were scaled with other numbers, or "
        "not at all, it is asked something it never saw, and its score says nothing about its quality."
    ),
    repair=(
        "Prepare both alike, with numbers from the training rows: `mean, std = x_train.mean(axis=0), "
        "x_train.std(axis=0)`; best inside the model, as `keras.layers.Normalization()`."
    ),
    thresholds=(
        Threshold("scales", _SCALES, "times", "anchors, rule 3"),
        Threshold("fewer_scales", _FEWER_SCALES, "times", "arbitrary: where rows are told apart as well"),
        Threshold("shift", _SHIFT, "standard deviations of the training rows", "arbitrary"),
        Threshold("outside", _OUTSIDE, "of the entries", "arbitrary: trends and far values leave fewer outside"),
        Threshold("told_apart", _TOLD_APART, "ROC AUC", "arbitrary: nine of ten pairs are told apart"),
        Threshold("barely_told_apart", _BARELY_TOLD_APART, "ROC AUC", "arbitrary: below it a few far values differ"),
        Threshold("classes", _CLASSES, "of the rows", "arbitrary: half of the rows are of another class"),
        Threshold("fewest_rows", _FEWEST_ROWS, "rows", "arbitrary: fewer say nothing of a scale"),
    ),
    judge=_judge,
)
