"""Digits lost: the same training step in the model's own precision and in float64, layer by layer.

Source of the idea: Blanchard, Higham and Higham (2021) bound the error of one function; running the whole step twice
measures that of a model, which nobody bounds.
"""

from typing import Any, NamedTuple

import jax
import numpy as np

from tenfold.engine.network import Batch
from tenfold.precision.rebuilding import in_float64
from tenfold.precision.steps import Step, graph_outputs, quiet_model, step_of

__all__ = ["Digits", "LayerDigits", "compare_with_float64", "relative_error"]


class LayerDigits(NamedTuple):
    """What a layer loses.

    Attributes:
        name: The layer.
        output_error: Norm of the difference of its outputs over their norm in float64; None where it cannot be seen.
        gradient_error: The same of its weights' gradients; None where it has none.
    """

    name: str
    output_error: float | None
    gradient_error: float | None


class Digits(NamedTuple):
    """A step in two precisions.

    Attributes:
        loss: The loss in the model's own precision.
        exact_loss: In float64.
        loss_error: Relative error of the loss.
        gradient_error: Norm of the difference of all gradients over their norm in float64.
        layers: Layer by layer, inputs first.
        step: The step in the model's own precision.
    """

    loss: float
    exact_loss: float
    loss_error: float
    gradient_error: float
    layers: list[LayerDigits]
    step: Step


def compare_with_float64(model: Any, rows: Batch) -> Digits:
    """The same step in the model's own precision and in float64.

    Args:
        model: A compiled model.
        rows: The rows of the step, as NumPy arrays.

    Returns:
        What differs.

    Raises:
        ModelError: The model cannot be rebuilt.
    """
    own = quiet_model(model, rows, model.dtype_policy.name, loss_dtype="float32")
    step, outputs = step_of(own)(rows), graph_outputs(own, rows.x)
    with in_float64():
        wide = jax.tree.map(_widened, rows)
        twin = quiet_model(model, wide, "float64", loss_dtype="float64")
        exact, exact_outputs = step_of(twin)(wide), graph_outputs(twin, wide.x)
    names = list(dict.fromkeys([*outputs, *step.layers]))
    layers = [
        LayerDigits(
            name,
            relative_error([outputs[name]], [exact_outputs[name]]) if name in outputs else None,
            _error_of_gradients(name, step, exact),
        )
        for name in names
    ]
    total = relative_error(step.gradients, exact.gradients)
    loss_error = relative_error([np.asarray(step.loss)], [np.asarray(exact.loss)])
    return Digits(step.loss, exact.loss, loss_error, total, layers, step)


def relative_error(found: list[np.ndarray], exact: list[np.ndarray]) -> float:
    """Norm of the difference over the norm of what is exact; 0 where both are 0, infinite where numbers are lost."""
    difference = np.sqrt(sum(float(np.sum((a - b) ** 2)) for a, b in zip(found, exact, strict=True)))
    size = np.sqrt(sum(float(np.sum(b**2)) for b in exact))
    if not np.isfinite(difference):
        return float("inf")
    return float(difference / size) if size > 0 else 0.0 if difference == 0 else float("inf")


def _error_of_gradients(name: str, step: Step, exact: Step) -> float | None:
    places = [place for place, layer in enumerate(step.layers) if layer == name]
    if not places:
        return None
    return relative_error(*([one.gradients[place] for place in places] for one in (step, exact)))


def _widened(leaf: Any) -> Any:
    return leaf.astype(np.float64) if np.issubdtype(leaf.dtype, np.floating) else leaf
