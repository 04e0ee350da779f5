"""A network of photos, opened for the report: what it makes of a photo, what its filters wait for, where it looks.

It is one of the networks that the final fold chose by: trained on the working photos but those of an inner fold, which
it is shown here. The retrained network, where one is delivered, has seen all of them and would look where it remembers.
"""

from collections.abc import Sequence

import keras
import numpy as np
from matplotlib import colormaps

from tenfold.measures.measure import Prediction
from tenfold.nested.network import member_network
from tenfold.nested.results import FoldResult
from tenfold.nested.rows import NestedRows
from tenfold.networks.bases import with_base
from tenfold.question.posing import Question
from tenfold.report.photos import LookedAt, OpenedNetwork, ShownLayer
from tenfold.run_facts.photos import as_image, shown_photo
from tenfold.views.class_maps import class_maps, overlaid
from tenfold.views.convolutions import find_places
from tenfold.views.layer_pictures import filter_patterns, layer_pictures

__all__ = ["opened_network"]

NUM_LOOKED = 6
"""Rights, and wrongs, that are shown (arbitrary: a line of a screen)."""

NUM_CHANNELS = 8
"""Channels and patterns of a layer that are shown (arbitrary: a line of a screen)."""

NUM_PATTERN_LAYERS = 3
"""Layers whose patterns are shown: the first convolution, one in the middle, the last."""

INNER = 0
"""The inner fold whose photos are shown."""


def opened_network(question: Question, nested: NestedRows, chosen: FoldResult) -> OpenedNetwork | None:
    """Open the network that the fold of all working photos chose.

    Args:
        question: With the table.
        nested: Folds and rows.
        chosen: What that fold chose by its inner folds, with its members.

    Returns:
        The facts; None where it has no convolutions.
    """
    rung = chosen.candidate.rung
    if not (rung.filters or rung.base) or chosen.members is None:
        return None
    rows = nested.folds[nested.final].inner[INNER][1]
    rights, wrongs = _most_certain(chosen.inner_predictions[INNER], question.target[rows])
    shown = rows[[*rights, *wrongs]]
    if not len(shown):
        return None
    network = member_network(nested, chosen, INNER)
    if nested.base is not None:
        network = with_base(network, nested.base)
    photos = _photos(nested, chosen, shown)
    one = {name: array[:1] for name, array in photos.items()}
    return OpenedNetwork(
        rung.label,
        shown_photo(question, int(shown[0])),
        _channels(network, one),
        () if rung.base else _patterns(network, one),  # a base that stayed as it is has the same in every run
        *_looked(question, network, photos, shown),
    )


def _photos(nested: NestedRows, chosen: FoldResult, rows: np.ndarray) -> dict[str, np.ndarray]:
    """What the network takes of some rows, photos as bytes."""
    arrays = nested.inputs_of(chosen.candidate.rung, nested.final, rows)
    arrays.pop("features", None)
    lookup = nested.table.lookups["photos"]
    return {**arrays, "photos": lookup[nested.table.rows(nested.final, rows)]}


def _most_certain(prediction: Prediction, truth: np.ndarray) -> tuple[list[int], list[int]]:
    """Places of the photos that are right and wrong with the most certainty; the rights from all classes in turn."""
    answers, order = prediction.argmax(axis=1), np.argsort(-prediction.max(axis=1), kind="stable")
    right = [int(place) for place in order if answers[place] == truth[place]]
    wrong = [int(place) for place in order if answers[place] != truth[place]]
    return _in_turn(right, truth)[:NUM_LOOKED], wrong[:NUM_LOOKED]


def _in_turn(places: Sequence[int], truth: np.ndarray) -> list[int]:
    """The same places: the first of each class, then the second of each, and so on."""
    seen: dict[int, int] = {}
    turns = []
    for place in places:
        turns.append(seen.get(int(truth[place]), 0))
        seen[int(truth[place])] = turns[-1] + 1
    return [places[number] for number in np.argsort(turns, kind="stable")]


def _channels(network: keras.Model, photo: dict[str, np.ndarray]) -> tuple[ShownLayer, ...]:
    found = layer_pictures(network, photo, num_channels=NUM_CHANNELS)
    return tuple(
        _shown(name, size, [as_image(_coloured(one), is_exact=True) for one in channels])
        for name, size, channels in zip(found.layers, found.sizes, found.pictures, strict=True)
    )


def _shown(name: str, size: tuple[int, int, int], images: Sequence[str]) -> ShownLayer:
    height, width, num_channels = size
    return ShownLayer(name, height, width, num_channels, tuple(images))


def _patterns(network: keras.Model, photo: dict[str, np.ndarray]) -> tuple[ShownLayer, ...]:
    places = [one for one in find_places(network, photo) if one.is_convolution]
    numbers = np.unique(np.linspace(0, len(places) - 1, NUM_PATTERN_LAYERS).astype(int))
    shown = []
    for place in (places[number] for number in numbers):
        found = filter_patterns(network, photo, layer=place.layer.name, num_filters=NUM_CHANNELS)
        images = [as_image((255 * one).round().astype(np.uint8)) for one in found.patterns]
        shown.append(_shown(place.layer.name, place.shape, images))
    return tuple(shown)


def _looked(
    question: Question, network: keras.Model, photos: dict[str, np.ndarray], rows: np.ndarray
) -> tuple[tuple[LookedAt, ...], tuple[int, int]]:
    """Maps of what is said, and of the true class where that is another."""
    said, pictures = class_maps(network, photos), photos["photos"] / 255.0
    truth = question.target[rows].astype(int)
    true, labels = class_maps(network, photos, truth.tolist()), question.problem.label_texts
    answers = network.predict(photos, verbose=0)
    chances = np.concatenate([1 - answers, answers], axis=1) if answers.shape[1] == 1 else answers
    looked = tuple(
        LookedAt(
            shown_photo(question, int(row), labels[place], float(chance.max())),
            as_image(overlaid(picture, of_said)),
            as_image(overlaid(picture, of_true)) if place != right else "",
        )
        for row, place, right, chance, picture, of_said, of_true in zip(
            rows, said.classes, truth, chances, pictures, said.maps, true.maps, strict=True
        )
    )
    return looked, said.grid


def _coloured(channel: np.ndarray) -> np.ndarray:
    """From dark (lowest) to yellow (highest), bytes."""
    low, high = float(channel.min()), float(channel.max())
    shares = (channel - low) / ((high - low) or 1.0)
    return np.asarray(colormaps["viridis"](shares)[..., :3] * 255).round().astype(np.uint8)
