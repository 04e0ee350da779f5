"""How a layer's kernel and bias start, are penalised and constrained: what Keras calls by nine arguments.

settings = WeightSettings.taken_from(kwargs)       # kernel_initializer, bias_regularizer, ... out of the arguments
super().__init__(**kwargs)
settings.give_to(self)                             # self.kernel_initializer, ..., as Keras' own layers have them
self.kernel = self.add_weight(shape=..., name="kernel", **settings_of(self, "kernel"))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

__all__ = ["WeightSettings", "config_of", "settings_of"]

STARTS = {"kernel": "glorot_uniform", "bias": "zeros"}
"""Keras' defaults."""

_READERS: dict[str, Any] = {
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}


@dataclass(frozen=True)
class WeightSettings:
    """Initializer, regularizer and constraint of kernel and bias.

    Attributes:
        values: By name, such as `kernel_initializer`; objects of Keras, or None.
    """

    values: Mapping[str, Any]

    @classmethod
    def taken_from(cls, arguments: dict[str, Any]) -> "WeightSettings":
        """Take them out of a layer's arguments, which keep the rest."""
        found = {}
        for weight, start in STARTS.items():
            for kind, module in _READERS.items():
                default = start if kind == "initializer" else None
                found[f"{weight}_{kind}"] = module.get(arguments.pop(f"{weight}_{kind}", default))
        return cls(found)

    def give_to(self, layer: Any) -> None:
        """Set each as an attribute of the layer."""
        for name, value in self.values.items():
            setattr(layer, name, value)


def settings_of(layer: Any, weight: str) -> dict[str, Any]:
    """What `add_weight` takes for the kernel or the bias of a layer."""
    return {kind: getattr(layer, f"{weight}_{kind}") for kind in _READERS}


def config_of(layer: Any) -> dict[str, Any]:
    """The part of a layer's configuration that holds them."""
    return {
        f"{weight}_{kind}": module.serialize(getattr(layer, f"{weight}_{kind}"))
        for weight in STARTS
        for kind, module in _READERS.items()
    }
