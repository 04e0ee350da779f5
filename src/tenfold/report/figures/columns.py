"""Figure 4: one small distribution a column, with the target's mean drawn over it.

Two strips a panel share one x axis: above, the mean of the target in each bin (the same scale in all panels, so that
steep means telling); below, the rows. So nothing needs a second y axis.

Source: the target over every column, sweetviz (Bertrand, 2020).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from tenfold.report.decisions import Column, Preparation
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    FAINT,
    GREY,
    NETWORK,
    PAPER,
    QUIET,
    Drawing,
    figure_of,
    new_axes,
    short_label,
    write,
)
from tenfold.report.figures.importance import sorted_columns
from tenfold.report.numbers import count, percent, significant
from tenfold.report.tables import HUGE, LARGE, NONE, Table, as_table
from tenfold.report.words import counted, listed, named, opening

__all__ = ["columns_in_order", "draw_columns"]

MOST_PANELS = 12
"""Columns drawn; the others stand in the table of all columns. From the plan; arbitrary."""

WIDTH, HEIGHT, LEFT, RIGHT = 196.0, 150.0, 34.0, 10.0
STRIP = 0.52
"""Share of a panel's height that the target's mean takes."""

FEWEST_ROWS, FEWEST_SHARE = 3, 0.01
"""Bins with fewer rows, or a smaller share of them, have no point for the target's mean. Arbitrary."""


@dataclass(frozen=True)
class _Bins:
    """What is drawn of a column: where bars begin and how wide they are, their rows and the target's means."""

    starts: tuple[float, ...]
    widths: tuple[float, ...]
    rows: tuple[int, ...]
    means: tuple[float, ...]
    ends: tuple[str, str]


LONG_NAME, NAME = 17, 11
"""Letters of a column's name, alone and where its gaps are told beside it."""


def draw_columns(facts: Facts) -> Drawing | None:
    """The columns that matter most, or the first ones; None where nothing was counted."""
    prepared = facts.preparation
    if prepared is None:
        return None
    drawable = [(one, bins) for one in columns_in_order(facts) if (bins := _bins_of(one)) is not None]
    shown = drawable[:MOST_PANELS]
    if not shown:
        return None
    limits = _limits([bins for _, bins in shown], prepared)
    panels = tuple(figure_of(_panel(one, bins, limits, prepared)) for one, bins in shown)
    return Drawing("columns", _finding(prepared), _reading(facts, len(shown)), panels, _table(prepared))


def columns_in_order(facts: Facts) -> list[Column]:
    """Columns in use, those that the network misses most first, else as in the table; then those left out."""
    columns = facts.preparation.columns if facts.preparation else ()
    used = [one for one in columns if not one.dropped]
    if facts.importance is not None:
        place = {one.column: place for place, one in enumerate(sorted_columns(facts.importance))}
        used.sort(key=lambda one: place.get(one.name, len(place)))
    return [*used, *(one for one in columns if one.dropped)]


def _bins_of(column: Column) -> _Bins | None:
    found = column.distribution
    if found is not None and any(found.counts):
        widths = tuple(right - left for left, right in zip(found.edges, found.edges[1:], strict=False))
        text = _year_text if column.kind == "date" else _end_text
        ends = (text(found.edges[0]), text(found.edges[-1]))
        return _Bins(found.edges[:-1], widths, found.counts, found.target_means, ends)
    if not column.value_counts:
        return None
    starts = tuple(place + 0.1 for place in range(len(column.value_counts)))
    ends = (short_label(column.values[0], 9), short_label(column.values[-1], 9)) if column.values else ("", "")
    return _Bins(starts, (0.8,) * len(starts), column.value_counts, column.value_target_means, ends)


def _limits(shown: Sequence[_Bins], prepared: Preparation) -> tuple[float, float] | None:
    """Ends of the target's mean over all panels."""
    means = [
        mean for bins in shown for mean, rows in zip(bins.means, bins.rows, strict=False) if _is_told(mean, rows, bins)
    ]
    if math.isfinite(prepared.target_mean):
        means.append(prepared.target_mean)
    if not means or min(means) == max(means):
        return None
    return min(means), max(means)


def _is_told(mean: float, rows: int, bins: _Bins) -> bool:
    """Whether a bin has enough rows for its mean to be drawn: fewer only show their own noise."""
    return math.isfinite(mean) and rows >= max(FEWEST_ROWS, FEWEST_SHARE * sum(bins.rows))


def _end_text(value: float) -> str:
    """An end of an axis in few letters: "0.00162", "72", "15,945"."""
    return f"{value:,.0f}" if LARGE <= abs(value) < HUGE else f"{value:.3g}"


def _year_text(value: float) -> str:
    """The year of a date, which has no separator."""
    return f"{math.floor(value)}"


def _mean_text(mean: float, prepared: Preparation) -> str:
    """The target's mean; a share of rows in percent."""
    return percent(mean) if prepared.target_mean_of.startswith("share") else _end_text(mean)


def _panel(column: Column, bins: _Bins, limits: tuple[float, float] | None, prepared: Preparation) -> Axes:
    axes = new_axes(HEIGHT, left=LEFT, right=RIGHT, top=24, bottom=22, width=WIDTH)
    axes.spines["bottom"].set_visible(False)
    floor = STRIP if limits is not None and bins.means else 1.0
    tallest = max(bins.rows)
    heights = [(1 - STRIP if floor < 1 else 1) * 0.92 * rows / tallest for rows in bins.rows]
    axes.bar(bins.starts, heights, bins.widths, align="edge", color=GREY, edgecolor=PAPER, linewidth=0.4)
    if floor < 1 and limits is not None:
        _means(axes, bins, limits, prepared)
    axes.set_ylim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    _labels(axes, column, bins, prepared)
    return axes


def _means(axes: Axes, bins: _Bins, limits: tuple[float, float], prepared: Preparation) -> None:
    """The target's mean in the upper strip, with the mean over all rows as a dotted line."""
    low, high = limits

    def up(mean: float) -> float:
        return STRIP + 0.04 + (0.94 - STRIP) * min(1.0, max(0.0, (mean - low) / (high - low)))

    centres = [start + width / 2 for start, width in zip(bins.starts, bins.widths, strict=True)]
    told = zip(centres, bins.means, bins.rows, strict=True)
    pairs = [(at, up(mean)) for at, mean, rows in told if _is_told(mean, rows, bins)]
    if math.isfinite(prepared.target_mean):
        ends = (bins.starts[0], bins.starts[-1] + bins.widths[-1])
        axes.plot(ends, [up(prepared.target_mean)] * 2, color=QUIET, linewidth=1, linestyle=(0, (1.5, 2)))
    axes.plot([at for at, _ in pairs], [mean for _, mean in pairs], "o-", color=NETWORK, linewidth=1.4, markersize=3.6)
    axes.axhline(STRIP, color=FAINT, linewidth=0.6)
    for value, at in zip((_mean_text(low, prepared), _mean_text(high, prepared)), (up(low), up(high)), strict=True):
        write(axes, value, (0, at), (-5, 0), at=("axes fraction", "data"), side="right", upright="center_baseline",
              colour=QUIET)  # fmt: skip


def _labels(axes: Axes, column: Column, bins: _Bins, prepared: Preparation) -> None:
    room = NAME if column.dropped or column.num_missing else LONG_NAME
    write(axes, short_label(column.name, room), (0, 1), (-LEFT + 2, 8), at="axes fraction", bold=True)
    missing = percent(column.num_missing / prepared.num_rows) if prepared.num_rows and column.num_missing else ""
    if column.dropped:
        write(axes, "left out", (1, 1), (0, 8), at="axes fraction", side="right", colour=QUIET)
    elif missing:
        write(axes, f"{missing} gaps", (1, 1), (0, 8), at="axes fraction", side="right", colour=QUIET)
    write(axes, bins.ends[0], (0, 0), (0, -14), at="axes fraction", colour=QUIET)
    write(axes, bins.ends[1], (1, 0), (0, -14), at="axes fraction", side="right", colour=QUIET)


def _finding(prepared: Preparation) -> str:
    """What is wrong with the columns, or that nothing is."""
    gaps = [one for one in prepared.columns if one.num_missing]
    dropped = [one for one in prepared.columns if one.dropped]
    parts = []
    if gaps:
        most = max(gaps, key=lambda one: one.num_missing)
        share = f" ({percent(most.num_missing / prepared.num_rows)})" if prepared.num_rows else ""
        rows = f"{named(most.name)} lacks a value in {counted(most.num_missing, 'row')}{share}"
        others = f" and {counted(len(gaps) - 1, 'other column')} in fewer" if len(gaps) > 1 else ""
        parts.append(rows + others)
    if dropped:
        shown = listed([named(one.name) for one in dropped[:3]])
        parts.append(f"left out: {shown}{f' and {len(dropped) - 3} more' if len(dropped) > 3 else ''}")  # noqa: PLR2004
    if prepared.num_repeated:
        verb = "repeats" if prepared.num_repeated == 1 else "repeat"
        parts.append(f"{counted(prepared.num_repeated, 'row')} {verb} another")
    if not parts:
        return "Every column is in use and has no gaps."
    return f"{opening('; '.join(parts))}."


def _reading(facts: Facts, num_shown: int) -> str:
    prepared = facts.preparation
    if prepared is None:
        return ""
    begin = f"{prepared.num_rows:,} rows that were worked on. " if prepared.num_rows else ""
    means = (
        f"Above: {prepared.target_mean_of}, the same scale everywhere, dotted: over all rows; no point for under 1 % "
        "of them. Below: rows."
        if prepared.target_mean_of
        else "Rows by value."
    )
    order = "the network misses most" if facts.importance is not None else "of the table"
    rest = len(prepared.columns) - num_shown
    few = f" The first {num_shown} columns {order}; {rest:,} more in the table of all columns." if rest > 0 else ""
    return f"{begin}{means}{few}"


def _table(prepared: Preparation) -> Table:
    rows = [
        (
            one.name,
            count(one.num_missing),
            count(one.num_distinct),
            " / ".join(significant(value, 3) for value in one.quartiles) or NONE,
            significant(one.missing_target_mean, 3) if math.isfinite(one.missing_target_mean) else NONE,
            "; ".join(one.notes),
        )
        for one in prepared.columns
    ]
    head = ("column", "missing", "different", "quartiles", f"{_mean_head(prepared)} where missing", "noted")
    return as_table(head, rows, words=(0, 5))


def _mean_head(prepared: Preparation) -> str:
    return prepared.target_mean_of.replace("`", "") or "target"
