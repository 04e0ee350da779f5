"""Activations forward and backward, wherever a layer has one: softmax opened step by step, the others as functions."""

import numpy as np

from tenfold.explaining.worksheet import Draft
from tenfold.scratch.activations import ACTIVATIONS
from tenfold.scratch.layer import Numbers

__all__ = ["SUM", "activate", "activate_back", "letters"]

SUM = "sum before the activation"


def letters(rank: int, last: str = "j") -> str:
    """Names of axes, the last one given: `"p, q, j"` for three.

    Args:
        rank: How many.
        last: Name of the last one.
    """
    return ", ".join([*"pqrst"[: rank - 1], last])


def activate(draft: Draft, name: str, outputs: Numbers, *, sums: str = "z", result: str = "a") -> None:
    """Write what an activation makes of sums.

    Args:
        draft: Where to; the sums are there already.
        name: Keras' name of the activation.
        outputs: What it gave.
        sums: Name of the sums.
        result: Name of what comes out.
    """
    z, axes = draft.values(sums), letters(outputs.ndim)
    if name == "linear":
        draft.add(result, outputs, f"{result}[{axes}] = {sums}[{axes}]", what="output: the sum as it is")
    elif name == "softmax":
        _softmax(draft, z, outputs, axes, sums, result)
    else:
        what = f"output: {name} of the sum, {ACTIVATIONS[name].formula}"
        draft.add(result, outputs, f"{result}[{axes}] = {name}({sums}[{axes}])", what=what)


def _softmax(draft: Draft, z: Numbers, outputs: Numbers, axes: str, sums: str, result: str) -> None:
    rows, last = axes.removesuffix("j").removesuffix(", "), "k"
    at_k = f"{rows}, {last}" if rows else last
    row = f"[{rows}]" if rows else ""
    top = draft.add("top", z.max(axis=-1), f"top{row} = max({sums}[{at_k}])", what="largest sum, taken away for safety")
    powers = np.exp(z - top[..., None])
    draft.add("d", z - top[..., None], f"d[{axes}] = {sums}[{axes}] - top{row}", what="sum below the largest one")
    draft.add("e", powers, f"e[{axes}] = exp(d[{axes}])", what="its power of e")
    draft.add("total", powers.sum(axis=-1), f"total{row} = e[{at_k}]", what="all powers together")
    draft.add("share", 1 / powers.sum(axis=-1), f"share{row} = one_over(total{row})", what="1 divided by that")
    what = "output: a probability, softmax of the sums"
    draft.add(result, outputs, f"{result}[{axes}] = e[{axes}] * share{row}", what=what)


def activate_back(
    draft: Draft, name: str, delta: Numbers, *, arriving: str = "g", sums: str = "z", result: str = "a"
) -> None:
    """Write how a slope passes back through an activation: δ, the derivative of the loss by the sums.

    Args:
        draft: Where to; the slope that arrives, the sums and the outputs are there already.
        name: Keras' name of the activation.
        delta: The derivative by the sums.
        arriving: Name of the derivative by the outputs.
        sums: Name of the sums.
        result: Name of the outputs.
    """
    axes = letters(delta.ndim)
    if name == "linear":
        formula = f"delta[{axes}] = {arriving}[{axes}]"
    elif name == "softmax":
        rows = axes.removesuffix("j").removesuffix(", ")
        at_k, row = (f"{rows}, k", f"[{rows}]") if rows else ("k", "")
        mixed = (draft.values(arriving) * draft.values(result)).sum(axis=-1)
        what = "mean of the arriving slopes, weighted by the probabilities"
        draft.add("mean", mixed, f"mean{row} = {arriving}[{at_k}] * {result}[{at_k}]", what=what)
        formula = f"delta[{axes}] = {result}[{axes}] * {arriving}[{axes}] - {result}[{axes}] * mean{row}"
    else:
        z = draft.values(sums)
        local = ACTIVATIONS[name].backward(np.ones_like(z), z, draft.values(result))
        what = f"local slope of {name}: {ACTIVATIONS[name].slope_formula}"
        draft.add("local", local, f"local[{axes}] = slope_of_{name}({sums}[{axes}])", what=what, symbol="f′")
        formula = f"delta[{axes}] = {arriving}[{axes}] * local[{axes}]"
    what = "δ: slope by the sum, what the layer's weights learn from"
    draft.add("delta", delta, formula, what=what, symbol="δ", slope_of=sums)
