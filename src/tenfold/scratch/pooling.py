"""Pooling: a window, or a whole picture, becomes one number for each channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes
from tenfold.scratch.windows import Windows

__all__ = ["AveragePooling", "GlobalAveragePooling", "GlobalMaxPooling", "MaxPooling"]


@dataclass(frozen=True, eq=False)
class MaxPooling(AbstractLayer):
    """a[p] = the largest x in the window at p; among equals, the first.

    A small move of the winner moves the output as much, a move of another cell not at all: the gradient goes to the
    winner alone. A cell that wins in several windows collects from each.

    Args:
        windows: Size, stride and padding; a cell outside the picture never wins.
    """

    formula: ClassVar[str] = "a[p] = max over cells of x[stride · p + cell]"
    slope_formula: ClassVar[str] = "∂L/∂x[q] = Σ over the p whose window q wins of g[p]"

    windows: Windows

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        padded = self.windows.padded(inputs, value=-np.inf)
        seen = np.stack([padded[places] for _, places in self.windows.cells(inputs.shape[1:-1])])
        return Passed(seen.max(axis=0), {"inputs": inputs, "winner": seen.argmax(axis=0)})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        inputs, space = kept["inputs"], kept["inputs"].shape[1:-1]
        slope = np.zeros_like(self.windows.padded(inputs))
        for number, (_, places) in enumerate(self.windows.cells(space)):
            slope[places] += np.where(kept["winner"] == number, gradient, 0)
        return Slopes(self.windows.cut(slope, space), {})


@dataclass(frozen=True, eq=False)
class AveragePooling(AbstractLayer):
    """a[p] = the mean of x in the window at p; cells outside the picture do not count.

    Each of the n cells that count moves the mean by 1/n: ∂L/∂x[q] = Σ over the windows that see q of g[p] / n[p].

    Args:
        windows: Size, stride and padding.
    """

    formula: ClassVar[str] = "a[p] = 1/n[p] Σ_cells x[stride · p + cell], n[p] the cells inside the picture"
    slope_formula: ClassVar[str] = "∂L/∂x[q] = Σ over the p whose window sees q of g[p] / n[p]"

    windows: Windows

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        padded, inside = self.windows.padded(inputs), self.windows.padded(np.ones(inputs.shape))
        cells = list(self.windows.cells(inputs.shape[1:-1]))
        count = np.sum([inside[places] for _, places in cells], axis=0)
        total = np.sum([padded[places] for _, places in cells], axis=0)
        return Passed(total / count, {"inputs": inputs, "count": count})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        space = kept["inputs"].shape[1:-1]
        slope = np.zeros_like(self.windows.padded(kept["inputs"]))
        for _, places in self.windows.cells(space):
            slope[places] += gradient / kept["count"]
        return Slopes(self.windows.cut(slope, space), {})


@dataclass(frozen=True, eq=False)
class GlobalAveragePooling(AbstractLayer):
    """The mean over the whole line or picture, for each channel: every one of the n places moves it by 1/n."""

    formula: ClassVar[str] = "a[c] = 1/n Σ_p x[p, c]"
    slope_formula: ClassVar[str] = "∂L/∂x[p, c] = g[c] / n"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        return Passed(inputs.mean(axis=_places(inputs)), {"inputs": inputs})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        inputs = kept["inputs"]
        count = np.prod(inputs.shape[1:-1])
        return Slopes(np.ones(inputs.shape) * np.expand_dims(gradient, _places(inputs)) / count, {})


@dataclass(frozen=True, eq=False)
class GlobalMaxPooling(AbstractLayer):
    """The largest number of the whole line or picture, for each channel.

    Equals share the gradient: so JAX takes the slope of a maximum over whole axes (over windows the first takes all).
    """

    formula: ClassVar[str] = "a[c] = max over p of x[p, c]"
    slope_formula: ClassVar[str] = "∂L/∂x[p, c] = g[c] / number of equals where x[p, c] is the largest, else 0"

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: ARG002, D102  # no difference
        largest = inputs.max(axis=_places(inputs), keepdims=True)
        return Passed(largest.squeeze(_places(inputs)), {"inputs": inputs, "wins": (inputs == largest).astype(float)})

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        places, wins = _places(kept["inputs"]), kept["wins"]
        return Slopes(np.expand_dims(gradient, places) * wins / wins.sum(axis=places, keepdims=True), {})


def _places(inputs: AnyNumbers) -> tuple[int, ...]:
    """The axes between row and channel."""
    return tuple(range(1, inputs.ndim - 1))
