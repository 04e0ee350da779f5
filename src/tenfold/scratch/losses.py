"""Losses and their slopes by the predictions, as Keras computes them on JAX: the mean over rows (and places).

The crossentropies come in two forms. From probabilities, as Keras does unless told otherwise, they are clipped: a
probability is moved into [1e-7, 1 - 1e-7] before its logarithm, so that a loss is never above 16.118, and a row whose
probability lies outside has slope 0 and teaches nothing. From logits (`from_logits=True`) activation and loss are
fused into one formula that needs no clip, and the slope is simply p - y. `tenfold.precision` tells the story.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tenfold.errors import InputError
from tenfold.scratch.activations import sigmoid, softmax
from tenfold.scratch.layer import AnyNumbers, Numbers

__all__ = [
    "AbstractLoss",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
]

_CLIP = 1e-7
"""`keras.config.epsilon()`, where nobody changed it."""


class AbstractLoss(ABC):
    """How wrong predictions are, as one number."""

    formula: ClassVar[str]
    """The loss, with n the number of rows (times places, or outputs)."""
    slope_formula: ClassVar[str]
    """Its derivative by one prediction."""

    @abstractmethod
    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:
        """The loss, mean over rows.

        Args:
            targets: What is true, one line a row.
            predictions: What the network says, one line a row.

        Returns:
            The loss, in nats or in the target's unit (squared).
        """

    @abstractmethod
    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:
        """Derivative of the loss by each prediction.

        Args:
            targets: What is true, one line a row.
            predictions: What the network says, one line a row.

        Returns:
            One slope for each prediction, in their shape.
        """


@dataclass(frozen=True)
class MeanSquaredError(AbstractLoss):
    """L = 1/n Σ (p - y)²; dL/dp = 2 (p - y) / n.

    >>> loss = MeanSquaredError()
    >>> loss.value(np.array([[10.0]]), np.array([[6.0]])), loss.slope(np.array([[10.0]]), np.array([[6.0]])).item()
    (16.0, -8.0)
    """

    formula: ClassVar[str] = "L = 1/n Σ (p - y)²"
    slope_formula: ClassVar[str] = "∂L/∂p = 2 (p - y) / n"

    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:  # noqa: D102  # AbstractLoss's
        return float(np.mean((predictions - _alike(targets, predictions)) ** 2))

    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:  # noqa: D102  # AbstractLoss's
        return np.asarray(2 * (predictions - _alike(targets, predictions)) / predictions.size)


@dataclass(frozen=True)
class MeanAbsoluteError(AbstractLoss):
    """`L = 1/n Σ |p - y|`; `dL/dp = sign(p - y) / n`, 0 where they are equal."""

    formula: ClassVar[str] = "L = 1/n Σ |p - y|"
    slope_formula: ClassVar[str] = "∂L/∂p = sign(p - y) / n"

    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:  # noqa: D102  # AbstractLoss's
        return float(np.mean(np.abs(predictions - _alike(targets, predictions))))

    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:  # noqa: D102  # AbstractLoss's
        return np.asarray(np.sign(predictions - _alike(targets, predictions)) / predictions.size)


@dataclass(frozen=True)
class BinaryCrossentropy(AbstractLoss):
    """L = -1/n Σ (y log p + (1 - y) log(1 - p)).

    From probabilities, q = p clipped: dL/dp = ((1 - y) / (1 - q) - y / q) / n, and 0 where the clip acted. From logits,
    p = sigmoid(z): `L = 1/n Σ (max(z, 0) - z y + log(1 + exp(-|z|)))`, dL/dz = (p - y) / n.

    Args:
        from_logits: Whether predictions are logits z.
    """

    formula: ClassVar[str] = "L = -1/n Σ (y log p + (1 - y) log(1 - p)), p clipped to [1e-7, 1 - 1e-7] or sigmoid(z)"
    slope_formula: ClassVar[str] = (
        "∂L/∂p = ((1 - y)/(1 - p) - y/p) / n, 0 where clipped; from logits ∂L/∂z = (p - y) / n"
    )

    from_logits: bool = False

    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:  # noqa: D102  # AbstractLoss's
        truth = _alike(targets, predictions)
        if self.from_logits:
            each = np.maximum(predictions, 0) - predictions * truth + np.log1p(np.exp(-np.abs(predictions)))
            return float(np.mean(each))
        kept = np.clip(predictions, _CLIP, 1 - _CLIP)
        return float(-np.mean(truth * np.log(kept) + (1 - truth) * np.log(1 - kept)))

    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:  # noqa: D102  # AbstractLoss's
        truth = _alike(targets, predictions)
        if self.from_logits:
            return np.asarray((sigmoid(predictions) - truth) / predictions.size)
        kept = np.clip(predictions, _CLIP, 1 - _CLIP)
        return np.asarray(_inside(predictions) * ((1 - truth) / (1 - kept) - truth / kept) / predictions.size)


@dataclass(frozen=True)
class CategoricalCrossentropy(AbstractLoss):
    """L = -1/n Σ_rows Σ_k y_k log p_k.

    From probabilities: s = Σ_k p_k, q = p / s, clipped to c. Then dL/dq_k = -y_k / c_k / n, 0 where the clip acted, and
    through the division dL/dp_k = (dL/dq_k - Σ_j q_j dL/dq_j) / s. From logits p = softmax(z), and the two together
    give dL/dz = (p Σ_k y_k - y) / n.

    Args:
        from_logits: Whether predictions are logits z.
    """

    formula: ClassVar[str] = "L = -1/n Σ_rows Σ_k y_k log p_k, p divided by its sum and clipped, or softmax(z)"
    slope_formula: ClassVar[str] = (
        "∂L/∂q_k = -y_k / q_k / n, 0 where clipped; ∂L/∂p_k = (∂L/∂q_k - Σ_j q_j ∂L/∂q_j) / Σ p; "
        "from logits ∂L/∂z = (p - y) / n"
    )

    from_logits: bool = False

    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:  # noqa: D102  # AbstractLoss's
        return _crossentropy(_alike(targets, predictions), predictions, from_logits=self.from_logits)

    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:  # noqa: D102  # AbstractLoss's
        return _crossentropy_slope(_alike(targets, predictions), predictions, from_logits=self.from_logits)


@dataclass(frozen=True)
class SparseCategoricalCrossentropy(AbstractLoss):
    """`CategoricalCrossentropy` with each row's class as a number: y_k is 1 for that class, else 0.

    Args:
        from_logits: Whether predictions are logits z.
    """

    formula: ClassVar[str] = "L = -1/n Σ_rows log p[class], p divided by its sum and clipped, or softmax(z)"
    slope_formula: ClassVar[str] = CategoricalCrossentropy.slope_formula

    from_logits: bool = False

    def value(self, targets: AnyNumbers, predictions: Numbers) -> float:  # noqa: D102  # AbstractLoss's
        return _crossentropy(_one_hot(targets, predictions), predictions, from_logits=self.from_logits)

    def slope(self, targets: AnyNumbers, predictions: Numbers) -> Numbers:  # noqa: D102  # AbstractLoss's
        return _crossentropy_slope(_one_hot(targets, predictions), predictions, from_logits=self.from_logits)


def _crossentropy(truth: Numbers, predictions: Numbers, *, from_logits: bool) -> float:
    num_rows = predictions.size / predictions.shape[-1]
    if from_logits:
        shifted = predictions - predictions.max(axis=-1, keepdims=True)
        log_shares = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    else:
        shares = predictions / predictions.sum(axis=-1, keepdims=True)
        log_shares = np.log(np.clip(shares, _CLIP, 1 - _CLIP))
    return float(-(truth * log_shares).sum() / num_rows)


def _crossentropy_slope(truth: Numbers, predictions: Numbers, *, from_logits: bool) -> Numbers:
    num_rows = predictions.size / predictions.shape[-1]
    if from_logits:
        return np.asarray((softmax(predictions) * truth.sum(axis=-1, keepdims=True) - truth) / num_rows)
    total = predictions.sum(axis=-1, keepdims=True)
    shares = predictions / total
    by_share = -_inside(shares) * truth / np.clip(shares, _CLIP, 1 - _CLIP) / num_rows
    return np.asarray((by_share - (by_share * shares).sum(axis=-1, keepdims=True)) / total)


def _inside(probabilities: Numbers) -> Numbers:
    """1 where a probability is left as it is by the clip, else 0."""
    return ((probabilities > _CLIP) & (probabilities < 1 - _CLIP)).astype(float)


def _alike(targets: AnyNumbers, predictions: Numbers) -> Numbers:
    """The targets in the predictions' shape: (row,) becomes (row, 1) where that is what the network says."""
    if targets.size != predictions.size or len(targets) != len(predictions):
        _refuse(targets, predictions, f"targets of shape {predictions.shape}")
    return targets.reshape(predictions.shape).astype(float)


def _one_hot(targets: AnyNumbers, predictions: Numbers) -> Numbers:
    cells, num_classes = predictions.shape[:-1], predictions.shape[-1]
    if targets.size != np.prod(cells) or targets.min() < 0 or targets.max() >= num_classes:
        _refuse(targets, predictions, f"classes 0 to {num_classes - 1} of shape {cells}")
    return np.asarray(np.eye(num_classes)[targets.reshape(cells).astype(int)])


def _refuse(targets: AnyNumbers, predictions: Numbers, expected: str) -> None:
    raise InputError(
        "scratch_targets",
        f"Targets do not fit predictions of shape {predictions.shape}",
        expected=expected,
        received=f"shape {targets.shape}, values from {targets.min()} to {targets.max()}",
    )
