"""Figure 2: how the target is distributed, and the values that too many rows share."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tenfold.report.decisions import Problem, Spike
from tenfold.report.evidence import Histogram
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    PAPER,
    QUIET,
    RIVAL,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    name_y,
    new_axes,
    short_label,
    write,
)
from tenfold.report.numbers import count, percent, significant
from tenfold.report.tables import as_table
from tenfold.report.words import counted, named

__all__ = ["draw_target"]

MOST_PANELS = 4
"""More targets than these are counted in the table only. Arbitrary."""

MOST_CLASSES = 12
"""More classes than these are counted in the table only. Arbitrary."""


def draw_target(facts: Facts) -> Drawing | None:
    """The target's histogram, or the rows of each class; None where neither is known."""
    problem = facts.problem
    if problem.distribution is not None:
        return _draw_number(problem, problem.distribution)
    if problem.distributions:
        return _draw_several(problem)
    num_working = facts.protocol.num_working if facts.protocol else 0
    return _draw_classes(problem, num_working) if problem.class_counts else None


def _draw_number(problem: Problem, found: Histogram) -> Drawing:
    axes = new_axes(220, left=40, top=34, bottom=44)
    widths = [right - left for left, right in zip(found.edges, found.edges[1:], strict=False)]
    colours = [_bar_colour(problem, found, number) for number in range(len(found.counts))]
    axes.bar(found.edges[:-1], found.counts, widths, align="edge", color=colours, edgecolor=PAPER, linewidth=0.7)
    lines_across(axes, "y")
    name_y(axes, "rows")
    unit = f", {short_label(problem.unit, 24)}" if problem.unit else ""
    name_x(axes, f"{short_label(problem.target, 30)}{unit}", drop=36)
    for spike in problem.spikes[:2]:
        _mark_spike(axes, found, spike)
    edges = zip(found.edges, found.edges[1:], found.counts, strict=False)
    rows = [(f"{significant(left, 3)} to {significant(right, 3)}", count(rows)) for left, right, rows in edges]
    table = as_table((problem.target, "rows"), rows)
    reading = (
        f"{counted(sum(found.counts), 'row')} that were worked on; each bar is one range of {named(problem.target)}."
    )
    return Drawing("target", _finding(problem, found), reading, (figure_of(axes),), table)


def _draw_several(problem: Problem) -> Drawing:
    """A small histogram for each of several numbers, the first four."""
    panels, rows = list[Figure](), list[tuple[str, str, str]]()
    for name, found in zip(problem.targets, problem.distributions, strict=True):
        edges = list(zip(found.edges, found.edges[1:], strict=False))
        rows += [
            (name, f"{significant(left, 3)} to {significant(right, 3)}", count(num_rows))
            for (left, right), num_rows in zip(edges, found.counts, strict=True)
        ]
        if len(panels) == MOST_PANELS:
            continue
        axes = new_axes(120, left=40, top=20, bottom=44)
        widths = [right - left for left, right in edges]
        axes.bar(found.edges[:-1], found.counts, widths, align="edge", color=GREY, edgecolor=PAPER, linewidth=0.7)
        lines_across(axes, "y")
        name_y(axes, "rows")
        name_x(axes, short_label(name, 30), drop=36)
        panels.append(figure_of(axes))
    total = sum(problem.distributions[0].counts)
    finding = f"{len(problem.targets)} numbers are predicted at once, each scaled by itself."
    reading = f"{counted(total, 'row')} that were worked on; each bar is one range of a target."
    table = as_table(("target", "range", "rows"), rows, words=(0, 1))
    return Drawing("target", finding, reading, tuple(panels), table)


def _finding(problem: Problem, found: Histogram) -> str:
    target = named(problem.target)
    if problem.spikes:
        spike = problem.spikes[0]
        place = {"lowest": "the lowest value, ", "highest": "the highest value, ", "inside": ""}[spike.place]
        lie = "lies" if spike.num_rows == 1 else "lie"
        return f"{counted(spike.num_rows, 'row')} {lie} exactly at {place}{_exact(spike.value)}."
    total, halfway = sum(found.counts), 0
    for left, right, rows in zip(found.edges, found.edges[1:], found.counts, strict=False):
        halfway += rows
        if 2 * halfway >= total:
            middle = significant((left + right) / 2)
            return f"Half of the rows have {target} under about {middle}; the largest is {_exact(found.edges[-1])}."
    return f"The distribution of {target}."


def _exact(value: float) -> str:
    return f"{value:,.6g}"


def _holds(found: Histogram, number: int, value: float) -> bool:
    last = number == len(found.counts) - 1
    return found.edges[number] <= value < found.edges[number + 1] or (last and value == found.edges[-1])


def _bar_colour(problem: Problem, found: Histogram, number: int) -> str:
    return RIVAL if any(_holds(found, number, spike.value) for spike in problem.spikes) else GREY


def _mark_spike(axes: Axes, found: Histogram, spike: Spike) -> None:
    number = next((i for i in range(len(found.counts)) if _holds(found, i, spike.value)), 0)
    side = "right" if number > len(found.counts) / 2 else "left"
    edge = found.edges[number + 1] if side == "right" else found.edges[number]
    text = f"{counted(spike.num_rows, 'row')} exactly {_exact(spike.value)}"
    write(axes, text, (edge, found.counts[number]), (0, 5), side=side, colour=INK)


def _draw_classes(problem: Problem, num_working: int) -> Drawing:
    """Rows of each class, or rows that have each of several labels."""
    pairs = sorted(zip(problem.classes, problem.class_counts, strict=True), key=lambda pair: -pair[1])
    are_labels = problem.kind == "several_labels"
    shown, total = pairs[:MOST_CLASSES], (are_labels and num_working) or sum(problem.class_counts)
    axes = new_axes(30 + 30 * len(shown), left=112, right=96, top=8, bottom=8)
    axes.barh(range(len(shown)), [rows for _, rows in shown], height=0.62, color=GREY)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(0, max(1, shown[0][1]))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    for row, (label, rows) in enumerate(shown):
        place = ("axes fraction", "data")
        write(axes, short_label(label), (0, row), (-8, 0), at=place, side="right", upright="center_baseline")
        text = f"{count(rows)}  ({percent(rows / total)})"
        write(axes, text, (rows, row), (6, 0), upright="center_baseline", colour=QUIET)
    noun = "label" if are_labels else "class"
    counts = [(name, count(rows), percent(rows / total)) for name, rows in pairs]
    table = as_table((noun if are_labels else problem.target, "rows", "share"), counts)
    fewest, most = pairs[-1], pairs[0]
    finding = f"{named(fewest[0])} is the rarest {noun}: {counted(fewest[1], 'row')}, {percent(fewest[1] / total)}."
    if fewest[1] == most[1] and len(pairs) > 1:
        finding = f"No {noun} is rarer than another: each has {counted(most[1], 'row')}."
    by = "those that have each label" if are_labels else f"by {named(problem.target)}"
    reading = f"{counted(total, 'row')} that were worked on, {by}."
    return Drawing("target", finding, reading, (figure_of(axes),), table)
