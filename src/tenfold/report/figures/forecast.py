"""Figures of a forecast: the last stretch that was scored against what came, and the error by hour, day or month."""

import math
from datetime import UTC, datetime, timedelta

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.ticker import FuncFormatter

from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    MOST_TICKS,
    NETWORK,
    QUIET,
    RIVAL,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    new_axes,
    short_label,
    write,
)
from tenfold.report.forecast import Forecast
from tenfold.report.numbers import significant
from tenfold.report.tables import as_table
from tenfold.report.words import counted, named

__all__ = ["draw_forecast", "draw_phases", "draw_steps"]

MANY_DAYS, SOME_DAYS = 1_500, 120
"""Days from which an axis shows years, and months."""

MOST_NAMED, MOST_STEPS_NAMED = 8, 4
"""Hours or months that the axis names, and steps ahead, whose names are longer; every second or third of more."""

MANY_TIMES = 3
"""Rivals that are off by more than so many times as much as the nearest leave the figure; the table has them."""


def draw_forecast(facts: Facts) -> Drawing | None:
    """What came, what the network and the best baseline had forecast; None where nothing is forecast."""
    found = facts.forecast
    if found is None:
        return None
    axes = new_axes(250, left=52, right=12, top=46, bottom=44)
    low, high = found.network_range.low, found.network_range.high
    lower, upper = ([value + end for value in found.network] for end in (low, high))
    if found.lows:
        lower, upper = list(found.lows), list(found.highs)
    axes.fill_between(found.times, lower, upper, color=NETWORK, alpha=0.15, linewidth=0)
    axes.plot(found.times, found.truth, color=INK, linewidth=1.6)
    axes.plot(found.times, found.baseline, color=RIVAL, linewidth=1.1, linestyle=(0, (4, 2)))
    axes.plot(found.times, found.network, color=NETWORK, linewidth=1.4)
    _keys(axes, found)
    _time_axis(axes, found)
    lines_across(axes, "y")
    unit = f", {short_label(facts.problem.unit, 20)}" if facts.problem.unit else ""
    write(axes, f"{short_label(facts.problem.target, 20)}{unit}", (0, 1), (0, 24), at="axes fraction", colour=QUIET)
    errors = [
        sum(abs(said - came) for said, came in zip(line, found.truth, strict=True)) / len(found.truth)
        for line in (found.network, found.baseline)
    ]
    who = f" of {named(found.series)}" if found.series else ""
    finding = (
        f"In the last {counted(len(found.times), 'step')} that were scored{who}, the network is off by "
        f"{significant(errors[0], 3)} on average, {found.baseline_words} by {significant(errors[1], 3)}."
    )
    rows = [
        (_moment(time, found), *(f"{value:.5g}" for value in values))
        for time, *values in zip(found.times, found.truth, found.network, found.baseline, lower, upper, strict=True)
    ]
    head = ("time", "what came", "network", found.baseline_words, "10 %", "90 %")
    reading = f"Each point was forecast {found.horizon} before; no network was trained on what is drawn. {_band(found)}"
    return Drawing("forecast", finding, reading, (figure_of(axes),), as_table(head, rows))


def draw_phases(facts: Facts) -> Drawing | None:
    """Mean absolute error by hour of the day, day of the week or month; None where there is none."""
    found = facts.forecast
    if found is None or not found.phases:
        return None
    axes = new_axes(200, left=52, right=12, top=46, bottom=44)
    places = range(len(found.phases))
    axes.plot(places, [one.baseline for one in found.phases], "s--", color=RIVAL, linewidth=1.1, markersize=4)
    axes.plot(places, [one.network for one in found.phases], "o-", color=NETWORK, linewidth=1.4, markersize=4.5)
    every = -(-len(found.phases) // MOST_NAMED)
    axes.set_xticks(list(places)[::every], [one.label for one in found.phases][::every])
    axes.set_ylim(0, 1.08 * max(max(one.network, one.baseline) for one in found.phases))
    lines_across(axes, "y")
    _keys(axes, found, came=False)
    name_x(axes, found.phase, drop=36)
    write(axes, "mean absolute error", (0, 1), (0, 24), at="axes fraction", colour=QUIET)
    worst = max(found.phases, key=lambda one: one.network)
    better = sum(one.network < one.baseline for one in found.phases)
    finding = (
        f"Errors are largest {_at(found.phase, worst.label)}; the network is nearer than {found.baseline_words} in "
        f"{better} of {len(found.phases)}."
    )
    rows = [
        (one.label, significant(one.network, 3), significant(one.baseline, 3), f"{one.num_rows:,}")
        for one in found.phases
    ]
    head = (found.phase, "network", found.baseline_words, "rows")
    reading = "All rows that were scored, by the time that was forecast."
    return Drawing("phases", finding, reading, (figure_of(axes),), as_table(head, rows))


def draw_steps(facts: Facts) -> Drawing | None:
    """Mean absolute error at each step to the horizon, of the network and of rivals; None where there is one step."""
    found = facts.forecast
    if found is None or len(found.steps) < 2:  # noqa: PLR2004  # a line joins two
        return None
    axes = new_axes(230, left=52, right=12, top=46, bottom=44)
    places = range(len(found.steps))
    near = _nearest_rival(found)
    for number in _told(found):
        is_best = number == near
        errors = [one.rivals[number] for one in found.steps]
        axes.plot(places, errors, "s--" if is_best else "-", color=RIVAL if is_best else GREY, markersize=4,
                  linewidth=1.1, alpha=1.0 if is_best else 0.6)  # fmt: skip
    axes.plot(places, [one.network for one in found.steps], "o-", color=NETWORK, linewidth=1.4, markersize=4.5)
    every = -(-len(found.steps) // MOST_STEPS_NAMED)
    shown = list(places)[::-1][::every][::-1]
    axes.set_xticks(shown, [found.steps[place].ahead for place in shown])
    top = max(max(one.network, *(one.rivals[number] for number in _told(found))) for one in found.steps)
    axes.set_ylim(0, 1.12 * top)
    lines_across(axes, "y")
    _keys(axes, found, came=False, rival=found.step_rivals[near], others=len(_told(found)) > 1)
    name_x(axes, "ahead", drop=36)
    write(axes, "mean absolute error", (0, 1), (0, 24), at="axes fraction", colour=QUIET)
    better = sum(one.network < min(one.rivals) for one in found.steps)
    finding = (
        f"The error grows from {significant(found.steps[0].network, 3)} {found.steps[0].ahead} ahead to "
        f"{significant(found.steps[-1].network, 3)} {found.steps[-1].ahead} ahead; at {better} of {len(found.steps)} "
        f"steps the network is nearer than every rival here."
    )
    rows = [(one.ahead, *(significant(value, 3) for value in (one.network, *one.rivals))) for one in found.steps]
    table = as_table(("ahead", "network", *found.step_rivals), rows)
    reading = (
        f"Rows that were scored and have all steps. {found.steps[-1].ahead} ahead is by the network above, the steps "
        "before it by one network that answers them all at once; trees are fitted for the horizon alone."
    )
    return Drawing("steps_ahead", finding, reading, (figure_of(axes),), table)


def _nearest_rival(found: Forecast) -> int:
    """The rival with the lowest error over all steps."""
    totals = [sum(one.rivals[number] for one in found.steps) for number in range(len(found.step_rivals))]
    return totals.index(min(totals))


def _told(found: Forecast) -> list[int]:
    """Rivals that the axis makes room for: not those that are off by many times as much as the nearest."""
    near = _nearest_rival(found)
    most = MANY_TIMES * max(one.rivals[near] for one in found.steps)
    return [number for number in range(len(found.step_rivals))
            if number == near or max(one.rivals[number] for one in found.steps) <= most]  # fmt: skip


def _band(found: Forecast) -> str:
    """What the band is, and how often it held."""
    low, high = (significant(end, 3) for end in (found.network_range.low, found.network_range.high))
    if not found.ranges:
        told = f"Band: eight in ten of all errors lie between {low} and {high}"
        return f"{told}; on the sealed rows {100 * found.sealed_share:.0f} % did." if _has_looked(found) else f"{told}."
    kept, other = found.ranges
    kinds = {"constant": "the forecast and the errors around it", "trained": "the network's own 10 and 90 %, moved"}
    share = kept.coverage
    held = f"{100 * share.value:.0f} % ({100 * share.low:.0f} to {100 * share.high:.0f})"
    told = (
        f"Band: {kinds[kept.name]}. Made to hold eight in ten, it held {held} of rows that took no part in it, "
        f"{significant(kept.width, 3)} wide on average; the other way, {kinds[other.name]}, held "
        f"{100 * other.coverage.value:.0f} %, {significant(other.width, 3)} wide."
    )
    return f"{told} On the sealed rows {100 * found.sealed_share:.0f} % came within." if _has_looked(found) else told


def _has_looked(found: Forecast) -> bool:
    return math.isfinite(found.sealed_share)


def _at(phase: str, label: str) -> str:
    """When, as a phrase.

    >>> _at("hour of the day", "15"), _at("month", "Jul")
    ('at 15 h', 'in Jul')
    """
    return {"hour of the day": f"at {label} h", "day of the week": f"on {label}"}.get(phase, f"in {label}")


def _keys(axes: Axes, found: Forecast, *, came: bool = True, rival: str = "", others: bool = False) -> None:
    """Which line is which, on one line above the axes."""
    words = [("what came", INK)] if came else []
    words += [("network", NETWORK), (short_label(rival or found.baseline_name, 30), RIVAL)]
    words += [("other rivals", QUIET)] if others else []
    left = 0.0
    for text, colour in words:
        write(axes, text, (0, 1), (left, 8), at="axes fraction", colour=colour, bold=colour == NETWORK)
        left += 6.6 * len(text) + 14


def _time_axis(axes: Axes, found: Forecast) -> None:
    if found.unit != "days":
        name_x(axes, found.unit, drop=36)
        return
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=MOST_TICKS))  # type: ignore[no-untyped-call]  # matplotlib's own
    span = found.times[-1] - found.times[0]
    form = "%Y" if span > MANY_DAYS else "%Y-%m" if span > SOME_DAYS else "%m-%d"
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _date(value).strftime(form)))


def _moment(time: float, found: Forecast) -> str:
    if found.unit != "days":
        return f"{time:g}"
    moment = _date(time)
    return f"{moment:%Y-%m-%d}" if float(time).is_integer() else f"{moment:%Y-%m-%d %H:%M}"


def _date(days: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=round(days * 86_400))
