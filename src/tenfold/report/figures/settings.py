"""Figure 9: which settings made trials differ."""

from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
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
from tenfold.report.tables import as_table
from tenfold.report.words import counted, setting_words

__all__ = ["draw_settings"]

ROW, NAMES, MOST_ROWS = 26, 132, 12

FEWEST_TRIALS = 10
"""Fewer trials tell nothing about settings; their figure is not drawn. Arbitrary."""


def draw_settings(facts: Facts) -> Drawing | None:
    """Share of the spread among trials that each setting explains; None where it was not worked out."""
    tuning = facts.tuning
    if tuning is None or not tuning.settings_that_mattered or len(tuning.trials) < FEWEST_TRIALS:
        return None
    pairs = sorted(tuning.settings_that_mattered.items(), key=lambda pair: -pair[1])
    shown = pairs[:MOST_ROWS]
    axes = new_axes(60 + ROW * len(shown), left=NAMES, right=48, top=8, bottom=44)
    for row, (name, share) in enumerate(shown):
        colour = NETWORK if row == 0 else GREY
        axes.plot([0, 100 * share], [row, row], color=colour, linewidth=1.6)
        axes.plot([100 * share], [row], "o", color=colour, markersize=8, markeredgecolor=PAPER)
        write(axes, percent(share), (100 * share, row), (9, 0), upright="center_baseline")
        place = ("axes fraction", "data")
        write(
            axes, short_label(setting_words(name), 20), (0, row), (-NAMES + 4, 0), at=place, upright="center_baseline"
        )
    axes.set_xlim(0, max(100 * shown[0][1], 1))
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks([])
    lines_across(axes, "x")
    name_x(axes, "spread explained, %", drop=36)
    first, share = shown[0]
    finding = f"The {setting_words(first)} mattered most: it explains {percent(share)} of the spread among trials."
    reading = f"Share of the spread of {counted(len(tuning.trials), 'inner score')} that goes with each setting alone."
    table = as_table(("setting", "spread explained"), [(setting_words(name), percent(part)) for name, part in pairs])
    return Drawing("settings", finding, reading, (figure_of(axes),), table)
