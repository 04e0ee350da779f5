"""`tenfold.precision.fuse`: the same model, trained on logits, in plain `keras.Model.fit`.

    fused = tenfold.precision.fuse(model)
    fused.fit(x, y, epochs=20)                # no probability is clipped, no gradient is lost
    fused.predict(x)                          # probabilities, as before
    print(fused.changes)                      # what was fused, and what was left and why

Keras on JAX counts a sigmoid or softmax head and its crossentropy through a clipped probability: beyond a logit of
about 16 a row has no gradient. A fused model keeps its head, so it answers probabilities; its loss says
`from_logits=True` and is handed the head's logits (`fused_models.py`). `tenfold.fit` does the same without being asked.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras.src.losses.losses import LossFunctionWrapper

from tenfold.engine.focal import (
    BinaryFocalCrossentropyOnLogits,
    CategoricalFocalCrossentropyOnLogits,
    binary_focal_crossentropy_on_logits,
    categorical_focal_crossentropy_on_logits,
)
from tenfold.engine.losses import CROSSENTROPIES, Head, find_heads, hands_logits, on_logits, output_position
from tenfold.engine.network import require_jax
from tenfold.errors import ModelError, OptionError
from tenfold.precision.fused_models import FusedModel, FusedSequential
from tenfold.precision.rebuilding import compile_alike, rebuild
from tenfold.writing import writing

__all__ = ["fuse", "save_fused"]

_CLASSES = {
    keras.losses.binary_crossentropy: keras.losses.BinaryCrossentropy,
    keras.losses.categorical_crossentropy: keras.losses.CategoricalCrossentropy,
    keras.losses.sparse_categorical_crossentropy: keras.losses.SparseCategoricalCrossentropy,
    binary_focal_crossentropy_on_logits: BinaryFocalCrossentropyOnLogits,
    categorical_focal_crossentropy_on_logits: CategoricalFocalCrossentropyOnLogits,
}
"""Losses as classes, which Keras saves with their arguments."""


def fuse(model: Any) -> Any:
    """A new compiled model that answers the same predictions and trains its heads on logits.

    A head is fused when it ends with Keras' sigmoid or softmax (a layer's `activation` or an `Activation` layer), feeds
    nothing but its output, and its loss is the crossentropy that belongs to it (binary, categorical, sparse, focal).
    Every other output keeps its loss. The new model has weights, optimizer and metrics of its own.

    Args:
        model: A compiled, built `keras.Sequential` or functional model on the JAX backend. It is not changed.

    Returns:
        The fused model; its attribute `changes` lists, a sentence each, what was fused and what was left and why. Where
        nothing can be fused it is an ordinary copy. Save it with `model.save`; import
        `tenfold.precision.fused_models` before `keras.models.load_model` reads it back.

    Raises:
        BackendError: Keras runs on another backend.
        ModelError: The model is not compiled, not built, or cannot be copied.
    """
    require_jax()
    _check(model)
    copy = rebuild(model)
    compile_alike(model, copy)
    reason = _why_not(model)
    heads = [] if reason else _heads(copy)
    changes = [reason] if reason else _sentences(copy, heads)
    if heads:
        plain, copy = copy, rebuild(model, FusedSequential if isinstance(model, keras.Sequential) else FusedModel)
        compile_alike(model, copy, **_fused_losses(plain, heads))
    _copy_optimizer_state(model, copy)
    copy.changes = changes
    return copy


def save_fused(model: Any, path: Path) -> None:
    """Write a model that `fuse` made, in Keras' own format.

    Args:
        model: The model.
        path: A file that ends in `.keras`.

    Raises:
        OptionError: Another ending.
        MachineError: The file cannot be written.
    """
    if path.suffix != ".keras":
        raise OptionError(
            "fused_suffix",
            f"`{path}` does not end in .keras",
            expected="a file such as fused.keras",
            received=path.name,
        )
    with writing(path) as file:
        model.save(file)


def _why_not(model: Any) -> str | None:
    """Why no head of the model can be looked for, or None."""
    if hands_logits(model):
        return "The model is a fused one already: its heads train on logits."
    if type(model) not in (keras.Sequential, keras.Model, keras.src.models.functional.Functional):
        return f"The model is a class of its own (`{type(model).__name__}`), whose heads cannot be seen: left as it is."
    if any(loss in ("crossentropy", "ce") for loss in keras.tree.flatten(model.loss)):
        return (
            "Keras chooses a loss named `crossentropy` on the first batch: name the one that is meant. Left as it is."
        )
    return None


def _heads(model: Any) -> list[Head]:
    """Heads of a copy; its compiled loss is built on the model's own outputs, since no target is at hand."""
    outputs = _outputs(model)
    model._compile_loss.build(outputs, outputs)
    return find_heads(model)


def _outputs(model: Any) -> Any:
    """Symbolic outputs, nested as the model answers."""
    outputs = (getattr(model, "_functional", None) or model)._outputs_struct
    is_single = isinstance(outputs, list | tuple) and len(outputs) == 1
    return outputs[0] if is_single else outputs


def _fused_losses(model: Any, heads: Sequence[Head]) -> dict[str, Any]:
    """Arguments of `compile`: the losses with those of fused heads reading logits, and their weights."""
    fused, outputs = {head.output for head in heads}, _outputs(model)
    entries = {output_position(model, entry): entry for entry in model._compile_loss._flat_losses}
    positions = range(len(keras.tree.flatten(outputs)))
    found = [entries.get(position) for position in positions]
    losses = [
        None if entry is None else _reading_logits(entry.loss) if position in fused else _as_given(entry.loss)
        for position, entry in enumerate(found)
    ]
    weights = [1.0 if entry is None or entry.loss_weights is None else entry.loss_weights for entry in found]
    nested = keras.tree.is_nested(outputs)
    return {
        "loss": keras.tree.pack_sequence_as(outputs, losses) if nested else losses[0],
        "loss_weights": keras.tree.pack_sequence_as(outputs, weights) if nested else weights[0],
    }


def _reading_logits(loss: Any) -> Any:
    """The crossentropy as a class of Keras' or ours that can be saved, reading logits."""
    twin = on_logits(loss)
    given = {"reduction": loss.reduction, "name": loss.name, "dtype": loss._dtype_policy}
    return _CLASSES[twin.fn](**twin._fn_kwargs, **given)


def _as_given(loss: Any) -> Any:
    """A loss as it was named to `compile`: Keras wraps a bare function in a class that cannot be saved."""
    is_bare = type(loss) is LossFunctionWrapper and not loss._fn_kwargs
    return loss.fn if is_bare else loss


def _copy_optimizer_state(model: Any, copy: Any) -> None:
    """Iterations and slots go over where there are any, so that training continues where it stood."""
    if model.optimizer is not None and model.optimizer.built:
        copy.optimizer.build(copy.trainable_variables)
        for own, other in zip(model.optimizer.variables, copy.optimizer.variables, strict=True):
            other.assign(np.array(own.value))  # a copy: training gives the buffers of arrays away


def _sentences(model: Any, heads: Sequence[Head]) -> list[str]:
    """A sentence for each output that has a loss."""
    fused = {head.output: head for head in heads}
    tensors = keras.tree.flatten(_outputs(model))
    return [
        _sentence(tensors[position]._keras_history.operation, entry.loss, fused.get(position))
        for entry in model._compile_loss._flat_losses
        for position in [output_position(model, entry)]
    ]


def _sentence(layer: Any, loss: Any, head: Head | None) -> str:
    if head is not None:
        return f"`{layer.name}`: {head.activation} and {loss.name} are trained as one, on logits."
    function, activation = getattr(loss, "fn", None), getattr(layer, "activation", None)
    if getattr(loss, "_fn_kwargs", {}).get("from_logits"):
        return f"`{layer.name}`: left as it is; its loss {loss.name} reads logits already."
    if function not in CROSSENTROPIES:
        return f"`{layer.name}`: left as it is; {loss.name} is no crossentropy of probabilities."
    name = getattr(activation, "__name__", "no activation")
    return (
        f"`{layer.name}`: left as it is; only a last layer that ends with Keras' own sigmoid or softmax and feeds "
        f"nothing else can be fused with {loss.name}, and this one ends with {name}."
    )


def _check(model: Any) -> None:
    if not getattr(model, "compiled", False) or (model.loss is None and model._compile_loss is None):
        raise ModelError(
            "not_compiled",
            f"The model `{getattr(model, 'name', model)}` is not compiled, so it has no loss and no optimizer",
            hint='call model.compile("rmsprop", "binary_crossentropy") or the like before',
        )
    if not model.built:
        raise ModelError(
            "not_built",
            f"The model `{model.name}` is not built, so it has no weights yet",
            hint="begin it with keras.Input((columns,)), or call model.build(input_shape)",
        )
