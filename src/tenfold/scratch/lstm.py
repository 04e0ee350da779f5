"""LSTM: a state that is carried on, and three gates that decide what enters it, what stays and what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import Activation, activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes
from tenfold.scratch.recurrent import arriving, before, over_time, read_out

__all__ = ["LSTM"]

_GATES = ("input", "forget", "candidate", "output")
"""In Keras' order: a quarter of the columns of each matrix belongs to each."""


@dataclass(frozen=True, eq=False)
class LSTM(AbstractLayer):
    """Four Dense cells i, f, n, o of (x_t, h_(t-1)); then c_t = f c_(t-1) + i n and h_t = o φ(c_t).

    i, f and o are gates (σ, 0 to 1), n is the candidate (φ). Way back at time t, with H_t the gradient that arrives at
    h_t from outside and from t + 1, and C_t the one that arrives at c_t:
    C_t = C_(t+1) f_(t+1) + H_t o φ'(c_t). Then by each cell's output: i: C n, f: C c_(t-1), n: C i, o: H φ(c); through
    the cell's own slope that is δ. As in a Dense cell, ∂L/∂W = Σ_t x_tᵀ δ_t, ∂L/∂U = Σ_t h_(t-1)ᵀ δ_t,
    ∂L/∂b = Σ_t δ_t, ∂L/∂x_t = δ_t Wᵀ, and δ_t Uᵀ goes on to h_(t-1).

    Args:
        activation: Name of φ.
        recurrent_activation: Name of σ.
        return_sequences: Whether the outputs are all h_t, or the last alone.
        weights: `kernel` W (inputs, 4 units), `recurrent_kernel` U (units, 4 units), and `bias` (4 units,) unless there
            is none; columns in the order i, f, n, o.
    """

    formula: ClassVar[str] = "[i f n o] = [σ σ φ σ](x_t W + h_(t-1) U + b); c_t = f · c_(t-1) + i · n; h_t = o · φ(c_t)"
    slope_formula: ClassVar[str] = (
        "C_t = C_(t+1) · f_(t+1) + H_t · o · φ'(c_t); δ = [C n, C c_(t-1), C i, H φ(c)] · slopes of the four; "
        "∂L/∂W = Σ_t x_tᵀ δ_t; ∂L/∂U = Σ_t h_(t-1)ᵀ δ_t; ∂L/∂b = Σ_t δ_t; ∂L/∂x_t = δ_t Wᵀ"
    )

    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    return_sequences: bool = False

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        recurrent = self.weights["recurrent_kernel"]
        sums = inputs @ self.weights["kernel"] + self.weights.get("bias", np.zeros(()))
        gates = np.zeros(sums.shape)
        carried, states = (np.zeros((*sums.shape[:2], len(recurrent))) for _ in range(2))
        for time in range(sums.shape[1]):
            if time:
                sums[:, time] += states[:, time - 1] @ recurrent
            gates[:, time] = self._gates_of(sums[:, time])
            i, f, n, o = np.split(gates[:, time], 4, axis=-1)
            carried[:, time] = f * carried[:, time - 1] + i * n  # before the first time the last one is still 0
            states[:, time] = o * self._phi.forward(carried[:, time])
        named = dict(zip(_GATES, np.split(gates, 4, axis=-1), strict=True))
        kept = {"inputs": inputs, "sums": sums, "carried": carried, "states": states, **named}
        return Passed(read_out(states, return_sequences=self.return_sequences), kept)

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        states, recurrent = kept["states"], self.weights["recurrent_kernel"]
        outside = arriving(gradient, states, return_sequences=self.return_sequences)
        delta = np.zeros(kept["sums"].shape)
        shown, carried = np.zeros(states.shape), np.zeros(states.shape)
        state_from_next, carried_from_next = (np.zeros(states[:, 0].shape) for _ in range(2))
        for time in reversed(range(states.shape[1])):
            shown[:, time] = outside[:, time] + state_from_next
            back = self._step_back(shown[:, time], carried_from_next, kept, time)
            delta[:, time], carried[:, time], carried_from_next = back
            state_from_next = delta[:, time] @ recurrent.T
        slopes = {
            "kernel": over_time(kept["inputs"], delta),
            "recurrent_kernel": over_time(before(states), delta),
            "bias": delta.sum(axis=(0, 1)),
        }
        inside = {"states": shown, "carried": carried, "sums": delta}
        return Slopes(delta @ self.weights["kernel"].T, self.own(slopes), inside)

    def _step_back(
        self, state_slope: Numbers, carried_slope: Numbers, kept: Mapping[str, AnyNumbers], time: int
    ) -> tuple[Numbers, Numbers, Numbers]:
        """δ of the four cells at one time, the slope of the carried state, and what goes on to the one before."""
        i, f, n, o = (kept[gate][:, time] for gate in _GATES)
        c, c_before = kept["carried"][:, time], before(kept["carried"])[:, time]
        shown = self._phi.forward(c)
        total = carried_slope + self._phi.backward(state_slope * o, c, shown)
        by_gate = (total * n, total * c_before, total * i, state_slope * shown)
        sums = np.split(kept["sums"][:, time], 4, axis=-1)
        cells = zip(self._functions, by_gate, sums, (i, f, n, o), strict=True)
        delta = [cell.backward(slope, z, a) for cell, slope, z, a in cells]
        return np.concatenate(delta, axis=-1), total, total * f

    def _gates_of(self, sums: Numbers) -> Numbers:
        parts = zip(self._functions, np.split(sums, 4, axis=-1), strict=True)
        return np.concatenate([cell.forward(part) for cell, part in parts], axis=-1)

    @property
    def _phi(self) -> Activation:
        return activation(self.activation)

    @property
    def _functions(self) -> tuple[Activation, ...]:
        gate = activation(self.recurrent_activation)
        return (gate, gate, self._phi, gate)
