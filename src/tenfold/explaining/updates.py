"""Formulas of the optimizers' first step: old weight, slope, what the optimizer remembers, new weight."""

import numpy as np

from tenfold.explaining.worksheet import Draft
from tenfold.scratch.layer import Numbers
from tenfold.scratch.optimizers import SGD, AbstractOptimizer, Adam, RMSprop

__all__ = ["write_update"]

_Constants = dict[str, tuple[str, float]]


def write_update(draft: Draft, optimizer: AbstractOptimizer, weight: str, moved: Numbers) -> None:
    """Write how one array of weights moves at the optimizer's first step, its memory empty.

    Args:
        draft: Where to; the weight and its slope are there already.
        optimizer: The optimizer.
        weight: Name of the weight here.
        moved: The weight after the step.
    """
    draft.show(weight, f"g_{weight}")
    axes = ", ".join("ijkl"[: moved.ndim])
    at, slope = f"[{axes}]", f"g_{weight}[{axes}]"
    gradient = draft.values(f"g_{weight}")
    if isinstance(optimizer, SGD):
        formula, numbers = _sgd(draft, optimizer, weight, gradient, at, slope)
    elif isinstance(optimizer, RMSprop):
        formula, numbers = _rmsprop(draft, optimizer, weight, gradient, at, slope)
    else:
        formula, numbers = _adam(draft, optimizer, weight, gradient, at, slope)
    name = f"new_{weight}"
    formula = f"{name}{at} = {weight}{at} {formula}"
    symbol = f"new {draft.symbols.get(weight, weight)}"
    draft.add(name, moved, formula, what="the weight after the step", symbol=symbol, numbers=numbers)


def _rate(value: float, name: str = "η") -> _Constants:
    return {"rate": (name, value)}


def _sgd(draft: Draft, of: SGD, weight: str, gradient: Numbers, at: str, slope: str) -> tuple[str, _Constants]:
    if not of.momentum:
        return f"- rate * {slope}", _rate(of.learning_rate)
    momentum = -of.learning_rate * gradient
    formula = f"m_{weight}{at} = -rate * {slope}"
    _state(draft, "m", weight, momentum, formula, "momentum, from 0", _rate(of.learning_rate))
    if of.nesterov:
        numbers = {"mu": ("μ", of.momentum)} | _rate(of.learning_rate)
        return f"+ mu * m_{weight}{at} - rate * {slope}", numbers
    return f"+ m_{weight}{at}", {}


def _rmsprop(draft: Draft, of: RMSprop, weight: str, gradient: Numbers, at: str, slope: str) -> tuple[str, _Constants]:
    v = (1 - of.rho) * gradient**2
    numbers = {"part": ("(1 − ρ)", 1 - of.rho)}
    _state(
        draft, "v", weight, v, f"v_{weight}{at} = part * {slope} * {slope}", "mean of squared slopes, from 0", numbers
    )
    root = 1 / np.sqrt(v + of.epsilon)
    formula = f"root_{weight}{at} = one_over_root(v_{weight}{at}, epsilon)"
    epsilon = {"epsilon": ("ε", of.epsilon)}
    _state(draft, "root", weight, root, formula, "1 / √(v + ε)", epsilon, "r")
    if not of.momentum:
        return f"- rate * {slope} * root_{weight}{at}", _rate(of.learning_rate)
    formula = f"m_{weight}{at} = rate * {slope} * root_{weight}{at}"
    _state(draft, "m", weight, of.learning_rate * gradient * root, formula, "momentum, from 0", _rate(of.learning_rate))
    return f"- m_{weight}{at}", {}


def _adam(
    draft: Draft, of: AbstractOptimizer, weight: str, gradient: Numbers, at: str, slope: str
) -> tuple[str, _Constants]:
    if not isinstance(of, Adam):
        msg = f"no formulas for {type(of).__name__}"
        raise TypeError(msg)
    m, v = (1 - of.beta_1) * gradient, (1 - of.beta_2) * gradient**2
    numbers = {"part": ("(1 − β₁)", 1 - of.beta_1)}
    _state(draft, "m", weight, m, f"m_{weight}{at} = part * {slope}", "mean of slopes, from 0", numbers)
    numbers = {"part": ("(1 − β₂)", 1 - of.beta_2)}
    _state(
        draft, "v", weight, v, f"v_{weight}{at} = part * {slope} * {slope}", "mean of squared slopes, from 0", numbers
    )
    formula = f"root_{weight}{at} = one_over_root_then(v_{weight}{at}, epsilon)"
    root, epsilon = 1 / (np.sqrt(v) + of.epsilon), {"epsilon": ("ε", of.epsilon)}
    _state(draft, "root", weight, root, formula, "1 / (√v + ε)", epsilon, "r")
    rate = of.learning_rate * np.sqrt(1 - of.beta_2) / (1 - of.beta_1)
    return f"- rate * m_{weight}{at} * root_{weight}{at}", _rate(float(rate), "η √(1 − β₂) / (1 − β₁)")


def _state(
    draft: Draft, name: str, weight: str, values: Numbers, formula: str, what: str, numbers: _Constants,
    symbol: str = "",
) -> None:  # fmt: skip
    draft.add(
        f"{name}_{weight}",
        values,
        formula,
        what=what,
        symbol=f"{symbol or name}_{draft.symbols.get(weight, weight)}",
        numbers=numbers,
    )
