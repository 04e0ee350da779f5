"""Learning rates: the same network trained at many rates side by side, and the loss that each ends at.

Too small, and the epochs do not suffice; too large, and steps jump over the valley or out of it. In between lies a
valley of rates, usually one or two powers of ten wide.

Source: Smith (2017), Cyclical learning rates for training neural networks, section 3.3 (the range test); here each rate
is trained by itself instead of one training through all rates, so that no rate inherits what another has done.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tenfold.views.drawing import (
    BLUE,
    FAINT,
    GREY,
    PURPLE,
    VERMILLION,
    draw_band,
    middle,
    name_axes,
    new_sheet,
    number,
    say,
    seeds_note,
    write_in_corner,
)

__all__ = ["RangeTest", "plot_range_test", "sentence_of_range_test"]

NEAR = 0.05
"""A rate is right where its loss has come at least this close to the best: as a share of the way from the loss before
training to the best. Arbitrary."""

Verdict = Literal["too small", "right", "too large"]


@dataclass(frozen=True)
class RangeTest:
    """What was seen.

    Attributes:
        optimizer: Its name.
        rates: Learning rates in rising order.
        loss: Training loss of each epoch; NaN from the epoch in which it was not finite.
        start: Loss before training, for each seed.
    """

    optimizer: str
    rates: Float[np.ndarray, " rate"]
    loss: Float[np.ndarray, "rate seed epoch"]
    start: Float[np.ndarray, " seed"]

    def last_losses(self) -> Float[np.ndarray, " rate"]:
        """Loss of the last epoch, median over seeds; infinite where half of the seeds or more were lost."""
        last = np.where(np.isfinite(self.loss[:, :, -1]), self.loss[:, :, -1], np.inf)
        return np.asarray(np.median(last, axis=1))

    @property
    def best(self) -> int:
        """Position of the rate with the smallest loss at the end."""
        return int(np.argmin(self.last_losses()))

    def verdicts(self) -> tuple[Verdict, ...]:
        """What each rate is: all from the first to the last that come near the best are right."""
        last = self.last_losses()
        reach = last[self.best] + NEAR * max(middle(self.start) - last[self.best], 0.0)
        right = np.flatnonzero(last <= reach)
        low, high = right.min(), right.max()
        return tuple("too small" if i < low else "too large" if i > high else "right" for i in range(len(last)))


def sentence_of_range_test(seen: RangeTest) -> str:
    """What was seen, in words."""
    verdicts, last = seen.verdicts(), seen.last_losses()
    right = [rate for rate, verdict in zip(seen.rates, verdicts, strict=True) if verdict == "right"]
    epochs = f"{seen.loss.shape[2]} epochs"
    ends = [number(rate) for rate in right[:: max(1, len(right) - 1)]]
    at = f"rates between {' and '.join(ends)}" if len(ends) > 1 else f"a rate of {ends[0]}"
    best, loss = number(seen.rates[seen.best]), number(last[seen.best])
    text = f"{seen.optimizer} learns at {at}, best at {best}: a loss of {loss} after {epochs}"
    if verdicts[0] == "too small":
        text += f". At {number(seen.rates[0])} it stays at {number(last[0])}"
    if verdicts[-1] == "too large":
        joint = "; at" if verdicts[0] == "too small" else ". At"
        end = f"ends at {number(last[-1])}" if np.isfinite(last[-1]) else "is lost"
        text += f"{joint} {number(seen.rates[-1])} it {end}"
    return text


def plot_range_test(seen: RangeTest) -> Figure:
    """Curves of a rate too small, the best and one too large among all others; final loss against rate.

    Args:
        seen: What was seen.

    Returns:
        The figure.
    """
    figure, panels = new_sheet(1, 2, (9.6, 4.1), sharey=True)
    curves, valley = panels[0]
    _draw_curves(curves, seen)
    _draw_valley(valley, seen)
    curves.set_yscale("log")
    curves.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    name_axes(curves, "three of the rates; the others in grey", "epoch", "training loss")
    name_axes(valley, f"after {seen.loss.shape[2]} epochs", f"learning rate of {seen.optimizer}", "")
    say(figure, sentence_of_range_test(seen) + ".", seeds_note(seen.loss.shape[1]) + _lost_note(seen))
    return figure


def _draw_curves(axes: Axes, seen: RangeTest) -> None:
    epochs = np.arange(1, seen.loss.shape[2] + 1)
    for lines in seen.loss:
        draw_band(axes, epochs, lines, FAINT, is_aside=True)
    verdicts = seen.verdicts()
    shown = {0: (PURPLE, "-."), len(seen.rates) - 1: (VERMILLION, "--"), seen.best: (BLUE, "-")}
    for place, (colour, dashes) in sorted(shown.items()):
        label = f"{number(seen.rates[place])}: {'best' if place == seen.best else verdicts[place]}"
        draw_band(axes, epochs, seen.loss[place], colour, dashes=dashes, label=label)
    axes.legend(frameon=False, fontsize=9, handlelength=3, title="learning rate", title_fontsize=9, alignment="left",
                loc="lower left")  # fmt: skip


def _draw_valley(axes: Axes, seen: RangeTest) -> None:
    axes.set_xscale("log")
    draw_band(axes, seen.rates, seen.loss[:, :, -1].T, GREY, mark="o")
    last, verdicts = seen.last_losses(), seen.verdicts()
    axes.plot(seen.rates[seen.best], last[seen.best], "o", color=BLUE, markersize=9, zorder=4)
    right = [rate for rate, verdict in zip(seen.rates, verdicts, strict=True) if verdict == "right"]
    gap = np.sqrt(seen.rates[1] / seen.rates[0]) if len(seen.rates) > 1 else 1.5
    axes.axvspan(right[0] / gap, right[-1] * gap, color=BLUE, alpha=0.1, linewidth=0)
    axes.axhline(middle(seen.start), color=GREY, linestyle=":", linewidth=1)
    axes.annotate("before training", (0, middle(seen.start)), (4, 3), xycoords=("axes fraction", "data"),
                  textcoords="offset points", fontsize=8, color=GREY)  # fmt: skip
    for word, colour, side in (("too small", PURPLE, "left"), ("too large", VERMILLION, "right")):
        if word in verdicts:
            write_in_corner(axes, word, colour, f"lower {side}")
    axes.text(float(np.sqrt(right[0] * right[-1])), 0.97, "right", color=BLUE, fontsize=9, ha="center", va="top",
              transform=axes.get_xaxis_transform())  # fmt: skip
    for rate in seen.rates[~np.isfinite(seen.loss[:, :, -1]).all(axis=1)]:
        axes.plot(rate, 0.93, "x", color=VERMILLION, transform=axes.get_xaxis_transform(), clip_on=False)


def _lost_note(seen: RangeTest) -> str:
    lost = ~np.isfinite(seen.loss[:, :, -1])
    if not lost.any():
        return ""
    return f" Crosses: rates at which {int(lost.sum())} of {lost.size} trainings ended in a loss that is not finite."
