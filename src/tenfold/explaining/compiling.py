"""Loss and optimizer for a model that was saved without, or in place of those it was compiled with."""

from typing import Any

import keras

from tenfold.errors import OptionError, did_you_mean

__all__ = ["compiled"]

_LOSSES = (
    "mean_squared_error", "mean_absolute_error", "binary_crossentropy", "categorical_crossentropy",
    "sparse_categorical_crossentropy",
)  # fmt: skip
_SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error"}
_OPTIMIZERS = {"sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}


def compiled(
    model: Any, loss: str | None = None, optimizer: str | None = None, learning_rate: float | None = None
) -> tuple[Any, str]:
    """The model, compiled as asked; as it was where nothing is asked.

    Args:
        model: A Keras model.
        loss: Name of the loss.
        optimizer: Name of the optimizer.
        learning_rate: Its learning rate, above 0.

    Returns:
        The model, and what was chosen because nothing was said, as a sentence; empty where nothing had to be.

    Raises:
        OptionError: There is no such loss or optimizer here.
    """
    loss = _SHORT.get(loss or "", loss)
    _check("loss", loss, _LOSSES)
    _check("optimizer", optimizer, _OPTIMIZERS)
    if learning_rate is not None and learning_rate <= 0:
        raise OptionError("learning_rate", "`--learning-rate` must be above 0", received=f"{learning_rate}")
    is_compiled = bool(getattr(model, "compiled", False))
    if is_compiled and not (loss or optimizer or learning_rate):
        return model, ""
    chosen = {}
    if not is_compiled and loss is None:
        loss = chosen["loss"] = _usual_loss(model)
    if not is_compiled and optimizer is None:
        optimizer = chosen["optimizer"] = "sgd"
    stepping = _OPTIMIZERS[optimizer]() if optimizer else model.optimizer
    if learning_rate is not None:
        stepping.learning_rate = learning_rate
    model.compile(stepping, loss or model.loss)
    told = " and ".join(f"{value} as {name}" for name, value in chosen.items())
    return model, f"the model is not compiled; {told} stand in" if chosen else ""


def _usual_loss(model: Any) -> str:
    """What fits the last layer's activation."""
    last = model.layers[-1].get_config().get("activation") if model.layers else None
    return {"softmax": "sparse_categorical_crossentropy", "sigmoid": "binary_crossentropy"}.get(
        str(last), "mean_squared_error"
    )


def _check(option: str, name: str | None, known: Any) -> None:
    if name is not None and name not in known:
        raise OptionError(
            option, f"`--{option} {name}` cannot be opened", expected=f"one of {', '.join(known)}",
            hint=did_you_mean(name, known),
        )  # fmt: skip
