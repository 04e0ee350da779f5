"""What a Keras model was compiled with, read into scratch: its loss and its optimizer."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tenfold.errors import ModelError
from tenfold.scratch.losses import (
    AbstractLoss,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from tenfold.scratch.optimizers import SGD, AbstractOptimizer, Adam, RMSprop

__all__ = ["loss_from_keras", "optimizer_from_keras"]

_REGRESSION: dict[str, Callable[[], AbstractLoss]] = {
    "MeanAbsoluteError": MeanAbsoluteError,
    "MeanSquaredError": MeanSquaredError,
}
_CLASSIFICATION: dict[str, Callable[[bool], AbstractLoss]] = {
    "BinaryCrossentropy": BinaryCrossentropy,
    "CategoricalCrossentropy": CategoricalCrossentropy,
    "SparseCategoricalCrossentropy": SparseCategoricalCrossentropy,
}
_SHORT = {"mse": "MeanSquaredError", "mae": "MeanAbsoluteError"}

_KNOWN_SETTINGS: dict[str, Any] = {
    "axis": -1,
    "ignore_class": None,
    "label_smoothing": 0,
    "reduction": "sum_over_batch_size",
}
"""Settings of losses, with the value that the scratch losses know; any other is refused."""

_OPTIMIZERS: dict[str, tuple[Callable[..., AbstractOptimizer], tuple[str, ...]]] = {
    "Adam": (Adam, ("beta_1", "beta_2", "epsilon")),
    "RMSprop": (RMSprop, ("rho", "momentum", "epsilon")),
    "SGD": (SGD, ("momentum", "nesterov")),
}
_EXTRAS = (
    "amsgrad",
    "centered",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "gradient_accumulation_steps",
    "loss_scale_factor",
    "use_ema",
    "weight_decay",
)
"""Settings of optimizers that the scratch optimizers do not have."""


def loss_from_keras(model: Any) -> AbstractLoss:
    """The loss that a Keras model was compiled with.

    Args:
        model: A compiled Keras model with one output.

    Returns:
        The same loss.

    Raises:
        ModelError: The model is not compiled, or its loss or a setting of it cannot be opened.
    """
    loss = _compiled_with(model, "loss")
    name, settings = _named(loss)
    others = {key: settings[key] for key, known in _KNOWN_SETTINGS.items() if settings.get(key, known) != known}
    others |= _weights_of_losses(model)
    if others or name not in {**_REGRESSION, **_CLASSIFICATION}:
        raise ModelError(
            "loss_not_opened",
            f"The loss of the model `{model.name}` cannot be opened",
            expected=f"one of {', '.join([*_REGRESSION, *_CLASSIFICATION])}, as the mean over rows",
            received=", ".join([name, *(f"{key}={value}" for key, value in others.items())]),
        )
    if name in _REGRESSION:
        return _REGRESSION[name]()
    return _CLASSIFICATION[name](bool(settings.get("from_logits")))


def optimizer_from_keras(model: Any) -> AbstractOptimizer:
    """The optimizer that a Keras model was compiled with, as before its first step.

    Args:
        model: A compiled Keras model.

    Returns:
        The same optimizer, with the learning rate that stands now.

    Raises:
        ModelError: The model is not compiled, or its optimizer or a setting of it cannot be opened.
    """
    optimizer = _compiled_with(model, "optimizer")
    name, config = type(optimizer).__name__, optimizer.get_config()
    others = [key for key in _EXTRAS if config.get(key)]
    others += ["a schedule"] if isinstance(config["learning_rate"], Mapping) else []
    if others or name not in _OPTIMIZERS:
        raise ModelError(
            "optimizer_not_opened",
            f"The optimizer of the model `{model.name}` cannot be opened",
            expected=f"one of {', '.join(_OPTIMIZERS)}, with a constant learning rate and none of {', '.join(_EXTRAS)}",
            received=", ".join([name, *others]),
        )
    kind, settings = _OPTIMIZERS[name]
    rate = float(np.asarray(optimizer.learning_rate.value))
    return kind(learning_rate=rate, **{setting: config[setting] for setting in settings})


def _compiled_with(model: Any, part: str) -> Any:
    found = getattr(model, part, None)
    if found is None:
        raise ModelError("not_compiled", f"The model `{model.name}` has no {part}", hint="compile it")
    return found


def _weights_of_losses(model: Any) -> dict[str, Any]:
    """The argument `loss_weights` of `compile`, where it does anything."""
    given = getattr(model, "_compile_config", None)
    weights = given.config.get("loss_weights") if given else None
    values = list(weights.values()) if isinstance(weights, Mapping) else weights
    return {} if weights is None or np.all(np.asarray(values) == 1) else {"loss_weights": weights}


def _named(loss: Any) -> tuple[str, Mapping[str, Any]]:
    """The name of a loss's class, however it was given, and its settings."""
    if isinstance(loss, Mapping | list | tuple) and len(loss) == 1:  # for the one output, by its name or place
        return _named(next(iter(loss.values() if isinstance(loss, Mapping) else loss)))
    if hasattr(loss, "get_config"):
        return type(loss).__name__, loss.get_config()
    name = str(getattr(loss, "__name__", loss))
    name = _SHORT.get(name.lower(), name)
    return name if name[:1].isupper() else name.title().replace("_", ""), {}
