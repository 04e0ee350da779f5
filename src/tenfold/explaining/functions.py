"""Functions of one number that formulas name: activations, their slopes, and what losses and optimizers need.

Each has a text for the reader; the numbers themselves come from `tenfold.scratch`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.scratch.activations import ACTIVATIONS, Activation
from tenfold.scratch.layer import Numbers

__all__ = ["CLIP", "FUNCTIONS", "Function", "curve_of"]

CLIP = 1e-7
"""Keras moves probabilities into [1e-7, 1 - 1e-7] before a logarithm."""


@dataclass(frozen=True)
class Function:
    """A function between two cells.

    Args:
        text: What it computes, for the reader, such as `"max(z, 0)"`.
        of: The function itself, of numbers and of constants.
        is_slope: Whether it is the slope of an activation.
    """

    text: str
    of: Callable[..., Numbers]
    is_slope: bool = False


def curve_of(name: str, *, num_points: int = 81, reach: float = 6.0) -> list[float]:
    """An activation, or its slope, at places between -reach and reach, to be drawn.

    Args:
        name: Name of the function.
        num_points: How many places.
        reach: How far from 0.
    """
    places: Numbers = np.linspace(-reach, reach, num_points)
    return [round(float(value), 4) for value in FUNCTIONS[name].of(places)]


def _activations(all_of_them: Sequence[Activation]) -> dict[str, Function]:
    """Each activation of one number, and its slope by the number."""
    functions = {}
    for one in all_of_them:
        functions[one.name] = Function(one.formula.removeprefix("a = "), one.forward)
        functions[f"slope_of_{one.name}"] = Function(one.slope_formula, _slope(one), is_slope=True)
    return functions


def _slope(one: Activation) -> Callable[[Numbers], Numbers]:
    return lambda z: one.backward(np.ones_like(z), z, one.forward(z))


FUNCTIONS = {
    **_activations([one for name, one in ACTIVATIONS.items() if name != "softmax"]),
    "exp": Function("e to the power of it", np.exp),
    "log": Function("its natural logarithm", np.log),
    "absolute": Function("without its sign", np.abs),
    "sign": Function("1, 0 or -1", np.sign),
    "one_over": Function("1 divided by it", lambda v: 1 / v),
    "one_over_root": Function("1 / √(v + ε)", lambda v, epsilon: 1 / np.sqrt(v + epsilon)),
    "one_over_root_then": Function("1 / (√v + ε)", lambda v, epsilon: 1 / (np.sqrt(v) + epsilon)),
    "clipped": Function("moved into [1e-7, 1 - 1e-7]", lambda p: np.clip(p, CLIP, 1 - CLIP)),
    "not_clipped": Function(
        "1 where it lies inside (1e-7, 1 - 1e-7), else 0", lambda p: ((p > CLIP) & (p < 1 - CLIP)).astype(float)
    ),
    "softplus": Function("log(1 + exp(z))", ACTIVATIONS["softplus"].forward),
}
"""Every function that a formula may name."""
