"""From a trace to a worksheet: each kind of layer writes its quantities and formulas, forward and backward."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tenfold.explaining.dense_layers import convolution_back, convolution_forward, dense_back, dense_forward
from tenfold.explaining.losses import write_loss
from tenfold.explaining.recurrent_layers import (
    gru_back,
    gru_forward,
    lstm_back,
    lstm_forward,
    rnn_back,
    rnn_forward,
)
from tenfold.explaining.shaping_layers import (
    activation_back,
    activation_forward,
    average_back,
    average_forward,
    dropout_back,
    dropout_forward,
    embedding_back,
    embedding_forward,
    global_back,
    global_forward,
    max_back,
    max_forward,
    normalization_back,
    normalization_forward,
    reshape_back,
    reshape_forward,
)
from tenfold.explaining.updates import write_update
from tenfold.explaining.worksheet import Draft, Quantity, Stop, Worksheet
from tenfold.scratch.tracing import LayerTrace, Trace

__all__ = ["lay_out"]

_Writer = Callable[[Draft, LayerTrace, Any], None]

_KINDS: dict[str, tuple[_Writer, _Writer]] = {
    "ActivationLayer": (activation_forward, activation_back),
    "AveragePooling": (average_forward, average_back),
    "BatchNormalization": (normalization_forward, normalization_back),
    "Convolution": (convolution_forward, convolution_back),
    "Dense": (dense_forward, dense_back),
    "Dropout": (dropout_forward, dropout_back),
    "Embedding": (embedding_forward, embedding_back),
    "GRU": (gru_forward, gru_back),
    "GlobalAveragePooling": (global_forward, global_back),
    "GlobalMaxPooling": (global_forward, global_back),
    "LSTM": (lstm_forward, lstm_back),
    "MaxPooling": (max_forward, max_back),
    "Reshape": (reshape_forward, reshape_back),
    "SimpleRNN": (rnn_forward, rnn_back),
}
"""What writes each kind of layer; a new kind needs a pair of formulas here and nothing else."""

_NAMES = {"kernel": "W", "recurrent_kernel": "U", "bias": "b", "embeddings": "E", "gamma": "gamma", "beta": "beta"}
"""What weights are called in formulas; a convolution's kernel is K."""


def lay_out(trace: Trace, labels: Sequence[str] = ()) -> Worksheet:
    """All quantities of a trace with their formulas, and the stops on the way.

    Args:
        trace: One row through a model.
        labels: Names of the row's numbers, where it is a line of a table.
    """
    trace = replace(trace, layers=_by_names_of_their_own(trace))
    quantities: dict[str, Quantity] = {}
    x = Draft(quantities, "input", {})
    x.add("x", trace.layers[0].inputs[0], what="the row that goes in")
    drafts, stops = _forward(trace, quantities, x.names["x"])
    last = drafts[-1].names["a"] if drafts else x.names["x"]
    owner = "loss" if all(layer.name != "loss" for layer in trace.layers) else "the loss"
    loss = Draft(quantities, owner, {"p": last})
    loss.show("p")
    write_loss(loss, trace.loss)
    stops.append(Stop("loss", owner, trace.loss.name, trace.loss.formula, tuple(loss.shown), loss.names["L"]))
    stops += _backward(trace, drafts, loss.names["g_p"])
    stops += _update(trace, drafts)
    named = tuple(labels) if quantities["input.x"].values.shape == (len(labels),) else ()
    return Worksheet(trace, quantities, tuple(stops), named)


def _by_names_of_their_own(trace: Trace) -> tuple[LayerTrace, ...]:
    """The layers; where models within the model repeat a name, the later ones get a number."""
    found: list[LayerTrace] = []
    for layer in trace.layers:
        taken, name, number = {one.name for one in found}, layer.name, 2
        while name in taken:
            name, number = f"{layer.name}_{number}", number + 1
        found.append(replace(layer, name=name))
    return tuple(found)


def _forward(trace: Trace, quantities: dict[str, Quantity], arrives: str) -> tuple[list[Draft], list[Stop]]:
    drafts, stops = [], []
    for layer in trace.layers:
        draft = Draft(quantities, layer.name, {"x": arrives})
        draft.show("x")
        _KINDS[layer.kind][0](draft, layer, layer.layer)
        arrives = draft.names["a"]
        stops.append(Stop("forward", layer.name, layer.kind, layer.formula, tuple(draft.shown), _middle(draft, layer)))
        drafts.append(draft)
    return drafts, stops


def _middle(draft: Draft, layer: LayerTrace) -> str:
    """What a layer's way forward is about: its sums, its states, or what comes out."""
    name = {"Dense": "z", "Convolution": "z", "LSTM": "h", "GRU": "h", "SimpleRNN": "h"}.get(layer.kind, "a")
    return draft.names[name]


def _backward(trace: Trace, drafts: list[Draft], arrives: str) -> list[Stop]:
    stops = []
    for layer, draft in zip(reversed(trace.layers), reversed(drafts), strict=True):
        if layer.output_slope is None:
            break  # below a table of words nothing has a slope
        draft.shown = []
        draft.names["g"], draft.symbols["g"] = arrives, "g"
        draft.show("g")
        _KINDS[layer.kind][1](draft, layer, layer.layer)
        main = draft.names.get("delta") or draft.names.get("g_x") or draft.shown[-1].id
        stops.append(Stop("backward", layer.name, layer.kind, layer.slope_formula, tuple(draft.shown), main))
        if "g_x" not in draft.names:
            break
        arrives = draft.names["g_x"]
    return stops


def _update(trace: Trace, drafts: list[Draft]) -> list[Stop]:
    stops = []
    for layer, draft in zip(trace.layers, drafts, strict=True):
        draft.shown = []
        for name, moved in layer.new_weights.items() if layer.layer.trainable else ():
            here = "K" if layer.kind == "Convolution" and name == "kernel" else _NAMES[name]
            if draft.has(f"g_{here}"):
                write_update(draft, trace.update.optimizer, here, moved)
        if draft.shown:
            shown, formula = tuple(draft.shown), trace.update.formula
            main = next(one.id for one in shown if one.symbol.startswith("new "))
            stops.append(Stop("update", layer.name, layer.kind, formula, shown, main))
    return stops
