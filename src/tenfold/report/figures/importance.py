"""Figure 14: how much score is lost when a column is shuffled, against what chance alone makes."""

import math

from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    NETWORK,
    PAPER,
    QUIET,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    new_axes,
    short_label,
    write,
)
from tenfold.report.numbers import ScoreFormat, score_format
from tenfold.report.probing import ColumnImportance, Importance
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted, listed, named

__all__ = ["draw_importance", "is_above_noise", "sorted_columns"]

MOST_ROWS = 20
"""Columns drawn; the others stand in the table. From the plan's figure 14; arbitrary."""

ROW, NAMES = 24, 124


def draw_importance(facts: Facts) -> Drawing | None:
    """Columns with the score that is lost without them, largest first; None where it was not measured."""
    found = facts.importance
    if found is None or not found.columns:
        return None
    columns = sorted_columns(found)
    shown = columns[:MOST_ROWS]
    form = score_format(shown[0].loss, as_percent=facts.measure.as_percent and not found.measure)
    scale = 100 if form.as_percent else 1
    axes = new_axes(64 + ROW * len(shown), left=NAMES, right=16, top=20, bottom=44)
    for row, one in enumerate(shown):
        colour = NETWORK if is_above_noise(found, one) else GREY
        ends = [scale * one.loss.low, scale * one.loss.high]
        axes.plot(ends, [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
        marker = "o" if colour == NETWORK else "s"
        axes.plot([scale * one.loss.value], [row], marker, color=colour, markersize=7, markeredgecolor=PAPER)
        place = ("axes fraction", "data")
        write(axes, short_label(one.column, 18), (0, row), (-NAMES + 4, 0), at=place, upright="center_baseline")
    threshold = _threshold(found)
    axes.axvline(scale * threshold, color=QUIET, linewidth=1.2, linestyle=(0, (1.5, 2)))
    name = "a column of noise" if math.isfinite(found.noise.value) else "no change"
    write(axes, name, (scale * threshold, 1), (4, 6), at=("data", "axes fraction"), colour=QUIET)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks([])
    lines_across(axes, "x")
    unit = ", points" if form.as_percent else ""
    own = found.measure in {"", facts.measure.name}
    name_x(axes, f"{facts.measure.short if own else found.measure} {_change(facts)} by{unit}", drop=36)
    return Drawing(
        "importance", _finding(found), _reading(facts, found, len(shown)), (figure_of(axes),), _table(found, form)
    )


def sorted_columns(found: Importance) -> list[ColumnImportance]:
    """Largest loss first; those that were not measured last."""
    return sorted(found.columns, key=lambda one: -one.loss.value if math.isfinite(one.loss.value) else math.inf)


def is_above_noise(found: Importance, one: ColumnImportance) -> bool:
    """Whether more is lost than chance alone takes: the whole interval lies beyond the noise column's."""
    return one.loss.low > _threshold(found)


def _threshold(found: Importance) -> float:
    """Upper end of what a column of noise loses, or nothing where no such column was shuffled."""
    known = [end for end in (found.noise.high, found.noise.value) if math.isfinite(end)]
    return max(0.0, *known) if known else 0.0


def _finding(found: Importance) -> str:
    columns = sorted_columns(found)
    used = [one for one in columns if is_above_noise(found, one)]
    rest = len(columns) - len(used)
    if not used:
        return "No column alone is missed by more than chance."
    first = listed([named(one.column) for one in used[:3]])
    verb = "matters" if len(used) == 1 else "matter"
    begin = f"{first} {verb} most" if len(used) > 3 else f"{first} {verb}"  # noqa: PLR2004 - three are named
    nothing = "noise" if math.isfinite(found.noise.value) else "unused ones"
    unseen = f"; {counted(rest, 'column')} cannot be told from {nothing}" if rest else ""
    return f"{begin}{unseen}."


def _change(facts: Facts) -> str:
    """What a score does when something is lost."""
    return "grows" if facts.measure.better == "lower" else "falls"


def _reading(facts: Facts, found: Importance, num_shown: int) -> str:
    measure = found.measure or facts.measure.name
    asked = f" in {counted(found.num_members, 'network')}" if found.num_members else ""
    shuffled = "when the cells of one column are shuffled among rows the network was not trained on"
    times = counted(found.num_shuffles, "time")
    parts = [f"How far {measure} {_change(facts)} {shuffled}, {times}{asked}; line: 95 % interval"]
    if num_shown < len(found.columns):
        parts.append(f"the first {num_shown} of {len(found.columns)} columns, all in the numbers")
    if found.alike:
        together = "; ".join(listed([named(name) for name in group]) for group in found.alike[:3])
        parts.append(f"columns that say the same hide each other: {together}")
    return "; ".join(parts) + ". It tells what the network uses, not what causes what."


def _table(found: Importance, form: ScoreFormat) -> Table:
    rows = [
        (
            one.column,
            form.bare(one.loss.value),
            form.span(one.loss.low, one.loss.high),
            "above noise" if is_above_noise(found, one) else "",
        )
        for one in sorted_columns(found)
    ]
    if math.isfinite(found.noise.value):
        rows.append(
            ("a column of noise", form.bare(found.noise.value), form.span(found.noise.low, found.noise.high), "")
        )
    return as_table(("column", "score lost", "95 % interval", "against noise"), rows, words=(0, 3))
