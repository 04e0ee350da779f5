"""What floating point costs a user's model, looked at where something makes it doubtful: own code, 16-bit layers.

Elsewhere Keras' own operations in float32 lose nothing that matters, and the audit would cost two more compilations.
"""

from dataclasses import replace
from typing import Any

import keras

from tenfold.checks.facts import ModelFacts, PrecisionFacts, UnsafeFacts
from tenfold.engine.network import Batch
from tenfold.precision.auditing import Audit, audit
from tenfold.precision.unsafe.finding import UnsafeOperation

__all__ = ["look_at_rounding"]

_ROWS = 256
"""Rows that the audit looks at."""


def look_at_rounding(
    model: Any, facts: ModelFacts, data: Batch, batch_size: int
) -> tuple[ModelFacts, PrecisionFacts | None]:
    """Audit the model where that could tell something.

    Args:
        model: The compiled model.
        facts: What is known of it.
        data: Its data.
        batch_size: Rows of a step.

    Returns:
        The facts with unsafe operations filled in, and what floating point costs; None where nothing was measured.
    """
    is_half = any("16" in layer.dtype for layer in facts.layers)
    if not is_half and not _has_own_code(facts):
        return facts, None
    found = audit(model, data.x, data.y, batch_size=batch_size, sample=_ROWS, mixed=is_half)
    unsafe = tuple(_unsafe(one) for one in found.unsafe)
    return replace(facts, unsafe=unsafe), _costs(model, found)


def _has_own_code(facts: ModelFacts) -> bool:
    is_own_loss = any(output.loss == "custom" for output in facts.outputs)
    lambdas = any(layer.kind == "Lambda" or not layer.is_known for layer in facts.layers)
    activations = any(activation == "custom" for output in facts.outputs for activation in output.activations)
    return is_own_loss or lambdas or activations or facts.has_own_training


def _unsafe(one: UnsafeOperation) -> UnsafeFacts:
    place = f"`{one.function}`, line {one.line}" if one.line else f"`{one.function}`"
    return UnsafeFacts(one.operation, place, one.what, f"write {one.advice}", one.confirmed)


def _costs(model: Any, found: Audit) -> PrecisionFacts:
    scales = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    halves = [one for one in found.mixed if one.policy == "mixed_float16" and (one.loss_scale > 1) == scales]
    is_float16 = any(
        "float16" in layer.compute_dtype for layer in model.layers if "bfloat16" not in layer.compute_dtype
    )
    own = halves[0] if halves and is_float16 else None
    return PrecisionFacts(
        found.loss_error, found.gradient_error, own.underflow if own else None, own.overflow if own else None, scales
    )
