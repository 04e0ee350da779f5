"""Figures of a search: values trial by trial, and which settings matter."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

__all__ = ["plot_importance", "plot_trials"]

BLUE, GREY, RED = "#0072B2", "#767676", "#D55E00"
"""As in the other figures (Okabe and Ito); states differ in shape too."""

MARKS = {"complete": ("o", BLUE), "pruned": ("D", GREY)}

FARTHEST = 3.0
"""Trials farther from the best than this many distances between best and median are drawn at the rim (arbitrary)."""


def plot_trials(frame: pd.DataFrame, measure: str) -> Figure:
    """Value of each trial and the best so far.

    Args:
        frame: Columns `number`, `state`, `value`, `best`.
        measure: Name of the measure.

    Returns:
        A figure of one panel. Failed trials are crosses at the foot; values far from the best are drawn at the rim, and
        the axis says how many.
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    low, high = _window(frame)
    for state, (mark, color) in MARKS.items():
        part = frame[(frame["state"] == state) & frame["value"].notna()]
        axes.plot(part["number"], part["value"].clip(low, high), mark, color=color, alpha=0.8, linestyle="none",
                  markersize=6 if state == "complete" else 4, fillstyle="full" if state == "complete" else "none",
                  label=f"{state} ({len(part)})" if len(part) else None)  # fmt: skip
    failed = frame[frame["state"] == "failed"]
    if len(failed):
        axes.plot(failed["number"], [0.02] * len(failed), "x", color=RED, transform=axes.get_xaxis_transform(),
                  label=f"failed ({len(failed)})")  # fmt: skip
    axes.step(frame["number"], frame["best"], where="post", color=BLUE, linewidth=2, label="best so far")
    outside = int(((frame["value"] < low) | (frame["value"] > high)).sum())
    best = frame["best"].dropna()
    number = frame.loc[frame["best"].eq(best.iloc[-1]), "number"].iloc[0]
    axes.set_title(
        f"best {measure} {best.iloc[-1]:.4g}, trial {number}, of {len(frame)} trials", loc="left", fontsize=11
    )
    axes.set_xlabel("trial, counted from 0" + (f"; {outside} far worse, drawn at the rim" if outside else ""))
    axes.set_ylabel(f"{measure}, mean over folds")
    figure.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=4)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    _plain(axes, "y")
    return figure


def plot_importance(frame: pd.DataFrame, measure: str) -> Figure:
    """Which settings matter.

    Args:
        frame: Columns `setting`, `importance`, the largest first.
        measure: Name of the measure.

    Returns:
        A figure of one panel, a bar a setting with its share written beside it.
    """
    figure = Figure(figsize=(6.4, 0.9 + 0.38 * len(frame)), layout="constrained")
    axes = figure.subplots()
    shown = frame.iloc[::-1]
    bars = axes.barh(shown["setting"], shown["importance"], color=BLUE, height=0.6)
    axes.bar_label(bars, [f"{share:.0%}" for share in shown["importance"]], padding=4, fontsize=9)
    axes.set_xlim(0, 1.12 * float(shown["importance"].max()))
    axes.set_xticks([])
    axes.set_title(f"what decides whether {measure} is good (share of variance)", loc="left", fontsize=11)
    _plain(axes, None)
    axes.spines["bottom"].set_visible(False)
    return figure


def _window(frame: pd.DataFrame) -> tuple[float, float]:
    """Where values are drawn: a diverged trial must not press the others into a line."""
    values, best = frame["value"].dropna(), frame["best"].dropna()
    if best.empty:
        return float(values.min()), float(values.max())
    reach = FARTHEST * abs(float(values.median()) - float(best.iloc[-1])) or float(values.max() - values.min())
    return max(float(values.min()), best.iloc[-1] - reach), min(float(values.max()), best.iloc[-1] + reach)


def _plain(axes: Any, grid: str | None) -> None:
    if grid:
        axes.grid(axis=grid, color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
