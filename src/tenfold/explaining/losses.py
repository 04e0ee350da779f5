"""Formulas of the losses and of their slopes by the predictions, as Keras computes them, one place after the other."""

import numpy as np

from tenfold.explaining.functions import CLIP
from tenfold.explaining.passing_through import letters
from tenfold.explaining.worksheet import Draft, Worksheet
from tenfold.scratch.activations import sigmoid, softmax
from tenfold.scratch.layer import Numbers
from tenfold.scratch.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from tenfold.scratch.tracing import LossTrace

__all__ = ["clip_note", "write_loss"]

_SLOPE = "slope by the prediction: what goes back into the network"


def write_loss(draft: Draft, told: LossTrace) -> None:
    """Write a loss and its slope; the prediction `p` is there already.

    Args:
        draft: Where to.
        told: The loss of the row.
    """
    p = draft.values("p")
    axes = letters(p.ndim)
    loss = told.loss
    if isinstance(loss, SparseCategoricalCrossentropy):
        classes = np.asarray(told.target).reshape(p.shape[:-1]).astype(int)
        y = np.eye(p.shape[-1])[classes]
        draft.add("y", y, what="truth: 1 for the row's class, else 0")
    else:
        y = np.asarray(told.target, dtype=float).reshape(p.shape)
        draft.add("y", y, what="truth")
    mean_over = p.size // p.shape[-1] if isinstance(loss, _BY_CLASS) else p.size
    n = {"n1": ("1/n", 1 / mean_over)}
    if isinstance(loss, MeanSquaredError | MeanAbsoluteError):
        _differences(draft, p - y, axes, n, told)
    elif isinstance(loss, BinaryCrossentropy):
        (_binary_logits if loss.from_logits else _binary)(draft, p, axes, n, told)
    elif loss.from_logits:  # type: ignore[attr-defined]  # the two that are left have it
        _class_logits(draft, p, y, axes, n, told)
    else:
        _classes(draft, p, y, axes, n, told)


def clip_note(worksheet: Worksheet) -> str:
    """That the loss was cut off where this row lies, so that it teaches nothing; empty where it was not.

    Args:
        worksheet: The row.
    """
    loss = next(stop.layer for stop in worksheet.stops if stop.phase == "loss")
    inside, truth = (worksheet.quantities.get(f"{loss}.{name}") for name in ("inside", "y"))
    if inside is None or truth is None:
        return ""
    counted = (
        truth.values > 0 if isinstance(worksheet.trace.loss.loss, _BY_CLASS) else np.ones(truth.values.shape, bool)
    )
    if np.any(inside.values[counted]):
        return ""
    return (
        "The prediction lies outside [1e-7, 1 - 1e-7], where Keras cuts the loss off: every slope is 0, and the row "
        "teaches the network nothing, however wrong it is. Trained on logits, it would (docs/precision.md)"
    )


_BY_CLASS = (CategoricalCrossentropy, SparseCategoricalCrossentropy)
_Constants = dict[str, tuple[str, float]]


def _differences(draft: Draft, error: Numbers, axes: str, n: _Constants, told: LossTrace) -> None:
    draft.add("error", error, f"error[{axes}] = p[{axes}] - y[{axes}]", what="prediction minus truth")
    if isinstance(told.loss, MeanSquaredError):
        _value(draft, told, f"L = n1 * error[{axes}] * error[{axes}]", n)
        twice = {"n2": (n["n1"][0].replace("1", "2", 1), 2 * n["n1"][1])}
        _slope(draft, told, f"g_p[{axes}] = n2 * error[{axes}]", twice)
        return
    draft.add("size", np.abs(error), f"size[{axes}] = absolute(error[{axes}])", what="error without its sign")
    _value(draft, told, f"L = n1 * size[{axes}]", n)
    draft.add("sign", np.sign(error), f"sign[{axes}] = sign(error[{axes}])", what="sign of the error")
    _slope(draft, told, f"g_p[{axes}] = n1 * sign[{axes}]", n)


def _binary(draft: Draft, p: Numbers, axes: str, n: _Constants, told: LossTrace) -> None:
    q = np.clip(p, CLIP, 1 - CLIP)
    inside = ((p > CLIP) & (p < 1 - CLIP)).astype(float)
    draft.add("q", q, f"q[{axes}] = clipped(p[{axes}])", what="prediction, moved into [1e-7, 1 - 1e-7]")
    one = {"one": ("1", 1.0)}
    what = "probability of the other class"
    draft.add("other", 1 - q, f"other[{axes}] = one - q[{axes}]", what=what, symbol="(1 − q)", numbers=one)
    draft.add("log_q", np.log(q), f"log_q[{axes}] = log(q[{axes}])", what="its logarithm", symbol="log q")
    formula = f"log_other[{axes}] = log(other[{axes}])"
    draft.add("log_other", np.log(1 - q), formula, what="its logarithm", symbol="log(1 − q)")
    formula = f"L = -n1 * y[{axes}] * log_q[{axes}] - n1 * log_other[{axes}] + n1 * y[{axes}] * log_other[{axes}]"
    _value(draft, told, formula, n)
    draft.add("inside", inside, f"inside[{axes}] = not_clipped(p[{axes}])", what=_CLIPPED)
    draft.add("one_q", 1 / q, f"one_q[{axes}] = one_over(q[{axes}])", what="1 / q", symbol="1/q")
    draft.add("one_other", 1 / (1 - q), f"one_other[{axes}] = one_over(other[{axes}])", what="1 / (1 - q)",
              symbol="1/(1 − q)")  # fmt: skip
    formula = f"g_p[{axes}] = n1 * inside[{axes}] * one_other[{axes}] - n1 * y[{axes}] * inside[{axes}] * one_other[{axes}] - n1 * y[{axes}] * inside[{axes}] * one_q[{axes}]"  # noqa: E501  # one formula
    _slope(draft, told, formula, n)


_CLIPPED = "1 where the clip left the probability as it is; where it is 0, the row teaches nothing"


def _binary_logits(draft: Draft, z: Numbers, axes: str, n: _Constants, told: LossTrace) -> None:
    soft = np.logaddexp(z, 0)
    draft.add("soft", soft, f"soft[{axes}] = softplus(p[{axes}])", what="log(1 + exp(z)), z the logit")
    _value(draft, told, f"L = n1 * soft[{axes}] - n1 * y[{axes}] * p[{axes}]", n)
    draft.add("s", sigmoid(z), f"s[{axes}] = sigmoid(p[{axes}])", what="probability", symbol="sigmoid(z)")
    _slope(draft, told, f"g_p[{axes}] = n1 * s[{axes}] - n1 * y[{axes}]", n)


def _classes(draft: Draft, p: Numbers, y: Numbers, axes: str, n: _Constants, told: LossTrace) -> None:
    rows = axes.removesuffix("j").removesuffix(", ")
    at_k, row = (f"{rows}, k", f"[{rows}]") if rows else ("k", "")
    total = p.sum(axis=-1)
    q = p / total[..., None]
    c = np.clip(q, CLIP, 1 - CLIP)
    inside = ((q > CLIP) & (q < 1 - CLIP)).astype(float)
    draft.add("total", total, f"total{row} = p[{at_k}]", what="all probabilities together")
    draft.add("share", 1 / total, f"share{row} = one_over(total{row})", what="1 divided by that")
    draft.add("q", q, f"q[{axes}] = p[{axes}] * share{row}", what="probabilities divided by their sum")
    draft.add("c", c, f"c[{axes}] = clipped(q[{axes}])", what="moved into [1e-7, 1 - 1e-7]")
    draft.add("log_c", np.log(c), f"log_c[{axes}] = log(c[{axes}])", what="their logarithms", symbol="log c")
    _value(draft, told, f"L = -n1 * y[{axes}] * log_c[{axes}]", n)
    draft.add("inside", inside, f"inside[{axes}] = not_clipped(q[{axes}])", what=_CLIPPED)
    draft.add("one_c", 1 / c, f"one_c[{axes}] = one_over(c[{axes}])", what="1 / c", symbol="1/c")
    by_share = -inside * y / c * n["n1"][1]
    formula = f"g_q[{axes}] = -n1 * inside[{axes}] * y[{axes}] * one_c[{axes}]"
    draft.add(
        "g_q", by_share, _without_one(formula, n), what="slope by the divided probabilities", numbers=n, slope_of="q"
    )
    mixed = (by_share * q).sum(axis=-1)
    draft.add("mean", mixed, f"mean{row} = g_q[{at_k}] * q[{at_k}]", what="those slopes, weighted by q")
    _slope(draft, told, f"g_p[{axes}] = g_q[{axes}] * share{row} - mean{row} * share{row}", {})


def _class_logits(draft: Draft, z: Numbers, y: Numbers, axes: str, n: _Constants, told: LossTrace) -> None:
    rows = axes.removesuffix("j").removesuffix(", ")
    at_k, row = (f"{rows}, k", f"[{rows}]") if rows else ("k", "")
    top = z.max(axis=-1)
    d = z - top[..., None]
    total = np.exp(d).sum(axis=-1)
    draft.add("top", top, f"top{row} = max(p[{at_k}])", what="largest logit, taken away for safety")
    draft.add("d", d, f"d[{axes}] = p[{axes}] - top{row}", what="logit below the largest one")
    draft.add("e", np.exp(d), f"e[{axes}] = exp(d[{axes}])", what="its power of e")
    draft.add("total", total, f"total{row} = e[{at_k}]", what="all powers together")
    draft.add("log_total", np.log(total), f"log_total{row} = log(total{row})", what="its logarithm", symbol="log total")
    _value(draft, told, f"L = n1 * y[{axes}] * log_total{row} - n1 * y[{axes}] * d[{axes}]", n)
    draft.add("share", 1 / total, f"share{row} = one_over(total{row})", what="1 divided by the powers together")
    draft.add("s", softmax(z), f"s[{axes}] = e[{axes}] * share{row}", what="probabilities", symbol="softmax(z)")
    draft.add("weight", y.sum(axis=-1), f"weight{row} = y[{at_k}]", what="the truth together, 1 for one class")
    _slope(draft, told, f"g_p[{axes}] = n1 * s[{axes}] * weight{row} - n1 * y[{axes}]", n)


def _value(draft: Draft, told: LossTrace, formula: str, numbers: _Constants) -> None:
    draft.add("L", np.asarray(told.value), _without_one(formula, numbers), what="the loss of this row", numbers=numbers)


def _slope(draft: Draft, told: LossTrace, formula: str, numbers: _Constants) -> None:
    draft.add("g_p", told.slope[0], _without_one(formula, numbers), what=_SLOPE, numbers=numbers, slope_of="p")


def _without_one(formula: str, numbers: _Constants) -> str:
    """A row with one prediction is its own mean: nothing is divided by 1."""
    return formula.replace("n1 * ", "") if numbers.get("n1", ("", 0.0))[1] == 1 else formula
