"""Heads and losses that belong to the targets: `head`.

The labels stay as they are and the model is made to fit them, so that the repaired model answers what the user's own
code compares with: class numbers have softmax and sparse crossentropy, one-hot rows softmax and crossentropy, two
classes a sigmoid (labels -1 and 1: tanh), several labels at once a sigmoid each, numbers a last layer without an
activation. Source: the table of last layers of `tenfold.problem.last_layers` and of Chollet (2021), chapter 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras

from tenfold.checks.heads import NUMBERS
from tenfold.engine.compile_arguments import compile_arguments
from tenfold.repairing.graph import ACTIVATIONS, Head, head_of, is_rewritable, layer_named, sources
from tenfold.repairing.outputs import in_order, loss_of, num_outputs, reads_logits, units_of, with_output
from tenfold.repairing.program import Case, Change, Program
from tenfold.repairing.proposal import Asked, proposal
from tenfold.repairing.rewriting import changed, new_layer
from tenfold.repairing.task import Target

__all__ = ["propose_heads"]

OF_NUMBERS = NUMBERS - {"mean_absolute_percentage_error", "mean_squared_logarithmic_error"}
"""Losses that suit all numbers behind a last layer without an activation: the others ask for numbers above 0."""

_NAMES = {"accuracy": "classes", "acc": "classes", "mae": "numbers", "mse": "numbers"}


@dataclass(frozen=True)
class _Ending:
    """A last activation, the loss that belongs to it, and the units of the last layer."""

    activation: str
    loss: str
    units: int


def propose_heads(program: Program, case: Case, asked: Asked) -> Iterator[Change]:
    """For each output whose head or loss is not what its targets ask for, the endings that are."""
    if not is_rewritable(program.model):
        return
    for output in range(num_outputs(program.model)):
        for ending in _endings(program.model, case, output):
            yield proposal(asked, "head", _words(ending), _change_of(output, ending))


def _endings(model: Any, case: Case, output: int) -> list[_Ending]:
    target, units = case.targets[output], units_of(model, output)
    if target.kind == "numbers":
        width = _width(case, model, output)
        loss = loss_of(model, output)
        losses = [loss] if loss in OF_NUMBERS else []
        return [_Ending("linear", one, width) for one in dict.fromkeys([*losses, "mean_squared_error"])]
    if target.kind in ("one-hot", "distribution"):
        return [_Ending("softmax", "categorical_crossentropy", _width(case, model, output))]
    if target.kind == "multi-label":
        return [_Ending("sigmoid", "binary_crossentropy", target.num_classes)]
    if target.labels == (-1.0, 1.0):
        return [_Ending("tanh", "squared_hinge", 1), _Ending("tanh", "mean_squared_error", 1)]
    softmax = _Ending("softmax", "sparse_categorical_crossentropy", target.num_classes)
    if target.kind == "two classes" and target.num_classes == 2:  # noqa: PLR2004
        sigmoid = _Ending("sigmoid", "binary_crossentropy", 1)
        return [softmax, sigmoid] if units > 1 else [sigmoid]
    return [softmax]


def _width(case: Case, model: Any, output: int) -> int:
    target = in_order(model, case.y)[output]
    return int(target.shape[-1]) if target.ndim > 1 else 1


def _change_of(output: int, ending: _Ending) -> Any:
    def apply(program: Program, case: Case) -> Program | None:
        model, head = program.model, head_of(program.model, output)
        if head is None or not isinstance(head.layer, keras.layers.Dense):
            return None
        target = in_order(model, case.y)[output]
        if _is_there(model, head, output, ending) and not _has_more_places(head, target.ndim):
            return None
        given = compile_arguments(model)
        return program.rewritten(
            {**_removed(model, head), **_last_layers(model, head, ending, target.ndim)},
            loss=with_output(model, given["loss"], output, ending.loss),
            metrics=_fitting_metrics(given["metrics"], case.targets[output]),
        )

    return apply


def _is_there(model: Any, head: Head, output: int, ending: _Ending) -> bool:
    """Whether the head and loss are these already."""
    activations = [] if head.layer.activation is keras.activations.linear else [head.layer.activation.__name__]
    activations += [_activation(layer_named(model, name)) for name in head.after]
    wanted = [] if ending.activation == "linear" else [ending.activation]
    same_loss = loss_of(model, output) == ending.loss and not reads_logits(model, output)
    return activations == wanted and same_loss and units_of(model, output) == ending.units


def _activation(layer: Any) -> str:
    if isinstance(layer, keras.layers.Activation):
        return str(layer.activation.__name__)
    return str(ACTIVATIONS.get(type(layer), layer.name))


def _removed(model: Any, head: Head) -> dict[str, list[Any]]:
    """Activations, dropout and normalisation behind the last layer go."""
    layers = [layer_named(model, name) for name in head.after]
    kinds = (*ACTIVATIONS, keras.layers.Activation, keras.layers.Dropout, keras.layers.BatchNormalization)
    return {layer.name: [] for layer in layers if isinstance(layer, kinds)}


def _last_layers(model: Any, head: Head, ending: _Ending, target_axes: int) -> dict[str, list[Any]]:
    """The last layer, behind a `Flatten` where it would answer for more places than the targets have."""
    last = changed(head.layer, units=ending.units, activation=ending.activation)
    if not _has_more_places(head, target_axes):
        return {head.layer.name: [last]}
    before = layer_named(model, sources(model)[head.layer.name][0])
    if getattr(before, "return_sequences", False):
        return {before.name: [changed(before, return_sequences=False)], head.layer.name: [last]}
    return {head.layer.name: [new_layer(model, keras.layers.Flatten), last]}


def _has_more_places(head: Head, target_axes: int) -> bool:
    """Whether the head answers for more places of a row than the targets have."""
    return len(head.layer.output.shape) > max(2, target_axes + 1)


def _fitting_metrics(given: Any, target: Target) -> Any:
    """The metrics, with the one name changed that says something of the other kind of target."""
    if not isinstance(given, list):
        return given
    kind = "numbers" if target.is_number else "classes"
    wanted = "mae" if kind == "numbers" else "accuracy"
    names = [one if not isinstance(one, str) or _NAMES.get(one, kind) == kind else wanted for one in given]
    return list(dict.fromkeys(names))


def _words(ending: _Ending) -> str:
    last = "no activation" if ending.activation == "linear" else ending.activation
    units = f"{ending.units} unit{'s' if ending.units > 1 else ''}"
    return f"last layer of {units} with {last}, loss {ending.loss}"
