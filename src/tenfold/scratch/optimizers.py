"""How a weight moves, given its slope: gradient descent and three of its refinements, as Keras has them.

An optimizer is a value, too: what it remembers of a weight (its slots) goes in and comes out.

Source: Keras 3's defaults and order of operations. Where papers differ, Keras is followed: RMSprop's ε stands inside
the root, Adam's outside the bias correction ("epsilon hat", Kingma and Ba 2014, section 2).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import numpy as np

from tenfold.scratch.layer import Numbers, Weights

__all__ = ["SGD", "AbstractOptimizer", "Adam", "Moved", "RMSprop"]

Moved: TypeAlias = tuple[Numbers, Weights]
"""A weight after one step, and the slots after it."""


class AbstractOptimizer(ABC):
    """Moves one weight against its slope."""

    formula: ClassVar[str]
    """One step: w the weight, g its slope, η the learning rate."""

    @abstractmethod
    def move(self, weight: Numbers, gradient: Numbers, slots: Weights, num_steps: int) -> Moved:
        """One step.

        Args:
            weight: The weight, as it is.
            gradient: Derivative of the loss by it.
            slots: What the steps before left behind; empty at the first.
            num_steps: How many steps were made before this one.

        Returns:
            The weight after the step, and the slots.
        """


@dataclass(frozen=True)
class SGD(AbstractOptimizer):
    """w <- w - η g; with momentum μ: m <- μ m - η g, w <- w + m (Nesterov: w <- w + μ m - η g).

    Args:
        learning_rate: η, above 0; 0.01 is Keras' default.
        momentum: μ, 0 to below 1: how much of the last step is made again.
        nesterov: Whether the step looks ahead along the momentum.

    >>> SGD(0.01).move(np.array([2.0]), np.array([-24.0]), {}, 0)
    (array([2.24]), {})
    """

    formula: ClassVar[str] = "m ← μ m - η g; w ← w + m (without momentum w ← w - η g)"

    learning_rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    def move(self, weight: Numbers, gradient: Numbers, slots: Weights, num_steps: int) -> Moved:  # noqa: ARG002, D102  # AbstractOptimizer's
        if not self.momentum:
            return weight - self.learning_rate * gradient, {}
        momentum = self.momentum * slots.get("momentum", np.zeros_like(weight)) - self.learning_rate * gradient
        ahead = self.momentum * momentum - self.learning_rate * gradient
        return weight + (ahead if self.nesterov else momentum), {"momentum": momentum}


@dataclass(frozen=True)
class RMSprop(AbstractOptimizer):
    """v <- ρ v + (1 - ρ) g²; w <- w - η g / √(v + ε): each weight's step is measured by its own recent slopes.

    Since v begins at 0, the first step is about η / √(1 - ρ), 3.16 η by default.

    Args:
        learning_rate: η, above 0; 0.001 is Keras' default.
        rho: ρ, 0 to below 1; 0.9 is Keras' default.
        momentum: How much of the last step is made again, 0 to below 1.
        epsilon: ε, inside the root; 1e-7 is Keras' default.
    """

    formula: ClassVar[str] = "v ← ρ v + (1 - ρ) g²; w ← w - η g / √(v + ε) (with momentum m ← μ m + that, w ← w - m)"

    learning_rate: float = 0.001
    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7

    def move(self, weight: Numbers, gradient: Numbers, slots: Weights, num_steps: int) -> Moved:  # noqa: ARG002, D102  # AbstractOptimizer's
        zeros = np.zeros_like(weight)
        velocity = self.rho * slots.get("velocity", zeros) + (1 - self.rho) * gradient**2
        step = self.learning_rate * gradient / np.sqrt(velocity + self.epsilon)
        if not self.momentum:
            return weight - step, {"velocity": velocity}
        momentum = self.momentum * slots.get("momentum", zeros) + step
        return weight - momentum, {"velocity": velocity, "momentum": momentum}


@dataclass(frozen=True)
class Adam(AbstractOptimizer):
    """m <- m + (1 - β₁)(g - m); v <- v + (1 - β₂)(g² - v); w <- w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε).

    t counts steps from 1; the fraction undoes that m and v begin at 0. The first step is about η.

    Args:
        learning_rate: η, above 0; 0.001 is Keras' default.
        beta_1: β₁, 0 to below 1; 0.9 is Keras' default.
        beta_2: β₂, 0 to below 1; 0.999 is Keras' default.
        epsilon: ε, above 0; 1e-7 is Keras' default.
    """

    formula: ClassVar[str] = (
        "m ← m + (1 - β₁)(g - m); v ← v + (1 - β₂)(g² - v); w ← w - η √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε)"
    )

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    def move(self, weight: Numbers, gradient: Numbers, slots: Weights, num_steps: int) -> Moved:  # noqa: D102  # AbstractOptimizer's
        zeros, count = np.zeros_like(weight), num_steps + 1
        mean, square = slots.get("momentum", zeros), slots.get("velocity", zeros)
        mean = mean + (1 - self.beta_1) * (gradient - mean)
        square = square + (1 - self.beta_2) * (gradient**2 - square)
        rate = self.learning_rate * np.sqrt(1 - self.beta_2**count) / (1 - self.beta_1**count)
        return weight - rate * mean / (np.sqrt(square) + self.epsilon), {"momentum": mean, "velocity": square}
