"""Rows behind the wall: whose loss is clipped, and what gradient that costs.

Every output with a crossentropy of probabilities is evaluated twice on the same logits: as Keras counts it, with the
activation in the layer's type and the clip in the loss', and in float64 from the logits themselves. A row is *clipped*
where the probability that its loss reads lies outside [epsilon, 1 - epsilon] as the loss' type holds these numbers.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from tenfold.engine.losses import (
    CROSSENTROPIES,
    Head,
    find_heads,
    hands_logits,
    heads_on_logits,
    on_logits,
    output_position,
)
from tenfold.engine.network import Batch
from tenfold.precision.rebuilding import in_float64

__all__ = ["ClippedOutput", "clipped_outputs", "model_answers"]

_WRONG = 0.5
"""A true gradient of at least this size belongs to a row that is more wrong than right."""

_IDENTITY = keras.activations.linear

_ROWS_AT_A_TIME = 256
"""Rows of one forward pass. Arbitrary: bounds the memory of activations."""


class ClippedOutput(NamedTuple):
    """An output whose loss is a crossentropy of probabilities.

    Attributes:
        layer: Name of the last layer.
        activation: `"sigmoid"`, `"softmax"`, or `"none"` where the loss reads numbers that are no probabilities.
        loss: Name of the loss.
        clipped: Whether each row's loss is clipped.
        lost: Whether each row's gradient is exactly 0, or not a number, though the true one is not 0.
        frozen: Whether that happens to a row that is more wrong than right.
        magnitude_lost: Share of the summed true gradient, in magnitude, that belongs to entries where Keras gives 0.
    """

    layer: str
    activation: str
    loss: str
    clipped: np.ndarray
    lost: np.ndarray
    frozen: np.ndarray
    magnitude_lost: float


def clipped_outputs(model: Any, rows: Batch, targets: Sequence[Any]) -> list[ClippedOutput]:
    """All outputs whose loss clips probabilities.

    Args:
        model: A compiled, built model on probabilities; a fused one clips nothing.
        rows: Rows to judge by.
        targets: Their targets in the order of the outputs.

    Returns:
        What is clipped, an entry for each such output.
    """
    if hands_logits(model):
        return []
    heads = {head.output: head for head in find_heads(model)}
    entries = [entry for entry in model._compile_loss._flat_losses if _clips(entry.loss)]
    if not entries:
        return []
    answers = model_answers(model, rows.x, list(heads.values()))
    found = []
    for entry in entries:
        position = output_position(model, entry)
        activation = heads[position].activation if position in heads else "none"
        found.append(_judged(entry.loss, activation, _name(model, position), answers[position], targets[position]))
    return found


def model_answers(model: Any, x: Any, heads: Sequence[Head]) -> list[np.ndarray]:
    """Outputs of all rows, flat; of the heads, logits."""
    trainable = [variable.value for variable in model.trainable_variables]
    frozen = [variable.value for variable in model.non_trainable_variables]

    @jax.jit
    def forward(x: Any) -> list[Any]:
        mode = {"training": False} if model._call_has_training_arg else {}
        with heads_on_logits(heads):
            return list(keras.tree.flatten(model.stateless_call(trainable, frozen, x, **mode)[0]))

    number = jax.tree.leaves(x)[0].shape[0]
    parts = [
        forward(jax.tree.map(lambda leaf, start=start: leaf[start : start + _ROWS_AT_A_TIME], x))
        for start in range(0, number, _ROWS_AT_A_TIME)
    ]
    return [np.concatenate([np.asarray(part[place]) for part in parts]) for place in range(len(parts[0]))]


def _clips(loss: Any) -> bool:
    """Whether the loss clips probabilities; Keras' focal losses do so even of logits."""
    function: Any = getattr(loss, "fn", None)
    return function in CROSSENTROPIES and (not _reads_logits(loss) or "focal" in function.__name__)


def _reads_logits(loss: Any) -> bool:
    return bool(loss._fn_kwargs.get("from_logits", False))


def _name(model: Any, position: int) -> str:
    """Name of the layer that gives an output."""
    graph = getattr(model, "_functional", None) or model
    if isinstance(graph, keras.src.models.functional.Functional):
        return str(keras.tree.flatten(graph.outputs)[position]._keras_history.operation.name)
    return f"output {position}"


def _judged(loss: Any, activation: str, layer: str, answers: np.ndarray, target: np.ndarray) -> ClippedOutput:
    apply: Callable[[Any], Any] = _IDENTITY if activation == "none" else getattr(keras.activations, activation)
    inside = getattr(keras.activations, _inside(loss)) if _reads_logits(loss) else _IDENTITY
    probability = np.asarray(inside(jnp.asarray(apply(jnp.asarray(answers))).astype(loss.dtype)))
    gradient = _gradient(lambda y, x: loss.call(y, jnp.asarray(apply(x)).astype(loss.dtype)), target, answers)
    exact = _exact_gradient(loss, target, answers)
    vanished = ((gradient == 0) | ~np.isfinite(gradient)) & (exact != 0)
    nothing_left = ~((gradient != 0) & np.isfinite(gradient)).any(axis=1) & (exact != 0).any(axis=1)
    magnitude = np.abs(exact)
    return ClippedOutput(
        layer, activation, loss.name, _clipped(loss, probability, target), nothing_left,
        nothing_left & (magnitude.max(axis=1) >= _WRONG),
        float(magnitude[vanished].sum() / magnitude.sum()) if magnitude.sum() > 0 else 0.0,
    )  # fmt: skip


def _inside(loss: Any) -> str:
    """The activation that a focal loss of logits applies itself."""
    return "sigmoid" if "binary" in loss.fn.__name__ else "softmax"


def _gradient(loss: Callable[[Any, Any], Any], target: Any, answers: Any) -> np.ndarray:
    """Of each row's loss with respect to what the model answers, `(row, entry)`, in float64."""
    function = jax.jit(jax.grad(lambda x, y: jnp.sum(loss(y, x)).astype(jnp.float32)))
    found: np.ndarray = np.asarray(function(jnp.asarray(answers), jnp.asarray(target))).astype(np.float64)
    return found.reshape(len(found), -1)


def _exact_gradient(loss: Any, target: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """The same in float64 from the logits."""
    exact = copy.copy(on_logits(loss))
    with in_float64():
        function = jax.jit(jax.grad(lambda x, y: jnp.sum(exact.call(y, x))))
        found: np.ndarray = np.asarray(function(jnp.asarray(answers.astype(np.float64)), jnp.asarray(_wide(target))))
    return found.reshape(len(found), -1)


def _wide(target: np.ndarray) -> np.ndarray:
    return target.astype(np.float64) if np.issubdtype(target.dtype, np.floating) else target


def _clipped(loss: Any, probability: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Whether any probability that a row's loss reads lies outside Keras' clip."""
    arguments, epsilon = loss._fn_kwargs, keras.config.epsilon()
    if "categorical" in loss.fn.__name__:
        axis = arguments.get("axis", -1)
        with np.errstate(divide="ignore", invalid="ignore"):
            probability = probability / probability.sum(axis=axis, keepdims=True)
        read = _read_by(loss, probability, target)
    else:
        read = np.ones(probability.shape, bool)
    bounds = np.asarray([epsilon, 1 - epsilon]).astype(probability.dtype)
    outside: np.ndarray = ~((probability >= bounds[0]) & (probability <= bounds[1]))
    by_row: np.ndarray = (outside & read).reshape(len(probability), -1)
    return np.asarray(by_row.any(axis=1))


def _read_by(loss: Any, probability: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Entries that a crossentropy of several classes multiplies with more than 0."""
    if loss.fn is not keras.losses.sparse_categorical_crossentropy:
        smoothing = loss._fn_kwargs.get("label_smoothing", 0)
        return np.broadcast_to((target > 0) | (smoothing > 0), probability.shape)
    number = target.reshape(probability.shape[:-1]).astype(np.int64)
    is_own: np.ndarray = np.arange(probability.shape[-1]) == number[..., None]
    return is_own
