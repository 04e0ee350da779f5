"""The convolutions of a Keras model, wherever they stand in it, and a way to listen at a layer while the model runs.

    find_places(model, photos)                 # every layer that answers with pictures, in the order in which they run
    with listening(layer, hear): model(photos) # `hear(own, *arguments)` is called in the layer's place

Networks are looked at as they run, not as they are written down: so that Sequential, functional and subclassed models,
and models within models, are one case.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jax
import keras
import numpy as np

from tenfold.errors import OptionError, did_you_mean

__all__ = [
    "COLOURS",
    "PICTURE_RANK",
    "Place",
    "answers_of",
    "find_place",
    "find_places",
    "first_convolution",
    "in_colours",
    "layers_within",
    "listening",
    "photos_in",
]

PICTURE_RANK = 4
"""Axes of a stack of pictures: row, height, width, channel."""

COLOURS = 3

CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)


@dataclass(frozen=True)
class Place:
    """A layer that answers with pictures.

    Args:
        layer: The layer.
        shape: Height, width and channels of its answer.
        is_convolution: Whether it is one.
    """

    layer: keras.layers.Layer
    shape: tuple[int, int, int]
    is_convolution: bool


@contextlib.contextmanager
def listening(layer: keras.layers.Layer, hear: Callable[..., Any]) -> Iterator[None]:
    """Call `hear` in the place of a layer's own call.

    Args:
        layer: Of a model that runs meanwhile.
        hear: Takes the layer's own call and then its arguments; what it answers, the layer answers.
    """
    own = layer.call
    layer.call = lambda *arguments, **named: hear(own, *arguments, **named)
    try:
        yield
    finally:
        del layer.call


def find_places(model: keras.Model, photos: Any) -> list[Place]:
    """Layers that answer with pictures, in the order in which they run.

    Args:
        model: A built model.
        photos: As it takes them: an array, or a dict of arrays; only their shapes count.

    Raises:
        OptionError: It has no convolution.
    """
    found = [
        Place(layer, (shape[1], shape[2], shape[3]), isinstance(layer, CONVOLUTIONS))
        for layer, shape in _passage(model, photos)
        if len(shape) == PICTURE_RANK
    ]
    if not any(one.is_convolution for one in found):
        raise OptionError(
            "no_convolution", f"The network `{model.name}` has no convolution to look into",
            expected="a convnet: at least one Conv2D",
        )  # fmt: skip
    return found


def find_place(places: list[Place], name: str | None) -> Place:
    """The layer that is asked for, or where the last convolution's answer is complete.

    Behind a convolution may stand what belongs to it, which keeps its shape: normalisation, the sum of a residual
    block, the rectifier. Its answer is what comes out of these.

    Args:
        places: From `find_places`.
        name: Of a layer; None for the last convolution.

    Raises:
        OptionError: No layer of this name that answers with pictures.
    """
    if name is not None:
        named = [one for one in places if one.layer.name == name]
        if not named:
            names = [one.layer.name for one in places]
            raise OptionError(
                "no_such_layer", f"No layer `{name}` answers with pictures", expected=f"one of {', '.join(names[:12])}",
                hint=did_you_mean(name, names),
            )  # fmt: skip
        return named[-1]
    last = max(number for number, one in enumerate(places) if one.is_convolution)
    end = last
    while end + 1 < len(places) and places[end + 1].shape == places[last].shape:
        end += 1
    return places[end]


def first_convolution(places: list[Place]) -> keras.layers.Layer:
    """The convolution that sees the photo itself."""
    return next(one.layer for one in places if one.is_convolution)


def photos_in(photos: Any) -> np.ndarray:
    """The pictures among a network's inputs, as numbers from 0 to 1 to be shown.

    Args:
        photos: An array, or a dict of arrays with one of pictures.

    Raises:
        OptionError: There are none.
    """
    arrays = list(photos.values()) if isinstance(photos, dict) else [photos]
    pictures = next((np.asarray(one) for one in arrays if np.ndim(one) == PICTURE_RANK), None)
    if pictures is None or not len(pictures):
        shapes = ", ".join(str(np.shape(one)) for one in arrays)
        raise OptionError(
            "no_pictures", "There are no photos to look at", expected="an array (photo, height, width, channel)",
            received=f"shape {shapes}",
        )  # fmt: skip
    if pictures.dtype == np.uint8:
        return np.asarray(pictures / 255.0)
    low, high = float(pictures.min()), float(pictures.max())
    return np.asarray((pictures - low) / ((high - low) or 1.0), dtype=np.float64)


def in_colours(picture: np.ndarray) -> np.ndarray:
    """A picture (height, width, channel) as red, green and blue: its first three channels, or grey of fewer."""
    if picture.shape[-1] >= COLOURS:
        return picture[..., :COLOURS]
    return np.asarray(np.repeat(picture.mean(axis=-1, keepdims=True), COLOURS, axis=-1))


def answers_of(model: keras.Model, photos: Any) -> Callable[[Any], Any]:
    """A function that runs the model as it predicts, with the last activation left out: scores, not probabilities.

    A softmax hides what speaks for a class behind what speaks against the others. Source: Selvaraju et al. (2017),
    who take "the score before the softmax".

    Args:
        model: A built model.
        photos: As it takes them; only their shapes count.

    Returns:
        From photos to scores. Photos are an argument, so that a compiler does not work on them before it runs.
    """
    last = _passage(model, photos)[-1][0]

    def run(given: Any) -> Any:
        with _without_activation(last):
            return model(given, training=False)

    return run


@contextlib.contextmanager
def _without_activation(layer: keras.layers.Layer) -> Iterator[None]:
    """Leave a layer's softmax or sigmoid out."""
    own = getattr(layer, "activation", None)
    if own not in (keras.activations.softmax, keras.activations.sigmoid):
        yield
        return
    layer.activation = keras.activations.linear
    try:
        yield
    finally:
        layer.activation = own


def _passage(model: keras.Model, photos: Any) -> list[tuple[keras.layers.Layer, tuple[int, ...]]]:
    """Layers without layers in them, and the shapes that they answer with, in the order in which they run."""
    heard: list[tuple[keras.layers.Layer, tuple[int, ...]]] = []
    with contextlib.ExitStack() as open_ears:
        for layer in dict.fromkeys(layers_within(model)):
            open_ears.enter_context(listening(layer, _writing_down(layer, heard)))
        jax.eval_shape(lambda: model(photos, training=False))
    return heard


def _writing_down(layer: keras.layers.Layer, heard: list[Any]) -> Callable[..., Any]:
    def hear(own: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        answer = own(*arguments, **named)
        if hasattr(answer, "shape"):
            heard.append((layer, tuple(answer.shape)))
        return answer

    return hear


def layers_within(layer: Any) -> Iterator[keras.layers.Layer]:
    """Layers that hold no other layers, in the order in which a model names them; those of models within it too."""
    inner = [one for one in getattr(layer, "layers", []) if isinstance(one, keras.layers.Layer)]
    if not inner and not isinstance(layer, keras.Model | keras.layers.InputLayer):
        yield layer
    for one in inner:
        yield from layers_within(one)
