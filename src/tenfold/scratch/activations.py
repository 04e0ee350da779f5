"""Activation functions and their slopes, each derived by hand.

Let a = f(z). For a function of one number the way back is gradient · f'(z), where f' is written below by a wherever
that is shorter. Softmax mixes the numbers of a row: with p = softmax(z), dp_j/dz_k = p_j ([j = k] - p_k), so that the
gradient becomes p (g - sum of g p).

Constants are Keras' defaults: leaky relu falls by 0.2, elu by 1; selu's two are those of Klambauer and others 2017.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tenfold.errors import OptionError, did_you_mean
from tenfold.scratch.layer import Numbers

__all__ = ["ACTIVATIONS", "Activation", "activation", "sigmoid", "softmax"]

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
_LEAK = 0.2
_SQRT_2, _SQRT_2_PI = math.sqrt(2), math.sqrt(2 * math.pi)

_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True)
class Activation:
    """A function between a layer's sums and its outputs.

    Args:
        name: Keras' name.
        formula: What it computes of z.
        slope_formula: Its derivative, or what its way back computes.
        forward: a from z.
        backward: Derivative by z, from the derivative by a, from z and from a.
    """

    name: str
    formula: str
    slope_formula: str
    forward: Callable[[Numbers], Numbers]
    backward: Callable[[Numbers, Numbers, Numbers], Numbers]


def sigmoid(z: Numbers) -> Numbers:
    """1 / (1 + exp(-z)), with no overflow for any z."""
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1, small) / (1 + small))


def softmax(z: Numbers) -> Numbers:
    """exp(z) divided by its sum over the last axis; the largest z is taken away first, which changes nothing else."""
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def activation(name: str) -> Activation:
    """The activation of that name.

    Raises:
        OptionError: There is none.

    >>> activation("relu").slope_formula
    '1 where z > 0, else 0'
    """
    if name not in ACTIVATIONS:
        raise OptionError(
            "unknown_activation",
            f"The activation `{name}` cannot be opened",
            expected=f"one of {', '.join(ACTIVATIONS)}",
            hint=did_you_mean(name, ACTIVATIONS),
        )
    return ACTIVATIONS[name]


def _of_one_number(
    name: str,
    formula: str,
    slope_formula: str,
    forward: Callable[[Numbers], Numbers],
    slope: Callable[[Numbers, Numbers], Numbers],
) -> Activation:
    """An activation whose way back is gradient · slope(z, a)."""
    return Activation(name, formula, slope_formula, forward, lambda gradient, z, a: np.asarray(gradient * slope(z, a)))


def _softmax_backward(gradient: Numbers, _: Numbers, p: Numbers) -> Numbers:
    return np.asarray(p * (gradient - (gradient * p).sum(axis=-1, keepdims=True)))


def _gelu_slope(z: Numbers, _: Numbers) -> Numbers:
    return np.asarray((1 + _erf(z / _SQRT_2)) / 2 + z * np.exp(-(z**2) / 2) / _SQRT_2_PI)


def _below(z: Numbers) -> Numbers:
    """The numbers below 0, and 0, so that exp never overflows on the side that is not looked at."""
    return np.asarray(np.minimum(z, 0))


_ALL = (
    _of_one_number("linear", "a = z", "1", np.copy, lambda z, _: np.ones_like(z)),
    _of_one_number(
        "relu", "a = max(z, 0)", "1 where z > 0, else 0", lambda z: np.maximum(z, 0), lambda z, _: (z > 0).astype(float)
    ),
    _of_one_number(
        "relu6",
        "a = min(max(z, 0), 6)",
        "1 where 0 < z < 6, else 0",
        lambda z: np.clip(z, 0, 6),
        lambda z, _: ((z > 0) & (z < 6)).astype(float),  # noqa: PLR2004  # the 6 of its name
    ),
    _of_one_number(
        "leaky_relu",
        "a = z where z >= 0, else 0.2 z",
        "1 where z >= 0, else 0.2",
        lambda z: np.where(z >= 0, z, _LEAK * z),
        lambda z, _: np.where(z >= 0, 1, _LEAK),
    ),
    _of_one_number(
        "elu",
        "a = z where z > 0, else exp(z) - 1",
        "1 where z > 0, else a + 1",
        lambda z: np.where(z > 0, z, np.expm1(_below(z))),
        lambda z, a: np.where(z > 0, 1, a + 1),
    ),
    _of_one_number(
        "selu",
        "a = 1.0507 z where z > 0, else 1.0507 · 1.6733 (exp(z) - 1)",
        "1.0507 where z > 0, else a + 1.0507 · 1.6733",
        lambda z: _SELU_SCALE * np.where(z > 0, z, _SELU_ALPHA * np.expm1(_below(z))),
        lambda z, a: np.where(z > 0, _SELU_SCALE, a + _SELU_SCALE * _SELU_ALPHA),
    ),
    _of_one_number(
        "softplus", "a = log(1 + exp(z))", "sigmoid(z)", lambda z: np.logaddexp(z, 0), lambda z, _: sigmoid(z)
    ),
    _of_one_number(
        "softsign",
        "a = z / (1 + |z|)",
        "1 / (1 + |z|)²",
        lambda z: z / (1 + np.abs(z)),
        lambda z, _: 1 / (1 + np.abs(z)) ** 2,
    ),
    _of_one_number(
        "silu",
        "a = z s with s = sigmoid(z)",
        "s (1 + z (1 - s))",
        lambda z: z * sigmoid(z),
        lambda z, _: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
    ),
    _of_one_number(
        "gelu",
        "a = z Φ(z), Φ the normal distribution",
        "Φ(z) + z φ(z)",
        lambda z: z * (1 + _erf(z / _SQRT_2)) / 2,
        _gelu_slope,
    ),
    _of_one_number("tanh", "a = tanh(z)", "1 - a²", np.tanh, lambda _, a: 1 - a**2),
    _of_one_number("sigmoid", "a = 1 / (1 + exp(-z))", "a (1 - a)", sigmoid, lambda _, a: a * (1 - a)),
    _of_one_number(
        "hard_sigmoid",
        "a = z/6 + 1/2, kept between 0 and 1",
        "1/6 where -3 < z < 3, else 0",
        lambda z: np.clip(z / 6 + 0.5, 0, 1),
        lambda z, _: np.where(np.abs(z) < 3, 1 / 6, 0),  # noqa: PLR2004  # where z/6 + 1/2 reaches 0 and 1
    ),
    _of_one_number("exponential", "a = exp(z)", "a", np.exp, lambda _, a: a),
    Activation("softmax", "a = exp(z) / sum of exp(z)", "a (g - sum of g a)", softmax, _softmax_backward),
)

ACTIVATIONS = {one.name: one for one in _ALL}
"""Every activation that can be opened, by Keras' name."""
