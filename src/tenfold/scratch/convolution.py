"""Convolutions: the same small kernel at every place of a line or a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes
from tenfold.scratch.windows import Windows

__all__ = ["Convolution"]


@dataclass(frozen=True, eq=False)
class Convolution(AbstractLayer):
    """z[p, k] = Σ_cells Σ_c x[stride · p + cell, c] K[cell, c, k] + b[k], a = f(z): Keras' Conv1D and Conv2D.

    Every place p uses the same kernel, so its slope is the sum over places and rows of (what the cell saw) · δ:
    ∂L/∂K[cell, c, k] = Σ x[stride · p + cell, c] δ[p, k]. A pixel was seen by as many places as reach it, and
    collects from each: ∂L/∂x[stride · p + cell, c] += Σ_k K[cell, c, k] δ[p, k].

    Args:
        windows: Size, stride, padding and dilation of the kernel.
        activation: Name of f.
        weights: `kernel` (size..., channels, filters), and `bias` (filters,) unless there is none.
    """

    formula: ClassVar[str] = "z[p, k] = Σ_cells Σ_c x[stride · p + cell, c] K[cell, c, k] + b[k]; a = f(z)"
    slope_formula: ClassVar[str] = (
        "∂L/∂K[cell, c, k] = Σ_rows Σ_p x[stride · p + cell, c] δ[p, k]; ∂L/∂b[k] = Σ_rows Σ_p δ[p, k]; "
        "∂L/∂x[q, c] = Σ over the (p, cell) that see q, and k, of K[cell, c, k] δ[p, k]"
    )

    windows: Windows
    activation: str = "linear"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        kernel, padded, space = self.weights["kernel"], self.windows.padded(inputs), inputs.shape[1:-1]
        sums = np.zeros((len(inputs), *self.windows.num_places(space), kernel.shape[-1]))
        for cell, places in self.windows.cells(space):
            sums += padded[places] @ kernel[cell]
        sums += self.weights.get("bias", np.zeros(()))
        outputs = activation(self.activation).forward(sums)
        return Passed(outputs, {"inputs": inputs, "sums": sums, "outputs": outputs})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        delta = activation(self.activation).backward(gradient, kept["sums"], kept["outputs"])
        kernel, padded, space = self.weights["kernel"], self.windows.padded(kept["inputs"]), kept["inputs"].shape[1:-1]
        kernel_slope, padded_slope = np.zeros_like(kernel), np.zeros_like(padded)
        places_and_rows = list(range(delta.ndim - 1))
        for cell, places in self.windows.cells(space):
            kernel_slope[cell] = np.tensordot(padded[places], delta, (places_and_rows, places_and_rows))
            padded_slope[places] += delta @ kernel[cell].T
        weights = self.own({"kernel": kernel_slope, "bias": delta.sum(axis=tuple(places_and_rows))})
        return Slopes(self.windows.cut(padded_slope, space), weights, {"sums": delta})
