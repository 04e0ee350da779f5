"""Further copies of a user's model: the same architecture, optimizer and loss, with initial weights of their own.

A probe training must begin where the user's own training began: at freshly drawn weights. A model that comes out of a
file is usually trained already, so its weights are drawn anew too; only layers that do not train keep theirs, such as
a pretrained base or an adapted `Normalization`.
"""

import copy
import functools
from collections.abc import Callable
from typing import Any

import keras

__all__ = ["copier", "has_trained"]


def copier(model: Any, *, optimizer: Any | None = None) -> Callable[[], Any] | Any:
    """What builds copies of a model.

    Args:
        model: A compiled, built Keras model.
        optimizer: Another optimizer's configuration (`keras.optimizers.serialize`); None for the model's own.

    Returns:
        A function without arguments that builds a compiled copy with fresh weights; or the model itself where Keras
        cannot copy it, and then every training starts from its present weights.
    """
    described = optimizer or keras.optimizers.serialize(model.optimizer)
    build = functools.partial(_copy, model, described)
    try:
        build()
    except Exception:  # noqa: BLE001  # a user's own class may fail in any way when it is copied
        return model
    return build


def has_trained(model: Any) -> bool:
    """Whether the weights have been trained: a bias that starts at zero is not zero any more, or steps were counted.

    Args:
        model: A built Keras model.
    """
    optimizer = model.optimizer
    if optimizer is not None and int(optimizer.iterations.value) > 0:
        return True
    for layer in model._flatten_layers():
        begins_at_zero = isinstance(getattr(layer, "bias_initializer", None), keras.initializers.Zeros)
        bias = getattr(layer, "bias", None)
        if begins_at_zero and bias is not None and bool(keras.ops.any(keras.ops.not_equal(bias, 0))):
            return True
    return False


def _copy(model: Any, optimizer: Any) -> Any:
    if isinstance(model, keras.Sequential) or model.__class__.__name__ == "Functional":
        other = keras.models.clone_model(model)
    else:
        other = model.__class__.from_config(model.get_config())
    shapes = getattr(model, "_build_shapes_dict", None)
    if not other.built and shapes:
        other.build_from_config(
            {"shapes_dict": shapes} if len(shapes) > 1 else {"input_shape": next(iter(shapes.values()))}
        )
    _keep_what_does_not_train(model, other)
    other.compile(
        optimizer=keras.optimizers.deserialize(copy.deepcopy(optimizer)),  # Keras empties what it reads
        loss=model.loss,
        loss_weights=getattr(model._compile_loss, "_user_loss_weights", None),
    )
    return other


def _keep_what_does_not_train(model: Any, twin: Any) -> None:
    """Give layers without trainable weights the values that they have in the model."""
    moves = (keras.layers.BatchNormalization, keras.Model)
    for own, other in zip(model._flatten_layers(), twin._flatten_layers(), strict=True):
        other.trainable = own.trainable
        values = own.weights
        if not values or own.trainable_variables or (isinstance(own, moves) and own.trainable):
            continue
        kept: dict[str, Any] = {}
        own.save_own_variables(kept)
        other.load_own_variables(kept)
