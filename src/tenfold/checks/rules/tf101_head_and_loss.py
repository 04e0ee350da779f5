"""TF101: last activation, loss and labels belong together.

The table of Theia and NeuraLint (diagnosis anchors, rule 1), written as one question each. The first that is answered
with yes names the mismatch of an output; later ones would only follow from it.
"""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, OutputFacts, ProbeFacts, TargetFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.heads import (
    BINARY,
    CATEGORICAL,
    CROSSENTROPIES,
    NUMBERS,
    PROBABILITIES,
    SPARSE,
    activation_range,
    fit_head,
    is_sequence,
    lacks_flatten,
    num_classes,
    target_of,
)  # fmt: skip
from tenfold.checks.labels import label_trouble, numbers_read_as_classes
from tenfold.checks.reach import learns_in_no_way

__all__ = ["CHECK"]

_OUTSIDE = 0.1
_TWO = 2


class _Mismatch(NamedTuple):
    severity: Severity
    message: str
    repair: str = ""


class _Head(NamedTuple):
    """An output with its target and what the probe saw of its training."""

    output: OutputFacts
    target: TargetFacts | None
    probe: ProbeFacts | None

    @property
    def ends(self) -> str:
        return f"the last layer `{self.output.layer}`"

    @property
    def classes(self) -> int:
        return 0 if self.target is None else num_classes(self.target)


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    model = evidence.model
    if model is None:
        return Silent("no model was given", skipped=True)
    judged = [one for one in model.outputs if one.loss not in ("", "custom")]
    if not judged:
        return Silent("the loss is the user's own, or the model has none")
    heads = [_Head(one, target_of(evidence.data, place), evidence.probe) for place, one in enumerate(model.outputs)]
    found = [finding for head in heads if head.output in judged for finding in _of_head(head)]
    is_told = any(_is_told_elsewhere(head) for head in heads)
    if model.misfit and not is_told and not any(one.severity == "error" for one in found):
        found.insert(0, CHECK.finding("error", model.misfit, repair=fit_head(heads[0].target), misfit=model.misfit))
    return found or Passed({"heads": [_described(one) for one in judged]})


def _is_told_elsewhere(head: _Head) -> bool:
    """Whether what does not fit is the labels (TF207) or the shape of the rows (TF104)."""
    in_trouble = head.target is not None and label_trouble(head.output, head.target) is not None
    return in_trouble or lacks_flatten(head.output, head.target)


def _described(output: OutputFacts) -> str:
    return f"{output.units} x {output.activation}, {output.loss}"


def _of_head(head: _Head) -> list[Finding]:
    for question in _QUESTIONS:
        mismatch = question(head)
        if mismatch is not None:
            return [_finding(head, mismatch)]
    return []


def _finding(head: _Head, mismatch: _Mismatch) -> Finding:
    output, target = head.output, head.target
    seen: dict[str, Any] = (
        {} if target is None else {"target": target.kind, "smallest": target.minimum, "largest": target.maximum}
    )
    return CHECK.finding(
        mismatch.severity, mismatch.message, repair=mismatch.repair or fit_head(target), subject=output.layer,
        units=output.units, activation=output.activation, loss=output.loss, from_logits=output.from_logits, **seen,
    )  # fmt: skip


def _softmax_alone(head: _Head) -> _Mismatch | None:
    if head.output.activation != "softmax" or head.output.units != 1:
        return None
    return _Mismatch("error", f"Softmax over the single unit of {head.ends} always answers 1: nothing can be learnt.")


def _one_unit_for_several_classes(head: _Head) -> _Mismatch | None:
    output = head.output
    if output.units != 1 or is_sequence(output):
        return None
    if output.loss in CATEGORICAL | SPARSE:
        return _Mismatch(
            "error",
            f"`{output.loss}` compares the units of {head.ends}, which has a single one: the loss is always 0.",
        )
    if output.loss in BINARY and head.classes > _TWO:
        return _Mismatch(
            "error",
            f"{head.ends.capitalize()} has one unit with `{output.loss}`, which tells two classes apart; the target "
            f"has {head.classes}.",
        )
    return None


def _numbers_read_as_classes(head: _Head) -> _Mismatch | None:
    output, target = head.output, head.target
    if target is None or not numbers_read_as_classes(output, target):
        return None
    return _Mismatch(
        "error",
        f"`{output.loss}` is a loss for classes, but the target holds numbers from {target.minimum:.4g} to "
        f"{target.maximum:.4g}.",
    )


def _minus_one_and_one(head: _Head) -> _Mismatch | None:
    output, target = head.output, head.target
    if output.loss not in BINARY or target is None or target.values != (-1.0, 1.0):
        return None
    return _Mismatch(
        "error",
        f"The labels are -1 and 1; `{output.loss}` reads 0 and 1, and for -1 its loss falls without end.",
        'Write `y = (y > 0).astype(int)`, or keep -1 and 1 with a `tanh` output and loss="hinge".',
    )


def _crossentropy_without_probabilities(head: _Head) -> _Mismatch | None:
    """Bounded or one-sided activations in front of a crossentropy; linear ones are the matter of TF102."""
    output = head.output
    low, high = activation_range(output.activation)
    is_linear = (low, high) == (-inf, inf)
    if output.loss not in CROSSENTROPIES or is_linear or output.activation in ("custom", "hard_sigmoid", "sparsemax"):
        return None
    if output.activation in PROBABILITIES or (output.from_logits and output.activation.startswith("log_")):
        return None
    reads = "logits of any size and sign" if output.from_logits else "probabilities"
    return _Mismatch(
        "error",
        f"{head.ends.capitalize()} ends with `{output.activation}`, which answers {_range(low, high)}; "
        f"`{output.loss}` reads {reads}.",
    )


def _rows_of_several_labels(head: _Head) -> _Mismatch | None:
    output, target = head.output, head.target
    if target is None or target.kind != "multi-label" or output.units == 1:
        return None
    if output.loss not in CATEGORICAL and output.activation != "softmax":
        return None
    return _Mismatch(
        "error",
        f"Rows of the target can have several labels at once, but {head.ends} with `{output.activation}` and "
        f"`{output.loss}` shares one answer among all.",
    )


def _sigmoid_for_one_of_many(head: _Head) -> _Mismatch | None:
    output = head.output
    if output.activation != "sigmoid" or output.loss not in CATEGORICAL | SPARSE or output.units == 1:
        return None
    return _Mismatch(
        "warning",
        f"{head.ends.capitalize()} ends with `sigmoid`, whose {output.units} answers do not add up to 1; "
        f"`{output.loss}` reads one distribution over the classes.",
        f'Write `Dense({output.units}, activation="softmax")`.',
    )


def _softmax_with_yes_and_no(head: _Head) -> _Mismatch | None:
    output = head.output
    if output.activation != "softmax" or output.loss not in BINARY:
        return None
    is_one_hot = head.target is None or head.target.kind == "one-hot"
    name = "categorical_crossentropy" if is_one_hot else "sparse_categorical_crossentropy"
    return _Mismatch(
        "warning",
        f"{head.ends.capitalize()} ends with `softmax`, one answer among {output.units} classes, but `{output.loss}` "
        "asks each unit for a yes or no of its own (and accuracy then counts units, not rows).",
        f'Compile with loss="{name}".',
    )


def _answers_out_of_reach(head: _Head) -> _Mismatch | None:
    """Targets that a bounded activation cannot answer, for losses of numbers."""
    output, target = head.output, head.target
    if output.loss not in NUMBERS or target is None:
        return None
    low, high = activation_range(output.activation)
    width = target.maximum - target.minimum
    beyond = max(low - target.minimum, target.maximum - high, 0.0) / (width or 1.0)
    if beyond <= 0:
        return None
    return _Mismatch(
        "error" if beyond > _OUTSIDE else "warning",
        f"{head.ends.capitalize()} ends with `{output.activation}`, which answers {_range(low, high)}; the target goes "
        f"from {target.minimum:.4g} to {target.maximum:.4g}.",
        f"End with `Dense({output.units})`, without an activation, or scale the target into that range.",
    )


def _distance_between_labels(head: _Head) -> _Mismatch | None:
    """A loss of numbers on classes: it works with sigmoid or softmax, only worse; as a plain number it rarely does."""
    output, target = head.output, head.target
    if output.loss not in NUMBERS or head.classes < _TWO or target is None or is_sequence(output):
        return None
    asks_for_classes = head.classes == _TWO or target.kind == "one-hot" or _counts_hits(output)
    is_probability = output.activation in PROBABILITIES
    if not asks_for_classes and not is_probability:
        return None
    is_weak = (
        is_probability
        and output.loss != "mean_absolute_error"
        and not (head.probe is not None and learns_in_no_way(head.probe))
    )
    return _Mismatch(
        "tip" if is_weak else "warning",
        f"The target holds {head.classes} classes, but {head.ends} (`{output.activation}`) is trained with "
        f"`{output.loss}`, a distance between numbers, whose gradient fades for confident mistakes.",
    )


def _counts_hits(output: OutputFacts) -> bool:
    return any("accuracy" in metric or metric == "acc" for metric in output.metrics)


def _positive_rates(head: _Head) -> _Mismatch | None:
    output = head.output
    low, _ = activation_range(output.activation)
    if output.loss != "poisson" or low >= 0 or output.activation == "custom":
        return None
    return _Mismatch(
        "error",
        f"`poisson` takes the logarithm of the answer, but {head.ends} (`{output.activation}`) also answers negative "
        "numbers.",
        f'End with `Dense({output.units}, activation="exponential")` or "softplus".',
    )


def _range(low: float, high: float) -> str:
    if high == inf:
        return f"numbers from {low:g} up"
    return f"numbers up to {high:g}" if low == -inf else f"numbers from {low:g} to {high:g}"


_QUESTIONS: tuple[Callable[[_Head], _Mismatch | None], ...] = (
    _softmax_alone, _numbers_read_as_classes, _one_unit_for_several_classes, _minus_one_and_one,
    _rows_of_several_labels, _crossentropy_without_probabilities, _sigmoid_for_one_of_many, _softmax_with_yes_and_no,
    _answers_out_of_reach, _distance_between_labels, _positive_rates,
)  # fmt: skip

CHECK = Check(
    code="TF101",
    title="Last layer, loss and labels that do not belong together",
    faults=("head_loss_mismatch",),
    stage="model",
    explanation=(
        "The last layer says what the network can answer, the loss says how answers are judged, and the labels say "
        "what is right. Each pairing has one meaning: a yes or no is one sigmoid unit with binary crossentropy, one "
        "class of K is K softmax units with categorical crossentropy (sparse where the labels are class numbers), a "
        "number is one unit without activation with a squared error. Other pairings train without complaint and learn "
        "something else, or nothing."
    ),
    repair="Choose last layer and loss for the target.",
    repairs=("head",),
    thresholds=(
        Threshold("outside", _OUTSIDE, "of the target's range", "arbitrary: beyond it the mismatch is an error"),
    ),
    judge=_judge,
)
