"""What the figures of trainings have in common: colours, bands over seeds, the sentence above and the note below.

A line is the median over seeds, its band reaches from the smallest to the largest seed: with the five seeds of a view
that is said exactly, where a standard error would be a guess. Lines differ in colour and in dashes, so that they are
told apart without colours too.
"""

import textwrap
from collections.abc import Sequence
from typing import Any, Literal, cast

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

__all__ = [
    "BLUE",
    "FAINT",
    "GREEN",
    "GREY",
    "INK",
    "LETTERS_AN_INCH",
    "PURPLE",
    "VERMILLION",
    "draw_band",
    "middle",
    "name_axes",
    "new_sheet",
    "number",
    "say",
    "seeds_note",
    "write_in_corner",
]

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#AA4499"
"""Okabe and Ito (2008); the purple is Tol's (2021), darker than theirs: 5 to 1 against white."""

INK, GREY, FAINT = "#222222", "#767676", "#dddddd"

LETTERS_AN_INCH = 11.0
"""Letters of the sentence that fit into an inch of the figure's width."""

LINE, SMALL_LINE = 0.23, 0.17
"""Height of a line of the sentence and of the note, inches."""


def new_sheet(rows: int, columns: int, size: tuple[float, float], **shared: Any) -> tuple[Figure, Any]:
    """An empty figure.

    Args:
        rows: Panels one below the other.
        columns: Panels side by side.
        size: Width and height, inches.
        shared: Which axes are shared, and how wide panels are, as in `Figure.subplots`.

    Returns:
        The figure and its panels, an array of shape `(rows, columns)`.
    """
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, **shared)
    for axes in panels.ravel():
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=9)
    return figure, panels


def draw_band(
    axes: Axes,
    x: Sequence[float] | np.ndarray,
    lines: Float[np.ndarray, "seed point"],
    colour: Any,
    *,
    dashes: Any = "-",
    label: str | None = None,
    mark: str | None = None,
    is_aside: bool = False,
) -> None:
    """The median over seeds as a line, smallest to largest as a band; points that no seed has are left out.

    Args:
        axes: Where.
        x: Positions.
        lines: A line a seed; NaN where it ended.
        colour: Of both.
        dashes: As matplotlib's `linestyle`.
        label: For the legend.
        mark: As matplotlib's `marker`, for few points.
        is_aside: Whether it is one of those behind the others: a thin line without its band.
    """
    seen = np.isfinite(lines).any(axis=0)
    x, lines = np.asarray(x, float)[seen], np.where(np.isfinite(lines), lines, np.nan)[:, seen]
    if not len(x):
        return
    if not is_aside:
        axes.fill_between(x, np.nanmin(lines, axis=0), np.nanmax(lines, axis=0), color=colour, alpha=0.18, linewidth=0)
    axes.plot(x, np.nanmedian(lines, axis=0), color=colour, linestyle=dashes, marker=mark, markersize=4, label=label,
              linewidth=1.2 if is_aside else 2, zorder=1 if is_aside else 2)  # fmt: skip


def middle(values: np.ndarray) -> float:
    """Median of what is finite; NaN where nothing is."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def number(value: float) -> str:
    """A loss or a rate as one reads it.

    >>> number(0.6931), number(0.00042), number(3210.4), number(1e-6), number(float("nan"))
    ('0.69', '0.00042', '3210', '1e-6', 'no finite number')
    """
    if not np.isfinite(value):
        return "no finite number"
    small, large = 1e-4, 1e4
    if value != 0 and not small <= abs(value) < large:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2g}"  # noqa: PLR2004 (three digits need no decimals)


def name_axes(axes: Axes, title: str, x: str, y: str) -> None:
    """Words of a panel: its title at the left, its axes with units."""
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_xlabel(x, fontsize=9)
    axes.set_ylabel(y, fontsize=9)


def write_in_corner(axes: Axes, text: str, colour: str, corner: str) -> None:
    """A word in a corner of a panel.

    Args:
        axes: The panel.
        text: The word.
        colour: Its colour.
        corner: `"upper left"`, `"lower right"` and so on.
    """
    up, side = corner.split()
    axes.text(
        0.02 if side == "left" else 0.98, 0.97 if up == "upper" else 0.03, text, color=colour, fontsize=9,
        va="top" if up == "upper" else "bottom", ha="left" if side == "left" else "right", transform=axes.transAxes,
    )  # fmt: skip


def say(figure: Figure, sentence: str, note: str, legend: tuple[Sequence[Any], Sequence[str]] | None = None) -> None:
    """The sentence above all panels, a legend of all panels under it, and below all how to read them.

    Args:
        figure: With its panels drawn.
        sentence: What it shows.
        note: How to read it.
        legend: Handles and labels, as `Axes.get_legend_handles_labels` gives them.
    """
    width, height = figure.get_size_inches()
    above, below = (textwrap.wrap(text, int(width * letters)) for text, letters in
                    ((sentence, LETTERS_AN_INCH), (note, 1.3 * LETTERS_AN_INCH)))  # fmt: skip
    top, foot = len(above) * LINE + 0.08, len(below) * SMALL_LINE + 0.08
    figure.text(0.08 / width, 1 - 0.07 / height, "\n".join(above), fontsize=11.5, color=INK, va="top")
    figure.text(0.08 / width, 0.06 / height, "\n".join(below), fontsize=8.5, color=GREY, va="bottom")
    if legend is not None:
        handles, labels = legend
        figure.legend(handles, labels, loc="upper left", bbox_to_anchor=(0.0, 1 - top / height), ncols=len(labels),
                      frameon=False, fontsize=9, handlelength=3, borderaxespad=0.1)  # fmt: skip
        top += 0.3
    engine = cast("ConstrainedLayoutEngine", figure.get_layout_engine())
    engine.set(rect=(0, foot / height, 1, 1 - (top + foot) / height))


def seeds_note(num_seeds: int, of: Literal["Lines", "Points"] = "Lines") -> str:
    """How lines and bands are to be read.

    >>> seeds_note(5)
    'Lines: median of 5 seeds; bands: from the smallest to the largest.'
    >>> seeds_note(1)
    'One seed.'
    """
    if num_seeds == 1:
        return "One seed."
    return f"{of}: median of {num_seeds} seeds; bands: from the smallest to the largest."
