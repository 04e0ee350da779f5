"""Batch normalisation: each channel gets mean 0 and variance 1, then a scale and a shift of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers, Passed, Slopes, Weights

__all__ = ["BatchNormalization"]


@dataclass(frozen=True, eq=False)
class BatchNormalization(AbstractLayer):
    """n = (x - μ) / √(v + ε), a = γ n + β; in training μ and v are the batch's own, otherwise moving averages.

    Way back: ∂L/∂γ = Σ g n, ∂L/∂β = Σ g. With h = γ g the gradient that arrives at n, the inputs get h / √(v + ε) if μ
    and v are constants. In training both depend on every input, which takes two terms away, through the mean and
    through the variance: ∂L/∂x = (h - mean(h) - n · mean(h n)) / √(v + ε), the means over rows and places.

    Args:
        statistics: `moving_mean` and `moving_variance`, (channels,) each.
        momentum: How much of a moving average stays at each step; 0.99 is Keras' default.
        epsilon: Keeps the root above 0; 1e-3 is Keras' default.
        weights: `gamma` and `beta`, (channels,) each, unless there are none.
    """

    formula: ClassVar[str] = "n = (x - μ) / √(v + ε); a = γ n + β"
    slope_formula: ClassVar[str] = (
        "∂L/∂γ = Σ g n; ∂L/∂β = Σ g; with h = γ g ∂L/∂x = h / √(v + ε), in training "
        "(h - mean(h) - n · mean(h n)) / √(v + ε)"
    )

    statistics: Weights = field(default_factory=dict)
    momentum: float = 0.99
    epsilon: float = 1e-3

    def forward(self, inputs: AnyNumbers, *, training: bool = False) -> Passed:  # noqa: D102  # AbstractLayer's
        own = training and self.trainable
        rows = inputs.reshape(-1, inputs.shape[-1])
        mean = rows.mean(axis=0) if own else self.statistics["moving_mean"]
        variance = rows.var(axis=0) if own else self.statistics["moving_variance"]
        normalized = (inputs - mean) / np.sqrt(variance + self.epsilon)
        outputs = normalized * self._gamma + self.weights.get("beta", np.zeros(()))
        kept = {"normalized": normalized, "mean": mean, "variance": variance, "from_batch": np.array(int(own))}
        return Passed(outputs, kept)

    def backward(self, gradient: Numbers, kept: Mapping[str, AnyNumbers]) -> Slopes:  # noqa: D102  # AbstractLayer's
        normalized, places = kept["normalized"], tuple(range(gradient.ndim - 1))
        arriving = gradient * self._gamma
        if kept["from_batch"]:
            through_mean = arriving.mean(axis=places)
            through_variance = normalized * (arriving * normalized).mean(axis=places)
            arriving = arriving - through_mean - through_variance
        slopes = {"gamma": (gradient * normalized).sum(axis=places), "beta": gradient.sum(axis=places)}
        return Slopes(arriving / np.sqrt(kept["variance"] + self.epsilon), self.own(slopes))

    def after(self, kept: Mapping[str, AnyNumbers]) -> AbstractLayer:
        """The layer with its moving averages moved: m <- momentum · m + (1 - momentum) · batch's own."""
        if not kept["from_batch"]:
            return self
        moved = {
            f"moving_{name}": self.momentum * self.statistics[f"moving_{name}"] + (1 - self.momentum) * kept[name]
            for name in ("mean", "variance")
        }
        return replace(self, statistics=moved)

    @property
    def _gamma(self) -> Numbers:
        return self.weights.get("gamma", np.ones(()))
