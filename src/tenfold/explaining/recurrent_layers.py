"""Formulas of layers that go through time: SimpleRNN, LSTM and GRU in both forms.

Axes: t the time, u a unit, k an input or a unit of the time before. A state before the first time does not exist, so
that its terms are left out.
"""

from collections.abc import Sequence

import numpy as np

from tenfold.explaining.passing_through import SUM
from tenfold.explaining.worksheet import Draft
from tenfold.scratch.activations import ACTIVATIONS
from tenfold.scratch.gru import GRU
from tenfold.scratch.layer import Numbers
from tenfold.scratch.lstm import LSTM
from tenfold.scratch.recurrent import SimpleRNN, arriving
from tenfold.scratch.tracing import LayerTrace

__all__ = ["gru_back", "gru_forward", "lstm_back", "lstm_forward", "rnn_back", "rnn_forward"]

_GATES = {"i": "input gate: how much of the candidate enters", "f": "forget gate: how much of the old state stays",
          "n": "candidate: what could enter", "o": "output gate: how much of the state is shown"}  # fmt: skip


def rnn_forward(draft: Draft, layer: LayerTrace, settings: SimpleRNN) -> None:
    """s_t = x_t W + h_(t-1) U + b; h_t = f(s_t)."""
    _weights(draft, layer)
    bias = " + b[u]" * draft.has("b")
    formula = f"z[t, u] = x[t, k] * W[k, u] + h[t - 1, k] * U[k, u]{bias}"
    _ahead(draft, "h", layer.inside["states"][0])
    draft.add("z", layer.inside["sums"][0], formula, what=SUM)
    _function(draft, "h", settings.activation, layer.inside["states"][0], "z[t, u]", "state at each time")
    _read_out(draft, layer, sequences=settings.return_sequences)


def rnn_back(draft: Draft, layer: LayerTrace, settings: SimpleRNN) -> None:
    """δ_t = (g_t + δ_(t+1) Uᵀ) f'(s_t), from the last time to the first."""
    _outside(draft, layer, sequences=settings.return_sequences)
    _ahead(draft, "delta", layer.inside_slopes["sums"][0])
    formula = "g_h[t, u] = out[t, u] + delta[t + 1, k] * U[u, k]"
    told = "slope by the state: from outside, and from the next time"
    draft.symbols["delta"] = "δ"
    draft.add("g_h", layer.inside_slopes["states"][0], formula, what=told, slope_of="h")
    _local(draft, "local", settings.activation, "z[t, u]", draft.values("z"), symbol="f′")
    what = "δ: slope by the sum, at each time"
    delta = layer.inside_slopes["sums"][0]
    draft.add("delta", delta, "delta[t, u] = g_h[t, u] * local[t, u]", what=what, symbol="δ", slope_of="z")
    _shared_slopes(draft, layer)


def lstm_forward(draft: Draft, layer: LayerTrace, settings: LSTM) -> None:
    """Four cells i, f, n, o of (x_t, h_(t-1)); c_t = f c_(t-1) + i n; h_t = o φ(c_t)."""
    _weights(draft, layer)
    inside, units = layer.inside, len(layer.weights["recurrent_kernel"])
    states, carried = inside["states"][0], inside["carried"][0]
    _ahead(draft, "h", states)
    _ahead(draft, "c", carried)
    formula = "z[t, u] = x[t, k] * W[k, u] + h[t - 1, k] * U[k, u]" + " + b[u]" * draft.has("b")
    draft.add("z", inside["sums"][0], formula, what="sums of the four cells, side by side: i, f, n, o")
    gates = zip(_GATES, ("input", "forget", "candidate", "output"), strict=True)
    for place, (name, kept) in enumerate(gates):
        function = settings.activation if name == "n" else settings.recurrent_activation
        _function(draft, name, function, inside[kept][0], f"z[t, u + {place * units}]", _GATES[name])
    formula = "c[t, u] = f[t, u] * c[t - 1, u] + i[t, u] * n[t, u]"
    draft.add("c", carried, formula, what="carried state: what stays and what enters")
    shown = ACTIVATIONS[settings.activation].forward(carried)
    _function(draft, "shown", settings.activation, shown, "c[t, u]", "carried state through its activation", "φ(c)")
    draft.add("h", states, "h[t, u] = o[t, u] * shown[t, u]", what="state that is shown at each time")
    _read_out(draft, layer, sequences=settings.return_sequences)


def lstm_back(draft: Draft, layer: LayerTrace, settings: LSTM) -> None:
    """C_t = C_(t+1) f_(t+1) + H_t o φ'(c_t); each cell's δ; then as in a dense layer, summed over times."""
    slopes = {name: value[0] for name, value in layer.inside_slopes.items()}
    parts = dict(zip(_GATES, np.split(slopes["sums"], 4, axis=-1), strict=True))
    _outside(draft, layer, sequences=settings.return_sequences)
    draft.symbols["delta"] = "δ"
    _ahead(draft, "delta", slopes["sums"])
    formula = "g_h[t, u] = out[t, u] + delta[t + 1, k] * U[u, k]"
    draft.add("g_h", slopes["states"], formula, what="slope by the shown state: from outside, and from the next time",
              slope_of="h")  # fmt: skip
    _local(draft, "local_c", settings.activation, "c[t, u]", draft.values("c"), symbol="φ′(c)")
    _ahead(draft, "g_c", slopes["carried"])
    formula = "g_c[t, u] = g_h[t, u] * o[t, u] * local_c[t, u] + g_c[t + 1, u] * f[t + 1, u]"
    what = "slope by the carried state: what is shown now, and what is carried on"
    draft.add("g_c", slopes["carried"], formula, what=what, slope_of="c")
    units, by_gate = len(layer.weights["recurrent_kernel"]), {
        "i": "g_c[t, u] * n[t, u]", "f": "g_c[t, u] * c[t - 1, u]", "n": "g_c[t, u] * i[t, u]",
        "o": "g_h[t, u] * shown[t, u]",
    }  # fmt: skip
    for place, (name, reason) in enumerate(by_gate.items()):
        function = settings.activation if name == "n" else settings.recurrent_activation
        z = draft.values("z")[:, place * units : (place + 1) * units]
        _local(draft, f"local_{name}", function, f"z[t, u + {place * units}]", z, symbol=f"{name}′")
        formula = f"d_{name}[t, u] = {reason} * local_{name}[t, u]"
        draft.add(f"d_{name}", parts[name], formula, what=f"δ of the cell {name}", symbol=f"δ{name}")
    _join(draft, "delta", slopes["sums"], [f"d_{name}" for name in by_gate], "δ of the four cells, side by side")
    _shared_slopes(draft, layer)


def gru_forward(draft: Draft, layer: LayerTrace, settings: GRU) -> None:
    """h_t = z h_(t-1) + (1 - z) n, with gates z and r and a candidate n in one of two forms."""
    _weights(draft, layer)
    inside, units = {name: value[0] for name, value in layer.inside.items()}, len(layer.weights["recurrent_kernel"])
    _ahead(draft, "h", inside["states"])
    sums, own, other = np.split(inside["sums"], 3, axis=-1), "", ""
    gates = (
        ("z", "update", "update gate: how much of the old state stays"),
        ("r", "reset", "reset gate: how much of it the candidate sees"),
    )
    for place, (name, kept, what) in enumerate(gates):
        own, other = _gru_biases(draft, settings, place * units)
        formula = f"s_{name}[t, u] = x[t, k] * W[k, {_at('u', place * units)}]{own}"
        formula += f" + h[t - 1, k] * U[k, {_at('u', place * units)}]{other}"
        draft.add(f"s_{name}", sums[place], formula, what=f"{SUM}, of {name}", symbol=f"s{name}")
        _function(draft, name, settings.recurrent_activation, inside[kept], f"s_{name}[t, u]", what)
    own, other = _gru_biases(draft, settings, 2 * units)
    state = "h[t - 1, k]" if settings.reset_after else "r[t, k] * h[t - 1, k]"
    formula = f"q[t, u] = {state} * U[k, u + {2 * units}]{other}"
    draft.add("q", inside["inner"][:, 2 * units :], formula, what="what the candidate takes from the old state")
    seen = "r[t, u] * q[t, u]" if settings.reset_after else "q[t, u]"
    formula = f"s_n[t, u] = x[t, k] * W[k, u + {2 * units}]{own} + {seen}"
    draft.add("s_n", sums[2], formula, what=f"{SUM}, of n", symbol="sn")
    _function(draft, "n", settings.activation, inside["candidate"], "s_n[t, u]", "candidate: a new state")
    formula = "h[t, u] = z[t, u] * h[t - 1, u] + n[t, u] - z[t, u] * n[t, u]"
    draft.add("h", inside["states"], formula, what="state: a mixture of the old one and the candidate")
    _read_out(draft, layer, sequences=settings.return_sequences)


def gru_back(draft: Draft, layer: LayerTrace, settings: GRU) -> None:
    """By the state, then by the candidate and the gates, then as in a dense layer, summed over times."""
    slopes = {name: value[0] for name, value in layer.inside_slopes.items()}
    units = len(layer.weights["recurrent_kernel"])
    d_z, d_r, d_n = np.split(slopes["sums"], 3, axis=-1)
    d_q = slopes["inner"][:, 2 * units :]
    _outside(draft, layer, sequences=settings.return_sequences)
    by_reset = d_n @ layer.weights["recurrent_kernel"][:, 2 * units :].T
    for name, values in {
        "d_z": d_z,
        "d_r": d_r,
        "d_n": d_n,
        "d_q": d_q,
        "g_h": slopes["states"],
        "e": by_reset,
    }.items():
        _ahead(draft, name, values)
    draft.symbols |= {"d_z": "δz", "d_r": "δr", "d_n": "δn", "d_q": "δq"}
    formula = "g_h[t, u] = out[t, u] + g_h[t + 1, u] * z[t + 1, u]"
    formula += f" + d_z[t + 1, k] * U[u, k] + d_r[t + 1, k] * U[u, k + {units}]"
    to_old = f" + d_q[t + 1, k] * U[u, k + {2 * units}]" if settings.reset_after else " + e[t + 1, u] * r[t + 1, u]"
    what = "slope by the state: from outside, and from the next time"
    draft.add("g_h", slopes["states"], formula + to_old, what=what, slope_of="h")
    gate, phi = settings.recurrent_activation, settings.activation
    _local(draft, "local_n", phi, "s_n[t, u]", draft.values("s_n"), symbol="n′")
    formula = "d_n[t, u] = g_h[t, u] * local_n[t, u] - g_h[t, u] * z[t, u] * local_n[t, u]"
    draft.add("d_n", d_n, formula, what="δ of the candidate", symbol="δn", slope_of="s_n")
    _local(draft, "local_z", gate, "s_z[t, u]", draft.values("s_z"), symbol="z′")
    formula = "d_z[t, u] = g_h[t, u] * h[t - 1, u] * local_z[t, u] - g_h[t, u] * n[t, u] * local_z[t, u]"
    draft.add("d_z", d_z, formula, what="δ of the update gate", symbol="δz", slope_of="s_z")
    _local(draft, "local_r", gate, "s_r[t, u]", draft.values("s_r"), symbol="r′")
    reason = "d_n[t, u] * q[t, u]"
    if not settings.reset_after:
        formula = f"e[t, u] = d_n[t, k] * U[u, k + {2 * units}]"
        draft.add("e", by_reset, formula, what="slope by reset gate times old state")
        reason = "e[t, u] * h[t - 1, u]"
    formula = f"d_r[t, u] = {reason} * local_r[t, u]"
    draft.add("d_r", d_r, formula, what="δ of the reset gate", symbol="δr", slope_of="s_r")
    formula = "d_q[t, u] = d_n[t, u]" + " * r[t, u]" * settings.reset_after
    draft.add("d_q", d_q, formula, what="slope by what the candidate takes from the old state", slope_of="q")
    _join(draft, "delta", slopes["sums"], ["d_z", "d_r", "d_n"], "δ of the three sums, side by side")
    _join(draft, "inner", slopes["inner"], ["d_z", "d_r", "d_q"], "δ of what the old state added, side by side")
    _gru_slopes(draft, layer, settings, units)


def _gru_slopes(draft: Draft, layer: LayerTrace, settings: GRU, units: int) -> None:
    slopes = layer.weight_slopes
    draft.add("g_W", slopes["kernel"], "g_W[k, u] = x[t, k] * delta[t, u]", what=_SHARED, slope_of="W")
    if settings.reset_after:
        draft.add(
            "g_U", slopes["recurrent_kernel"], "g_U[k, u] = h[t - 1, k] * inner[t, u]", what=_SHARED, slope_of="U"
        )
    else:
        gates, candidate = np.split(slopes["recurrent_kernel"], [2 * units], axis=1)
        formula = "g_U_gates[k, u] = h[t - 1, k] * inner[t, u]"
        draft.add("g_U_gates", gates, formula, what="slope by the gates' part of U", symbol="∂L/∂U gates")
        formula = f"g_U_n[k, u] = r[t, k] * h[t - 1, k] * inner[t, u + {2 * units}]"
        draft.add("g_U_n", candidate, formula, what="slope by the candidate's part of U", symbol="∂L/∂U candidate")
        _join(draft, "g_U", slopes["recurrent_kernel"], ["g_U_gates", "g_U_n"], _SHARED, "∂L/∂U", slope_of="U")
    if "bias" in slopes:
        formula = "g_b[r, u] = delta[t, u] * (r == 0) + inner[t, u] * (r == 1)"
        formula = formula if settings.reset_after else "g_b[u] = delta[t, u]"
        draft.add("g_b", slopes["bias"], formula, what="slope by the bias: δ, over all times", slope_of="b")
    _input_slope(draft, layer)


_SHARED = "slope by weights that every time shares: summed over times"


def _weights(draft: Draft, layer: LayerTrace) -> None:
    draft.add("W", layer.weights["kernel"], what="weights of the inputs", is_weight=True)
    draft.add("U", layer.weights["recurrent_kernel"], what="weights of the state before", is_weight=True)
    if "bias" in layer.weights:
        draft.add("b", layer.weights["bias"], what="bias", is_weight=True)


def _gru_biases(draft: Draft, settings: GRU, start: int) -> tuple[str, str]:
    """Bias of the inputs' sum and of the old state's, as text."""
    if not draft.has("b"):
        return "", ""
    at = _at("u", start)
    return (f" + b[0, {at}]", f" + b[1, {at}]") if settings.reset_after else (f" + b[{at}]", "")


def _at(axis: str, start: int) -> str:
    return f"{axis} + {start}" if start else axis


def _ahead(draft: Draft, name: str, values: Numbers) -> None:
    """A quantity that formulas name before it is written: each time needs the one before, or after."""
    draft.announce(name, values)


def _function(draft: Draft, name: str, function: str, values: Numbers, of: str, what: str, symbol: str = "") -> None:
    formula = f"{name}[t, u] = {of}" if function == "linear" else f"{name}[t, u] = {function}({of})"
    draft.add(name, values, formula, what=what, symbol=symbol)


def _local(draft: Draft, name: str, function: str, of: str, z: Numbers, symbol: str) -> None:
    one = ACTIVATIONS[function]
    values, what = one.backward(np.ones_like(z), z, one.forward(z)), f"local slope of {function}: {one.slope_formula}"
    draft.add(name, values, f"{name}[t, u] = slope_of_{function}({of})", what=what, symbol=symbol)


def _read_out(draft: Draft, layer: LayerTrace, *, sequences: bool) -> None:
    last = len(layer.inside["states"][0]) - 1
    formula, what = ("a[t, u] = h[t, u]", "all states") if sequences else (f"a[u] = h[{last}, u]", "the last state")
    draft.add("a", layer.outputs[0], formula, what=f"output: {what}")


def _outside(draft: Draft, layer: LayerTrace, *, sequences: bool) -> None:
    states = layer.inside["states"]
    if layer.output_slope is None:
        return
    values = arriving(layer.output_slope, states, return_sequences=sequences)[0]
    last = states.shape[1] - 1
    formula = "out[t, u] = g[t, u]" if sequences else f"out[t, u] = g[u] * (t == {last})"
    what = "what arrives from outside" + ("" if sequences else ": only the last state was given out")
    draft.add("out", values, formula, what=what, symbol="g at t")


def _join(
    draft: Draft, name: str, values: Numbers, parts: Sequence[str], what: str, symbol: str = "", slope_of: str = ""
) -> None:
    axes = "t, u" if name in ("delta", "inner") else "k, u"
    symbol = symbol or {"delta": "δ", "inner": "δ inner"}[name]
    links = slope_of or ("z" if name == "delta" and draft.has("z") and draft.values("z").shape == values.shape else "")
    draft.add(name, values, f"{name}[{axes}] = join({', '.join(parts)})", what=what, symbol=symbol, slope_of=links)


def _shared_slopes(draft: Draft, layer: LayerTrace) -> None:
    slopes = layer.weight_slopes
    draft.add("g_W", slopes["kernel"], "g_W[k, u] = x[t, k] * delta[t, u]", what=_SHARED, slope_of="W")
    draft.add("g_U", slopes["recurrent_kernel"], "g_U[k, u] = h[t - 1, k] * delta[t, u]", what=_SHARED, slope_of="U")
    if "bias" in slopes:
        draft.add(
            "g_b", slopes["bias"], "g_b[u] = delta[t, u]", what="slope by the bias: δ, over all times", slope_of="b"
        )
    _input_slope(draft, layer)


def _input_slope(draft: Draft, layer: LayerTrace) -> None:
    if layer.input_slope is not None:
        what = "slope by the inputs: what arrives at the layer before"
        draft.add("g_x", layer.input_slope[0], "g_x[t, k] = W[k, u] * delta[t, u]", what=what, slope_of="x")
