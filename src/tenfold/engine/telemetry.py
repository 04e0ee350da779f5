"""Telemetry: what each layer shows while it trains, measured inside the compiled epoch.

At the end of sampled epochs one more batch of the member's own training rows goes through the network, and a few
numbers a layer come out: units that answer nothing, saturated entries, the size of gradients, weights and steps. The
batch changes nothing: noise, moving statistics and optimizer slots stay as they were, so a watched training is the
training itself. Sampling follows Cockpit's measurements (Schneider et al. 2021): a probe each 64 steps costs little.

`Taps` read the layers while the network is traced: for that moment the activation or the `call` of a layer is exchanged
for one that notes what passes.
"""

import contextlib
import functools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import keras

__all__ = ["SIGNS", "STEPS_BETWEEN_PROBES", "Taps", "Telemetry", "watched_layers"]

SIGNS = ("dead", "saturated", "spread", "gradient", "weights", "update")
"""The numbers of a layer, as `tenfold.checks.facts.LayerSigns` describes them."""

STEPS_BETWEEN_PROBES = 64
"""Training steps for one probe at most, where every epoch is not asked for. Source: Cockpit's tables, where every 64
steps cost 3 to 7 % and every step 1.5 to 4 times the training."""

_DEAD = 1e-5
"""A unit whose largest answer is below this is dead. Source: TheDeepChecker (Ben Braiek and Khomh 2022)."""

_SATURATED = 5.0
"""Beyond this a sigmoid's slope is under 0.7 % and tanh's under 0.02 %. Source: DeepDiagnosis (Wardat et al. 2022)."""

_NOTES_CALL = (
    keras.layers.ReLU, keras.layers.LeakyReLU, keras.layers.PReLU, keras.layers.ELU, keras.layers.Softmax,
    keras.layers.SimpleRNN, keras.layers.LSTM, keras.layers.GRU, keras.layers.Bidirectional, keras.layers.Embedding,
    keras.layers.BatchNormalization, keras.layers.LayerNormalization,
)  # fmt: skip


@dataclass(frozen=True)
class Telemetry:
    """What is measured, and how often; a part of the program.

    Attributes:
        every: Epochs from one probe to the next, 1 or more.
        num_rows: Rows of the probe batch at most.
    """

    every: int = 1
    num_rows: int = 64

    @classmethod
    def for_steps(cls, steps_an_epoch: int, num_rows: int = 64) -> "Telemetry":
        """A probe each `STEPS_BETWEEN_PROBES` steps or less often."""
        return cls(max(1, -(-STEPS_BETWEEN_PROBES // max(1, steps_an_epoch))), num_rows)


def watched_layers(model: Any) -> list[Any]:
    """The layers with weights or an activation that a user sees, in their order; nested models are taken apart."""
    found: list[Any] = []
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += watched_layers(layer)
        elif layer.trainable_variables or _has_activation(layer) or isinstance(layer, _NOTES_CALL):
            found.append(layer)
    return found


class Taps:
    """Notes what passes through the watched layers while a model is traced.

    Args:
        model: A built Keras model.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.layers = watched_layers(model)
        self.passed: dict[str, tuple[Any, Any]] = {}

    @contextlib.contextmanager
    def noting(self) -> Iterator[dict[str, tuple[Any, Any]]]:
        """Note (before, after) of each watched layer's activation, by the layer's position, while the block runs."""
        self.passed = {}
        exchanged: list[tuple[Any, str, Any, bool]] = []
        try:
            for position, layer in enumerate(self.layers):
                name = "activation" if _has_activation(layer) else "call"
                if name == "call" and not isinstance(layer, _NOTES_CALL):
                    continue
                own = layer.__dict__.get(name)
                exchanged.append((layer, name, own, name in layer.__dict__))
                layer.__dict__[name] = self._noted(str(position), getattr(layer, name))
            yield self.passed
        finally:
            for layer, name, own, was_there in exchanged:
                if was_there:
                    layer.__dict__[name] = own
                else:
                    del layer.__dict__[name]

    def _noted(self, key: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def noting(value: Any, *args: Any, **kwargs: Any) -> Any:
            answer = function(value, *args, **kwargs)
            first = answer[0] if isinstance(answer, list | tuple) else answer
            self.passed[key] = (value, first)
            return answer

        return noting

    def signs(
        self,
        trainable: list[Any],
        gradients: list[Any],
        updated: list[Any],
        passed: dict[str, tuple[Any, Any]],
        real: Any | None = None,
    ) -> dict[str, Any]:
        """The numbers of all watched layers.

        Args:
            trainable: Values of the trainable variables.
            gradients: Their gradients.
            updated: Their values after a step with them.
            passed: What `noting` yielded.
            real: 1.0 for real rows and 0.0 for padding; None where no row is padding.

        Returns:
            Each of `SIGNS` as an array of shape `(layer,)`; NaN where a layer has no such number.
        """
        positions = {id(variable): place for place, variable in enumerate(self.model.trainable_variables)}
        lines: dict[str, list[Any]] = {name: [] for name in SIGNS}
        for number, layer in enumerate(self.layers):
            dead, saturated, spread = _of_answers(layer, passed.get(str(number)), real)
            own = [positions[id(variable)] for variable in layer.trainable_variables]
            weights = _norm([trainable[place] for place in own])
            change = _norm([updated[place] - trainable[place] for place in own])
            gradient = _norm([gradients[place] for place in own])
            ratio = change / jnp.maximum(weights, 1e-12)
            for name, value in zip(SIGNS, (dead, saturated, spread, gradient, weights, ratio), strict=True):
                lines[name].append(value)
        return {name: jnp.stack([jnp.asarray(one, float) for one in line]) for name, line in lines.items()}


def _has_activation(layer: Any) -> bool:
    """Whether the layer calls an activation once, on all of its answer; a recurrent one does so at each step."""
    is_recurrent = isinstance(layer, keras.layers.RNN) or hasattr(layer, "cell")
    return callable(layer.__dict__.get("activation")) and not is_recurrent


def _of_answers(layer: Any, noted: tuple[Any, Any] | None, real: Any | None) -> tuple[Any, Any, Any]:
    """Dead units, saturated entries and spread of what a layer answers for the real rows."""
    if noted is None:
        return math.nan, math.nan, math.nan
    before, after = (jnp.asarray(one, float) for one in noted)
    counts = _counting(real, after)
    size = jnp.max(jnp.abs(after), axis=tuple(range(after.ndim - 1)), where=counts, initial=0.0)
    dead = jnp.mean(jnp.asarray(size < _DEAD, float))
    return dead, _saturated(layer, before, after, real), jnp.std(after, where=counts)


def _counting(real: Any | None, values: Any) -> Any:
    """Which entries belong to real rows, as `where=` takes it; None for all, also where a layer has moved the rows."""
    if real is None or values.ndim == 0 or values.shape[0] != real.shape[0]:
        return None
    return jnp.broadcast_to(real.reshape(-1, *(1,) * (values.ndim - 1)) > 0, values.shape)


def _saturated(layer: Any, before: Any, after: Any, real: Any | None) -> Any:
    """Fraction of the entries on the flat part of a bounded activation."""
    name = getattr(getattr(layer, "activation", None), "__name__", "")
    if name in ("sigmoid", "tanh", "softsign", "hard_sigmoid") and _has_activation(layer):
        is_flat = jnp.abs(before) > _SATURATED
    elif isinstance(layer, keras.layers.SimpleRNN) and name == "tanh":
        is_flat = jnp.abs(after) > math.tanh(_SATURATED)
    else:
        return math.nan
    return jnp.mean(jnp.asarray(is_flat, float), where=_counting(real, is_flat))


def _norm(parts: list[Any]) -> Any:
    if not parts:
        return math.nan
    return jnp.sqrt(sum(jnp.sum(jnp.square(jnp.asarray(part, float))) for part in parts))
