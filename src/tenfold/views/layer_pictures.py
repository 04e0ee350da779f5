"""What the convolutions of a network make of one photo, and the patterns that their filters wait for.

    tenfold.views.activations(model, photo)     # the channels that answer most, layer by layer
    tenfold.views.filters(model)                # what would make each filter of the last convolution answer most

*Activations.* The first layers keep the whole photo and find edges and colours; the later ones keep less of the photo
and more of the thing on it.

*Patterns.* From grey with a little noise, a picture is changed in the direction in which one filter's mean answer rises
fastest, in steps of equal size. What appears is no photo: it is what the filter answers to, with nothing else in it.
The picture is varied where the first convolution sees it, so that bytes and their scaling do not matter.

Sources: Erhan, Bengio, Courville and Vincent (2009), "Visualizing higher-layer features of a deep network"; F. Chollet,
Deep Learning with Python (2017), section 5.4, for the mean, the equal steps and how a pattern is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from tenfold.errors import OptionError
from tenfold.views.convolutions import (
    Place,
    find_place,
    find_places,
    first_convolution,
    in_colours,
    listening,
    photos_in,
)
from tenfold.views.drawing import GREY, say
from tenfold.views.shuffling import shuffled
from tenfold.views.view import View

__all__ = ["FilterPatterns", "LayerPictures", "activations", "filter_patterns", "filters", "layer_pictures"]

FIRST_LAYERS = 3
"""Convolutions that are shown where none is named."""

STEPS, STEP = 40, 0.1
"""Steps of the ascent and their root mean square; the picture begins within 0.1 of the middle. Source: Chollet's 40
steps; his are of 1 in 255 grey levels that begin within 20 of the middle, ours of inputs between about -1 and 1."""

RIM = 2
"""Places at the edge that do not count, where the layer has more than ten: there padding answers. Source: Chollet."""

CONTRAST = 0.25
"""Standard deviation of a pattern that is shown, 0.5 in the middle. Source: Chollet's 64 of 255."""


@dataclass(frozen=True)
class LayerPictures:
    """Channels of convolutions for one photo.

    Attributes:
        layers: Names.
        pictures: For each layer its channels, the one whose answer is largest first.
        channels: Their numbers.
        sizes: Height, width and channels of each layer's answer.
    """

    layers: tuple[str, ...]
    pictures: tuple[Float[np.ndarray, "_ _ _"], ...]
    channels: tuple[Int[np.ndarray, " _"], ...]
    sizes: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class FilterPatterns:
    """What filters of a layer wait for.

    Attributes:
        layer: Its name.
        filters: Numbers of the filters.
        patterns: To be shown: 0.5 is the middle, in each pattern's own contrast.
        rise: How much each filter's mean answer rose from the first picture to the last.
        shuffled: Patterns of the same filters where all weights are shuffled; None where that was not asked for.
    """

    layer: str
    filters: Int[np.ndarray, " filter"]
    patterns: Float[np.ndarray, "filter height width channel"]
    rise: Float[np.ndarray, " filter"]
    shuffled: Float[np.ndarray, "filter height width channel"] | None = None


def activations(model: keras.Model, photo: Any, layers: Sequence[str] = (), *, num_channels: int = 8) -> View:
    """See what convolutions make of a photo.

    Args:
        model: Any built Keras model with convolutions.
        photo: As the model takes it, one row: `(1, height, width, channel)`, or a dict with such an array.
        layers: Names of layers that answer with pictures; none for the first three convolutions.
        num_channels: Channels of each layer, those that answer most.

    Returns:
        The view; its numbers are the channels.

    Raises:
        OptionError: No convolution, no such layer, no photo.
    """
    found = layer_pictures(model, photo, layers, num_channels=num_channels)
    sentence = f"What {len(found.layers)} convolution{'s' * (len(found.layers) > 1)} make of one photo"
    return View(_plot_channels(found, photos_in(photo)[0], sentence), sentence, found)


def layer_pictures(
    model: keras.Model, photo: Any, layers: Sequence[str] = (), *, num_channels: int = 8
) -> LayerPictures:
    """The channels without a figure; arguments as of `activations`."""
    photos_in(photo)
    places = find_places(model, photo)
    chosen = [find_place(places, name) for name in layers]
    chosen = chosen or [one for one in places if one.is_convolution][:FIRST_LAYERS]
    answers = [np.asarray(_answer(model, photo, place)[0]) for place in chosen]
    channels = tuple(np.argsort(-one.max(axis=(0, 1)), kind="stable")[:num_channels] for one in answers)
    return LayerPictures(
        tuple(place.layer.name for place in chosen),
        tuple(np.moveaxis(one, -1, 0)[own] for one, own in zip(answers, channels, strict=True)),
        channels,
        tuple(place.shape for place in chosen),
    )


def filters(
    model: keras.Model, photos: Any = None, *, layer: str | None = None, num_filters: int = 16, seed: int = 0,
    controls: bool = True,
) -> View:  # fmt: skip
    """See the patterns that the filters of a layer wait for.

    Args:
        model: Any built Keras model with convolutions.
        photos: As the model takes them; only their shape counts. None where the model says its own.
        layer: Name of a layer that answers with pictures; None for the last convolution.
        num_filters: How many, evenly spread over all.
        seed: Of the noise that patterns begin with.
        controls: Whether the same filters are shown with all weights shuffled: what is there too was not learnt.

    Returns:
        The view; its numbers are the patterns.

    Raises:
        OptionError: No convolution or no such layer.
    """
    found = filter_patterns(model, photos, layer=layer, num_filters=num_filters, seed=seed)
    if controls:
        with shuffled(model, "all", seed):
            other = filter_patterns(model, photos, layer=layer, num_filters=num_filters, seed=seed)
        found = replace(found, shuffled=other.patterns)
    silent = int((found.rise <= 0).sum())
    sentence = f"What {len(found.filters)} filters of `{found.layer}` answer to most"
    sentence += f"; {silent} of them answer to nothing that is near" if silent else ""
    return View(_plot_patterns(found, sentence), sentence, found)


def filter_patterns(
    model: keras.Model, photos: Any = None, *, layer: str | None = None, num_filters: int = 16, seed: int = 0
) -> FilterPatterns:
    """The patterns without a figure; arguments as of `filters`."""
    photos = _blank(model) if photos is None else jax.tree.map(lambda one: np.asarray(one)[:1], photos)
    places = find_places(model, photos)
    place = find_place(places, layer)
    seen = _seen_by(model, photos, first_convolution(places))
    numbers = np.unique(np.linspace(0, place.shape[-1] - 1, num_filters).astype(int))
    start = 0.1 * jax.random.uniform(jax.random.key(seed), seen[1:], minval=-1.0, maxval=1.0)

    def answer(pattern: Any, number: Any) -> Any:
        picture = _answer(model, photos, place, first_convolution(places), pattern[None])[0]
        return jnp.take(_inner(picture), number, axis=-1).mean()

    def climb(number: Any) -> tuple[Any, Any]:
        def step(_: Any, pattern: Any) -> Any:
            slope = jax.grad(answer)(pattern, number)
            return pattern + STEP * slope / (jnp.sqrt((slope**2).mean()) + 1e-7)

        end = jax.lax.fori_loop(0, STEPS, step, start)
        return end, answer(end, number) - answer(start, number)

    patterns, rise = jax.jit(lambda all_numbers: jax.lax.map(climb, all_numbers))(jnp.asarray(numbers))
    return FilterPatterns(place.layer.name, numbers, _shown(np.asarray(patterns)), np.asarray(rise))


def _answer(
    model: keras.Model, photos: Any, place: Place, first: keras.layers.Layer | None = None, pattern: Any = None
) -> Any:
    """A layer's answer; for a pattern in place of what the first convolution sees, without the rectifier that ends it.

    Where a rectifier is silent it has no slope, and a pattern could not begin to rise.
    """
    heard: list[Any] = []

    def hear(own: Any, *arguments: Any, **named: Any) -> Any:
        seen = (pattern,) if place.layer is first else arguments
        activation = getattr(place.layer, "activation", None) if pattern is not None else None
        if activation is not None:
            place.layer.activation = keras.activations.linear
        try:
            heard.append(own(*seen, **named))
        finally:
            if activation is not None:
                place.layer.activation = activation
        return heard[-1]

    with listening(place.layer, hear):
        if first is None or first is place.layer:
            model(photos, training=False)
        else:
            with listening(first, lambda own, *_, **named: own(pattern, **named)):
                model(photos, training=False)
    return heard[0]


def _seen_by(model: keras.Model, photos: Any, first: keras.layers.Layer) -> tuple[int, ...]:
    """Shape of what a convolution sees."""
    heard: list[tuple[int, ...]] = []

    def hear(own: Any, seen: Any, **named: Any) -> Any:
        heard.append(tuple(seen.shape))
        return own(seen, **named)

    with listening(first, hear):
        jax.eval_shape(lambda: model(photos, training=False))
    return heard[0]


def _blank(model: keras.Model) -> Any:
    """A row of zeros as the model takes it."""
    taken = model.inputs[0] if isinstance(model, keras.Sequential) else getattr(model, "input", None)
    if taken is None or any(None in one.shape[1:] for one in keras.tree.flatten(taken)):
        raise OptionError(
            "size_of_photos",
            f"The network `{model.name}` takes photos of any size",
            expected="`photos` of the size wanted",
        )
    return keras.tree.map_structure(lambda one: np.zeros((1, *one.shape[1:]), one.dtype), taken)


def _inner(picture: Any) -> Any:
    """Without the places at the edge."""
    if min(picture.shape[:2]) <= 5 * RIM:
        return picture
    return picture[RIM:-RIM, RIM:-RIM]


def _shown(patterns: np.ndarray) -> np.ndarray:
    """In grey levels from 0 to 1, each in a contrast of its own."""
    axes = (1, 2, 3)
    spread = patterns.std(axis=axes, keepdims=True)
    centred = (patterns - patterns.mean(axis=axes, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return np.asarray(np.clip(0.5 + CONTRAST * centred, 0, 1))


def _plot_channels(found: LayerPictures, picture: np.ndarray, sentence: str) -> Figure:
    columns = 1 + max(len(one) for one in found.pictures)
    figure = Figure(figsize=(1.15 * columns, 1.3 * len(found.layers) + 1.0), layout="constrained")
    panels = figure.subplots(len(found.layers), columns, squeeze=False)
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    panels[0, 0].imshow(in_colours(picture))
    for row, (name, size, channels) in enumerate(zip(found.layers, found.sizes, found.pictures, strict=True)):
        for axes, channel in zip(panels[row, 1:], channels, strict=False):
            axes.imshow(channel, cmap="viridis")
        title = f"{name}: {size[0]} x {size[1]} places, {size[2]} channels"
        panels[row, 1].set_title(title, loc="left", fontsize=9, color=GREY)
    note = "Each channel in a scale of its own: dark is its lowest answer, yellow its highest. Highest answers first."
    say(figure, sentence + ".", note)
    return figure


def _plot_patterns(found: FilterPatterns, sentence: str) -> Figure:
    columns = min(8, len(found.filters))
    rows = -(-len(found.filters) // columns)
    parts = [("learnt", found.patterns)] + (
        [("weights shuffled", found.shuffled)] if found.shuffled is not None else []
    )
    figure = Figure(figsize=(max(4.2, 1.2 * columns), 1.4 * rows * len(parts) + 1.1), layout="constrained")
    panels = figure.subplots(rows * len(parts), columns, squeeze=False)
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    for part, (words, patterns) in enumerate(parts):
        own = panels[part * rows : (part + 1) * rows]
        for axes, number, pattern in zip(own.ravel(), found.filters, patterns, strict=False):
            axes.imshow(in_colours(pattern))
            axes.set_title(f"{number}", fontsize=8, color=GREY)
        own[0, 0].set_ylabel(words if len(parts) > 1 else "", fontsize=9)
    note = f"{STEPS} steps uphill from noise; colours and contrast of each are its own."
    note += " What is there with shuffled weights too was not learnt." if len(parts) > 1 else ""
    say(figure, sentence + ".", note)
    return figure
