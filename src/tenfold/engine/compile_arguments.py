"""What a Keras model was compiled with, ready to compile another model alike.

Keras keeps the arguments of `compile` as the user gave them. A loss without state may be shared by two models; an
optimizer and a metric have variables of their own and are made anew from their configuration.
"""

from typing import Any

import keras

from tenfold.errors import ModelError

__all__ = ["compile_arguments"]

_ARGUMENTS = ("loss", "loss_weights", "metrics", "weighted_metrics")


def compile_arguments(model: Any) -> dict[str, Any]:
    """Arguments of `Model.compile` that make another model train as this one does.

    Args:
        model: A compiled Keras model; it may have been trained.

    Returns:
        `optimizer` (new, without slots, at its present learning rate), `loss`, `loss_weights`, `metrics` and
        `weighted_metrics`, as the user gave them.

    Raises:
        ModelError: The model is not compiled, or replaces Keras' own `compile`.
    """
    kept = getattr(getattr(model, "_compile_config", None), "config", None)
    if not getattr(model, "compiled", False) or not isinstance(kept, dict):
        raise ModelError(
            "not_compiled_by_keras",
            f"The model `{getattr(model, 'name', model)}` has not been compiled by Keras' own `compile`",
            expected="a compiled keras.Model",
            hint="call model.compile(optimizer=..., loss=...)",
        )
    found = {name: keras.tree.map_structure(_anew, kept.get(name)) for name in _ARGUMENTS}
    return {"optimizer": _optimizer(model.optimizer), **found}


def _optimizer(optimizer: Any) -> Any:
    return type(optimizer).from_config(optimizer.get_config())


def _anew(one: Any) -> Any:
    return type(one).from_config(one.get_config()) if isinstance(one, keras.Metric) else one
