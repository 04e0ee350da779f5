"""Does the model's output fit the target? Keras broadcasts some misfits silently, and the network then learns nonsense.

Checked for Keras' own losses, output by output: shapes that would be stretched against each other, and class numbers
that the output has no unit for. A custom loss may read its target as it likes, so it is left alone.
"""

from typing import Any

import jax
import keras
import numpy as np

from tenfold.engine.gathering import laid_out, slice_rows
from tenfold.engine.losses import output_position
from tenfold.engine.network import Batch, Network
from tenfold.errors import ModelError

__all__ = ["check_output_fits"]


def check_output_fits(network: Network, data: Batch) -> None:
    """Refuse a model whose output does not fit the targets.

    Args:
        network: The model.
        data: All rows, as NumPy arrays.

    Raises:
        ModelError: Naming the output, its shape, the target's shape or class numbers, and what to change.
    """
    model = network.model
    compiled = model._compile_loss
    if network.follows_keras or compiled is None or data.y is None:
        return
    outputs = keras.tree.flatten(jax.eval_shape(network.predict, network.state_shapes(), _few_rows(model, data.x)))
    targets = compiled_targets(model, data.y)
    for entry in compiled._flat_losses:
        position = output_position(model, entry)
        function = getattr(entry.loss, "fn", None)
        if len(targets) == len(outputs) and getattr(function, "__module__", "").startswith("keras.src."):
            name = model.output_names[position] if len(outputs) > 1 else None
            _check(name, function, np.shape(outputs[position])[1:], targets[position])


def compiled_targets(model: Any, y: Any) -> list[Any]:
    """Targets in the order of the outputs."""
    if isinstance(y, dict) and set(y) == set(getattr(model, "output_names", [])):
        return [y[name] for name in model.output_names]
    return list(keras.tree.flatten(y))


def _few_rows(model: Any, x: Any) -> Any:
    """One row, or a whole batch for a model that takes batches of one size only."""
    inputs = keras.tree.flatten(getattr(model, "inputs", None) or [])
    count = next((one.shape[0] for one in inputs if one.shape[0] is not None), 1)
    return laid_out(slice_rows(x, slice(count)))


def _check(name: str | None, function: Any, output: tuple[int, ...], target: np.ndarray) -> None:
    if function is keras.losses.sparse_categorical_crossentropy:
        _check_class_numbers(name, output, target)
    elif not _same_shape(output, target.shape[1:]):
        raise _misfit(
            name, f"{(None, *target.shape[1:])}", output,
            f"{function.__name__} compares them entry by entry",
            _advice(function, output, target),
        )  # fmt: skip


def _same_shape(output: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Equal, or equal but for a last axis of one entry."""
    return output == target or (*output,) == (*target, 1) or (*output, 1) == (*target,)


def _check_class_numbers(name: str | None, output: tuple[int, ...], target: np.ndarray) -> None:
    classes = output[-1] if output else 1
    shape = target.shape[1:]
    if shape not in (output[:-1], (*output[:-1], 1)):
        one_hot = "use categorical_crossentropy: the targets look one-hot" if shape == output else None
        hint = one_hot or f"give targets of shape {(None, *output[:-1])}"
        raise _misfit(name, f"{(None, *shape)}", output, "a class number each is expected", hint)
    smallest, largest = float(np.min(target)), float(np.max(target))
    if smallest < 0 or largest >= classes:
        raise _misfit(
            name, f"class numbers from {smallest:g} to {largest:g}", output,
            f"{classes} units stand for the classes 0 to {classes - 1}",
            f"give the last layer {int(largest) + 1} units" if smallest >= 0 else "number the classes from 0",
        )  # fmt: skip


def _advice(function: Any, output: tuple[int, ...], target: np.ndarray) -> str:
    is_classes = function is keras.losses.categorical_crossentropy and target.ndim == 1
    if is_classes:
        return "use sparse_categorical_crossentropy, which reads class numbers"
    return f"give the last layer {target.shape[-1] if target.ndim > 1 else 1} units instead of {output[-1]}"


def _misfit(name: str | None, target: str, output: tuple[int, ...], because: str, hint: str) -> ModelError:
    where = f"the output `{name}`" if name else "the model's output"
    return ModelError(
        "output_misfit",
        f"{where} has shape {(None, *output)} and does not fit its target: {because}",
        expected="an output and a target that fit each other",
        received=f"a target of {target}" if target.startswith("class") else f"a target of shape {target}",
        hint=hint,
    )
