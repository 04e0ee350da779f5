"""A second opinion: what Keras and JAX say of the same row, in double precision.

The model is rebuilt in float64 with the same weights, JAX differentiates it, and Keras' own optimizer takes one step.
What differs from the numbers from scratch is measured, not promised.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import jax
import keras
import numpy as np

from tenfold.precision.rebuilding import in_float64, in_precision, rebuild
from tenfold.scratch.layer import AnyNumbers, Numbers
from tenfold.scratch.losses import AbstractLoss

__all__ = ["Agreement", "Opinion", "agreement", "opinion_of_keras"]


@dataclass(frozen=True, eq=False)
class Opinion:
    """What somebody says of one row.

    Args:
        prediction: Of the network.
        loss: Of the row.
        slopes: Of each trained weight, in the network's order.
        new_weights: The same weights after one update.
    """

    prediction: Numbers
    loss: float
    slopes: Sequence[Numbers]
    new_weights: Sequence[Numbers]


@dataclass(frozen=True)
class Agreement:
    """How far two opinions are apart: the largest absolute difference of each part.

    Args:
        prediction: Of the predictions.
        loss: Of the losses.
        slopes: Of the slopes by the weights.
        new_weights: Of the weights after one update.
        num_slopes: How many slopes were compared.
    """

    prediction: float
    loss: float
    slopes: float
    new_weights: float
    num_slopes: int

    @property
    def largest(self) -> float:
        """The largest difference of all."""
        return max(self.prediction, self.loss, self.slopes, self.new_weights)

    @property
    def sentence(self) -> str:
        """The agreement in words.

        >>> Agreement(prediction=0.0, loss=0.0, slopes=3e-16, new_weights=0.0, num_slopes=5121).sentence
        '5,121 slopes agree with JAX in double precision: largest difference 3e-16'
        """
        return (
            f"{self.num_slopes:,} slopes agree with JAX in double precision: largest difference {self.largest:.0e}"
            if self.largest < _AGREES
            else f"{self.num_slopes:,} slopes differ from JAX in double precision by up to {self.largest:.0e}"
        )


_AGREES = 1e-10
"""What the layers from scratch promise in double precision."""


def agreement(ours: Opinion, theirs: Opinion) -> Agreement:
    """How far two opinions of the same row are apart.

    Args:
        ours: One opinion.
        theirs: The other.
    """
    return Agreement(
        prediction=_largest([ours.prediction], [theirs.prediction]),
        loss=abs(ours.loss - theirs.loss),
        slopes=_largest(ours.slopes, theirs.slopes),
        new_weights=_largest(ours.new_weights, theirs.new_weights),
        num_slopes=sum(slope.size for slope in theirs.slopes),
    )


def opinion_of_keras(model: Any, loss: AbstractLoss, x: AnyNumbers, y: AnyNumbers) -> Opinion:
    """What Keras and JAX say of a row, outside training, and what the model's optimizer would do at its first step.

    Args:
        model: A compiled Keras model.
        loss: The model's loss; its Keras namesake is asked.
        x: The row, as (1, ...).
        y: What is true of it, as (1, ...).

    Returns:
        Prediction, loss, slopes and new weights, in double precision.
    """
    with in_float64(), jax.numpy_dtype_promotion("standard"):
        copy = rebuild(model, change=lambda config: in_precision(config, "float64"))
        theirs = getattr(keras.losses, type(loss).__name__)(**asdict(loss))  # type: ignore[call-overload]  # each is a dataclass
        trained, fixed = ([one.value for one in part] for part in _variables(copy))

        def loss_of(weights: Any) -> Any:
            prediction, _ = copy.stateless_call(weights, fixed, x, training=False)
            return theirs(y, prediction), prediction

        (value, prediction), slopes = jax.value_and_grad(loss_of, has_aux=True)(trained)
        moved = _one_step(model, copy, slopes, trained)
        return Opinion(np.asarray(prediction), float(value), _arrays(slopes), _arrays(moved))


def _one_step(model: Any, copy: Any, slopes: Any, trained: Any) -> Any:
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    optimizer.build(copy.trainable_variables)
    moved, _ = optimizer.stateless_apply([one.value for one in optimizer.variables], slopes, trained)
    return moved


def _variables(model: Any) -> tuple[list[Any], list[Any]]:
    return model.trainable_variables, model.non_trainable_variables


def _arrays(values: Sequence[Any]) -> list[Numbers]:
    return [np.asarray(value) for value in values]


def _largest(ours: Sequence[Numbers], theirs: Sequence[Numbers]) -> float:
    pairs = zip(ours, theirs, strict=True)
    return max((float(np.abs(one - other).max(initial=0.0)) for one, other in pairs), default=0.0)
