"""What the first layer of a network listens to: columns, places of a picture, or small patterns.

    tenfold.views.first_weights(model, columns=["age", "bmi", ...], x=x)    # of a table: a line a column
    tenfold.views.first_weights(convnet)                                    # the kernels of the first convolution

Weights of a dense layer on columns are multiplied by the column's standard deviation where rows are given: a weight for
metres and one for kilometres then compare. How much the layer listens to a column is the root mean square of its
weights; its z-score says by how many standard deviations that lies above the mean of all columns. A first layer says
what is let in, not what becomes of it: what a column matters for the answer is the permutation importance of a run.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from tenfold.errors import OptionError, TableError, did_you_mean
from tenfold.views.convolutions import in_colours, layers_within
from tenfold.views.drawing import BLUE, GREY, say
from tenfold.views.view import View

__all__ = ["FirstWeights", "first_weights"]

MOST_COLUMNS, MOST_UNITS, MOST_PICTURES = 24, 48, 32
"""Columns, units and pictures of a figure: those with the largest weights."""

TABLE, STACK = 2, 4
"""Axes of a kernel: (column, unit), (height, width, channel, filter)."""


@dataclass(frozen=True)
class FirstWeights:
    """Weights of the first layer that has any.

    Attributes:
        layer: Its name.
        kernel: Its weights, `(column, unit)` or `(height, width, channel, filter)`; of a table in units of the
            standardised columns where rows were given.
        columns: Names of the columns; empty where pictures come in.
        strength: Root mean square of each column's weights; of each filter's, where pictures come in.
        z_scores: Of these, among all of them; zeros where all are equal.
        picture: Height, width and channels of what each unit of a dense layer sees, where its inputs are the flat
            places of a picture; empty else.
    """

    layer: str
    kernel: np.ndarray
    columns: tuple[str, ...]
    strength: Float[np.ndarray, " line"]
    z_scores: Float[np.ndarray, " line"]
    picture: tuple[int, ...] = ()


def first_weights(model: keras.Model, *, columns: Iterable[str] = (), x: Any = None, layer: str | None = None) -> View:
    """See what the first layer listens to.

    Args:
        model: Any built Keras model whose first layer with weights is dense or a two-dimensional convolution.
        columns: Names of the inputs of a dense layer, in their order; none for their numbers.
        x: Rows that the dense layer sees, `(row, column)`; their standard deviations make weights comparable.
        layer: Name of another layer with such weights.

    Returns:
        The view; its numbers are the weights.

    Raises:
        OptionError: No such layer, or not as many names as columns.
        TableError: Rows with another number of columns.
    """
    found = _found(model, [str(name) for name in columns], x, layer)
    sentence = _sentence(found)
    draw = _plot_columns if found.kernel.ndim == TABLE and not found.picture else _plot_pictures
    return View(draw(found, sentence), sentence, found)


def _found(model: keras.Model, columns: Sequence[str], x: Any, name: str | None) -> FirstWeights:
    chosen = _chosen(model, name)
    kernel = np.asarray(chosen.kernel, dtype=np.float64)
    if kernel.ndim == STACK:
        strength = np.sqrt((kernel**2).mean(axis=(0, 1, 2)))
        return FirstWeights(chosen.name, kernel, (), strength, _z_scores(strength))
    count = len(kernel)
    if columns and len(columns) != count:
        raise OptionError(
            "number_of_columns", f"{len(columns)} columns were named for the {count} inputs of `{chosen.name}`",
            expected=f"{count} names",
        )  # fmt: skip
    if x is not None:
        rows = np.asarray(x, dtype=np.float64)
        if rows.ndim != TABLE or rows.shape[1] != count:
            raise TableError(
                "columns_of_rows", f"`{chosen.name}` sees {count} columns", expected=f"rows of shape (row, {count})",
                received=f"shape {rows.shape}",
            )  # fmt: skip
        kernel = kernel * rows.std(axis=0)[:, None]
    strength = np.sqrt((kernel**2).mean(axis=1))
    names = tuple(columns) or tuple(f"column {place}" for place in range(count))
    picture = () if columns else _picture(model, count)
    return FirstWeights(chosen.name, kernel, names, strength, _z_scores(strength), picture)


def _chosen(model: keras.Model, name: str | None) -> keras.layers.Layer:
    fitting = [
        one for one in layers_within(model) if len(getattr(getattr(one, "kernel", None), "shape", ())) in {TABLE, STACK}
    ]
    if name is None and fitting:
        return fitting[0]
    if name is not None and name in {one.name for one in fitting}:
        return next(one for one in fitting if one.name == name)
    names = [one.name for one in fitting]
    raise OptionError(
        "no_first_weights",
        f"The network `{model.name}` has no dense or convolutional layer" + (f" `{name}`" if name else ""),
        expected=f"one of {', '.join(names)}" if names else "a Dense or Conv2D layer; of words see `embedding_map`",
        hint=did_you_mean(name, names) if name else None,
    )


def _picture(model: keras.Model, count: int) -> tuple[int, ...]:
    """Height, width and channels that were laid flat into so many numbers; empty where none were."""
    shapes = [tuple(one.shape[1:]) for one in keras.tree.flatten(getattr(model, "inputs", None) or [])]
    for shape in shapes:
        if len(shape) in {2, 3} and None not in shape and math.prod(shape) == count:
            return (*shape, 1) if len(shape) == TABLE else shape
    side = math.isqrt(count)
    is_flat = shapes == [(count,)] and side * side == count and side >= 8  # noqa: PLR2004  # digits of 8 x 8 and more
    return (side, side, 1) if is_flat else ()


def _z_scores(strength: Float[np.ndarray, " line"]) -> Float[np.ndarray, " line"]:
    spread = strength.std()
    return (strength - strength.mean()) / spread if spread > 0 else np.zeros_like(strength)


def _sentence(found: FirstWeights) -> str:
    if found.picture or found.kernel.ndim == STACK:
        kinds = "units" if found.kernel.ndim == TABLE else "filters"
        return f"What {found.kernel.shape[-1]} {kinds} of `{found.layer}` listen to"
    first = int(found.strength.argmax())
    times = found.strength[first] / found.strength.mean() if found.strength.mean() > 0 else 0.0
    silent = int((found.strength == 0).sum())
    text = f"`{found.layer}` listens most to {found.columns[first]}: {times:.1f} times as much as to the mean column"
    return text + (f"; to {silent} it does not listen at all" if silent else "")


def _plot_columns(found: FirstWeights, sentence: str) -> Figure:
    lines = np.argsort(-found.strength, kind="stable")[:MOST_COLUMNS]
    units = np.argsort(-np.abs(found.kernel).max(axis=0), kind="stable")[:MOST_UNITS]
    figure = Figure(figsize=(8.4, 1.7 + 0.24 * len(lines)), layout="constrained")
    axes, bars = figure.subplots(1, 2, width_ratios=(3, 1), sharey=True)
    reach = float(np.abs(found.kernel).max()) or 1.0
    shown = axes.imshow(found.kernel[np.ix_(lines, units)], cmap="RdBu", vmin=-reach, vmax=reach, aspect="auto")
    axes.set_yticks(range(len(lines)), [found.columns[line] for line in lines])
    axes.set_xlabel(f"unit of `{found.layer}`, the one with the largest weight first", fontsize=9)
    bars.barh(range(len(lines)), found.strength[lines], color=BLUE, height=0.7)
    for place, line in enumerate(lines):
        bars.text(found.strength[line], place, f" z {found.z_scores[line]:+.1f}", va="center", fontsize=8, color=GREY)
    bars.set_xlim(0, 1.35 * (found.strength.max() or 1.0))
    bars.set_xlabel("root mean square", fontsize=9)
    bars.spines[["top", "right"]].set_visible(False)
    for one in (axes, bars):
        one.tick_params(labelsize=9, length=0)
    figure.colorbar(shown, ax=axes, location="left", shrink=0.7, label="weight")
    left_out = len(found.strength) - len(lines)
    note = "z: standard deviations above the mean column."
    say(figure, sentence + ".", note + (f" {left_out} columns with smaller weights are left out." if left_out else ""))
    return figure


def _plot_pictures(found: FirstWeights, sentence: str) -> Figure:
    strength = np.sqrt((found.kernel**2).mean(axis=tuple(range(found.kernel.ndim - 1))))
    chosen = np.argsort(-strength, kind="stable")[:MOST_PICTURES]
    columns = min(8, len(chosen))
    rows = -(-len(chosen) // columns)
    figure = Figure(figsize=(max(4.6, 1.1 * columns), 1.25 * rows + 1.0), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False)
    for axes in panels.ravel():
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    for axes, place in zip(panels.ravel(), chosen, strict=False):
        weights = found.kernel[..., place].reshape(found.picture) if found.picture else found.kernel[..., place]
        reach = float(np.abs(weights).max()) or 1.0
        if weights.shape[-1] == 3:  # noqa: PLR2004  # red, green and blue
            axes.imshow(in_colours(0.5 + 0.5 * weights / reach))
        else:
            axes.imshow(weights.mean(axis=-1), cmap="RdBu", vmin=-reach, vmax=reach)
        axes.set_title(f"{place}", fontsize=8, color=GREY)
    note = "Each in a scale of its own, the largest weights first. "
    is_coloured = not found.picture and found.kernel.shape[2] == 3  # noqa: PLR2004
    note += "Grey is 0." if is_coloured else "Blue: more there raises the answer; red: it lowers it; white: 0."
    say(figure, sentence + ".", note)
    return figure
