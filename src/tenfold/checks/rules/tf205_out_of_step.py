"""TF205: inputs and targets of the same rows (rule 6 of the anchors).

Two kinds of evidence. A shift: nothing can be learnt as the rows stand, but much with the targets moved by some rows;
that is proof. Nothing at all can be learnt from a table of enough rows, not by trees and not by the network: that may
also be a target that has nothing to do with the inputs, so it is a warning that says both.
"""

from collections.abc import Mapping
from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import DataFacts, Evidence, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

_CLEARLY = 1.5
_SHIFTED = 3.0
_LEAST_SHIFTED = 0.1
_LEARNT = 0.05
_ENOUGH_ROWS = 80
_TELLING = 0.75
_FEWEST_ROWS = 50


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    data = evidence.data
    if data is None:
        return Silent("no data were given", skipped=True)
    measures = data.measures
    if "learnable" not in measures:
        return Silent("it was not measured what can be learnt", skipped=True)
    best = max(measures["learnable"], measures.get("learnable_linear", 0.0))
    is_learnable = best > _CLEARLY * max(measures["learnable_shuffled"], 0.0) or _has_a_telling_feature(data)
    if not is_learnable and data.num_rows < _FEWEST_ROWS:
        return Silent(f"{data.num_rows} rows cannot tell whether nothing can be learnt")
    if not is_learnable and _is_shifted(measures):
        return [_shifted(measures)]
    if is_learnable or (evidence.probe is not None and _network_learns(evidence.probe)):
        return Passed(_numbers(measures))
    return [_nothing(evidence, measures)]


def _has_a_telling_feature(data: DataFacts) -> bool:
    """Whether one feature ranks a rare class before the others: there no model beats the guess's accuracy."""
    is_binary = bool(data.targets) and data.targets[0].kind == "two classes"
    return is_binary and data.measures.get("best_feature_score", 0.0) > _TELLING


def _is_shifted(measures: Mapping[str, float]) -> bool:
    shifted = measures.get("learnable_shifted", 0.0)
    return shifted > max(_SHIFTED * measures["learnable_shuffled"], _LEAST_SHIFTED)


def _shifted(measures: Mapping[str, float]) -> Finding:
    shift = int(measures["best_shift"])
    rows = f"{abs(shift)} row{'s' if abs(shift) > 1 else ''} {'too late' if shift < 0 else 'too early'}"
    return CHECK.finding(
        "error",
        f"As the rows stand a quick model learns nothing ({measures['learnable']:.0%} of the guess's error taken "
        f"away); with the targets moved back it takes away {measures['learnable_shifted']:.0%}: they stand {rows}.",
        repair=f"Find where one of both lost or gained rows; here `y = np.roll(y, {shift})` puts them in step.",
        **_numbers(measures),
    )


def _nothing(evidence: Evidence, measures: Mapping[str, float]) -> Finding:
    return CHECK.finding(
        _severity(evidence),
        "The targets seem to have nothing to do with the inputs: on rows held out a quick model takes away "
        f"{max(0.0, measures['learnable']):.1%} of the guess's error, and random targets would give up to "
        f"{measures['learnable_shuffled']:.1%}.",
        **_numbers(measures),
    )


def _severity(evidence: Evidence) -> Severity:
    data = evidence.data
    is_table = data is not None and all(one.kind == "table" for one in data.inputs)
    has_rows = data is not None and data.num_rows >= _ENOUGH_ROWS
    return "warning" if has_rows and (is_table or evidence.probe is not None) else "tip"


def _network_learns(probe: ProbeFacts) -> bool:
    """Whether the network itself predicts rows that it was not trained on."""
    return float(reach(probe.as_it_is.validation_error, probe.guess_error).mean()) > _LEARNT


def _numbers(measures: Mapping[str, float]) -> dict[str, Any]:
    named = ("learnable", "learnable_linear", "learnable_shuffled", "learnable_shifted", "best_shift")
    return {name: measures[name] for name in named if name in measures}


CHECK = Check(
    code="TF205",
    title="Inputs and targets that are not of the same rows",
    faults=("misaligned_xy",),
    stage="data",
    explanation=(
        "If inputs are shuffled without their targets, or one row is lost on one side, every network trains happily "
        "and learns the training rows by heart, but nothing holds for new rows. A quick model of trees shows whether "
        "anything can be learnt at all, without any network."
    ),
    repair="Shuffle, filter and sort inputs and targets together, by the same row numbers.",
    thresholds=(
        Threshold("clearly", _CLEARLY, "times what chance reaches", "tuned: random targets stay below it"),
        Threshold("shifted", _SHIFTED, "times what chance reaches", "arbitrary: far beyond the best of all shifts"),
        Threshold("least_shifted", _LEAST_SHIFTED, "of the guess's error", "arbitrary"),
        Threshold("learnt", _LEARNT, "of the guess's error", "arbitrary: the network itself learns something"),
        Threshold("enough_rows", _ENOUGH_ROWS, "rows", "arbitrary: below it a weak relation can stay unseen"),
        Threshold("fewest_rows", _FEWEST_ROWS, "rows", "arbitrary: below it nothing is said"),
    ),
    judge=_judge,
)
