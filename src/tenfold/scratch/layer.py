"""What every layer of the open box can do: pass numbers forward, and pass slopes back.

    passed = layer.forward(inputs)                      # .outputs, and .kept: every number the way back needs
    slopes = layer.backward(gradient, passed.kept)      # .inputs, and .weights: derivatives of the loss

A layer is a value: nothing in it changes while it works, so any step can be looked at again. Rows of data stand in
lines, as Keras has them, and weights have Keras' names and shapes. Everything is double precision.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeAlias

import numpy as np
from jaxtyping import Float, Real

__all__ = ["AbstractLayer", "AnyNumbers", "Numbers", "Passed", "Slopes", "Weights"]

Numbers: TypeAlias = Float[np.ndarray, "..."]
"""Numbers of any shape; the first axis is the row wherever data pass."""

AnyNumbers: TypeAlias = Real[np.ndarray, "..."]
"""Numbers, or whole numbers such as the words of a text."""

Weights: TypeAlias = Mapping[str, Numbers]
"""Arrays by their Keras names, such as `kernel` and `bias`."""


@dataclass(frozen=True, eq=False)
class Passed:
    """What a layer's way forward leaves behind.

    Args:
        outputs: What the next layer receives, one line a row.
        kept: Numbers of the layer's inside, by name, that the way back needs and that a reader may look at.
    """

    outputs: Numbers
    kept: Mapping[str, AnyNumbers]


@dataclass(frozen=True, eq=False)
class Slopes:
    """What a layer's way back finds: derivatives of the loss.

    Args:
        inputs: By each input, in the inputs' shape; None where inputs are places in a table and have no slope.
        weights: By each weight, with the weights' names and shapes.
        inside: By numbers between inputs and outputs, with the names and shapes that `Passed.kept` gives them; empty
            where there are none.
    """

    inputs: Numbers | None
    weights: Weights
    inside: Weights = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class AbstractLayer(ABC):
    """A layer: its weights, its settings, and its two ways.

    Args:
        weights: Trained arrays by name; empty where there is nothing to train.
        name: The layer's name in its network.
        trainable: Whether training changes the weights.
    """

    formula: ClassVar[str]
    """What the layer computes."""
    slope_formula: ClassVar[str]
    """What its way back computes: δ is the derivative of the loss by the layer's sums, g the one that arrives."""

    weights: Weights = field(default_factory=dict, kw_only=True)
    name: str = field(default="", kw_only=True)
    trainable: bool = field(default=True, kw_only=True)

    @abstractmethod
    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:
        """Outputs of these inputs.

        Args:
            inputs: One line a row.
            training: Whether the layer acts as in training, where that differs (dropout, batch normalisation).

        Returns:
            The outputs, and what the way back needs.
        """

    @abstractmethod
    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:
        """Slopes of the loss by the inputs and the weights.

        Args:
            gradient: Derivative of the loss by the outputs, in their shape.
            kept: What `forward` kept.

        Returns:
            The derivatives by the inputs and by each weight.
        """

    def with_weights(self, weights: Weights) -> "AbstractLayer":
        """The same layer with other weights.

        Args:
            weights: Arrays with the names and shapes of the layer's own.
        """
        return replace(self, weights=dict(weights))

    def after(self, kept: Mapping[str, AnyNumbers]) -> "AbstractLayer":  # noqa: ARG002  # most layers remember nothing
        """The layer as a pass in training leaves it; only batch normalisation remembers anything."""
        return self

    def own(self, gradients: Weights) -> Weights:
        """Those of the gradients whose weight this layer has: a layer without bias has no slope of it."""
        return {name: gradients[name] for name in self.weights}
