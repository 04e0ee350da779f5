"""Values of arguments in old files, in the words of Keras 3: activations, initializers, regularizers, arrays.

Every value that is not known here is handed on as it is.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["translated_settings"]

HARD_SIGMOID = {
    "module": "builtins",
    "class_name": "function",
    "config": "tenfold>hard_sigmoid_of_keras_2",
    "registered_name": "function",
}
"""`clip(x / 5 + 1 / 2, 0, 1)`; Keras 3's function of the old name has another slope."""

_OLD_SHAPE = {
    "L1Regularizer": "L1", "L2Regularizer": "L2", "L1L2Regularizer": "L1L2", "WeightRegularizer": "L1L2",
    "ActivityRegularizer": "L1L2",
}  # fmt: skip
_CONSTRAINTS = {"maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm"}
_CONSTRAINT_ARGUMENTS = {"m": "max_value", "low": "min_value", "high": "max_value"}


def translated_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of one layer with their values as Keras 3 reads them; names stay.

    >>> translated_settings({"activation": "relu", "alpha": {"type": "ndarray", "value": 0.3}})
    {'activation': 'relu', 'alpha': 0.3}
    >>> translated_settings({"W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.01}})
    {'W_regularizer': {'class_name': 'L1L2', 'config': {'l1': 0.0, 'l2': 0.01}}}
    """
    return {name: _value(name, value) for name, value in config.items()}


def _value(name: str, value: Any) -> Any:
    if name.endswith("activation"):
        return HARD_SIGMOID if value == "hard_sigmoid" else value
    if not isinstance(value, Mapping):
        return value
    if value.get("type") == "ndarray":
        return value["value"]
    if name.endswith(("regularizer", "constraint")) or "init" in name:
        return _object(value)
    return value


def _object(value: Mapping[str, Any]) -> dict[str, Any]:
    """An initializer, regularizer or constraint; Keras 1 wrote its name among its arguments."""
    if "class_name" in value:
        config = {key: each for key, each in value["config"].items() if key != "dtype"}
        kind = str(value["class_name"])
    else:
        config = {key: each for key, each in value.items() if key != "name"}
        kind = str(value.get("name", "L1L2"))
    config = {_CONSTRAINT_ARGUMENTS.get(key, key): each for key, each in config.items()}
    kind = _OLD_SHAPE.get(kind, _CONSTRAINTS.get(kind.lower(), kind))
    return {"class_name": kind, "config": config}
