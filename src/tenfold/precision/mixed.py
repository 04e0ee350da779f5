"""What mixed precision would do to a training step: gradients that vanish or overflow, digits, a 16-bit head.

The step is taken for real in each policy, on the same rows and weights, and compared with float32: a gradient entry
*underflows* where it is exactly 0 and float32's is not (in float16 anything below 6e-8), and *overflows* where it is
not finite (above 65504). Loss scaling multiplies the loss by 2 ** 15 first, Keras' start, and halves that until all
gradients are finite, as `LossScaleOptimizer` does step by step.

Source: Micikevicius et al. (2018), "Mixed Precision Training"; Keras 3, `LossScaleOptimizer`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from tenfold.engine.network import Batch
from tenfold.precision.clipped_rows import clipped_outputs
from tenfold.precision.digits import relative_error
from tenfold.precision.steps import Step, quiet_model, step_of

__all__ = ["MixedStep", "mixed_steps"]

_FIRST_SCALE = 2.0**15
"""Source: `keras.optimizers.LossScaleOptimizer`, `initial_scale`."""


class MixedStep(NamedTuple):
    """A step in mixed precision.

    Attributes:
        policy: `"mixed_bfloat16"` or `"mixed_float16"`.
        float32_head: Whether the last layers compute in float32.
        loss_scale: What the loss was multiplied by; 1 for no scaling.
        underflow: Share of the gradient entries that are 0 although float32's are not.
        overflow: Share of the gradient entries that are not finite.
        loss_error: Relative error of the loss against float32.
        gradient_error: Relative error of all gradients against float32, as norms.
        clipped_share: Share of rows whose loss is clipped.
    """

    policy: str
    float32_head: bool
    loss_scale: float
    underflow: float
    overflow: float
    loss_error: float
    gradient_error: float
    clipped_share: float


def mixed_steps(model: Any, rows: Batch, targets: Sequence[Any], reference: Step) -> list[MixedStep]:
    """The step in every mixed policy, with the head in 16 bits and in float32, with and without loss scaling.

    Args:
        model: A compiled model that can be rebuilt.
        rows: The rows of the step.
        targets: Their targets in the order of the outputs.
        reference: The step in float32.

    Returns:
        Six steps: two of mixed_bfloat16, which needs no scaling, and four of mixed_float16.
    """
    found = []
    for policy in ("mixed_bfloat16", "mixed_float16"):
        for float32_head in (False, True):
            kept = _last_layers(model) if float32_head else ()
            twin = quiet_model(model, rows, policy, loss_dtype="float32", float32_layers=kept)
            step, clipped = step_of(twin), _clipped_share(twin, rows, targets)
            for scaled in (False, True) if policy == "mixed_float16" else (False,):
                scale = _largest_finite_scale(step, rows) if scaled else 1.0
                compared = _compared(step(rows, scale), reference)
                found.append(MixedStep(policy, float32_head, scale, *compared, clipped))
    return found


def _last_layers(model: Any) -> list[str]:
    """Names of the layers that give the outputs."""
    graph = getattr(model, "_functional", None) or model
    if isinstance(graph, keras.src.models.functional.Functional):
        return [tensor._keras_history.operation.name for tensor in graph.outputs]
    return [model.layers[-1].name] if model.layers else []


def _clipped_share(model: Any, rows: Batch, targets: Sequence[Any]) -> float:
    found = clipped_outputs(model, rows, targets)
    return float(np.any([one.clipped for one in found], axis=0).mean()) if found else 0.0


def _largest_finite_scale(step: Any, rows: Batch) -> float:
    scale = _FIRST_SCALE
    while scale > 1 and not all(np.isfinite(one).all() for one in step(rows, scale).gradients):
        scale /= 2
    return scale


def _compared(step: Step, reference: Step) -> tuple[float, float, float, float]:
    """Underflow, overflow, error of the loss and of the gradients."""
    pairs = list(zip(step.gradients, reference.gradients, strict=True))
    own = np.concatenate([one.ravel() for one, _ in pairs]) if pairs else np.zeros(0)
    exact = np.concatenate([one.ravel() for _, one in pairs]) if pairs else np.zeros(0)
    moving = exact != 0
    return (
        float((own[moving] == 0).mean()) if moving.any() else 0.0,
        float((~np.isfinite(own)).mean()) if own.size else 0.0,
        relative_error([np.asarray(step.loss)], [np.asarray(reference.loss)]),
        relative_error([own], [exact]),
    )
