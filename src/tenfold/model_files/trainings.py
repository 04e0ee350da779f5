"""How a Keras 1 or 2 file was compiled, for `compile` of Keras 3: optimizer, loss, metrics.

What the optimizer had gathered is not read: a training that goes on starts with fresh slots.
"""

from collections.abc import Mapping
from typing import Any

import keras

from tenfold.errors import ModelError

__all__ = ["compile_arguments"]

_ARGUMENTS = {"lr": "learning_rate", "nesterov": "nesterov"}
_WITHOUT_EFFECT = frozenset({"schedule_decay", "name", "is_legacy_optimizer", "jit_compile", "ema_overwrite_frequency"})
_OPTIMIZERS = {one.lower(): one for one in (
    "SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam", "Ftrl", "AdamW", "Adafactor", "Lion",
)}  # fmt: skip
_REDUCTIONS = {"auto": "sum_over_batch_size"}
_METRICS = frozenset({"accuracy", "acc", "crossentropy", "ce"})
_RENAMED = {
    "cosine_proximity": "cosine_similarity", "kullback_leibler_divergence": "kl_divergence", "logcosh": "log_cosh",
}  # fmt: skip
"""Losses and metrics that Keras 3 calls otherwise."""


def compile_arguments(config: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `compile` that a file's `training_config` means.

    Args:
        config: The configuration.
        known: Losses, metrics and optimizers of the user by their names.

    Returns:
        `optimizer`, `loss`, `loss_weights`, `metrics` and `weighted_metrics`.

    Raises:
        ModelError: A loss, a metric or an optimizer that Keras 3 does not have.
    """
    with keras.saving.custom_object_scope(dict(known)):
        return {
            "optimizer": _optimizer(config["optimizer_config"]),
            "loss": _each(config.get("loss"), _loss),
            "loss_weights": config.get("loss_weights"),
            "metrics": _each(config.get("metrics"), _metric),
            "weighted_metrics": _each(config.get("weighted_metrics"), _metric),
        }


def _optimizer(described: Mapping[str, Any]) -> Any:
    kind, config = str(described["class_name"]).rpartition(">")[2], dict(described["config"])
    name = _OPTIMIZERS.get(kind.lower())
    if name is None:
        raise ModelError(
            "unreadable_training", f"The network was compiled with the optimizer `{kind}`, which Keras 3 does not have",
            expected=f"one of {', '.join(_OPTIMIZERS.values())}",
            hint="tenfold.load_model(path, compile=False), then model.compile(...)",
        )  # fmt: skip
    config = {
        _ARGUMENTS.get(key, key): value for key, value in config.items()
        if key not in _WITHOUT_EFFECT and value is not None
    }  # fmt: skip
    decay = config.pop("decay", 0.0)
    if isinstance(config.get("learning_rate"), Mapping):
        config["learning_rate"] = keras.optimizers.schedules.deserialize(dict(config["learning_rate"]))
    elif decay:  # Keras 2: rate / (1 + decay * step)
        rate = config.get("learning_rate", 0.01)
        config["learning_rate"] = keras.optimizers.schedules.InverseTimeDecay(rate, 1, decay)
    if name == "Adagrad":  # Keras 2 began its sums at 0; Keras 3 begins them at 0.1 unless told
        config.setdefault("initial_accumulator_value", 0.0)
    return getattr(keras.optimizers, name)(**config)


def _each(config: Any, read: Any) -> Any:
    """A loss or metric, or each one of a list or of a dictionary of outputs."""
    if isinstance(config, list | tuple):
        return [_each(one, read) for one in config]
    if isinstance(config, Mapping) and "class_name" not in config:
        return {name: _each(one, read) for name, one in config.items()}
    return None if config is None else read(config)


def _loss(config: Any) -> Any:
    return _read(config, keras.losses.get, "loss")


def _metric(config: Any) -> Any:
    if isinstance(config, Mapping) and config.get("class_name") == "MeanMetricWrapper":
        name, function = config["config"].get("name"), config["config"].get("fn")
        config = name if name in _METRICS else function
    return config if isinstance(config, str) and config in _METRICS else _read(config, keras.metrics.get, "metric")


def _read(config: Any, get: Any, what: str) -> Any:
    if isinstance(config, str):
        config = _RENAMED.get(config, config)
        if (own := keras.saving.get_registered_object(config)) is not None:
            return own
    else:
        inner = {
            key: _REDUCTIONS.get(value, value) if key == "reduction" else value
            for key, value in config["config"].items() if not (key == "fn" or (key == "axis" and value == -1))
        }  # fmt: skip
        config = {"class_name": config["class_name"], "config": inner}
    try:
        found = get(config)
    except (ValueError, TypeError) as error:
        name = config if isinstance(config, str) else config["class_name"]
        raise ModelError(
            "unreadable_training", f"The network was compiled with the {what} `{name}`, which Keras 3 does not have",
            expected=f"a {what} of Keras",
            hint=f"tenfold.load_model(path, custom_objects={{'{name}': your_{what}}}) or compile=False",
        ) from error  # fmt: skip
    return config if isinstance(config, str) else found  # a name stays as it is, so that the history has it too
