"""An optimizer and its numbers as plain facts."""

import inspect
from typing import Any

import keras

from tenfold.checks.facts import OptimizerFacts

__all__ = ["optimizer_facts"]


def optimizer_facts(optimizer: Any) -> OptimizerFacts:
    """A Keras optimizer as facts; the inner one where its loss is scaled."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    rate = getattr(optimizer, "_learning_rate", None)
    return OptimizerFacts(
        kind=type(optimizer).__name__.lower(),
        learning_rate=float(optimizer.learning_rate),
        default_learning_rate=_default_rate(optimizer),
        is_scheduled=isinstance(rate, keras.optimizers.schedules.LearningRateSchedule),
        momentum=float(getattr(optimizer, "momentum", 0.0) or 0.0),
        clips=any(getattr(optimizer, name, None) for name in ("clipnorm", "clipvalue", "global_clipnorm")),
        weight_decay=float(getattr(optimizer, "weight_decay", 0.0) or 0.0),
    )


def _default_rate(optimizer: Any) -> float | None:
    """The rate that Keras gives to this kind of optimizer where the user names none."""
    if not type(optimizer).__module__.startswith("keras.src."):
        return None
    parameter = inspect.signature(type(optimizer).__init__).parameters.get("learning_rate")
    return float(parameter.default) if parameter and isinstance(parameter.default, float) else None
