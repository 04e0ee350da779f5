"""TF203: numbers to predict on a scale that the network reaches in its steps.

Rule 5 of the anchors names a spread or a mean above 10. Alone that over-fires: the mean of 22 of Boston's house prices
is reached in a few hundred steps. An optimizer that moves each weight by about its rate moves the answer of a last
layer over h units by about rate x (1 + h) a step, so what it can reach is known beforehand. Where nothing certain can
be said, the probe decides by training on scaled targets.
"""

from math import ceil, isfinite
from typing import NamedTuple

from tenfold.checks.check import Check, Threshold
from tenfold.checks.contrasts import confirmed
from tenfold.checks.facts import DataFacts, Evidence, ModelFacts, OutputFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.heads import NUMBERS, activation_range, target_of

__all__ = ["CHECK"]

_LARGE = 10.0
_HUGE = 100.0
_SMALL = 1e-3
_MOVES_BY_ITS_RATE = frozenset({"adam", "adamw", "adamax", "nadam", "rmsprop", "lamb", "lion"})
_SCALED_BACK = frozenset({"Lambda", "Normalization", "Rescaling"})


class _Case(NamedTuple):
    """An output of numbers with its target and how far its answer can move in the user's training."""

    output: OutputFacts
    target: TargetFacts
    reach: float

    @property
    def size(self) -> float:
        return max(abs(self.target.mean), self.target.std)


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model, data = evidence.model, evidence.data
    if model is None or data is None:
        return Silent("model or data were not given", skipped=True)
    cases = [
        _Case(output, target, _reach(model, data, evidence, output))
        for place, output in enumerate(model.outputs)
        for target in (target_of(data, place),)
        if target is not None and _is_judged(model, output, target)
    ]
    if not cases:
        return Silent("no output predicts numbers of any size")
    found = [finding for case in cases for finding in (_of_case(case),) if finding is not None]
    told = [confirmed(one, evidence.probe, "scaled targets", behind=0.0) for one in found]
    return told or Passed({case.output.name: {"size": case.size, "reach": _or_none(case.reach)} for case in cases})


def _is_judged(model: ModelFacts, output: OutputFacts, target: TargetFacts) -> bool:
    last = model.layer(output.layer)
    is_scaled_back = last is not None and last.kind in _SCALED_BACK
    is_bounded = isfinite(activation_range(output.activation)[1])  # TF101 tells targets that such a one cannot answer
    return output.loss in NUMBERS and not target.is_classes and not is_scaled_back and not is_bounded


def _reach(model: ModelFacts, data: DataFacts, evidence: Evidence, output: OutputFacts) -> float:
    """How far the answer moves in the user's training; infinite where the optimizer sets no such limit."""
    optimizer, last = model.optimizer, model.layer(output.layer)
    if optimizer.kind not in _MOVES_BY_ITS_RATE or optimizer.is_scheduled or last is None or last.kernel is None:
        return float("inf")
    steps = evidence.epochs * ceil(data.num_rows / evidence.batch_size)
    return optimizer.learning_rate * steps * (1 + last.kernel.fan_in)


def _of_case(case: _Case) -> Finding | None:
    target, size = case.target, case.size
    if size > _LARGE:
        is_out_of_reach = size > case.reach
        severity: Severity = "error" if is_out_of_reach else "warning" if target.std > _HUGE else "tip"
        how = f", and in this training it moves by about {case.reach:.3g}" if is_out_of_reach else ""
        return _finding(
            case, severity,
            f"The target has mean {target.mean:.4g} and standard deviation {target.std:.4g}; a fresh network answers "
            f"about 0 with a spread of 1{how}.",
        )  # fmt: skip
    if 0 < target.std < _SMALL:
        return _finding(
            case, "tip",
            f"The target's standard deviation is only {target.std:.2g}; a fresh network's answers spread by 1, and the "
            "loss of always answering the mean is already tiny.",
        )  # fmt: skip
    return None


def _finding(case: _Case, severity: Severity, message: str) -> Finding:
    return CHECK.finding(
        severity, message, subject=case.output.name, mean=case.target.mean, std=case.target.std,
        reach=_or_none(case.reach),
    )  # fmt: skip


def _or_none(number: float) -> float | None:
    return number if isfinite(number) else None


CHECK = Check(
    code="TF203",
    title="Targets on a scale that the network cannot reach",
    faults=("unscaled_target",),
    stage="data",
    explanation=(
        "A fresh network answers numbers of about 1. If the target is a price in hundred thousands, training first "
        "spends its steps on getting there: optimizers such as Adam move every weight by about the learning rate a "
        "step, and with SGD the errors are so large that the gradients explode."
    ),
    repair=(
        "Train on `(y - y_train.mean()) / y_train.std()` and undo it for predictions, or end the model with "
        "`keras.layers.Rescaling(y_train.std(), offset=y_train.mean())`."
    ),
    repairs=("scale_targets",),
    thresholds=(
        Threshold("large", _LARGE, "of the target's own unit", "anchors, rule 5; alone a tip"),
        Threshold("huge", _HUGE, "of the target's own unit", "arbitrary: squared errors of ten thousand"),
        Threshold("small", _SMALL, "of the target's own unit", "arbitrary: squared errors of a millionth"),
    ),
    judge=_judge,
)
