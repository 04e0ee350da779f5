"""The same model once more: as another class, or in another precision.

A model is rebuilt from its configuration, gets the values of all its variables, and is compiled with copies of its
optimizer, loss and metrics, so that nothing done to the copy reaches the original. In another precision every layer
computes in the policy that is asked for, whatever its own was, and noise (dropout and its relatives) can be silenced,
so that two precisions can be compared number by number.

Keras 3.15 on JAX moves the inputs of `tanh`, `mean` and others to float32 whatever `floatx` says: its type promotion
ends in a table that turns float64 into float32. In double precision that entry is set aside.
"""

import contextlib
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any
from unittest import mock

import jax
import keras
import numpy as np
from keras.src.backend.common import dtypes
from keras.src.saving import serialization_lib

from tenfold.errors import ModelError

__all__ = ["compile_alike", "copy_values", "in_float64", "in_precision", "rebuild", "without_noise"]

_NOISE = ("rate", "dropout", "recurrent_dropout", "stddev")
"""Arguments of Keras' layers that draw noise; 0 silences each."""


@contextlib.contextmanager
def in_float64() -> Iterator[None]:
    """Keras and JAX compute in double precision while the block runs; models made before keep their own."""
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    wide = mock.patch.dict(dtypes.BIT64_TO_BIT32_DTYPE, {"float64": "float64"})
    with jax.enable_x64(True), wide:  # noqa: FBT003  # JAX names the argument otherwise from release to release
        try:
            keras.config.set_floatx("float64")
            keras.config.set_dtype_policy("float64")
            yield
        finally:
            keras.config.set_floatx(before)
            keras.config.set_dtype_policy(policy)


def rebuild(model: Any, kind: Any = None, change: Callable[[Any], Any] = lambda config: config) -> Any:
    """The model from its configuration, with the same values, not compiled.

    Args:
        model: A built Keras model.
        kind: Class of the copy; by default the model's own.
        change: Makes the configuration of the copy from the model's own.

    Returns:
        The copy.

    Raises:
        ModelError: The configuration does not give the model back.
    """
    scope = serialization_lib.SafeModeScope(safe_mode=False)  # it is the caller's own object, not a file
    try:
        with _lambdas_named(model), keras.saving.custom_object_scope(_own_parts(model)), scope:
            copy = (kind or type(model)).from_config(change(model.get_config()))
            if not copy.built:
                copy(keras.KerasTensor(model.get_build_config()["input_shape"]))
        copy_values(model, copy)
    except (NotImplementedError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise ModelError(
            "not_rebuilt",
            f"The model `{model.name}` cannot be rebuilt from its configuration: {_first_sentence(error)}",
            hint="give its own classes `get_config` with every argument of `__init__`",
        ) from error
    return copy


def copy_values(model: Any, copy: Any) -> None:
    """Give the copy the values of all variables: weights, statistics, seeds.

    Raises:
        ValueError: The copy has other variables.
    """
    for own, other in _pairs(model, copy):
        value = np.array(own.value)  # a copy: training gives the buffers of arrays away
        other.assign(value.astype(other.dtype) if np.issubdtype(value.dtype, np.floating) else value)
    for layer in copy._flatten_layers():
        if hasattr(layer, "finalize_state"):  # an adapted `Normalization` computes with arrays beside its weights
            layer.finalize_state()


def _pairs(model: Any, copy: Any) -> list[tuple[Any, Any]]:
    """Variables of both; seeds are left out where the copy is without noise and has fewer of them."""
    own, other = list(model.variables), list(copy.variables)
    if len(own) != len(other):
        own, other = ([one for one in some if "seed_generator" not in one.path] for some in (own, other))
    return list(zip(own, other, strict=True))


def compile_alike(model: Any, copy: Any, **changes: Any) -> None:
    """Compile the copy as the model is compiled, with an optimizer and metrics of its own.

    Args:
        model: A compiled model.
        copy: The model to compile.
        **changes: Arguments of `compile` that differ: `loss`, `loss_weights`, `optimizer`, ...
    """
    asked = {**model._compile_config.config, "optimizer": _again(model.optimizer)}
    for name in ("metrics", "weighted_metrics"):
        asked[name] = keras.tree.map_structure(_again, asked[name]) if asked[name] is not None else None
    copy.compile(**{**asked, **changes})


def in_precision(config: Any, policy: str) -> Any:
    """The configuration with every floating-point layer in another policy, at any depth.

    Args:
        config: A configuration, or a part of one.
        policy: Name of a Keras policy: `"float64"`, `"mixed_float16"`, ...
    """
    if isinstance(config, dict):
        if config.get("class_name") == "__keras_tensor__":
            return config
        if config.get("class_name") == "InputLayer":  # an input has a type, not a policy
            policy = keras.DTypePolicy(policy).variable_dtype
        return {name: policy if _is_floating(name, value) else in_precision(value, policy)
                for name, value in config.items()}  # fmt: skip
    if isinstance(config, list | tuple):
        return type(config)(in_precision(part, policy) for part in config)
    return config


def without_noise(config: Any) -> Any:
    """The configuration with every rate of dropout and every deviation of noise at 0, at any depth."""
    if isinstance(config, dict):
        inner = config.get("config")
        if isinstance(inner, dict) and str(config.get("module", "")).startswith("keras.layers"):
            quiet = {name: 0.0 if name in _NOISE and isinstance(value, float) else without_noise(value)
                     for name, value in inner.items()}  # fmt: skip
            return {**config, "config": quiet}
        return {name: without_noise(value) for name, value in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(without_noise(part) for part in config)
    return config


def _is_floating(name: str, value: Any) -> bool:
    """Whether the entry says in which floating-point type a layer computes."""
    if name != "dtype":
        return False
    policy = value.get("config", {}).get("name") if isinstance(value, dict) else value
    return isinstance(policy, str) and "float" in policy


def _functions(model: Any) -> list[FunctionType]:
    """The user's own functions inside the model's layers."""
    held = [one for layer in model._flatten_layers() for one in vars(layer).values()]
    return [one for one in held if isinstance(one, FunctionType) and not str(one.__module__).startswith("keras.")]


def _own_parts(model: Any) -> dict[str, Any]:
    """The user's own classes and functions inside the model, by the names their configurations know them by."""
    classes = {type(layer) for layer in [model, *model._flatten_layers()]}
    own = [one for one in classes if not str(one.__module__).startswith("keras.")]
    parts: list[Any] = [*own, *_functions(model)]
    return {part.__name__: part for part in parts}


@contextlib.contextmanager
def _lambdas_named(model: Any) -> Iterator[None]:
    """Functions without a name have one while the block runs, so that a configuration can say which is meant."""
    nameless = [one for one in _functions(model) if one.__name__ == "<lambda>"]
    try:
        for number, one in enumerate(nameless):
            one.__name__ = f"lambda_{number}"
        yield
    finally:
        for one in nameless:
            one.__name__ = "<lambda>"


def _again(part: Any) -> Any:
    """A fresh optimizer or metric of the same configuration; names and functions stay as they are."""
    if isinstance(part, keras.Optimizer | keras.Metric):
        with keras.saving.custom_object_scope({type(part).__name__: type(part)}):
            return type(part).from_config(part.get_config())
    return part


def _first_sentence(error: Exception) -> str:
    """What Keras says first, at most a line of it."""
    text = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return text.split(". ")[0].rstrip(".")
