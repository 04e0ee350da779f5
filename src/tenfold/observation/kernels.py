"""The weights of a layer as numbers, and whether they still are what their initializer draws.

A trained network's weights must not be judged as initial ones. Keras' initializers have a known mean and standard
deviation; weights that differ from these by more than the chance of the draw were trained, loaded or set by hand, and
their initializer is then not named.
"""

from typing import Any

import numpy as np
from keras.src.initializers.random_initializers import compute_fans

from tenfold.checks.facts import KernelFacts

__all__ = ["bias_mean", "kernel_facts"]

_CHANCE = 5.0
"""Standard errors by which a draw's standard deviation may differ from its own: one in a million differs more."""

_TRUNCATED = 0.87962566103423978
"""Standard deviation of a standard normal cut off at 2 (Keras, `VarianceScaling`)."""

_MOST_ENTRIES = 200_000
"""Entries that are looked at: their standard deviation is then known to a few thousandths."""


def kernel_facts(layer: Any) -> KernelFacts | None:
    """The layer's largest weight array; None where it has none of two axes or more."""
    variable = _kernel(layer)
    if variable is None:
        return None
    values = np.asarray(variable.value)
    fan_in, fan_out = compute_fans(values.shape)
    rows = values.reshape(-1, values.shape[-1])
    flat = rows[: max(1, _MOST_ENTRIES // values.shape[-1])].astype(np.float64)
    mean, std = float(flat.mean()), float(flat.std())
    return KernelFacts(
        _initializer(layer, variable, flat, (fan_in, fan_out)), mean, std, float(flat.std(axis=1).mean()), fan_in,
        fan_out, bias_mean(layer),
    )  # fmt: skip


def bias_mean(layer: Any) -> float:
    """Mean of the layer's bias; 0 without one."""
    found = [variable for variable in layer.weights if variable.name == "bias"]
    return float(np.mean([np.asarray(one.value, dtype=np.float64).mean() for one in found])) if found else 0.0


def _kernel(layer: Any) -> Any | None:
    arrays = [variable for variable in layer.weights if len(variable.shape) > 1 and np.prod(variable.shape)]
    named = [variable for variable in arrays if variable.name in ("kernel", "embeddings")]
    return max(named or arrays, key=lambda variable: np.prod(variable.shape), default=None)


def _initializer(layer: Any, variable: Any, values: np.ndarray, fans: tuple[int, int]) -> str:
    """Class name of the initializer, if the values are such as it draws."""
    found = _declared_initializer(layer, variable.name)
    expected = None if found is None else _expected(found, fans)
    if found is None or expected is None:
        return ""
    mean, std = expected
    chance = _CHANCE / np.sqrt(values.size)
    is_drawn = abs(values.std() - std) <= chance * std + 1e-6 and abs(values.mean() - mean) <= chance * std + 1e-6
    return type(found).__name__ if is_drawn else ""


def _declared_initializer(layer: Any, name: str) -> Any | None:
    holders = [layer, *(getattr(layer, part, None) for part in ("cell", "layer", "forward_layer"))]
    for holder in holders:
        for place in (holder, getattr(holder, "cell", None)):
            found = getattr(place, f"{name}_initializer", None)
            if found is not None:
                return found
    return None


def _expected(initializer: Any, fans: tuple[int, int]) -> tuple[float, float] | None:
    """Mean and standard deviation of what a Keras initializer draws; None for a kind that is not known."""
    kind = type(initializer).__name__
    get = initializer.__dict__.get
    if kind in ("Zeros", "Ones", "Constant"):
        value = {"Zeros": 0.0, "Ones": 1.0}.get(kind, get("value"))
        return (float(value), 0.0) if isinstance(value, (int, float)) else None
    if kind == "RandomNormal":
        return get("mean"), get("stddev")
    if kind == "TruncatedNormal":
        return get("mean"), get("stddev") * _TRUNCATED
    if kind == "RandomUniform":
        return (get("minval") + get("maxval")) / 2, (get("maxval") - get("minval")) / np.sqrt(12)
    scale, mode = get("scale"), get("mode")
    if scale is None or mode is None:
        return None
    size = {"fan_in": fans[0], "fan_out": fans[1], "fan_avg": sum(fans) / 2}[mode]
    return 0.0, float(np.sqrt(scale / max(1.0, size)))
