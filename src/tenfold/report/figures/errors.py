"""Figure 10: predicted against true numbers, and how the errors spread along the predictions."""

import math
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from tenfold.report.evidence import NumberErrors, PredictedCell, WorstRow
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    NETWORK,
    PAPER,
    QUIET,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    name_y,
    new_axes,
    short_label,
    write,
)
from tenfold.report.numbers import count, significant
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted, named

__all__ = ["draw_error_spread", "draw_predictions"]

NUM_NUMBERED = 5
NEAR = 0.05
"""Rings nearer than this share of the axis share a label: about two digits' width."""

SHADES = (0.15, 0.3, 0.5, 0.75, 1.0)


def draw_predictions(facts: Facts) -> Drawing | None:
    """Predicted against true; None for classes."""
    errors = facts.errors
    if not isinstance(errors, NumberErrors) or not errors.cells:
        return None
    axes = new_axes(380, left=52, right=12, top=34, bottom=44)
    ends = [end for cell in errors.cells for end in (cell.predicted, cell.actual)]
    low, high = min(ends), max(ends)
    room = 0.04 * (high - low or 1.0)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(low - room, high + room)
    axes.set_aspect("equal", adjustable="box", anchor="W")
    axes.plot([low, high], [low, high], color=QUIET, linewidth=1)
    if errors.is_grid:
        _grid(axes, errors.cells)
    else:
        across, up = [cell.predicted for cell in errors.cells], [cell.actual for cell in errors.cells]
        axes.plot(across, up, "o", color=NETWORK, markersize=4.4, alpha=0.42, markeredgewidth=0)
    if facts.run.shows_rows:
        _number_worst(axes, errors.worst[:NUM_NUMBERED])
    lines_across(axes, "xy")
    target = short_label(facts.problem.target, 24)
    unit = f", {short_label(facts.problem.unit, 24)}" if facts.problem.unit else ""
    name_y(axes, f"true {target}{unit}")
    name_x(axes, f"predicted {target}{unit}", drop=36)
    return Drawing(
        "predictions",
        _finding(facts, errors),
        _reading(errors, shows_rows=facts.run.shows_rows),
        (figure_of(axes),),
        _tenths_table(errors),
    )


def _grid(axes: Axes, cells: Sequence[PredictedCell]) -> None:
    steps = sorted({cell.predicted for cell in cells} | {cell.actual for cell in cells})
    size = min((right - left for left, right in pairwise(steps) if right > left), default=1.0)
    most = max(cell.num_rows for cell in cells)
    for number, shade in enumerate(SHADES):
        floor = SHADES[number - 1] if number else 0.0
        squares = [_square(cell, size) for cell in cells if floor < (cell.num_rows / most) ** 0.5 <= shade]
        axes.add_collection(PolyCollection(squares, facecolors=NETWORK, alpha=shade, edgecolors="none"))


def _square(cell: PredictedCell, size: float) -> list[tuple[float, float]]:
    left, right = cell.predicted - size / 2, cell.predicted + size / 2
    low, high = cell.actual - size / 2, cell.actual + size / 2
    return [(left, low), (right, low), (right, high), (left, high)]


def _number_worst(axes: Axes, worst: Sequence[WorstRow]) -> None:
    """Rings around the largest errors, numbered as in the table; rings that nearly meet share one label."""
    (low, high), groups = axes.get_xlim(), list[tuple[list[tuple[float, float]], list[int]]]()
    for number, row in sorted(enumerate(worst, start=1), key=lambda one: (one[1].predicted, one[1].actual)):
        place = (float(row.predicted), float(row.actual))
        axes.plot(
            *([value] for value in place), "o", color="none", markersize=8, markeredgecolor=INK, markeredgewidth=1.2
        )
        near = (one for one in groups if min(math.dist(other, place) for other in one[0]) < NEAR * (high - low))
        places, numbers = next(near, ([], []))
        if not places:
            groups.append((places, numbers))
        places.append(place)
        numbers.append(number)
    for places, numbers in groups:
        is_left = places[0][0] < (low + high) / 2
        place = max(places) if is_left else min(places)
        side, offset = ("left", (6, 3)) if is_left else ("right", (-6, 3))
        write(axes, ", ".join(map(str, sorted(numbers))), place, offset, side=side, bold=True)


def _finding(facts: Facts, errors: NumberErrors) -> str:
    half, most = significant(errors.half_under), significant(errors.nine_in_ten_under)
    bias = errors.bias
    lean = "no clear lean to either side"
    if abs(bias) > errors.half_under / 4:
        lean = f"on average {significant(abs(bias))} too {'low' if bias > 0 else 'high'}"
    target = named(facts.problem.target)
    return f"Half of the predictions of {target} are off by less than {half}, nine in ten by {most}; {lean}."


def _reading(errors: NumberErrors, *, shows_rows: bool) -> str:
    num_rows = sum(cell.num_rows for cell in errors.cells)
    marks = "the darker, the more rows" if errors.is_grid else "a point a row"
    numbered = ", the largest errors numbered" if shows_rows and errors.worst else ""
    return f"{counted(num_rows, 'row')}, each predicted by networks that were not trained on it; {marks}{numbered}."


def _tenths_table(errors: NumberErrors) -> Table:
    rows = [
        (
            f"{significant(part.low, 3)} to {significant(part.high, 3)}",
            count(part.num_rows),
            *(significant(q) for q in part.quantiles),
        )
        for part in errors.tenths
    ]
    return as_table(("predicted", "rows", "10 %", "25 %", "half", "75 %", "90 %"), rows)


def draw_error_spread(facts: Facts) -> Drawing | None:
    """Errors by tenth of the prediction: where the network is unsure, and where it leans."""
    errors = facts.errors
    if not isinstance(errors, NumberErrors) or len(errors.tenths) < 3:  # noqa: PLR2004 - a shape needs three
        return None
    axes = new_axes(240, left=52, right=76, top=34, bottom=44)
    places = [(part.low + part.high) / 2 for part in errors.tenths]
    low, quarter, half, three_quarters, high = zip(*(part.quantiles for part in errors.tenths), strict=True)
    axes.fill_between(places, low, high, color=NETWORK, alpha=0.16, linewidth=0)
    axes.fill_between(places, quarter, three_quarters, color=NETWORK, alpha=0.3, linewidth=0)
    axes.plot(places, half, "o-", color=NETWORK, linewidth=2, markersize=5, markeredgecolor=PAPER)
    axes.axhline(0, color=GREY, linewidth=1)
    for name, place in (("80 %", high[-1]), ("half", half[-1])):
        write(axes, name, (places[-1], place), (7, 0), upright="center_baseline", colour=NETWORK)
    lines_across(axes, "y")
    unit = f", {short_label(facts.problem.unit, 24)}" if facts.problem.unit else ""
    name_y(axes, f"true minus predicted{unit}")
    name_x(axes, f"predicted {short_label(facts.problem.target, 24)}", drop=36)
    reading = "Rows in tenths by prediction; line: median error, dark band: the middle half, light band: eight in ten."
    return Drawing("spread", _spread_finding(errors), reading, (figure_of(axes),), _tenths_table(errors))


def _spread_finding(errors: NumberErrors) -> str:
    widths = [part.quantiles[4] - part.quantiles[0] for part in errors.tenths]
    widest, narrowest = max(widths), min(widths)
    part = errors.tenths[widths.index(widest)]
    if widest < 2 * narrowest:
        return "Errors are about as large everywhere."
    where = f"{significant(part.low, 3)} to {significant(part.high, 3)}"
    times = f"{widest / narrowest:.0f} times as wide as at best" if narrowest > 0 else "elsewhere hardly at all"
    return f"Errors spread widest where it predicts {where}: {times}."
