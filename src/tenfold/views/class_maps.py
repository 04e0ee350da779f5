"""Grad-CAM: the places of a photo that speak for a class.

    view = tenfold.views.grad_cam(model, photos)          # for the class that the network names
    view = tenfold.views.grad_cam(model, photos, [3, 3])  # for another
    view.numbers.maps                                     # (photo, height, width), 0 and above

The channels k of a convolution answer with pictures A_k. How much the score y of a class rises with each,

    alpha_k = mean over places of dy / dA_k,

weighs them: the map is max(0, sum_k alpha_k A_k), laid over the photo. It says where the network looked, not what it
saw there, and no finer than the convolution's own grid.

Sources: Selvaraju et al. (2017), "Grad-CAM: visual explanations from deep networks"; Adebayo et al. (2018), "Sanity
checks for saliency maps", by which a map must change where weights are random; Grad-CAM passes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from tenfold.errors import OptionError
from tenfold.views.convolutions import answers_of, find_place, find_places, in_colours, listening, photos_in
from tenfold.views.drawing import say
from tenfold.views.view import View

__all__ = ["ClassMaps", "class_maps", "grad_cam", "overlaid"]

MOST_PHOTOS = 8
"""Photos of a figure."""

GLOW = 0.55
"""How much of the place that speaks most for a class is covered by the colour (arbitrary: the photo stays visible)."""


@dataclass(frozen=True)
class ClassMaps:
    """Where a network looked.

    Attributes:
        maps: In the size of the photos, 0 and above; in units of score, so that maps of one network compare.
        weights: alpha of each channel.
        classes: The class that each map speaks for.
        scores: Of these classes, before softmax or sigmoid.
        layer: Name of the layer whose channels were weighed.
        grid: Its height and width: the map is no finer.
    """

    maps: Float[np.ndarray, "photo height width"]
    weights: Float[np.ndarray, "photo channel"]
    classes: Int[np.ndarray, " photo"]
    scores: Float[np.ndarray, " photo"]
    layer: str
    grid: tuple[int, int]


def grad_cam(
    model: keras.Model,
    photos: Any,
    classes: Sequence[int] | int | None = None,
    *,
    layer: str | None = None,
    labels: Sequence[str] = (),
) -> View:
    """See which places of photos speak for a class.

    Args:
        model: Any built Keras model with convolutions.
        photos: As it takes them: `(photo, height, width, channel)`, or a dict with such an array.
        classes: Positions among its outputs, for all photos or one each; None for the one it names. Of a single output
            class 1 is what raises it and class 0 what lowers it.
        layer: Name of a layer that answers with pictures; None for the last convolution.
        labels: Names of the classes, for the figure.

    Returns:
        The view; its numbers are the maps. Of more than eight photos the figure shows the first.

    Raises:
        OptionError: No convolution, no such layer or class, no photos.
    """
    found, pictures = class_maps(model, photos, classes, layer=layer), photos_in(photos)
    return View(_plot(found, pictures, labels), _sentence(found, len(pictures)), found)


def class_maps(
    model: keras.Model, photos: Any, classes: Sequence[int] | int | None = None, *, layer: str | None = None
) -> ClassMaps:
    """The maps without a figure; arguments as of `grad_cam`."""
    pictures, place = photos_in(photos), find_place(find_places(model, photos), layer)
    height, width, num_channels = place.shape
    run = answers_of(model, photos)
    asked = None if classes is None else _checked(classes, len(pictures))

    def score(pushed: Any, given: Any) -> tuple[Any, Any]:
        heard: list[Any] = []

        def hear(own: Any, *arguments: Any, **named: Any) -> Any:
            answer = own(*arguments, **named)
            if heard:  # a layer that runs again, as on a mirror image: the map is of its first run
                return answer
            heard.append(answer)
            return answer + pushed

        with listening(place.layer, hear):
            outputs = _two_sided(run(given))
        named_class = jnp.argmax(outputs, axis=1) if asked is None else jnp.asarray(asked)
        scores = jnp.take_along_axis(outputs, named_class[:, None], axis=1)[:, 0]
        return scores.sum(), (heard[0], named_class, scores)

    if asked is not None and asked.max() >= max(2, model.output_shape[-1]):
        raise OptionError(
            "no_such_class", f"The network has no class {int(asked.max())}",
            expected=f"0 to {max(2, model.output_shape[-1]) - 1}",
        )  # fmt: skip
    start = jnp.zeros((len(pictures), height, width, num_channels))
    slopes, (answers, chosen, scores) = jax.jit(jax.grad(score, has_aux=True))(start, photos)
    weights = slopes.mean(axis=(1, 2))
    raw = jnp.maximum(jnp.einsum("phwk,pk->phw", answers, weights), 0.0)
    maps = jax.image.resize(raw, (len(pictures), *pictures.shape[1:3]), "bilinear")
    return ClassMaps(
        np.asarray(maps), np.asarray(weights), np.asarray(chosen), np.asarray(scores), place.layer.name, (height, width)
    )


def overlaid(picture: Float[np.ndarray, "height width channel"], of: Float[np.ndarray, "height width"]) -> np.ndarray:
    """A photo that is grey but where a map is high: there it glows, from its own colours to orange.

    Args:
        picture: 0 to 1.
        of: The map; its largest value glows most, and a map of zeros leaves the photo grey.

    Returns:
        uint8 (height, width, 3).
    """
    colour = in_colours(picture)
    share = (of / of.max() if of.max() > 0 else np.zeros_like(of))[..., None]
    grey = colour.mean(axis=-1, keepdims=True) * 0.75 + 0.1
    glowing = (1 - GLOW) * colour + GLOW * np.array([0.98, 0.55, 0.05])
    return np.asarray(np.clip((1 - share) * grey + share * glowing, 0, 1) * 255).round().astype(np.uint8)


def _checked(classes: Sequence[int] | int, num_photos: int) -> np.ndarray:
    asked = np.atleast_1d(np.asarray(classes, dtype=np.int32))
    if asked.size not in {1, num_photos} or asked.min() < 0:
        raise OptionError(
            "classes_of_photos", f"{asked.size} classes were named for {num_photos} photos",
            expected="one for all, or one each, 0 or above",
        )  # fmt: skip
    return np.broadcast_to(asked, num_photos)


def _two_sided(outputs: Any) -> Any:
    """A single output as two classes: what lowers it, what raises it."""
    return jnp.concatenate([-outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def _plot(found: ClassMaps, pictures: np.ndarray, labels: Sequence[str]) -> Figure:
    shown = min(len(pictures), MOST_PHOTOS)
    figure = Figure(figsize=(max(4.2, 1.45 * shown), 4.3), layout="constrained")
    panels = figure.subplots(2, shown, squeeze=False)
    for number in range(shown):
        picture, map_ = pictures[number], found.maps[number]
        panels[0, number].imshow(in_colours(picture))
        panels[1, number].imshow(overlaid(picture, map_))
        place = int(found.classes[number])
        panels[1, number].set_xlabel(labels[place] if labels else f"class {place}", fontsize=9)
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    panels[0, 0].set_ylabel("photo", fontsize=9)
    panels[1, 0].set_ylabel("speaks for", fontsize=9)
    note = f"Grad-CAM of `{found.layer}`, {found.grid[0]} x {found.grid[1]} places. Each map has its own scale."
    say(figure, _sentence(found, len(pictures)) + ".", note)
    return figure


def _sentence(found: ClassMaps, num_photos: int) -> str:
    empty = int((found.maps.max(axis=(1, 2)) <= 0).sum())
    text = "In colour: the places of each photo that speak for the class below it"
    return f"{text}; in {empty} of {num_photos} nothing speaks for it" if empty else text
