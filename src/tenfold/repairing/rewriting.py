"""A Keras model rebuilt with some of its layers replaced.

Every change to an architecture is one of a kind: a chain of layers stands where one layer stood. A chain of none
removes the layer, of one replaces it, of two puts something behind or before it; behind an input, too. The model that
is given stays as it is: all layers of the new one are new, with new initial weights, except that layers which training
does not change (frozen ones, an adapted `Normalization`) keep their numbers.

    rewritten(model, {"dense_1": [changed(model.get_layer("dense_1"), activation="relu")]})
"""

import contextlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras.src.utils.naming import to_snake_case

from tenfold.engine.compile_arguments import compile_arguments
from tenfold.engine.starts import deferring_initializers
from tenfold.errors import ModelError
from tenfold.repairing.graph import input_name, is_rewritable

__all__ = ["changed", "fresh", "new_layer", "rewritten", "with_input"]

Chains = Mapping[str, Sequence[Any]]
"""Name of a layer or input -> the layers that stand there instead; an input's chain stands behind it."""


def rewritten(model: Any, instead: Chains, **compile_changes: Any) -> Any:
    """A new model with other layers, compiled as the old one but for what is given.

    Args:
        model: Compiled, Sequential or functional, built.
        instead: Layers that stand where others stood.
        compile_changes: Arguments of `Model.compile` that are other than before.

    Returns:
        A new, compiled model.
    """
    new = _rebuilt(model, instead)
    _keep_untrained(model, new)
    new.compile(**{**compile_arguments(model), **compile_changes})
    return new


def fresh(model: Any) -> Any:
    """The same model with new initial weights, compiled alike.

    Raises:
        ModelError: A model of a class of the user's own that Keras cannot copy.
    """
    return rewritten(model, {})


def changed(layer: Any, **configuration: Any) -> Any:
    """A new layer as the old one but for some entries of its configuration."""
    return type(layer).from_config({**layer.get_config(), **configuration})


def new_layer(model: Any, kind: type, *arguments: Any, **configuration: Any) -> Any:
    """A new layer with a name that no layer of the model has, as Keras would name it."""
    stem = to_snake_case(kind.__name__)
    taken = {layer.name for layer in model.layers}
    numbers = [int(found[1] or 0) for name in taken if (found := re.fullmatch(rf"{stem}(?:_(\d+))?", name))]
    name = f"{stem}_{max(numbers) + 1}" if numbers else stem
    return kind(*arguments, name=name, **configuration)


def with_input(model: Any, x: Any) -> Any:
    """A Sequential model that does not know its input's shape, with the shape of the data."""
    if not isinstance(model, keras.Sequential) or model.built:
        return model
    with deferring_initializers():
        layers = [keras.Input(x.shape[1:], dtype=x.dtype.name), *map(_clone, model.layers)]
        new = keras.Sequential(layers, name=model.name)
        new.compile(**compile_arguments(model))
    return new


def _rebuilt(model: Any, instead: Chains) -> Any:
    if not is_rewritable(model):
        return _of_own_class(model)
    if isinstance(model, keras.Sequential):
        return _sequential(model, instead)
    return _functional(model, instead)


def _sequential(model: Any, instead: Chains) -> Any:
    entry = model.inputs[0]
    start = keras.Input(batch_shape=entry.shape, dtype=entry.dtype, name=input_name(model))
    chains = [instead.get(entry.name, ()), *(instead.get(one.name, [_clone(one)]) for one in model.layers)]
    return keras.Sequential([start, *(layer for chain in chains for layer in chain)], name=model.name)


def _functional(model: Any, instead: Chains) -> Any:
    uncompiled = keras.Model(model.input, model.output, name=model.name)
    inputs = keras.tree.map_structure(
        lambda one: keras.Input(batch_shape=one.shape, dtype=one.dtype, name=one.name), model.input
    )
    behind = {id(one): _through(instead.get(one.name, ()), one) for one in keras.tree.flatten(inputs)}
    chains: dict[int, Sequence[Any]] = {}

    def clone(layer: Any) -> Any:
        chain = instead.get(layer.name)
        new = _clone(layer) if not chain else chain[0]
        chains[id(new)] = [new] if chain is None else chain
        return new

    def call(layer: Any, *arguments: Any, **named: Any) -> Any:
        arguments, named = keras.tree.map_structure(lambda one: behind.get(id(one), one), (arguments, named))
        chain = chains[id(layer)]
        return _through(chain[1:], layer(*arguments, **named)) if chain else arguments[0]

    return keras.models.clone_model(uncompiled, input_tensors=inputs, clone_function=clone, call_function=call)


def _through(chain: Sequence[Any], tensor: Any) -> Any:
    for layer in chain:
        tensor = layer(tensor)
    return tensor


def _clone(layer: Any) -> Any:
    return type(layer).from_config(layer.get_config())


def _of_own_class(model: Any) -> Any:
    try:
        return type(model).from_config(model.get_config())
    except (NotImplementedError, TypeError, ValueError) as error:
        raise ModelError(
            "not_copied",
            f"Keras cannot copy the model `{model.name}` of class `{type(model).__name__}`",
            expected="a Sequential or functional model, or a class with `get_config` and `from_config`",
            received=str(error).splitlines()[0] if str(error) else type(error).__name__,
        ) from error


def _keep_untrained(model: Any, new: Any) -> None:
    """Numbers that training does not change are the model's own: frozen layers, adapted statistics."""
    others = {layer.name: layer for layer in new.layers}
    for layer, other in ((one, others[one.name]) for one in model.layers if one.name in others):
        if type(layer) is not type(other) or not layer.weights or layer.trainable_weights:
            continue
        with contextlib.suppress(ValueError):  # of another shape: no longer the same layer
            other.set_weights(layer.get_weights())
            if hasattr(other, "finalize_state"):
                other.finalize_state()
