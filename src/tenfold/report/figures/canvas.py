"""The sheet that all figures are drawn on: 400 px wide, 12 px text, two hues, few lines.

A reader meets a `Drawing`: its finding stands above it as a sentence, the numbers below it as a table. Colours are
names for the page's own colours (`svg` puts CSS variables in their place), so a figure is right in light, dark and
print.

Sources: points with intervals and direct labels, Cleveland and McGill (1984); the hues are blue and vermillion of
Okabe and Ito (2008), which keep 3:1 contrast on white and on the dark page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, MaxNLocator

from tenfold.report.tables import Table
from tenfold.report.words import clean, short_name

__all__ = [
    "FAINT",
    "GREY",
    "INK",
    "NETWORK",
    "PAPER",
    "QUIET",
    "RIVAL",
    "WIDTH",
    "Drawing",
    "figure_of",
    "lines_across",
    "name_x",
    "name_y",
    "new_axes",
    "short_label",
    "tick_texts",
    "write",
]

WIDTH = 400.0
"""Design width in px; the page shows it between 360 and 560."""

TEXT = 12.0
"""Text in px at design width."""

NETWORK, RIVAL, GREY = "#0072b2", "#d55e00", "#767676"
INK, QUIET, FAINT, PAPER = "#123456", "#654321", "#c9cdd2", "#fefefe"
"""Marker colours: each is replaced by a CSS variable of the page, see `svg.VARIABLES`."""

MOST_TICKS = 5

SMALLEST_PLAIN, LARGEST_PLAIN = 1e-3, 1e7
"""Axes that end outside of these show exponents. Arbitrary."""


@dataclass(frozen=True)
class Drawing:
    """A figure with its words: small multiples where there are several panels.

    Args:
        name: Stable name, used in ids: `"answer"`, `"split"`.
        finding: What it shows, as a sentence; backticks around names.
        reading: How to read it: measure, unit, number of rows, what bands and intervals are.
        panels: One figure, or small multiples in reading order.
        table: The same numbers.
    """

    name: str
    finding: str
    reading: str
    panels: tuple[Figure, ...]
    table: Table

    @property
    def is_small(self) -> bool:
        """Whether the panels are drawn as small multiples, even where there is only one: it keeps their size."""
        return bool(self.panels) and bool(72 * self.panels[0].get_figwidth() < WIDTH / 2)


def new_axes(
    height: float, *, left: float = 12, right: float = 12, top: float = 24, bottom: float = 36, width: float = WIDTH
) -> Axes:
    """Empty axes with margins in px; the figure is `axes.figure`.

    Args:
        height: Height of the whole figure, px.
        left: Room for labels of the y axis.
        right: Room for direct labels.
        top: Room for the y axis' name.
        bottom: Room for the x axis.
        width: Width of the whole figure, px.

    Returns:
        Axes without a frame.
    """
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    axes = figure.add_axes(box)
    axes.spines[:].set_visible(False)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color(FAINT)
    axes.tick_params(colors=QUIET, length=0, labelsize=TEXT, pad=5)
    axes.xaxis.set_major_locator(MaxNLocator(MOST_TICKS))
    axes.yaxis.set_major_locator(MaxNLocator(MOST_TICKS - 1))
    axes.xaxis.set_major_formatter(_SameDecimals())
    axes.yaxis.set_major_formatter(_SameDecimals())
    axes.set_axisbelow(True)
    return axes


def tick_texts(values: Sequence[float]) -> list[str]:
    """The numbers of an axis: the same decimals for all, as many as they need, thousands grouped.

    >>> tick_texts([0.36, 0.4, 0.44]), tick_texts([-500.0, 0.0, 1500.0]), tick_texts([0.0, 2e7])
    (['0.36', '0.40', '0.44'], ['-500', '0', '1,500'], ['0', '2e+07'])
    """
    if not SMALLEST_PLAIN <= max((abs(value) for value in values), default=1.0) < LARGEST_PLAIN:
        return [f"{value:.3g}" for value in values]
    needed = [len(f"{value:.6f}".rstrip("0").split(".")[1]) for value in values]
    texts = [f"{value:,.{max(needed, default=0)}f}" for value in values]
    return [text.lstrip("-") if not text.strip("-0.") else text for text in texts]


class _SameDecimals(Formatter):
    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002 - matplotlib's signature
        return tick_texts([x])[0]

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        return tick_texts([float(value) for value in values])


def figure_of(axes: Axes) -> Figure:
    """The figure that `new_axes` made around these axes."""
    return cast("Figure", axes.get_figure(root=True))


def write(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    offset: tuple[float, float] = (0, 0),
    *,
    at: str | tuple[str, str] = "data",
    side: str = "left",
    upright: str = "baseline",
    colour: str = INK,
    bold: bool = False,
) -> None:
    """Puts text at a place, moved by an offset in px.

    Args:
        axes: Where.
        text: What.
        place: In the coordinates that `at` names.
        offset: px to the right and up.
        at: "data", "axes fraction", or one of them for each direction.
        side: Which side of the text lies at the place: "left", "center" or "right".
        upright: "baseline" or "center_baseline".
        colour: One of the marker colours.
        bold: For the network's own words.
    """
    axes.annotate(
        clean(text),
        place,
        offset,
        xycoords=at,
        textcoords="offset points",
        ha=side,
        va=upright,
        color=colour,
        fontsize=TEXT,
        fontweight="bold" if bold else "normal",
        annotation_clip=False,
    )


def name_y(axes: Axes, text: str) -> None:
    """The y axis' name, horizontal, on top of the axis."""
    write(axes, text, (0, 1), (0, 8), at="axes fraction", colour=QUIET)


def name_x(axes: Axes, text: str, *, drop: float = 30) -> None:
    """The x axis' name, below its numbers at the right end."""
    write(axes, text, (1, 0), (0, -drop), at="axes fraction", side="right", colour=QUIET)


def short_label(name: str, longest: int = 16) -> str:
    """A stranger's name as a label: on one line, elided."""
    return short_name(name.replace("`", ""), longest)


def lines_across(axes: Axes, direction: str) -> None:
    """Thin grid lines, "x" for vertical ones, "y" for horizontal ones."""
    axes.grid(visible=True, axis="both" if direction == "xy" else direction, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
