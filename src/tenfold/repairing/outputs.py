"""The outputs of a model with what each is trained on: targets, loss, metrics and how its answers are read."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.repairing.task import Target, read_target

__all__ = [
    "compiled_loss",
    "in_order",
    "loss_of",
    "metric_names",
    "num_outputs",
    "of_output",
    "reads_logits",
    "targets_of",
    "threshold_of",
    "units_of",
    "with_output",
]


def targets_of(model: Any, y: Any, like: Sequence[Target] | None = None, *, is_balanced: bool = False) -> list[Target]:
    """What each output's targets ask for.

    Args:
        model: Compiled; its losses and metrics tell classes from numbers.
        y: Targets as NumPy arrays, nested as the model answers.
        like: Targets whose choices are kept.
        is_balanced: Whether rare classes count as much as others.
    """
    leaves = in_order(model, y)
    before: Sequence[Target | None] = like or [None] * len(leaves)
    found = []
    for number, (leaf, old) in enumerate(zip(leaves, before, strict=True)):
        balanced = is_balanced if old is None else old.is_balanced
        loss, metrics = loss_of(model, number), metric_names(model)
        if old is not None and old.kind != "numbers":
            metrics = ("accuracy",)
        found.append(read_target(np.asarray(leaf), loss, units_of(model, number), metrics, is_balanced=balanced))
    return found


def loss_of(model: Any, output: int = 0) -> str:
    """Keras' name of an output's loss, such as `"mean_squared_error"`; empty where it has none."""
    loss = of_output(model, compiled_loss(model), output)
    name = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    try:
        known = keras.losses.get(name)
    except ValueError:
        return str(name)
    return str(getattr(known, "__name__", name))


def threshold_of(model: Any, output: int, target: Target) -> float | None:
    """0 where the model answers logits or what a hinge loss reads; else None, midway between the labels."""
    is_two = target.kind in ("two classes", "multi-label")
    return 0.0 if is_two and (reads_logits(model, output) or "hinge" in loss_of(model, output)) else None


def reads_logits(model: Any, output: int = 0) -> bool:
    """Whether the output's loss takes its answers for logits."""
    loss = of_output(model, compiled_loss(model), output)
    return isinstance(loss, keras.Loss) and bool(loss.get_config().get("from_logits", False))


def compiled_loss(model: Any) -> Any:
    """The loss or losses as the user gave them to `compile`."""
    return compile_arguments(model)["loss"]


def of_output(model: Any, given: Any, output: int) -> Any:
    """An output's part of what `compile` was given."""
    names = list(getattr(model, "output_names", []))
    if isinstance(given, dict):
        return given.get(names[output]) if output < len(names) else None
    if isinstance(given, list | tuple):
        return given[output] if output < len(given) else None
    return given


def metric_names(model: Any) -> tuple[str, ...]:
    """Names of all metrics, as the user gave them to `compile`."""
    given = keras.tree.flatten(compile_arguments(model)["metrics"] or [])
    return tuple(str(one if isinstance(one, str) else getattr(one, "name", "")) for one in given)


def units_of(model: Any, output: int) -> int:
    """Size of an output's last axis; 1 where it has none."""
    outputs = getattr(model, "outputs", None) or []
    shape = outputs[output].shape if output < len(outputs) else (None, 1)
    return int(shape[-1] or 1) if len(shape) > 1 else 1


def in_order(model: Any, y: Any) -> list[Any]:
    """Targets in the order of the outputs."""
    names = list(getattr(model, "output_names", []))
    if isinstance(y, dict) and set(y) == set(names):
        return [y[name] for name in names]
    return list(keras.tree.flatten(y))


def num_outputs(model: Any) -> int:
    """How many outputs the model has."""
    return max(1, len(getattr(model, "outputs", None) or []))


def with_output(model: Any, given: Any, output: int, value: Any) -> Any:
    """What `compile` was given, with another value for one output."""
    names, count = list(getattr(model, "output_names", [])), num_outputs(model)
    if count == 1:
        return value
    return {names[one]: value if one == output else of_output(model, given, one) for one in range(count)}
