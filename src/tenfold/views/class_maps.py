"""Grad-CAM: the places of a photo that speak for a class.

    view = tenfold.views.grad_cam(model, photos)          # for the class that the network names
    view = tenfold.views.grad_cam(model, photos, [3, 3])  # for another
    view.numbers.maps                                     # (photo, height, width), 0 and above

The channels k of a convolution answer with pictures A_k. How much the score y of a class rises with each,

    alpha_k = mean over places of dy / dA_k,

weighs them: the map is max(0, sum_k alpha_k A_k), laid over the photo. It says where the network looked, not what it
saw there, and no finer than the convolution's own grid.

Two controls stand beside each map. The same map of the network with shuffled weights, of its last layer and of all:
where it looks alike, it shows the photo and not what was learnt. And the answer for the photo whose marked fifth is
blurred, beside the answer where as large a patch elsewhere is: a map that tells something marks what the answer hangs
on.

Sources: Selvaraju et al. (2017), "Grad-CAM: visual explanations from deep networks"; Adebayo et al. (2018), "Sanity
checks for saliency maps", by which a map must change where weights are random; Grad-CAM passes; Rong et al. (2022), "A
consistent and efficient evaluation strategy for attribution methods", for taking out what is marked.
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
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr

from tenfold.errors import OptionError
from tenfold.views.convolutions import (
    PICTURE_RANK,
    answers_of,
    find_place,
    find_places,
    in_colours,
    listening,
    photos_in,
)
from tenfold.views.drawing import say
from tenfold.views.shuffling import shuffled
from tenfold.views.view import View

__all__ = ["ClassMaps", "Controls", "class_maps", "grad_cam", "overlaid"]

MOST_PHOTOS = 8
"""Photos of a figure."""

MARKED = 0.2
"""Share of a photo that counts as marked: a fifth (arbitrary)."""

NUM_ELSEWHERE = 4
"""Patches of the same form elsewhere (arbitrary)."""

ALIKE = 0.7
"""Rank correlation from which a map of shuffled weights counts as the same map (arbitrary)."""

GLOW = 0.55
"""How much of the place that speaks most for a class is covered by the colour (arbitrary: the photo stays visible)."""


@dataclass(frozen=True)
class Controls:
    """What a map is held against.

    Attributes:
        last_shuffled: Maps of the network whose last layer's weights are shuffled, for the same classes.
        all_shuffled: Maps of the network all of whose weights are.
        agreement: Mean rank correlation of the maps with these two, over photos with a map; NaN where no photo has one.
        drop: How much the answer falls where the marked fifth is blurred, mean of the photos.
        drop_elsewhere: The same for as large a patch elsewhere.
    """

    last_shuffled: Float[np.ndarray, "photo height width"]
    all_shuffled: Float[np.ndarray, "photo height width"]
    agreement: tuple[float, float]
    drop: float
    drop_elsewhere: float


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
        controls: What the maps are held against; None where that was not asked for.
    """

    maps: Float[np.ndarray, "photo height width"]
    weights: Float[np.ndarray, "photo channel"]
    classes: Int[np.ndarray, " photo"]
    scores: Float[np.ndarray, " photo"]
    layer: str
    grid: tuple[int, int]
    controls: Controls | None = None


def grad_cam(
    model: keras.Model,
    photos: Any,
    classes: Sequence[int] | int | None = None,
    *,
    layer: str | None = None,
    labels: Sequence[str] = (),
    controls: bool = True,
) -> View:
    """See which places of photos speak for a class.

    Args:
        model: Any built Keras model with convolutions.
        photos: As it takes them: `(photo, height, width, channel)`, or a dict with such an array.
        classes: Positions among its outputs, for all photos or one each; None for the one it names. Of a single output
            class 1 is what raises it and class 0 what lowers it.
        layer: Name of a layer that answers with pictures; None for the last convolution.
        labels: Names of the classes, for the figure.
        controls: Whether maps are held against those of shuffled weights, and the marked places are blurred: about
            three times the work.

    Returns:
        The view; its numbers are the maps. Of more than eight photos the figure shows the first.

    Raises:
        OptionError: No convolution, no such layer or class, no photos.
    """
    found, pictures = class_maps(model, photos, classes, layer=layer), photos_in(photos)
    if controls:
        found = replace(found, controls=_controls(model, photos, found, layer))
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


def _controls(model: keras.Model, photos: Any, found: ClassMaps, layer: str | None) -> Controls:
    with shuffled(model, "last"):
        last = class_maps(model, photos, found.classes.tolist(), layer=layer).maps
    with shuffled(model, "all"):
        every = class_maps(model, photos, found.classes.tolist(), layer=layer).maps
    drop, elsewhere = _drops(model, photos, found)
    return Controls(last, every, (_agreement(found.maps, last), _agreement(found.maps, every)), drop, elsewhere)


def _agreement(maps: Float[np.ndarray, "photo height width"], others: np.ndarray) -> float:
    """Mean rank correlation over photos that have a map; with an empty one it is 0."""
    pairs = [(one.ravel(), other.ravel()) for one, other in zip(maps, others, strict=True) if one.std() > 0]
    found = [float(spearmanr(*pair).statistic) if pair[1].std() > 0 else 0.0 for pair in pairs]
    return float(np.mean(found)) if found else float("nan")


def _drops(model: keras.Model, photos: Any, found: ClassMaps) -> tuple[float, float]:
    """How much the answers for the classes fall without the marked places, and without others of the same form."""
    name, pictures = _named_pictures(photos)
    side = pictures.shape[1:3]
    blurred = gaussian_filter(pictures.astype(np.float64), sigma=(0, side[0] / 8, side[1] / 8, 0))
    ranks = np.argsort(np.argsort(-found.maps.reshape(len(pictures), -1), axis=1, kind="stable"), axis=1)
    marked = (ranks < MARKED * ranks.shape[1]).reshape(found.maps.shape)
    rng = np.random.default_rng(0)
    moves = [tuple(rng.integers(length // 4, 3 * length // 4 + 1) for length in side) for _ in range(NUM_ELSEWHERE)]
    masks = [marked, *(np.roll(marked, move, axis=(1, 2)) for move in moves)]

    def answers(given: np.ndarray) -> Float[np.ndarray, " photo"]:
        outputs = np.asarray(model({**photos, name: given} if name else given, training=False), dtype=np.float64)
        both = np.concatenate([1 - outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs
        return np.take_along_axis(both, found.classes[:, None], axis=1)[:, 0]

    without = [answers(np.where(mask[..., None], blurred, pictures).astype(pictures.dtype)) for mask in masks]
    drops = [float((answers(pictures) - one).mean()) for one in without]
    return drops[0], float(np.mean(drops[1:]))


def _named_pictures(photos: Any) -> tuple[str, np.ndarray]:
    """The pictures among the inputs as they are given, and their name; empty where nothing else is given."""
    if not isinstance(photos, dict):
        return "", np.asarray(photos)
    return next((name, np.asarray(one)) for name, one in photos.items() if np.ndim(one) == PICTURE_RANK)


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
    lines = [("speaks for", found.maps)]
    if found.controls is not None:
        lines += [("last layer\nshuffled", found.controls.last_shuffled),
                  ("all layers\nshuffled", found.controls.all_shuffled)]  # fmt: skip
    height = 1.5 * (1 + len(lines)) + 1.3
    figure = Figure(figsize=(max(5.2, 1.45 * shown), height), layout="constrained")
    panels = figure.subplots(1 + len(lines), shown, squeeze=False)
    for number in range(shown):
        picture = pictures[number]
        panels[0, number].imshow(in_colours(picture))
        for line, (_, maps) in enumerate(lines, start=1):
            panels[line, number].imshow(overlaid(picture, maps[number]))
        place = int(found.classes[number])
        panels[1, number].set_xlabel(labels[place] if labels else f"class {place}", fontsize=9)
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    for axes, words in zip(panels[:, 0], ("photo", *(words for words, _ in lines)), strict=True):
        axes.set_ylabel(words, fontsize=9)
    note = f"Grad-CAM of `{found.layer}`, {found.grid[0]} x {found.grid[1]} places. Each map has its own scale."
    say(figure, _sentence(found, len(pictures)) + ".", note)
    return figure


def _sentence(found: ClassMaps, num_photos: int) -> str:
    empty = int((found.maps.max(axis=(1, 2)) <= 0).sum())
    text = "In colour: the places of each photo that speak for the class below it"
    text += f"; in {empty} of {num_photos} nothing speaks for it" if empty else ""
    return text + ("" if found.controls is None or empty == num_photos else _held_against(found.controls))


def _held_against(controls: Controls) -> str:
    alike = max(controls.agreement)
    text = (
        f". With shuffled weights the map is much the same (rank correlation {alike:.2f}): it shows the photo more "
        "than what was learnt"
        if alike >= ALIKE
        else f". With shuffled weights it is another map (rank correlation {alike:.2f} at most)"
    )
    return (
        f"{text}. The marked fifth blurred, the answer falls by {controls.drop:.2f}, as much elsewhere by "
        f"{controls.drop_elsewhere:.2f}"
    )
