"""Layers that train nothing: another shape, an activation of its own, dropout."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.activations import activation
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes

__all__ = ["ActivationLayer", "Dropout", "Reshape"]


@dataclass(frozen=True, eq=False)
class Reshape(AbstractLayer):
    """The same numbers of a row in another shape, last axis fastest; Keras' Flatten and Reshape.

    Args:
        shape: Shape of one row; one number of it may be -1, whatever is left. (-1,) is Flatten.
    """

    formula: ClassVar[str] = "a[i] = x[r, c, k] with i = (r · columns + c) · channels + k"
    slope_formula: ClassVar[str] = "∂L/∂x[r, c, k] = g[i]"

    shape: tuple[int, ...] = (-1,)

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        return Passed(inputs.reshape(len(inputs), *self.shape), {"inputs": inputs})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        return Slopes(gradient.reshape(kept["inputs"].shape), {})


@dataclass(frozen=True, eq=False)
class ActivationLayer(AbstractLayer):
    """An activation as a layer: a = f(x), ∂L/∂x = g · f'(x).

    Args:
        activation: Name of f.
    """

    formula: ClassVar[str] = "a = f(x)"
    slope_formula: ClassVar[str] = "∂L/∂x = g · f'(x)"

    activation: str = "linear"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        outputs = activation(self.activation).forward(inputs)
        return Passed(outputs, {"inputs": inputs, "outputs": outputs})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        return Slopes(activation(self.activation).backward(gradient, kept["inputs"], kept["outputs"]), {})


@dataclass(frozen=True, eq=False)
class Dropout(AbstractLayer):
    """In training, some inputs become 0 and the others x / (1 - rate); otherwise nothing happens.

    The mean stays what it was, so that nothing has to be put right where the network answers. The way back multiplies
    by the same mask: a dropped input had no part in the loss.

    Args:
        rate: Share of inputs that are dropped, 0 to below 1.
        seed: Of the draw; the same seed drops the same inputs.
        mask: 1 where an input stays, 0 where it goes, in place of a draw (to repeat somebody else's).
    """

    formula: ClassVar[str] = "a = x · mask / (1 - rate) in training, a = x otherwise"
    slope_formula: ClassVar[str] = "∂L/∂x = g · mask / (1 - rate) in training, g otherwise"

    rate: float = 0.5
    seed: int = 0
    mask: Numbers | None = None

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: D102  # AbstractLayer's
        factor = self._mask(inputs.shape) / (1 - self.rate) if training else np.ones(inputs.shape)
        return Passed(inputs * factor, {"factor": factor})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        return Slopes(gradient * kept["factor"], {})

    def _mask(self, shape: tuple[int, ...]) -> Numbers:
        if self.mask is not None:
            return self.mask
        draws = np.random.default_rng(self.seed).random(math.prod(shape))
        return (draws.reshape(shape) >= self.rate).astype(float)
