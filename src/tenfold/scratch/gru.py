"""GRU: one gate that decides between the old state and a new one, one that decides how much the new one sees of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import Activation, activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes
from tenfold.scratch.recurrent import arriving, before, over_time, read_out

__all__ = ["GRU"]


@dataclass(frozen=True, eq=False)
class GRU(AbstractLayer):
    """h_t = z h_(t-1) + (1 - z) n, with gates z, r = σ(x W + h U + b) and a candidate n in one of two forms.

    `reset_after` (Keras' default, two rows of biases): n = φ(x W_n + b_n + r (h U_n + b'_n)): the gate acts after the
    product. Otherwise (Cho and others 2014, one row): n = φ(x W_n + b_n + (r h) U_n). With 32 inputs and 32 units
    that is 6,336 parameters against 6,240.

    Way back, H the gradient that arrives at h_t: by z: H (h_(t-1) - n), by n: H (1 - z), by h_(t-1) directly: H z. Let
    δ_z, δ_r, δ_n be the slopes of the three sums, and q = h U_n + b'_n. After: by r: δ_n q, and U_n receives δ_n r.
    Before: by r h: δ_n U_nᵀ =: e, so by r: e h, and e r goes on to h_(t-1).

    Args:
        activation: Name of φ.
        recurrent_activation: Name of σ.
        return_sequences: Whether the outputs are all h_t, or the last alone.
        reset_after: Which of the two forms.
        weights: `kernel` (inputs, 3 units), `recurrent_kernel` (units, 3 units), and unless there is none `bias`
            (2, 3 units), or (3 units,) in the second form; columns in the order z, r, n.
    """

    formula: ClassVar[str] = (
        "z, r = σ(x_t W + h_(t-1) U + b); n = φ(x_t W_n + b_n + r · (h_(t-1) U_n + b'_n)) [reset_after] or "
        "φ(x_t W_n + b_n + (r · h_(t-1)) U_n); h_t = z · h_(t-1) + (1 - z) · n"
    )
    slope_formula: ClassVar[str] = (
        "δ_z = H (h_(t-1) - n) σ'; δ_n = H (1 - z) φ'; δ_r = δ_n q σ', q = h_(t-1) U_n + b'_n [reset_after] or "
        "(δ_n U_nᵀ) h_(t-1) σ'; ∂L/∂W = Σ_t x_tᵀ [δ_z δ_r δ_n]; ∂L/∂x_t = [δ_z δ_r δ_n] Wᵀ"
    )

    activation: str = "tanh"
    recurrent_activation: str = "sigmoid"
    return_sequences: bool = False
    reset_after: bool = True

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        sums = inputs @ self.weights["kernel"] + self._biases[0]
        gates, inner = np.zeros(sums.shape), np.zeros(sums.shape)
        states = np.zeros((*sums.shape[:2], len(self.weights["recurrent_kernel"])))
        for time in range(sums.shape[1]):
            old = states[:, time - 1]  # before the first time the last one is still 0
            gates[:, time], sums[:, time], inner[:, time] = self._step(sums[:, time], old)
            z, _, n = np.split(gates[:, time], 3, axis=-1)
            states[:, time] = z * old + (1 - z) * n
        update, reset, candidate = np.split(gates, 3, axis=-1)
        named = {"update": update, "reset": reset, "candidate": candidate}
        kept = {"inputs": inputs, "sums": sums, "inner": inner, "states": states, **named}
        return Passed(read_out(states, return_sequences=self.return_sequences), kept)

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        states = kept["states"]
        outside = arriving(gradient, states, return_sequences=self.return_sequences)
        delta, inner_delta = np.zeros(kept["sums"].shape), np.zeros(kept["sums"].shape)
        arrives, from_next = np.zeros(states.shape), np.zeros(states[:, 0].shape)
        for time in reversed(range(states.shape[1])):
            arrives[:, time] = outside[:, time] + from_next
            back = self._step_back(arrives[:, time], kept, time)
            delta[:, time], inner_delta[:, time], from_next = back
        slopes = {
            "kernel": over_time(kept["inputs"], delta),
            "recurrent_kernel": self._recurrent_slope(kept, inner_delta),
            "bias": self._bias_slope(delta, inner_delta),
        }
        inside = {"states": arrives, "sums": delta, "inner": inner_delta}
        return Slopes(delta @ self.weights["kernel"].T, self.own(slopes), inside)

    def _step(self, sums: Numbers, old: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """z, r, n of one time, all sums before their activations, and what the old state adds to them."""
        recurrent, units = self.weights["recurrent_kernel"], old.shape[-1]
        inner = old @ recurrent + self._biases[1]
        gate_sums = (sums + inner)[:, : 2 * units]
        gates = self._sigma.forward(gate_sums)
        r = gates[:, units:]
        if not self.reset_after:
            inner[:, 2 * units :] = (r * old) @ recurrent[:, 2 * units :]
        seen = inner[:, 2 * units :] * (r if self.reset_after else 1)
        candidate_sums = sums[:, 2 * units :] + seen
        candidate = self._phi.forward(candidate_sums)
        return np.concatenate([gates, candidate], axis=-1), np.concatenate([gate_sums, candidate_sums], axis=-1), inner

    def _step_back(
        self, arrives: Numbers, kept: Mapping[str, AnyNumbers], time: int
    ) -> tuple[Numbers, Numbers, Numbers]:
        """δ of the three sums, δ of what the old state added to them, and what goes on to the old state."""
        z, r, n = (kept[name][:, time] for name in ("update", "reset", "candidate"))
        sum_z, sum_r, sum_n = np.split(kept["sums"][:, time], 3, axis=-1)
        old, recurrent = before(kept["states"])[:, time], self.weights["recurrent_kernel"]
        gate_kernel, candidate_kernel = np.split(recurrent, [2 * z.shape[-1]], axis=1)
        delta_z = self._sigma.backward(arrives * (old - n), sum_z, z)
        delta_n = self._phi.backward(arrives * (1 - z), sum_n, n)
        if self.reset_after:
            by_r, inner_n = delta_n * np.split(kept["inner"][:, time], 3, axis=-1)[2], delta_n * r
            to_old = inner_n @ candidate_kernel.T
        else:
            by_reset_state, inner_n = delta_n @ candidate_kernel.T, delta_n
            by_r, to_old = by_reset_state * old, by_reset_state * r
        delta_r = self._sigma.backward(by_r, sum_r, r)
        gate_delta = np.concatenate([delta_z, delta_r], axis=-1)
        from_next = arrives * z + to_old + gate_delta @ gate_kernel.T
        delta, inner = (np.concatenate([gate_delta, last], axis=-1) for last in (delta_n, inner_n))
        return delta, inner, from_next

    def _recurrent_slope(self, kept: Mapping[str, AnyNumbers], inner_delta: Numbers) -> Numbers:
        """What each third of U was multiplied with: the old state, or in the second form r h for the candidate's."""
        old, units = before(kept["states"]), kept["states"].shape[-1]
        gates = over_time(old, inner_delta[..., : 2 * units])
        seen = old if self.reset_after else kept["reset"] * old
        return np.concatenate([gates, over_time(seen, inner_delta[..., 2 * units :])], axis=1)

    def _bias_slope(self, delta: Numbers, inner_delta: Numbers) -> Numbers:
        sums = [part.sum(axis=(0, 1)) for part in (delta, inner_delta)]
        return np.stack(sums) if self.reset_after else sums[0]

    @property
    def _biases(self) -> tuple[Numbers, Numbers]:
        """Of the inputs' sums, and of the old state's."""
        bias = self.weights.get("bias")
        if bias is None:
            return np.zeros(()), np.zeros(())
        return (bias[0], bias[1]) if self.reset_after else (bias, np.zeros(()))

    @property
    def _sigma(self) -> Activation:
        return activation(self.recurrent_activation)

    @property
    def _phi(self) -> Activation:
        return activation(self.activation)
