"""SimpleRNN, and what all recurrent layers share: one step for each time, and the way back through time.

A recurrent layer's loss depends on the state h_t twice: directly, where something reads it, and through the next
state. The way back therefore walks from the last time to the first and adds, at each, what comes from the outside and
what comes from t + 1. The slopes of the weights, which every time shares, are sums over times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes

__all__ = ["SimpleRNN", "arriving", "before", "over_time", "read_out"]


@dataclass(frozen=True, eq=False)
class SimpleRNN(AbstractLayer):
    """s_t = x_t W + h_(t-1) U + b, h_t = f(s_t), with h_(-1) = 0.

    With δ_t = (g_t + δ_(t+1) Uᵀ) · f'(s_t): ∂L/∂W = Σ_t x_tᵀ δ_t, ∂L/∂U = Σ_t h_(t-1)ᵀ δ_t, ∂L/∂b = Σ_t δ_t and
    ∂L/∂x_t = δ_t Wᵀ.

    Args:
        activation: Name of f.
        return_sequences: Whether the outputs are all states, or the last alone.
        weights: `kernel` W (inputs, units), `recurrent_kernel` U (units, units), and `bias` (units,) unless there is
            none.
    """

    formula: ClassVar[str] = "s_t = x_t W + h_(t-1) U + b; h_t = f(s_t)"
    slope_formula: ClassVar[str] = (
        "δ_t = (g_t + δ_(t+1) Uᵀ) · f'(s_t); ∂L/∂W = Σ_t x_tᵀ δ_t; ∂L/∂U = Σ_t h_(t-1)ᵀ δ_t; ∂L/∂b = Σ_t δ_t; "
        "∂L/∂x_t = δ_t Wᵀ"
    )

    activation: str = "tanh"
    return_sequences: bool = False

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        recurrent = self.weights["recurrent_kernel"]
        sums = inputs @ self.weights["kernel"] + self.weights.get("bias", np.zeros(()))
        states = np.zeros(sums.shape)
        for time in range(sums.shape[1]):
            if time:
                sums[:, time] += states[:, time - 1] @ recurrent
            states[:, time] = activation(self.activation).forward(sums[:, time])
        kept = {"inputs": inputs, "sums": sums, "states": states}
        return Passed(read_out(states, return_sequences=self.return_sequences), kept)

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        sums, states, recurrent = kept["sums"], kept["states"], self.weights["recurrent_kernel"]
        outside = arriving(gradient, states, return_sequences=self.return_sequences)
        delta, total, from_next = np.zeros(states.shape), np.zeros(states.shape), np.zeros(states[:, 0].shape)
        for time in reversed(range(states.shape[1])):
            total[:, time] = outside[:, time] + from_next
            delta[:, time] = activation(self.activation).backward(total[:, time], sums[:, time], states[:, time])
            from_next = delta[:, time] @ recurrent.T
        slopes = {
            "kernel": over_time(kept["inputs"], delta),
            "recurrent_kernel": over_time(before(states), delta),
            "bias": delta.sum(axis=(0, 1)),
        }
        return Slopes(delta @ self.weights["kernel"].T, self.own(slopes), {"states": total, "sums": delta})


def read_out(states: Numbers, *, return_sequences: bool) -> Numbers:
    """What a recurrent layer gives: all its states (row, time, unit), or the last (row, unit)."""
    return states if return_sequences else states[:, -1]


def arriving(gradient: Numbers, states: Numbers, *, return_sequences: bool) -> Numbers:
    """The gradient that arrives at each state: all of it at the last one, if only that was given out."""
    if return_sequences:
        return gradient
    outside = np.zeros(states.shape)
    outside[:, -1] = gradient
    return outside


def before(states: Numbers) -> Numbers:
    """The state before each time: zeros, then all states but the last."""
    return np.concatenate([np.zeros_like(states[:, :1]), states[:, :-1]], axis=1)


def over_time(inputs: AnyNumbers, delta: Numbers) -> Numbers:
    """Σ over rows and times of inputᵀ δ: the slope of a matrix that every time shares."""
    return np.tensordot(inputs, delta, ([0, 1], [0, 1]))
