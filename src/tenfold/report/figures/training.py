"""Figures 6 and 7: what size does to the losses, and what epochs do."""

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from tenfold.report.evidence import Capacity, Curve, LearningCurves, Rung
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    NETWORK,
    PAPER,
    QUIET,
    RIVAL,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    name_y,
    new_axes,
    write,
)
from tenfold.report.numbers import count, significant
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted, opening

__all__ = ["draw_capacity", "draw_curves"]

MOST_PANELS = 10
MOST_CURVES = 20
"""Above this a median with its band and three members: 100 curves x 200 epochs weigh 317 kB, the band 26 (measured)."""

MOST_TABLE_ROWS = 200
"""More trainings than these stand in the run's record, not in the page. Arbitrary."""

LINES = (("training", GREY), ("validation", NETWORK))

CLOSE = 0.08
"""Ends of lines nearer than this share of the axis have their names moved apart: about the height of the text."""

LEAST_DISTANCE = 0.14
"""Sizes nearer to each other than this share of the axis share one name: about the width of "134,371"."""

SMALL_WIDTH, SMALL_HEIGHT = 196.0, 132.0


# --- figure 6 ---------------------------------------------------------------------------------------------------------


def draw_capacity(facts: Facts) -> Drawing | None:
    """Training and inner validation loss against the number of parameters; None with fewer than two sizes."""
    capacity = facts.capacity
    if capacity is None or len(capacity.rungs) < 2:  # noqa: PLR2004 - a line joins two
        return None
    axes = new_axes(280, left=44, right=84, top=34, bottom=60)
    sizes = [rung.num_parameters for rung in capacity.rungs]
    training = [np.array([member.score for member in rung.training]) for rung in capacity.rungs]
    validation = [np.array([member.score for member in rung.validation]) for rung in capacity.rungs]
    axes.set_xscale("log")
    ends = _band(axes, sizes, training, GREY, "s"), _band(axes, sizes, validation, NETWORK, "o")
    _name_lines(axes, float(sizes[-1]), *ends)
    _log_axis(axes, capacity)
    _ring(axes, capacity, validation)
    lines_across(axes, "y")
    name_y(axes, "loss")
    return Drawing(
        "capacity", _capacity_finding(capacity), _capacity_reading(capacity), (figure_of(axes),), _sizes(capacity)
    )


def _band(
    axes: Axes, sizes: Sequence[int], losses: Sequence[Float[np.ndarray, " member"]], colour: str, mark: str
) -> float:
    """Median and band over members; returns the last median, where the name goes."""
    finite = [loss[np.isfinite(loss)] for loss in losses]
    low, middle, high = (
        [float(np.quantile(loss, q)) if len(loss) else math.nan for loss in finite] for q in (0.1, 0.5, 0.9)
    )
    axes.fill_between(sizes, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(sizes, middle, mark, color=colour, linestyle="-", linewidth=2, markersize=6, markeredgecolor=PAPER)
    return middle[-1]


def _name_lines(axes: Axes, x: float, training: float, validation: float) -> None:
    """Names beside the ends of two lines, moved apart where they would meet."""
    low, high = axes.get_ylim()
    close = abs(training - validation) < CLOSE * (high - low)
    up = (1 if training > validation else -1) * (7 if close else 0)
    for name, y, colour, shift in (("training", training, GREY, up), ("validation", validation, NETWORK, -up)):
        if math.isfinite(y):
            bold = name == "validation"
            write(axes, name, (x, y), (9, shift), upright="center_baseline", colour=colour, bold=bold)


def _log_axis(axes: Axes, capacity: Capacity) -> None:
    named = _apart(capacity.rungs)
    sizes = [rung.num_parameters for rung in named]
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(sizes, [count(size) for size in sizes])
    for rung in named:
        place = (rung.num_parameters, 0)
        label = rung.label.removesuffix(", from linear")  # of forecasts, all start there
        write(axes, label, place, (0, -32), at=("data", "axes fraction"), side="center", colour=INK)
    name_x(axes, "parameters (logarithmic), units per layer", drop=52)


def _apart(rungs: Sequence[Rung]) -> list[Rung]:
    """The sizes that have room for a name: the largest, and those at some distance from the next one that has."""
    logs = [math.log(rung.num_parameters) for rung in rungs]
    named = [len(rungs) - 1]
    for number in reversed(range(len(rungs) - 1)):
        if logs[named[-1]] - logs[number] >= LEAST_DISTANCE * (logs[-1] - logs[0]):
            named.append(number)
    return [rungs[number] for number in reversed(named)]


def _ring(axes: Axes, capacity: Capacity, validation: Sequence[Float[np.ndarray, " member"]]) -> None:
    for rung, losses in zip(capacity.rungs, validation, strict=True):
        if rung.label == capacity.chosen:
            place = ([rung.num_parameters], [float(np.nanmedian(losses))])
            axes.plot(*place, "o", color="none", markersize=15, markeredgecolor=INK, markeredgewidth=1.4)


def _capacity_finding(capacity: Capacity) -> str:
    rung = next((rung for rung in capacity.rungs if rung.label == capacity.overfits_from), None)
    if rung is None:
        largest = capacity.rungs[-1]
        return (
            f"No size overfits, up to {counted(largest.num_parameters, 'parameter')}: size may still limit the score."
        )
    when = f", at epoch {int(np.median(rung.best_epochs))}" if rung.best_epochs else ""
    where = f"{rung.num_overfitting} of {len(rung.validation)}"
    size = count(rung.num_parameters)
    return f"From {size} parameters on, validation turned in {where} trainings{when}, while training loss kept falling."


def _capacity_reading(capacity: Capacity) -> str:
    members = len(capacity.rungs[0].validation)
    return (
        f"{opening(capacity.loss)}; line: median of {counted(members, 'training')} in all folds, "
        "band: from the 10th to the 90th percentile. The ring marks the size taken on."
    )


def _sizes(capacity: Capacity) -> Table:
    rows = [
        (
            rung.label,
            count(rung.num_parameters),
            significant(float(np.median([m.score for m in rung.training])), 3),
            significant(float(np.median([m.score for m in rung.validation])), 3),
            f"{rung.num_overfitting} of {len(rung.validation)}",
        )
        for rung in capacity.rungs
    ]
    return as_table(("size", "parameters", "training loss", "validation loss", "overfitting"), rows)


# --- figure 7 ---------------------------------------------------------------------------------------------------------


def draw_curves(facts: Facts) -> Drawing | None:
    """Learning curves, a panel a fold; above 20 curves one panel with median, band and three members."""
    found = facts.curves
    if found is None or not found.curves:
        return None
    panels = _small_multiples(found) if len(found.curves) <= MOST_CURVES else [_summary(found)]
    shown = (
        "thick: validation, thin: training" if len(found.curves) <= MOST_CURVES else "line: median, band: 10 to 90 %"
    )
    reading = f"{opening(found.of)}; {found.loss}; {shown}; point: best epoch, x: not finite. Nothing is smoothed."
    figures = tuple(figure_of(axes) for axes in panels)
    return Drawing("curves", _curves_finding(found), reading, figures, _epochs(found))


def _limits(curves: Sequence[Curve]) -> tuple[float, float]:
    """Losses shown: the first two epochs may leave the sheet; from zero unless that would leave half of it empty."""
    later = [loss for curve in curves for loss in (*curve.training[2:], *curve.validation[2:])]
    everything = [loss for curve in curves for loss in (*curve.training, *curve.validation)]
    finite = [loss for loss in (later or everything) if math.isfinite(loss)]
    if not finite or max(finite) <= 0:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    room = 0.06 * (high - low)
    return (low - room if low > high / 2 else 0.0), high + room


def _small_multiples(found: LearningCurves) -> list[Axes]:
    folds = sorted({curve.fold for curve in found.curves})[:MOST_PANELS]
    limits, last = _limits(found.curves), max(len(curve.training) for curve in found.curves)
    panels = []
    width = SMALL_WIDTH if len(folds) > 1 else 2 * SMALL_WIDTH
    for fold in folds:
        axes = new_axes(SMALL_HEIGHT, left=34, right=8, top=24, bottom=24, width=width)
        for curve in found.curves:
            if curve.fold == fold:
                _curve(axes, curve)
        axes.set_ylim(*limits)
        axes.set_xlim(0, last + 1)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(3))
        lines_across(axes, "y")
        write(axes, f"fold {fold + 1}", (0, 1), (0, 8), at="axes fraction", bold=True)
        panels.append(axes)
    write(panels[0], "loss by epoch", (1, 1), (0, 8), at="axes fraction", side="right", colour=QUIET)
    return panels


def _curve(axes: Axes, curve: Curve) -> None:
    epochs = np.arange(1, len(curve.training) + 1)
    axes.plot(epochs, curve.training, color=GREY, linewidth=0.9)
    axes.plot(epochs[: len(curve.validation)], curve.validation, color=NETWORK, linewidth=1.7)
    if math.isfinite(_best_loss(curve)):
        axes.plot([curve.best_epoch], [_best_loss(curve)], "o", color=NETWORK, markersize=6, markeredgecolor=PAPER)
    if curve.outcome == "nonfinite_loss":
        axes.plot([len(curve.training)], [axes.get_ylim()[1] * 0.9], "x", color=RIVAL, markersize=7, markeredgewidth=2)


def _best_loss(curve: Curve) -> float:
    """Validation loss at the best epoch; NaN where there is none."""
    return curve.validation[curve.best_epoch - 1] if 0 < curve.best_epoch <= len(curve.validation) else math.nan


def _summary(found: LearningCurves) -> Axes:
    axes = new_axes(260, left=44, right=84, top=34, bottom=44)
    last = max(len(curve.training) for curve in found.curves)
    ends = [_median_and_band(axes, _losses(found, name, last), colour) for name, colour in LINES]
    for curve in found.curves[:: max(1, len(found.curves) // 3)][:3]:
        axes.plot(np.arange(1, len(curve.validation) + 1), curve.validation, color=NETWORK, linewidth=0.7, alpha=0.6)
    axes.set_ylim(*_limits(found.curves))
    _name_lines(axes, float(last), ends[0], ends[1])
    lines_across(axes, "y")
    name_y(axes, "loss")
    name_x(axes, "epoch", drop=36)
    return axes


def _losses(found: LearningCurves, name: str, last: int) -> Float[np.ndarray, "member epoch"]:
    table = np.full((len(found.curves), last), np.nan)
    for row, curve in enumerate(found.curves):
        losses = curve.training if name == "training" else curve.validation
        table[row, : len(losses)] = losses
    return table


def _median_and_band(axes: Axes, table: Float[np.ndarray, "member epoch"], colour: str) -> float:
    """Median and band over the members that still train, while they are a tenth; returns the last median."""
    alive = np.isfinite(table).sum(axis=0) >= max(2, len(table) // 10)
    epochs = np.arange(1, table.shape[1] + 1)[alive]
    if not len(epochs):
        return math.nan
    low, middle, high = np.nanquantile(table[:, alive], [0.1, 0.5, 0.9], axis=0)
    axes.fill_between(epochs, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(epochs, middle, color=colour, linewidth=2)
    return float(middle[-1])


def _curves_finding(found: LearningCurves) -> str:
    best = [curve.best_epoch for curve in found.curves if curve.best_epoch]
    stopped = sum(curve.outcome == "stopped_early" for curve in found.curves)
    broken = sum(curve.outcome == "nonfinite_loss" for curve in found.curves)
    parts = []
    if best:
        few = f"epoch {min(best)}" if min(best) == max(best) else f"epochs {min(best)} to {max(best)}"
        parts.append(f"Validation was best at {few}")
    if stopped:
        parts.append(f"{stopped} of {len(found.curves)} stopped early")
    if broken:
        parts.append(f"{broken} went out of the finite numbers")
    return "; ".join(parts) + "." if parts else f"Losses of {counted(len(found.curves), 'training')}."


def _epochs(found: LearningCurves) -> Table:
    outcomes = {"ran": "ran to the end", "stopped_early": "stopped early", "nonfinite_loss": "not finite"}
    rows = [
        (
            f"fold {curve.fold + 1}, {found.seed_counts} {curve.seed + 1}",
            str(len(curve.training)),
            str(curve.best_epoch or ""),
            significant(curve.training[-1] if curve.training else math.nan, 3),
            significant(_best_loss(curve), 3),
            outcomes[curve.outcome],
        )
        for curve in found.curves
    ]
    return as_table(
        ("training", "epochs", "best epoch", "last training loss", "best validation loss", "outcome"),
        rows,
        words=(0, 5),
    )
