"""Figures of what floating point does to a loss: the curves of the study of 2019, in the house's colours.

Vermillion is the way through a clipped probability, blue the way from the logit, black dots the exact value. All
numbers are handed in: nothing is computed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = [
    "EXACT",
    "LOGIT",
    "PROBABILITY",
    "Curves",
    "plot_errors",
    "plot_formats",
    "plot_inverses",
    "plot_losses",
    "plot_round_trip",
]

PROBABILITY, LOGIT, EXACT = "#d55e00", "#0072b2", "#222222"
"""Vermillion and blue of Okabe and Ito (2008), and ink."""

GREY, FAINT = "#767676", "#dddddd"
WIDTH = 9.6
"""Inches; three panels side by side."""

Points = Float[np.ndarray, " point"]


@dataclass(frozen=True)
class Curves:
    """One quantity at the same points, by both ways and exactly.

    Attributes:
        logits: The points.
        probability: Through the clipped probability.
        from_logits: From the logit.
        exact: The exact values.
    """

    logits: Points
    probability: Points
    from_logits: Points
    exact: Points


def plot_losses(curves: Curves, *, ceiling: float, floor: float) -> Figure:
    """The crossentropy of one positive row, at three scales: everything, and the two ends where the ways part.

    Args:
        curves: Losses, nats, over logits from -50 to 50 or so.
        ceiling: Largest loss of the clipped way, nats.
        floor: Smallest loss of the clipped way, nats.

    Returns:
        Three panels: all logits with a logarithmic axis; below -12; from 14 to 20 in steps of the format.
    """
    figure, (whole, left, right) = _sheet(1, 3, 3.5)
    for axes, seen in ((whole, curves), (left, curves), (right, _in_ten_millionths(curves))):
        _draw(axes, seen)
    whole.set_yscale("log")
    _zoom(left, curves, (-30, -12), (10, 31))
    _zoom(right, curves, (14, 20), (-0.2, 8.5))
    _level(left, ceiling, f"never above {ceiling:.4f}", (-29.5, 0.5), "left")
    _level(right, floor * 1e7, f"never below {floor * 1e7:.2f}", (19.9, 0.2), "right")
    x = "logit of a row of label 1"
    _words(whole, "whole range", x, "loss (nats)")
    _words(left, "confidently wrong", x, "loss (nats)")
    _words(right, "confidently right", x, "loss (10⁻⁷ nats)")
    _legend(whole, "lower left")
    return figure


def plot_round_trip(
    logits: Points, errors: Points, *, accurate_until: float, finite_until: float, dtype: str
) -> Figure:
    """The relative error of logit(sigmoid(x)).

    Args:
        logits: The points.
        errors: Relative errors; infinite where the way back is closed.
        accurate_until: Last point before the error exceeds 1 %.
        finite_until: Last point before the division by zero.
        dtype: The number format, for the title.

    Returns:
        One panel.
    """
    figure, (axes,) = _sheet(1, 1, 3.4, width=6.4)
    finite = np.isfinite(errors)
    axes.plot(logits[finite], 100 * errors[finite], color=LOGIT, linewidth=1)
    axes.axvline(finite_until, color=PROBABILITY, linestyle="--", linewidth=1.2)
    axes.axvspan(finite_until, logits[-1], color=PROBABILITY, alpha=0.08, linewidth=0)
    axes.set_xlim(logits[0], logits[-1])
    lowest = float(100 * np.min(errors[finite]))
    axes.text(finite_until + 0.5, lowest, f"1 - p is 0\nafter {finite_until:.3f}", color=PROBABILITY, va="bottom")
    axes.annotate(
        f"1 % exceeded after {accurate_until:.3f}", (accurate_until, 1), (accurate_until - 1.5, 1.9), ha="right",
        arrowprops={"arrowstyle": "-", "color": GREY}, color=GREY,
    )  # fmt: skip
    _words(axes, f"{dtype}: the way back from a probability", "logit x", "relative error of logit(sigmoid(x)), %")
    return figure


def plot_inverses() -> Figure:
    """Sigmoid and logit side by side, with the bounds that neither reaches.

    Returns:
        Two panels: 200 points each, sigmoid on [-7, 7], logit on [0.001, 0.999].
    """
    figure, (left, right) = _sheet(1, 2, 3.4, width=7.6)
    logits, probabilities = np.linspace(-7, 7, 200), np.linspace(0.001, 0.999, 200)
    left.plot(logits, 1 / (1 + np.exp(-logits)), color=LOGIT, linewidth=2)
    right.plot(probabilities, np.log(probabilities / (1 - probabilities)), color=LOGIT, linewidth=2)
    for bound in (0, 1):
        left.axhline(bound, color=GREY, linestyle="--", linewidth=1)
        right.axvline(bound, color=GREY, linestyle="--", linewidth=1)
    left.text(0.05, 0.8, r"$\sigma(x)=\dfrac{1}{1+e^{-x}}$", transform=left.transAxes, fontsize=13)
    right.text(0.08, 0.8, r"$\mathrm{logit}(p)=\ln\dfrac{p}{1-p}$", transform=right.transAxes, fontsize=13)
    left.set_xticks(range(-6, 7, 2))
    _words(left, "sigmoid: any number becomes a probability", "logit x", "probability p")
    _words(right, "logit: its inverse", "probability p", "logit x")
    return figure


def plot_formats(
    losses: Mapping[str, Curves],
    gradients: Mapping[str, Curves],
    walls: Mapping[str, float],
    *,
    span: tuple[float, float],
) -> Figure:
    """Loss and gradient of a row of label 0 in several number formats.

    Args:
        losses: Losses by format, nats.
        gradients: Derivatives with respect to the logit, by format.
        walls: Logit from which the gradient of the clipped way is dead, by format.
        span: Logits to show.

    Returns:
        A column a format: the loss above, the gradient below.
    """
    figure = Figure(figsize=(WIDTH + 1.2, 4.8), layout="constrained")
    panels = figure.subplots(2, len(losses), sharex=True, sharey="row", squeeze=False)
    for column, name in enumerate(losses):
        for axes, curves in zip(panels[:, column], (losses[name], gradients[name]), strict=True):
            _draw(axes, curves)
            _tidy(axes)
            axes.axvline(walls[name], color=GREY, linestyle=":", linewidth=1)
            axes.set_xlim(*span)
        panels[0, column].set_title(f"{name}: dead from {walls[name]:.2f}", loc="left", fontsize=10)
        panels[1, column].set_xlabel("logit of a row of label 0")
        _note_broken(panels[0, column], losses[name], "infinite")
        _note_broken(panels[1, column], gradients[name], "NaN")
    panels[0, 0].set_ylim(-1, span[1])
    panels[0, 0].set_ylabel("loss (nats)")
    panels[1, 0].set_ylabel("gradient")
    _legend_above(figure, panels[0, 0])
    return figure


def plot_errors(errors: Mapping[str, Curves], *, quantity: str, span: tuple[float, float]) -> Figure:
    """The relative error of both ways in several formats, label 1.

    Args:
        errors: Relative errors by format; `exact` is not drawn.
        quantity: `"loss"` or `"gradient"`.
        span: Logits to show.

    Returns:
        A column a format, one logarithmic axis: 1 means that nothing is right.
    """
    figure = Figure(figsize=(WIDTH + 1.2, 2.9), layout="constrained")
    panels = figure.subplots(1, len(errors), sharex=True, sharey=True, squeeze=False)[0]
    for axes, (name, curves) in zip(panels, errors.items(), strict=True):
        for values, colour, label in _ways(curves):
            with np.errstate(divide="ignore"):
                seen = np.where(np.isfinite(values) & (values > 0), values, np.nan)
            axes.plot(curves.logits, seen, color=colour, linewidth=1, label=label)
        axes.set_yscale("log")
        axes.set_xlim(*span)
        axes.set_ylim(1e-18, 1e3)
        _tidy(axes)
        _words(axes, name, "logit of a row of label 1", "")
    panels[0].set_ylabel(f"relative error of the {quantity}")
    _legend_above(figure, panels[0])
    return figure


def _sheet(rows: int, columns: int, height: float, *, width: float = WIDTH) -> tuple[Figure, Sequence[Axes]]:
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in panels:
        _tidy(axes)
    return figure, list(panels)


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)


def _ways(curves: Curves) -> tuple[tuple[Points, str, str], ...]:
    return (
        (curves.probability, PROBABILITY, "through a probability"),
        (curves.from_logits, LOGIT, "from the logit"),
    )


def _draw(axes: Axes, curves: Curves) -> None:
    """Both ways as lines, the exact values as dots between them, so that neither hides the other."""
    for (values, colour, label), width in zip(_ways(curves), (2.4, 1.4), strict=True):
        axes.plot(curves.logits, values, color=colour, linewidth=width, label=label)
    exact = axes.plot(curves.logits, curves.exact, color=EXACT, linestyle=(0, (1, 4)), linewidth=1.4, label="exact")
    exact[0].set_zorder(3)


def _in_ten_millionths(curves: Curves) -> Curves:
    return Curves(curves.logits, curves.probability * 1e7, curves.from_logits * 1e7, curves.exact * 1e7)


def _zoom(axes: Axes, curves: Curves, across: tuple[float, float], up: tuple[float, float]) -> None:
    axes.set_xlim(max(across[0], curves.logits[0]), min(across[1], curves.logits[-1]))
    axes.set_ylim(*up)


def _level(axes: Axes, height: float, text: str, place: tuple[float, float], side: Any) -> None:
    axes.text(place[0], height + place[1], text, color=PROBABILITY, ha=side, va="bottom", fontsize=9)


def _note_broken(axes: Axes, curves: Curves, text: str) -> None:
    broken = ~np.isfinite(curves.probability)
    if broken.any():
        first = float(curves.logits[np.flatnonzero(broken)[0]])
        axes.text(first + 0.4, 0.02, text, color=PROBABILITY, fontsize=9, va="bottom")


def _words(axes: Axes, title: str, x: str, y: str) -> None:
    axes.set_title(title, loc="left", fontsize=10.5)
    axes.set_xlabel(x)
    axes.set_ylabel(y)


def _legend(axes: Axes, place: Any) -> None:
    axes.legend(loc=place, frameon=False, fontsize=8.5, handlelength=1.6)


def _legend_above(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=len(labels), frameon=False, fontsize=9)
