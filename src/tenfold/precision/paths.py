"""Two ways to the same loss: through a clipped probability, or from the logit; as Keras computes them, in any format.

Keras on JAX takes the first way for a sigmoid head with `binary_crossentropy` and the second with `from_logits=True`.
Both are evaluated with Keras' own functions, loss and gradient, and compared with the exact values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float

from tenfold.precision.reference import exact_gradient, exact_loss, relative_error

__all__ = ["Path", "Paths", "follow_paths"]

Points = Float[np.ndarray, " point"]


@dataclass(frozen=True)
class Path:
    """What one way gives at each point.

    Attributes:
        losses: Nats.
        gradients: Derivatives with respect to the logit.
    """

    losses: Points
    gradients: Points


@dataclass(frozen=True)
class Paths:
    """Both ways and the exact values, for one label in one format.

    Attributes:
        dtype: The number format.
        label: 0 or 1.
        logits: The points, rounded to the format.
        probability: Through sigmoid and the clipped probability.
        from_logits: From the logit.
        exact: The truth.
    """

    dtype: str
    label: int
    logits: Points
    probability: Path
    from_logits: Path
    exact: Path

    def loss_errors(self, way: str) -> Points:
        """Relative error of the loss of `"probability"` or `"from_logits"`."""
        return relative_error(getattr(self, way).losses, self.exact.losses)

    def gradient_errors(self, way: str) -> Points:
        """Relative error of the gradient."""
        return relative_error(getattr(self, way).gradients, self.exact.gradients)


def follow_paths(logits: Any, label: int, dtype: str) -> Paths:
    """Evaluates both ways with Keras on JAX.

    Args:
        logits: Points, rounded to the format first.
        label: 0 or 1.
        dtype: The number format; float64 is computed as such whatever JAX is set to.

    Returns:
        Losses and gradients of both ways, and the exact ones of the same points.
    """
    with jax.enable_x64(new_val=dtype == "float64"):
        points = jnp.asarray(np.asarray(logits, np.float64), dtype=dtype)
        ways = [_path(points, label, function) for function in (_through_probability, _from_logits)]
        rounded = _plain(points)
    exact = Path(exact_loss(rounded, label), exact_gradient(rounded, label))
    return Paths(dtype, label, rounded, ways[0], ways[1], exact)


def _path(points: Any, label: int, loss: Callable[[Any, int], Any]) -> Path:
    values, slopes = jax.jit(jax.vmap(jax.value_and_grad(lambda x: loss(x, label))))(points)
    return Path(_plain(values), _plain(slopes))


def _through_probability(logit: Any, label: int) -> Any:
    probability = keras.ops.sigmoid(logit)
    return _crossentropy(probability, label, from_logits=False)


def _from_logits(logit: Any, label: int) -> Any:
    return _crossentropy(logit, label, from_logits=True)


def _crossentropy(output: Any, label: int, *, from_logits: bool) -> Any:
    row = output[None]
    return keras.ops.binary_crossentropy(jnp.full_like(row, label), row, from_logits=from_logits)[0]


def _plain(values: Any) -> Points:
    return np.asarray(values).astype(np.float64)
