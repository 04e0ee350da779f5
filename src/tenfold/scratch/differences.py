"""Whether a way back is right: each slope beside what a small move of its number really does.

    check_gradients(layer, x).largest                     # about 1e-9; 1e-3 where a formula is wrong by 0.1 %

The outputs are multiplied by fixed random numbers and added up, so that every output has its own slope (a plain sum
hides errors: a batch normalisation's outputs always add up to the same). Then each weight and each input is moved by
±h, and (up - down) / 2h is compared with the slope. Weights and inputs should be random: zeros hide errors as well, and
within h of a kink (relu at 0, equals in max pooling) the difference is not the slope.

Source: central differences, error of order h² + 1e-16 / h; h = 1e-5 makes both about 1e-10.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np

from tenfold.errors import OptionError
from tenfold.scratch.layer import AbstractLayer, AnyNumbers, Numbers
from tenfold.scratch.losses import AbstractLoss
from tenfold.scratch.network import Network

__all__ = ["GradientCheck", "check_gradients"]

_STEP = 1e-5
_FLOOR = 1e-3
"""Slopes below this share of their array's largest are compared with that instead: rounding is no error."""
_STREAM = 1
"""Beside the seed, so that the projection is not the inputs that somebody drew with the same seed: normalised inputs
times themselves always add up to the same."""


@dataclass(frozen=True)
class GradientCheck:
    """How far slopes are from differences.

    Args:
        errors: Largest relative error by name: `"inputs"`, `"0.kernel"` (layer 0's kernel), ...
    """

    errors: Mapping[str, float]

    @property
    def largest(self) -> float:
        """The largest of all; 0 where nothing has a slope."""
        return max(self.errors.values(), default=0.0)


def check_gradients(
    layer: AbstractLayer | Network,
    inputs: AnyNumbers,
    *,
    loss: AbstractLoss | None = None,
    targets: AnyNumbers | None = None,
    training: bool = False,
    num_entries: int = 60,
    seed: int = 0,
) -> GradientCheck:
    """Compare every slope of a layer or a network with central differences.

    Args:
        layer: What is checked; `Network(())` with a loss checks the loss alone, on predictions as inputs.
        inputs: A few rows, random, in double precision; whole numbers are words and are not moved.
        loss: The loss above; by default a random projection of the outputs.
        targets: What is true of each row, for the loss.
        training: Whether layers act as in training.
        num_entries: How many numbers of each array are moved at most, drawn by the seed.
        seed: Of the projection and of the draw.

    Returns:
        The largest relative error of each array.

    Raises:
        OptionError: A loss without targets.

    >>> from tenfold.scratch.dense import Dense
    >>> layer = Dense("tanh", weights={"kernel": np.array([[0.3, -0.2]]), "bias": np.array([0.1, 0.4])})
    >>> check_gradients(layer, np.array([[0.5], [-1.2]])).largest < 1e-8
    True
    """
    network = layer if isinstance(layer, Network) else Network((layer,))
    draw = np.random.default_rng([seed, _STREAM])
    probe = _Probe(network, inputs, training, draw.normal(size=network.predict(inputs).shape), loss, targets)
    errors = {}
    for name, gradient, value_at in probe.slopes():
        places = _some(gradient.shape, num_entries, draw)
        found = np.array([gradient[place] for place in places])
        moved = [(value_at(place, _STEP) - value_at(place, -_STEP)) / (2 * _STEP) for place in places]
        errors[name] = _largest_error(found, np.array(moved))
    return GradientCheck(errors)


ValueAt: TypeAlias = Callable[[tuple[int, ...], float], float]
"""The loss with the number at a place moved by so much."""


@dataclass(frozen=True, eq=False)
class _Probe:
    """A network with a loss above it, or a random projection of its outputs."""

    network: Network
    inputs: AnyNumbers
    training: bool
    projection: Numbers
    loss: AbstractLoss | None
    targets: AnyNumbers | None

    def slopes(self) -> Iterator[tuple[str, Numbers, ValueAt]]:
        """Each array's name, its slope by the way back, and the loss with one of its numbers moved."""
        passed = self.network.forward(self.inputs, training=self.training)
        arriving = self._slope_above(passed[-1].outputs if passed else self.inputs)
        slopes = self.network.backward(arriving, passed)
        by_inputs = slopes[0].inputs if slopes else arriving
        if by_inputs is not None:
            yield "inputs", by_inputs, lambda place, by: self._value(self.network, _moved(self.inputs, place, by))
        for number, found in enumerate(slopes):
            for name, gradient in found.weights.items():
                yield f"{number}.{name}", gradient, partial(self._with_moved_weight, number, name)

    def _slope_above(self, predictions: Numbers) -> Numbers:
        return self.projection if self.loss is None else self.loss.slope(self._known_targets, predictions)

    def _value(self, network: Network, inputs: AnyNumbers) -> float:
        passed = network.forward(inputs, training=self.training)
        predictions = passed[-1].outputs if passed else inputs
        if self.loss is None:
            return float((self.projection * predictions).sum())
        return self.loss.value(self._known_targets, predictions)

    def _with_moved_weight(self, number: int, name: str, place: tuple[int, ...], by: float) -> float:
        layers = list(self.network.layers)
        weights = layers[number].weights
        layers[number] = layers[number].with_weights({**weights, name: _moved(weights[name], place, by)})
        return self._value(Network(tuple(layers)), self.inputs)

    @property
    def _known_targets(self) -> AnyNumbers:
        if self.targets is None:
            raise OptionError("loss_without_targets", "A loss needs `targets` to be checked", received="targets=None")
        return self.targets


def _moved(values: AnyNumbers, place: tuple[int, ...], by: float) -> AnyNumbers:
    copy = values.copy()
    copy[place] += by
    return copy


def _some(shape: tuple[int, ...], count: int, draw: np.random.Generator) -> list[tuple[int, ...]]:
    """At most so many places of an array."""
    places = list(np.ndindex(shape))
    chosen = draw.permutation(len(places))[:count]
    return [places[number] for number in chosen]


def _largest_error(found: Numbers, moved: Numbers) -> float:
    """The largest difference as a share of the larger of the two, or of the floor where both are small."""
    sizes = np.maximum(np.abs(found), np.abs(moved))
    floor = max(_FLOOR * sizes.max(initial=0.0), np.finfo(float).tiny)
    return float((np.abs(found - moved) / np.maximum(sizes, floor)).max(initial=0.0))
