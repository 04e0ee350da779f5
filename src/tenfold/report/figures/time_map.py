"""Figure 3 where rows have an order of time: what trains, what is left out and what is scored, on the axis of time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.ticker import FuncFormatter

from tenfold.report.decisions import FoldRows, Protocol, TimeOrder, TimeSpan
from tenfold.report.figures.canvas import (
    FAINT,
    GREY,
    INK,
    MOST_TICKS,
    NETWORK,
    PAPER,
    QUIET,
    WIDTH,
    name_x,
    new_axes,
    write,
)
from tenfold.report.numbers import count
from tenfold.report.tables import Table, as_table

__all__ = ["draw_time", "time_reading", "time_table"]

LEFT, TOP, BOTTOM, RIGHT, STRIP = 52, 44, 44, 20, 26
"""Margins and height of a strip, px."""

DAYS = "days"
"""Unit of `TimeOrder` for dates, as `tenfold.data.order` writes it; that module would bring pandas along."""

THINNEST = 3.0
"""A gap is drawn at least so wide, px: a week is less than that in five years."""

ROOM_FOR_A_WORD, ROOM_FOR_A_COUNT = 58.0, 36.0
"""Width of "training" and a blank, and of a number of rows, px."""

BAR = 0.66
"""Height of a bar, as a share of its strip."""

LARGEST_PLAIN = 10_000
"""Where times that are numbers reach this, all of them are grouped by thousands."""

YEAR, MONTH, SECONDS_OF_DAY = 365.0, 30.0, 86_400


def draw_time(protocol: Protocol, order: TimeOrder, folds: Sequence[FoldRows]) -> Axes:
    """A strip a fold on the axis of time.

    Args:
        protocol: Step 3.
        order: Its order of time.
        folds: The folds to draw.

    Returns:
        The axes.
    """
    axes = new_axes(TOP + STRIP * len(folds) + BOTTOM, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    axes.set_xlim(order.first, max(order.last, order.sealed_from + _px(order, THINNEST)))
    axes.set_ylim(len(folds) - 0.5, -0.5)
    axes.set_yticks(range(len(folds)), [f"fold {fold.fold + 1}" for fold in folds])
    for row, (fold, span, end) in enumerate(zip(folds, order.spans, _ends(order), strict=False)):
        _strip(axes, row, fold, span, end, order)
    _seal(axes, order, len(folds))
    _time_axis(axes, order)
    _keys(axes, protocol, order)
    return axes


def _px(order: TimeOrder, px: float) -> float:
    """So many px as a length of time."""
    return (order.last - order.first) * px / (WIDTH - LEFT - RIGHT)


def _gap(order: TimeOrder, num_purged: int) -> float:
    """How wide a gap is drawn; not at all where no row lay in it."""
    return max(order.gap, _px(order, THINNEST)) if num_purged and order.gap else 0.0


def time_reading(protocol: Protocol, order: TimeOrder) -> str:
    """How to read it, as sentences."""
    is_shown = order.num_purged or any(fold.num_purged for fold in protocol.folds)
    gap = f" Hatched: left out, {order.gap_words} before what is scored." if order.gap and is_shown else ""
    return f"A strip a fold, by `{order.column}`: grey rows train, blue rows are scored.{gap}"


def time_table(protocol: Protocol, order: TimeOrder) -> Table:
    """The same numbers."""
    rows = [
        (
            f"fold {fold.fold + 1}",
            _moment(span.training_until, order),
            _moment(span.scored_from, order),
            _moment(span.scored_until, order),
            count(fold.num_training),
            count(fold.num_validation),
            count(fold.num_purged),
        )
        for fold, span in zip(protocol.folds, order.spans, strict=True)
    ]
    ends = (_moment(order.working_until, order), _moment(order.sealed_from, order), _moment(order.last, order))
    rows.append(("sealed", *ends, count(protocol.num_working), count(protocol.num_sealed), count(order.num_purged)))
    head = ("part", "trains until", "scored from", "scored until", "training rows", "scored rows", "left out between")
    return as_table(head, rows)


def _ends(order: TimeOrder) -> list[float]:
    """Where each scored block is drawn to end: where the next begins, so that coarse times leave no holes."""
    nexts = [later.scored_from for _, later in pairwise(order.spans)]
    gap = order.gap if order.num_purged else 0.0
    return [*nexts, max(order.spans[-1].scored_until, order.sealed_from - gap)]


def _strip(axes: Axes, row: int, fold: FoldRows, span: TimeSpan, end: float, order: TimeOrder) -> None:
    gap = _gap(order, fold.num_purged)
    axes.barh([row], [span.scored_from - gap - order.first], left=order.first, height=BAR, color=FAINT)
    axes.barh([row], [end - span.scored_from], left=span.scored_from, height=BAR, color=NETWORK)
    if gap:
        _hatched(axes, row, BAR, span.scored_from - gap, gap, "......")
    if end - span.scored_from > _px(order, ROOM_FOR_A_COUNT):
        middle = ((span.scored_from + end) / 2, row)
        write(axes, count(fold.num_validation), middle, side="center", upright="center_baseline", colour=PAPER)


def _seal(axes: Axes, order: TimeOrder, num_folds: int) -> None:
    middle, end, gap = (num_folds - 1) / 2, axes.get_xlim()[1], _gap(order, order.num_purged)
    if gap:
        _hatched(axes, middle, num_folds, order.sealed_from - gap, gap, "......")
    _hatched(axes, middle, num_folds, order.sealed_from, end - order.sealed_from, "////")


def _keys(axes: Axes, protocol: Protocol, order: TimeOrder) -> None:
    name_x(axes, order.column if order.unit == DAYS else f"{order.column}, in its own units", drop=34)
    write(axes, "training", (0, 1), (0, 6), at="axes fraction", colour=INK)
    place = max(order.spans[0].scored_from, order.first + _px(order, ROOM_FOR_A_WORD))
    write(axes, "scored", (place, 1), (0, 6), at=("data", "axes fraction"), colour=NETWORK, bold=True)
    text = f"sealed {count(protocol.num_sealed)}"
    write(axes, text, (1, 1), (0, 6), at="axes fraction", side="right", colour=QUIET)


def _hatched(axes: Axes, middle: float, height: float, left: float, width: float, hatch: str) -> None:
    axes.barh([middle], [width], height, left, color="none", edgecolor=GREY, hatch=hatch, linewidth=0.8)


def _time_axis(axes: Axes, order: TimeOrder) -> None:
    if order.unit == DAYS:
        locator = AutoDateLocator(minticks=2, maxticks=MOST_TICKS)  # type: ignore[no-untyped-call]  # matplotlib's own
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _date(value).strftime(_date_format(order))))
    else:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _number(value, order)))


def _date_format(order: TimeOrder) -> str:
    """As much of the date as tells the ticks apart."""
    span = order.last - order.first
    if span > 4 * YEAR:
        return "%Y"
    if span > 4 * MONTH:
        return "%Y-%m"
    return "%Y-%m-%d" if span > MOST_TICKS else "%m-%d %H:%M"


def _number(value: float, order: TimeOrder) -> str:
    """A time that is a number; years stay without a comma."""
    return f"{value:.10g}" if abs(order.last) < LARGEST_PLAIN else f"{value:,.10g}"


def _date(days: float) -> datetime:
    """The moment so many days after 1970 began, to the second."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(days * SECONDS_OF_DAY))


def _moment(value: float, order: TimeOrder) -> str:
    """A time as text: a date, with the hour where rows are less than a day apart."""
    if order.unit != DAYS:
        return _number(value, order)
    moment = _date(value)
    return f"{moment:%Y-%m-%d}" if value.is_integer() else f"{moment:%Y-%m-%d %H:%M}"
