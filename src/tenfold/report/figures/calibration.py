"""Figure 12: whether 70 % means 70 %, in bins of equally many rows."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

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
    write,
)
from tenfold.report.numbers import count, number, significant
from tenfold.report.probing import Calibration, CalibrationBin
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted

__all__ = ["calibration_notes", "draw_calibration"]


def draw_calibration(facts: Facts) -> Drawing | None:
    """Observed share against predicted probability; None where no probability is predicted."""
    found = facts.calibration
    if found is None or not found.bins:
        return None
    axes = new_axes(360, left=48, right=16, top=34, bottom=44)
    end = _end(found)
    axes.set_xlim(-0.02 * end, 1.02 * end)
    axes.set_ylim(-0.02 * end, 1.02 * end)
    axes.set_aspect("equal", adjustable="box", anchor="W")
    axes.plot([0, end], [0, end], color=QUIET, linewidth=1)
    write(axes, "as predicted", (0.98 * end, end), (-8, -2), side="right", colour=QUIET)
    if found.bins_before:
        across = [100 * one.predicted for one in found.bins_before]
        up = [100 * one.observed.value for one in found.bins_before]
        axes.plot(across, up, "s", color=PAPER, markersize=5.5, markeredgecolor=GREY, markeredgewidth=1.3)
    for one in found.bins:
        _bin(axes, one)
    lines_across(axes, "xy")
    name_y(axes, "came true, %")
    name_x(axes, "predicted probability, %", drop=36)
    return Drawing("calibration", _finding(found), _reading(found), (figure_of(axes),), _table(found))


def _end(found: Calibration) -> float:
    """Where both axes end, %: 100, or less where no probability comes near it."""
    largest = max(max(one.high, one.observed.high) for one in (*found.bins, *found.bins_before))
    return min(100.0, 10 * math.ceil(10 * min(1.0, 1.05 * largest)))


def _bin(axes: Axes, one: CalibrationBin) -> None:
    """A point with its interval; the thin line across shows which probabilities the bin holds."""
    across, up = 100 * one.predicted, 100 * one.observed.value
    axes.plot([100 * one.low, 100 * one.high], [up, up], color=NETWORK, linewidth=1, alpha=0.45)
    axes.plot([across, across], [100 * one.observed.low, 100 * one.observed.high], color=NETWORK, linewidth=1.8)
    axes.plot([across], [up], "o", color=NETWORK, markersize=7, markeredgecolor=PAPER)
    if one.observed.low > one.predicted or one.observed.high < one.predicted:
        axes.plot([across], [up], "o", color="none", markersize=13, markeredgecolor=INK, markeredgewidth=1.2)


def _off(bins: Sequence[CalibrationBin]) -> list[CalibrationBin]:
    return [one for one in bins if not one.observed.low <= one.predicted <= one.observed.high]


def _finding(found: Calibration) -> str:
    """What a reader of a probability must know, with the numbers it stands on."""
    off = _off(found.bins)
    if not off:
        return f"A predicted probability may be read as it is: all {len(found.bins)} groups of rows agree with it."
    worst = max(off, key=lambda one: abs(one.observed.value - one.predicted))
    said, came = (f"{round(100 * value)} %" for value in (worst.predicted, worst.observed.value))
    groups = f"{len(off)} of {len(found.bins)} groups of rows disagree with their probability"
    return f"{groups}; the furthest off: {said} predicted, {came} came true."


def _reading(found: Calibration) -> str:
    rows = counted(sum(one.num_rows for one in found.bins), "row")
    before = "; hollow squares: before they were put right" if found.bins_before else ""
    return (
        f"Probability of {found.of}; {rows} predicted out of fold, in groups of equally many. Upright line: 95 % "
        f"interval, line across: the group's probabilities, ring: the interval leaves out what was predicted{before}."
    )


def calibration_notes(found: Calibration) -> tuple[str, ...]:
    """Slope, intercept and Brier score as sentences, and what was done to the probabilities.

    Args:
        found: From the facts.

    Returns:
        One or two sentences.
    """
    score = f"Brier score {_brier(found, found.brier)} ({_brier(found, found.brier_no_skill)} without the columns)"
    now = f"Slope {_plain(found.slope)} (1 is right), intercept {_plain(found.intercept)} (0 is right), {score}."
    if not math.isfinite(found.brier_before):
        return (now,)
    method = f"Put right on out-of-fold rows: {found.method}. " if found.method else ""
    before = f"Before: slope {_plain(found.slope_before)}, intercept {_plain(found.intercept_before)}"
    return now, f"{method}{before}, Brier score {_brier(found, found.brier_before)}."


def _plain(value: float) -> str:
    return number(value, 2) if math.isfinite(value) else "not known"


def _brier(found: Calibration, value: float) -> str:
    """Enough decimals to tell the score from the one before."""
    known = [one for one in (found.brier_before, found.brier_no_skill) if math.isfinite(one)]
    gap = min((abs(found.brier - one) for one in known), default=math.nan)
    return number(value, 4 if gap < 0.01 else 3)  # noqa: PLR2004 - of a score from 0 to 1


def _table(found: Calibration) -> Table:
    rows = [
        (
            f"{significant(100 * one.low, 3)} to {significant(100 * one.high, 3)}",
            count(one.num_rows),
            number(100 * one.predicted, 1),
            number(100 * one.observed.value, 1),
            f"{number(100 * one.observed.low, 1)} to {number(100 * one.observed.high, 1)}",
        )
        for one in found.bins
    ]
    return as_table(("probabilities, %", "rows", "predicted, %", "came true, %", "95 % interval"), rows)
