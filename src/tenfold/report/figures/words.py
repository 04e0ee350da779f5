"""The words that speak for each class: in how many of its texts they stand, against the texts of the other classes."""

from matplotlib.figure import Figure

from tenfold.report.decisions import Column, TellingWords
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    FAINT,
    GREY,
    NETWORK,
    PAPER,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    new_axes,
    short_label,
    write,
)
from tenfold.report.numbers import percent
from tenfold.report.text_tables import most_telling, telling_table
from tenfold.report.words import named

__all__ = ["draw_words"]

MOST_WORDS, MOST_CLASSES = 8, 4
"""Words of a class and classes that are drawn; the others stand in the table (arbitrary)."""

FEW_WORDS = 5
"""Words of each class where that many classes are drawn."""

ROW, NAMES = 22, 116

EDGE = ("axes fraction", "data")
"""Labels stand at the left edge, in their row."""


def draw_words(facts: Facts) -> Drawing | None:
    """Of the column of texts that tells most; None where there is none, or no class is predicted."""
    column = _column(facts)
    if column is None or column.texts is None:
        return None
    classes = [one for one in column.texts.telling if one.words][:MOST_CLASSES]
    if not classes:
        return None
    return Drawing(
        "words",
        _finding(classes),
        f"Words and pairs of words of {named(column.name)} that one class uses more than the others do, by more than "
        "chance. Blue: share of the class's texts that have the word; grey: of all other texts.",
        (_panel(classes, facts.problem.target),),
        telling_table(column.texts.telling),
    )


def _column(facts: Facts) -> Column | None:
    return most_telling(facts.preparation) if facts.preparation else None


def _finding(classes: list[TellingWords]) -> str:
    first = max(classes, key=lambda one: one.own[0] / one.num_own - one.others[0] / max(one.num_others, 1))
    own, others = first.own[0] / first.num_own, first.others[0] / max(first.num_others, 1)
    word, label = named(first.words[0]), named(first.label)
    return f"{word} stands in {percent(own)} of the texts of {label}, and in {percent(others)} of the others."


def _panel(classes: list[TellingWords], target: str) -> Figure:
    """A block of rows for each class, its label above them."""
    each = MOST_WORDS if len(classes) < MOST_CLASSES else FEW_WORDS
    num_rows = sum(min(each, len(one.words)) + 1 for one in classes)
    axes = new_axes(56 + ROW * num_rows, left=NAMES, right=16, top=12, bottom=44)
    row = 0
    for one in classes:
        head = short_label(f"{target} = {one.label}", 40)
        write(axes, head, (0, row), (-NAMES + 4, 0), at=EDGE, upright="center_baseline", bold=True)
        for number, word in enumerate(one.words[:each], start=1):
            own, others = 100 * one.own[number - 1] / one.num_own, 100 * one.others[number - 1] / max(one.num_others, 1)
            axes.plot([others, own], [row + number] * 2, color=FAINT, linewidth=2.2, solid_capstyle="butt")
            axes.plot([others], [row + number], "s", color=GREY, markersize=6, markeredgecolor=PAPER)
            axes.plot([own], [row + number], "o", color=NETWORK, markersize=7, markeredgecolor=PAPER)
            write(axes, short_label(word, 17), (0, row + number), (-NAMES + 4, 0), at=EDGE, upright="center_baseline")
        row += min(each, len(one.words)) + 1
    axes.set_ylim(num_rows - 0.5, -0.5)
    axes.set_yticks([])
    lines_across(axes, "x")
    name_x(axes, "share of texts, %", drop=36)
    return figure_of(axes)
