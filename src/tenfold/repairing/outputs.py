"""The outputs of a model with what each is trained on: targets, loss, metrics and how its answers are read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.observation.model_facts import model_facts
from tenfold.repairing.task import Target, read_target

__all__ = [
    "compiled_loss",
    "in_order",
    "loss_of",
    "num_outputs",
    "of_output",
    "reads_logits",
    "targets_again",
    "targets_of",
    "threshold_of",
    "units_of",
    "with_output",
]


def targets_of(model: Any, x: Any, y: Any, *, is_balanced: bool = False) -> tuple[Target, ...]:
    """What each output's targets ask for.

    Args:
        model: Compiled; its losses and metrics tell classes from numbers.
        x: Inputs as NumPy arrays.
        y: Targets as NumPy arrays, nested as the model answers.
        is_balanced: Whether rare classes count as much as others.
    """
    outputs = model_facts(model, x, y).outputs
    leaves = in_order(model, y)
    return tuple(read_target(leaf, one, is_balanced=is_balanced) for leaf, one in zip(leaves, outputs, strict=False))


def targets_again(model: Any, y: Any, like: Sequence[Target]) -> list[Target]:
    """The same for targets that a program's own lines have changed; the choices that were made stay."""
    found = []
    for leaf, old in zip(in_order(model, y), like, strict=True):
        output = old.output
        if output is not None and not old.is_number:
            output = replace(output, metrics=("accuracy",))
        found.append(old if output is None else read_target(leaf, output, is_balanced=old.is_balanced))
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
