"""Figures of networks trained through a clipped probability and from logits: pairs, starts, frozen losses.

Colours as in `tenfold.views.precision`: vermillion through the probability, blue from the logit.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

from tenfold.views.precision import FAINT, GREY, LOGIT, PROBABILITY

__all__ = ["plot_frozen", "plot_missing_sigmoid", "plot_pairs", "plot_starts"]

Interval = tuple[float, float, float]
"""Mean, lower and upper end."""

MOST_DECADES = 2.5
"""Decades of an axis that has ticks at 1, 2 and 5."""

Curves = Float[np.ndarray, "seed epoch"]


def plot_pairs(
    differences: Mapping[str, Float[np.ndarray, " seed"]], intervals: Mapping[str, Interval], title: str
) -> Figure:
    """Differences of paired trainings: a dot a pair, the mean with its interval below.

    Args:
        differences: Logits minus probability, by the name of the score with its unit.
        intervals: The same, as mean and 95 % interval over seeds.
        title: What was trained.

    Returns:
        A panel a score.
    """
    figure = Figure(figsize=(8.0, 2.5), layout="constrained")
    panels = figure.subplots(1, len(differences), squeeze=False)[0]
    for axes, (name, values) in zip(panels, differences.items(), strict=True):
        mean, low, high = intervals[name]
        heights = 1 + 0.12 * (np.arange(len(values)) % 5 - 2)
        axes.plot(values, heights, "o", color=LOGIT, alpha=0.5, markersize=5)
        axes.errorbar([mean], [0], xerr=[[mean - low], [high - mean]], fmt="o", color=LOGIT, capsize=4, linewidth=2)
        axes.axvline(0, color=GREY, linewidth=1)
        axes.set_yticks([0, 1], ["mean,\n95 %", "pairs"])
        axes.set_ylim(-0.6, 1.6)
        axes.set_xlabel(name)
        _tidy(axes, "x")
    figure.suptitle(title, x=0.01, ha="left", fontsize=10.5)
    return figure


def plot_starts(
    starts: Sequence[float], accuracy: Mapping[str, Float[np.ndarray, "start seed"]], wall: float
) -> Figure:
    """Held-out accuracy against the logit that every row starts with: a cliff for the clipped head.

    Args:
        starts: Biases of the head at the start.
        accuracy: After the last epoch, by head: `"from_logits"` and `"probability"`.
        wall: Logit from which rows of label 0 have no gradient.

    Returns:
        One panel: a dot a training, lines through the medians.
    """
    figure = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = figure.subplots()
    for name, colour, label, nudge in (
        ("from_logits", LOGIT, "from the logit", -0.15), ("probability", PROBABILITY, "through a probability", 0.15),
    ):  # fmt: skip
        values = accuracy[name]
        axes.plot(starts, np.median(values, axis=1), color=colour, linewidth=2, label=label)
        axes.plot(np.array(starts)[:, None] + nudge, values, "o", color=colour, alpha=0.45, markersize=4)
    axes.axvline(wall, color=GREY, linestyle=":", linewidth=1.2)
    axes.text(wall + 1.8, 0.7, f"no gradient for label 0\nfrom {wall:.2f} on", color=GREY, fontsize=9, ha="left")
    axes.set_title("A start beyond the wall is never left", loc="left", fontsize=10.5)
    axes.set_xlabel("logit of every row at the start (bias of the head)")
    axes.set_ylabel("accuracy on held-out rows")
    axes.set_ylim(0.4, 1.0)
    axes.legend(frameon=False, fontsize=9, loc="lower left")
    _tidy(axes, "y")
    return figure


def plot_frozen(
    loss: Curves, twin: Curves, is_frozen: Bool[np.ndarray, " seed"], *, level: float, title: str
) -> Figure:
    """Losses that stand still at a share of the ceiling, and the same starts trained from logits.

    Args:
        loss: Training losses through the probability, nats.
        twin: Training losses from logits, nats.
        is_frozen: Which of the former stand still.
        level: Share x ceiling, nats.
        title: What was trained.

    Returns:
        Two panels, logarithmic.
    """
    figure = Figure(figsize=(8.0, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    epochs = np.arange(1, loss.shape[1] + 1)
    for axes, lines, colour, name in ((left, loss, PROBABILITY, "clipped probability"), (right, twin, LOGIT, "logits")):
        axes.plot(epochs, lines.T, color=colour, linewidth=1.2, alpha=0.7)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if _decades(lines, level) < MOST_DECADES else (1,)))
        axes.yaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_title(f"{title}: {name}", loc="left", fontsize=10.5)
        axes.set_xlabel("epoch")
        axes.axhline(level, color=GREY, linestyle="--", linewidth=1, zorder=0)
        _tidy(axes, "y")
    note = f"{int(is_frozen.sum())} of {len(is_frozen)} stand at {level:.4f}"
    left.annotate(
        note, (epochs[-1], level), (0, -5), textcoords="offset points", ha="right", va="top", fontsize=9, color=GREY
    )
    left.set_ylabel("training loss (nats)")
    return figure


def plot_missing_sigmoid(
    variants: Mapping[str, str],
    counted: Mapping[str, Curves],
    rounded: Mapping[str, Curves],
    seeds: Bool[np.ndarray, " seed"],
) -> Figure:
    """Training accuracy by both rules of counting, a panel a variant.

    Args:
        variants: Title of each variant, by its name.
        counted: Accuracy with the probability above 0.5, by variant.
        rounded: Accuracy with the label equal to the rounded output, by variant.
        seeds: Which seeds to show: those where each variant learned.

    Returns:
        Medians over seeds, with all seeds as thin lines.
    """
    figure = Figure(figsize=(9.6, 3.2), layout="constrained")
    panels = figure.subplots(1, len(variants), sharey=True)
    for axes, (name, title) in zip(panels, variants.items(), strict=True):
        for lines, colour, label in (
            (counted[name][seeds], LOGIT, "above 0.5 (Keras 3)"),
            (rounded[name][seeds], PROBABILITY, "rounded output (Keras 2.0)"),
        ):  # fmt: skip
            epochs = np.arange(1, lines.shape[1] + 1)
            axes.plot(epochs, lines.T, color=colour, linewidth=0.7, alpha=0.4)
            style = "--" if colour == PROBABILITY else "-"
            axes.plot(epochs, np.median(lines, axis=0), style, color=colour, linewidth=2.2, label=label)
        axes.set_title(title, loc="left", fontsize=10.5)
        axes.set_xlabel("epoch")
        _tidy(axes, "y")
    panels[0].set_ylabel("training accuracy")
    panels[0].set_ylim(0.4, 1.02)
    panels[-1].legend(frameon=False, fontsize=9, loc="lower right")
    return figure


def _decades(lines: Curves, level: float) -> float:
    seen = np.append(lines[np.isfinite(lines) & (lines > 0)], level)
    return float(np.log10(seen.max() / seen.min()))


def _tidy(axes: Axes, direction: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=direction, color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
