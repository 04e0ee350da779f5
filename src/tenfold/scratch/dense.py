"""Dense: every output is a weighted sum of all inputs, a bias, and an activation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes

__all__ = ["Dense"]


@dataclass(frozen=True, eq=False)
class Dense(AbstractLayer):
    """z_j = Σ_i x_i W_ij + b_j, a = f(z); an input of more axes is summed over its last.

    With δ_j = ∂L/∂z_j (the arriving gradient through f's slope), the chain rule gives for one row
    ∂L/∂W_ij = x_i δ_j, ∂L/∂b_j = δ_j and ∂L/∂x_i = Σ_j W_ij δ_j; over rows the first two add up.

    Args:
        activation: Name of f.
        weights: `kernel` (inputs, units), and `bias` (units,) unless there is none.

    >>> layer = Dense("linear", weights={"kernel": np.array([[2.0]])})
    >>> passed = layer.forward(np.array([[3.0]]))
    >>> passed.outputs.item(), layer.backward(np.array([[-8.0]]), passed.kept).weights["kernel"].item()
    (6.0, -24.0)
    """

    formula: ClassVar[str] = "z_j = Σ_i x_i W_ij + b_j; a = f(z)"
    slope_formula: ClassVar[str] = "∂L/∂W_ij = Σ_rows x_i δ_j; ∂L/∂b_j = Σ_rows δ_j; ∂L/∂x_i = Σ_j W_ij δ_j"

    activation: str = "linear"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        sums = inputs @ self.weights["kernel"] + self.weights.get("bias", np.zeros(()))
        outputs = activation(self.activation).forward(sums)
        return Passed(outputs, {"inputs": inputs, "sums": sums, "outputs": outputs})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        delta = activation(self.activation).backward(gradient, kept["sums"], kept["outputs"])
        rows = delta.reshape(-1, delta.shape[-1])
        kernel = kept["inputs"].reshape(len(rows), -1).T @ rows
        weights = self.own({"kernel": kernel, "bias": rows.sum(axis=0)})
        return Slopes(delta @ self.weights["kernel"].T, weights, {"sums": delta})
