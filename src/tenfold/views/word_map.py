"""The vectors of words, or of levels of a category, on a map of two directions.

    tenfold.views.embedding_map(model, words=vocabulary)

The map shows the two directions in which the vectors differ most (principal components): the same each time, with no
seed, and honest about what it leaves out, which the sentence says. Who is near whom is better read from the list of
neighbours, by the cosine of all directions, than from the map.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from tenfold.errors import OptionError, did_you_mean
from tenfold.views.convolutions import layers_within
from tenfold.views.drawing import BLUE, GREY, INK, new_sheet, say
from tenfold.views.view import View

__all__ = ["EmbeddingMap", "embedding_map"]

NUM_NAMED, NUM_LISTED, NUM_NEIGHBOURS = 60, 12, 3
"""Words that are named on the map, words whose neighbours are listed, and how many of them."""

NAME_ROOM = (0.09, 0.03)
"""Width and height that a name takes, as shares of the map."""

FEWEST = 3
"""Vectors of a map."""


@dataclass(frozen=True)
class EmbeddingMap:
    """Vectors in two directions.

    Attributes:
        layer: Name of the embedding.
        words: A name a vector.
        places: Of each vector on the two principal components.
        share: Share of the variance that they hold, 0 to 1.
        neighbours: For each word listed, the words whose vectors have the highest cosine with its own.
        chosen: Numbers of the words listed.
    """

    layer: str
    words: tuple[str, ...]
    places: Float[np.ndarray, "word 2"]
    share: float
    neighbours: tuple[tuple[str, ...], ...]
    chosen: Int[np.ndarray, " listed"]


def embedding_map(
    model: keras.Model, words: Iterable[str] = (), *, layer: str | None = None, of: Iterable[str] = ()
) -> View:
    """See the vectors that a network has learnt.

    Args:
        model: Any built Keras model with an `Embedding`.
        words: A name for each of its lines; none for those of a `TextVectorization` or `StringLookup` in the model, or
            their numbers.
        layer: Name of the embedding; None for the first.
        of: Words whose neighbours are listed; none for the first ones.

    Returns:
        The view; its numbers are places and neighbours.

    Raises:
        OptionError: No embedding, not as many names as lines, or a word that is not there.
    """
    found = _found(model, [str(word) for word in words], layer, list(of))
    sentence = (
        f"Two directions hold {100 * found.share:.0f} % of what tells the {len(found.words):,} vectors of "
        f"`{found.layer}` apart"
    )
    return View(_plot(found, sentence), sentence, found)


def _found(model: keras.Model, words: Sequence[str], name: str | None, of: Sequence[str]) -> EmbeddingMap:
    chosen = _chosen(model, name)
    vectors = np.asarray(chosen.embeddings, dtype=np.float64)
    names = tuple(words) or _vocabulary(model, len(vectors)) or tuple(map(str, range(len(vectors))))
    if len(names) != len(vectors) or len(names) < FEWEST:
        raise OptionError(
            "number_of_words", f"{len(names):,} words were named for the {len(vectors):,} lines of `{chosen.name}`",
            expected=f"{len(vectors):,} names, {FEWEST} at least",
        )  # fmt: skip
    first = int(getattr(chosen, "mask_zero", False))  # line 0 is padding, which nobody trains
    names, vectors = names[first:], vectors[first:]
    centred = vectors - vectors.mean(axis=0)
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    directions = directions[:2] * np.sign(directions[:2, np.abs(directions[:2]).argmax(axis=1)].diagonal())[:, None]
    variance = lengths**2
    places = centred @ directions.T
    if places.shape[1] < 2:  # noqa: PLR2004  # vectors of one number lie on a line
        places = np.column_stack([places, np.zeros(len(places))])
    share = float(variance[:2].sum() / variance.sum()) if variance.sum() > 0 else 1.0
    listed = _listed(names, of)
    return EmbeddingMap(chosen.name, names, places, share, _neighbours(names, vectors, listed), listed)


def _chosen(model: keras.Model, name: str | None) -> keras.layers.Embedding:
    fitting = [one for one in layers_within(model) if isinstance(one, keras.layers.Embedding)]
    if name is None and fitting:
        return fitting[0]
    named = [one for one in fitting if one.name == name]
    if named:
        return named[0]
    names = [one.name for one in fitting]
    raise OptionError(
        "no_embedding", f"The network `{model.name}` has no embedding" + (f" `{name}`" if name else ""),
        expected=f"one of {', '.join(names)}" if names else "an Embedding layer",
        hint=did_you_mean(name, names) if name else None,
    )  # fmt: skip


def _vocabulary(model: keras.Model, count: int) -> tuple[str, ...]:
    """Names that a layer of the model itself knows; empty where none fits."""
    for one in layers_within(model):
        words = one.get_vocabulary() if hasattr(one, "get_vocabulary") else []
        if 0 < len(words) <= count:
            return (*map(str, words), *(f"({place})" for place in range(len(words), count)))
    return ()


def _listed(names: Sequence[str], of: Sequence[str]) -> Int[np.ndarray, " listed"]:
    unknown = [word for word in of if word not in names]
    if unknown:
        raise OptionError(
            "no_such_word", f"No vector is named `{unknown[0]}`", expected="one of the words given",
            hint=did_you_mean(unknown[0], list(names)),
        )  # fmt: skip
    return np.array([names.index(word) for word in of] or range(min(NUM_LISTED, len(names))), dtype=np.int64)


def _neighbours(
    names: Sequence[str], vectors: Float[np.ndarray, "word unit"], listed: Int[np.ndarray, " listed"]
) -> tuple[tuple[str, ...], ...]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = vectors / np.where(lengths > 0, lengths, 1.0)
    cosines = directions[listed] @ directions.T
    cosines[np.arange(len(listed)), listed] = -np.inf
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, : min(NUM_NEIGHBOURS, len(names) - 1)]
    return tuple(tuple(names[place] for place in line) for line in nearest)


def _apart(places: Float[np.ndarray, "word 2"], wanted: Int[np.ndarray, " named"]) -> list[int]:
    """Those whose names do not cover each other on the map, the first ones first."""
    reach = np.ptp(places, axis=0)
    room, kept = np.where(reach > 0, reach, 1.0) * NAME_ROOM, list[int]()
    for place in wanted.tolist():
        if not any((np.abs(places[place] - places[other]) < room).all() for other in kept):
            kept.append(place)
    return kept


def _plot(found: EmbeddingMap, sentence: str) -> Figure:
    figure, panels = new_sheet(1, 2, (9.4, 5.4), width_ratios=(2.2, 1))
    axes, aside = panels[0]
    axes.plot(*found.places.T, ".", color=BLUE, markersize=3, alpha=0.35)
    first = np.arange(min(NUM_NAMED, len(found.words)))
    named = np.concatenate([found.chosen, np.setdiff1d(first, found.chosen)])
    for place in _apart(found.places, named[:NUM_NAMED]):
        axes.annotate(found.words[place], found.places[place], fontsize=7.5, color=INK, ha="center", va="bottom")
    axes.set_xlabel("first direction", fontsize=9)
    axes.set_ylabel("second direction", fontsize=9)
    axes.grid(visible=False)
    aside.set_axis_off()
    aside.set_title("nearest by all directions", loc="left", fontsize=10)
    lines = zip(found.chosen[: 2 * NUM_LISTED], found.neighbours, strict=False)
    for number, (place, near) in enumerate(lines):
        height = 0.97 - number * 0.96 / max(NUM_LISTED, len(found.chosen))
        aside.text(0, height, found.words[place], fontsize=9, color=INK, va="top", transform=aside.transAxes)
        aside.text(0.32, height, ", ".join(near), fontsize=8.5, color=GREY, va="top", transform=aside.transAxes)
    say(figure, sentence + ".", "Principal components; near on the map need not be near in the other directions.")
    return figure
