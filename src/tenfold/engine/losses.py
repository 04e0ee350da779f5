"""Losses as the engine counts them: heads fused with their crossentropy, and padded rows that weigh nothing.

*Fusing.* Keras on JAX computes a sigmoid or softmax head and its crossentropy one after the other, through a clipped
probability: at a logit of -16.2 a positive row has a gradient of exactly 0 where it should be -1. The engine trains
such heads on their logits instead and applies the activation only for metrics, so the model still answers
probabilities. A head is fused when its last layer ends with its activation (`Dense`, `Activation`, convolutions), feeds
nothing but the model's output, and the loss is the crossentropy that belongs to it.

*Padding.* Members with fewer rows than others get padded batches. Keras' default reduction divides by the number of
rows in the batch, padding included, so the loss of a padded batch is taken with weight zero on padding and scaled by
rows / real rows; then it equals the loss of the smaller batch that Keras would have trained on.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src import losses as keras_losses
from keras.src.trainers import compile_utils

from tenfold.engine.focal import binary_focal_crossentropy_on_logits, categorical_focal_crossentropy_on_logits
from tenfold.engine.known_parts import is_known

__all__ = [
    "CROSSENTROPIES",
    "Head",
    "data_losses",
    "find_heads",
    "hands_logits",
    "heads_on_logits",
    "losses_ignore_batches",
    "losses_ignore_padding",
    "on_logits",
    "output_position",
    "probabilities",
    "treats_rows_alone_in",
]

_PAIRS = {
    "sigmoid": (keras.losses.binary_crossentropy, keras.losses.binary_focal_crossentropy),
    "softmax": (
        keras.losses.categorical_crossentropy,
        keras.losses.sparse_categorical_crossentropy,
        keras.losses.categorical_focal_crossentropy,
    ),
}

CROSSENTROPIES = tuple(function for pair in _PAIRS.values() for function in pair)
"""Keras' losses that read probabilities and clip them."""

_FOCAL = {
    keras.losses.binary_focal_crossentropy: binary_focal_crossentropy_on_logits,
    keras.losses.categorical_focal_crossentropy: categorical_focal_crossentropy_on_logits,
}
"""Losses that `from_logits=True` does not save from the clip, and what counts them from logits."""

_ENDS_WITH_ACTIVATION = (
    keras.layers.Activation, keras.layers.Dense, keras.layers.EinsumDense, keras.layers.Conv1D, keras.layers.Conv2D,
    keras.layers.Conv3D, keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose, keras.layers.Conv3DTranspose,
    keras.layers.DepthwiseConv1D, keras.layers.DepthwiseConv2D, keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
)  # fmt: skip
"""Keras' layers whose last operation is their activation."""

_OVER_ALL_ROWS = (keras.losses.dice, keras.losses.tversky, keras.losses.circle)
"""Keras' loss functions that are one number of a whole batch."""


class Head(NamedTuple):
    """A last layer whose activation is fused with the loss of its output.

    Attributes:
        output: Position of the output among the model's flattened outputs.
        layer: The layer; its `activation` is exchanged while training is traced.
        activation: `"sigmoid"` or `"softmax"`.
    """

    output: int
    layer: Any
    activation: str


def find_heads(model: Any) -> list[Head]:
    """Heads of a built, compiled model that can be trained on logits.

    Args:
        model: Sequential or functional Keras model, built and compiled; other models have no heads that can be found.

    Returns:
        One `Head` for each output that qualifies, in the order of the outputs.
    """
    graph = getattr(model, "_functional", None) or model
    if not isinstance(graph, keras.src.models.functional.Functional):
        return []
    wants_logits = hands_logits(model)
    entries = {output_position(model, entry): entry for entry in model._compile_loss._flat_losses}
    heads = []
    for position, tensor in enumerate(keras.tree.flatten(graph.outputs)):
        layer = tensor._keras_history.operation
        activation = _activation_name(layer)
        entry = entries.get(position)
        belongs = activation and entry and _belongs(entry.loss, activation, wants_logits=wants_logits)
        if activation and belongs and _only_feeds_output(graph, tensor, layer):
            heads.append(Head(position, layer, activation))
    return heads


def hands_logits(model: Any) -> bool:
    """Whether the model answers probabilities and hands logits to the losses that ask for them, as a fused one does."""
    return bool(getattr(model, "hands_logits_to_losses", False))


@contextlib.contextmanager
def heads_on_logits(heads: Sequence[Head]) -> Iterator[None]:
    """Let the heads answer logits while the block runs."""
    before = [head.layer.activation for head in heads]
    try:
        for head in heads:
            head.layer.__dict__["activation"] = keras.activations.linear
        yield
    finally:
        for head, activation in zip(heads, before, strict=True):
            head.layer.__dict__["activation"] = activation


def probabilities(outputs: Any, heads: Sequence[Head]) -> Any:
    """Outputs with the logits of fused heads turned into probabilities."""
    flat = list(keras.tree.flatten(outputs))
    for head in heads:
        flat[head.output] = getattr(keras.activations, head.activation)(flat[head.output])
    return keras.tree.pack_sequence_as(outputs, flat)


class DataLosses(NamedTuple):
    """The total loss over the outputs, and each output's own loss, unweighted, where there are several."""

    total: Any
    of_outputs: list[Any]


def data_losses(
    model: Any, y: Any, outputs: Any, sample_weight: Any, real: Any | None, num_real: Any | None, heads: Sequence[Head]
) -> DataLosses:
    """Keras' compiled loss over one batch, with fused heads and without padded rows.

    Args:
        model: The compiled model; its compiled loss is built.
        y: Targets of the batch, as the model's outputs are nested.
        outputs: What the model answered; logits for fused heads.
        sample_weight: None, or weights nested as the targets.
        real: None where no row is padding, else 1 for real rows and 0 for padding, of shape `(row,)`.
        num_real: Number of real rows, of shape `()`; None with `real=None`.
        heads: Heads whose outputs are logits.

    Returns:
        The weighted total and the losses of the outputs.
    """
    compiled = model._compile_loss
    with _entries_in_place(compiled, _fused_entries(model, heads), real, num_real) as watch:
        total = compiled.call(y, outputs, sample_weight)
    return DataLosses(total, watch)


def losses_ignore_padding(model: Any) -> bool:
    """Whether every compiled loss is one of Keras' own, which treat rows one by one."""
    return all(
        isinstance(entry.loss, keras_losses.losses.LossFunctionWrapper)
        and type(entry.loss).__module__.startswith("keras.src.")
        and treats_rows_alone_in(entry.loss.fn, entry.loss._fn_kwargs)
        and entry.loss.reduction in ("sum_over_batch_size", "mean", "mean_with_sample_weight", "sum")
        for entry in model._compile_loss._flat_losses
    )


def losses_ignore_batches(model: Any) -> bool:
    """Whether the loss over all rows is the same however they are cut into batches: each is a mean over rows."""
    reductions = [getattr(entry.loss, "reduction", None) for entry in model._compile_loss._flat_losses]
    return all(reduction in ("sum_over_batch_size", "mean") for reduction in reductions)


def treats_rows_alone_in(function: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether a known loss or metric function gives each row a value that no other row changes."""
    is_judged = is_known(str(getattr(function, "__module__", "")))
    return is_judged and function not in _OVER_ALL_ROWS and 0 not in np.atleast_1d(arguments.get("axis", -1))


class _Padded:
    """A loss function called with the padding's weights, then scaled to the number of real rows."""

    def __init__(self, loss: Any, real: Any | None, num_real: Any | None, watch: list[Any]) -> None:
        self.loss, self.real, self.num_real, self.watch = loss, real, num_real, watch

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        value = self.loss(y_true, y_pred, self._weights(sample_weight, y_true, y_pred))
        if (
            self.real is not None
            and self.num_real is not None
            and self.loss.reduction in ("sum_over_batch_size", "mean")
        ):
            num_real = jnp.maximum(self.num_real, 1)  # a step may hold no row of this member, only padding
            value = value * (self.real.shape[0] / num_real).astype(value.dtype)
        self.watch.append(value)
        return value

    def _values(self, y_true: Any, y_pred: Any) -> Any:
        """The loss before it is reduced; its function is given what `keras.losses.Loss.__call__` gives it."""
        in_dtype = [jax.tree.map(lambda leaf: leaf.astype(self.loss.dtype), each) for each in (y_true, y_pred)]
        return self.loss.call(*in_dtype)

    def _weights(self, sample_weight: Any, y_true: Any, y_pred: Any) -> Any:
        """The weights of the rows, one for each value of the loss where a row has several (steps, pixels)."""
        if self.real is None:
            return sample_weight
        if sample_weight is None:
            values = jax.eval_shape(self._values, y_true, y_pred).shape
            inner = (1,) * (len(values) - 1)
            return jnp.broadcast_to(self.real.reshape(self.real.shape + inner), values) if inner else self.real
        weights = jnp.asarray(sample_weight)
        return weights * self.real.reshape(self.real.shape + (1,) * (weights.ndim - 1)).astype(weights.dtype)


@contextlib.contextmanager
def _entries_in_place(compiled: Any, entries: list[Any], real: Any | None, num_real: Any | None) -> Iterator[list[Any]]:
    """Exchange the compiled losses while the block runs; yields the list that their values are noted in.

    Their metric trackers are set aside as well: `Network` counts them itself, because they count padded rows.
    """
    watch: list[Any] = []
    before, trackers = compiled._flat_losses, compiled._metrics
    try:
        compiled._flat_losses = [entry._replace(loss=_Padded(entry.loss, real, num_real, watch)) for entry in entries]
        compiled._metrics = [None] * len(entries)
        yield watch
    finally:
        compiled._flat_losses = before
        compiled._metrics = trackers


def _fused_entries(model: Any, heads: Sequence[Head]) -> list[Any]:
    fused = {head.output for head in heads}
    return [
        entry._replace(loss=on_logits(entry.loss)) if output_position(model, entry) in fused else entry
        for entry in model._compile_loss._flat_losses
    ]


def on_logits(loss: Any) -> Any:
    """The same crossentropy, reading logits."""
    arguments = {name: value for name, value in loss._fn_kwargs.items() if name != "from_logits"}
    fused = _FOCAL.get(loss.fn, loss.fn)
    if fused not in _FOCAL.values():
        arguments["from_logits"] = True
    return keras_losses.losses.LossFunctionWrapper(
        fused, reduction=loss.reduction, name=loss.name, dtype=loss._dtype_policy, **arguments
    )


def output_position(model: Any, entry: compile_utils.CompileLoss.Loss) -> int:
    """Which flattened output a compiled loss belongs to."""
    if not entry.path:
        return 0
    structure = model._compile_loss._y_pred_build_structure
    if isinstance(structure, dict) and not isinstance(getattr(model, "output", None), dict):
        return int(model.output_names.index(entry.path[0]))
    marks = keras.tree.pack_sequence_as(structure, list(range(len(keras.tree.flatten(structure)))))
    for step in entry.path:
        marks = marks[step]
    return int(marks)


def _activation_name(layer: Any) -> str | None:
    """The activation that ends the layer, where nothing but the output depends on it.

    A recurrent layer applies its activation at every step, and an activity regulariser reads what the activation gives.
    """
    ends_with_activation = type(layer) in _ENDS_WITH_ACTIVATION and "activation" in vars(layer)
    if not ends_with_activation or getattr(layer, "activity_regularizer", None) is not None:
        return None
    for name in _PAIRS:
        if layer.activation is getattr(keras.activations, name):
            return name
    return None


def _only_feeds_output(graph: Any, tensor: Any, layer: Any) -> bool:
    """Whether the layer is called once in this model and its tensor goes nowhere but out, once."""
    nodes = [node for depth in graph._nodes_by_depth.values() for node in depth]
    is_input = any(used is tensor for node in nodes for used in node.input_tensors)
    calls = sum(node.operation is layer for node in nodes)
    times_out = sum(output is tensor for output in keras.tree.flatten(graph.outputs))
    return not is_input and calls == 1 and times_out == 1


def _belongs(loss: Any, activation: str, *, wants_logits: bool) -> bool:
    """Whether the loss is a crossentropy of such probabilities; with `wants_logits`, of their logits."""
    arguments, function = getattr(loss, "_fn_kwargs", {}), getattr(loss, "fn", None)
    pairs = _PAIRS[activation]
    reads_logits = arguments.get("from_logits", False) or function in _FOCAL.values()
    return (
        (function in pairs or function in [_FOCAL.get(one) for one in pairs if one in _FOCAL])
        and reads_logits == wants_logits
        and (activation == "sigmoid" or arguments.get("axis", -1) == -1)
    )
