"""Dying units: the share of units that answer 0 for every row, layer by layer, while a network trains.

A ReLU has no slope below 0. A step that is too large throws units below 0 for all rows; nothing reaches them any more,
and they stay there even when the rate is put right.

Sources: Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models; Lu, Shin, Su and
Karniadakis (2020), Dying ReLU and initialization.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from tenfold.views.drawing import GREY, INK, draw_band, middle, name_axes, new_sheet, number, say, seeds_note

__all__ = ["DeadUnits", "plot_dead_units", "sentence_of_dead_units"]

MANY = 0.1
"""Difference between two shares of dead units that is worth a word. Arbitrary."""

MOST_NAMED = 6
"""Layers that a legend names one by one; of more, the first and the last."""

DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class DeadUnits:
    """What was seen; ways in the order: the right rate, a rate too large, the same with leaky ReLUs.

    Attributes:
        ways: What each way is, in words.
        layers: Names of the layers whose units were looked at.
        units: Units of each.
        factor: How many times too large the rate is.
        turn: Epochs with the rate too large; after them it is put right.
        dead: Share of dead units, 0 to 1, before training (moment 0) and after each epoch; NaN after a loss that was
            not finite.
        loss: Training loss of each epoch.
    """

    ways: tuple[str, ...]
    layers: tuple[str, ...]
    units: tuple[int, ...]
    factor: float
    turn: int
    dead: Float[np.ndarray, "way seed moment layer"]
    loss: Float[np.ndarray, "way seed epoch"]

    def share(self, way: int, moment: int = -1) -> float:
        """Share of all these layers' units that are dead at a moment, median over seeds."""
        return middle(np.average(self.dead[way, :, moment], axis=-1, weights=self.units))

    def last_loss(self, way: int) -> float:
        """Training loss of the last epoch, median over seeds."""
        return middle(self.loss[way, :, -1])


def sentence_of_dead_units(seen: DeadUnits) -> str:
    """What was seen, in words."""
    right, hit, end = seen.share(0), seen.share(1, seen.turn), seen.share(1)
    times = f"{seen.factor:g} times"
    if np.isnan(hit):
        return f"At a rate {times} too large the loss is not finite within {seen.turn} epochs: try a smaller factor"
    if not hit - right >= MANY:
        dead = f"{hit:.0%} are dead, {right:.0%} at the right rate"
        return f"A rate {times} too large kills no more units here: {dead}"
    stays = "and they stay dead" if end > hit - MANY else f"of which {end:.0%} are left"
    return (
        f"A rate {times} too large leaves {hit:.0%} of the ReLU units dead, {stays} when it is put right: the loss "
        f"ends at {number(seen.last_loss(1))}. {_of_leaky(seen)}"
    )


def _of_leaky(seen: DeadUnits) -> str:
    if np.isnan(seen.share(2)):
        return "With leaky ReLUs the loss is not finite"
    return f"Of leaky ReLUs {seen.share(2):.0%} end dead, at a loss of {number(seen.last_loss(2))}"


def plot_dead_units(seen: DeadUnits) -> Figure:
    """Dead units above, training loss below, a column a way.

    Args:
        seen: What was seen.

    Returns:
        The figure.
    """
    figure, panels = new_sheet(2, len(seen.ways), (3.4 * len(seen.ways), 4.9), sharex=True, sharey="row")
    for way, title in enumerate(seen.ways):
        above, below = panels[:, way]
        for layer, name in enumerate(seen.layers):
            dashes = DASHES[layer % len(DASHES)]
            draw_band(above, np.arange(seen.dead.shape[2]), seen.dead[way, :, :, layer], _shade(layer, seen),
                      dashes=dashes, label=name)  # fmt: skip
        draw_band(below, np.arange(1, seen.loss.shape[2] + 1), seen.loss[way], INK)
        for axes in (above, below):
            _mark_turn(axes, seen, way)
        name_axes(above, title, "", "dead units of the layer" if way == 0 else "")
        name_axes(below, "", "epoch", "training loss" if way == 0 else "")
    panels[0, 0].set_ylim(-0.04, 1.04)
    panels[0, 0].yaxis.set_major_formatter(PercentFormatter(1))
    panels[1, 0].set_yscale("log")
    panels[1, 0].xaxis.set_major_locator(MaxNLocator(5, integer=True))
    note = seeds_note(seen.dead.shape[1]) + " Dead: the unit answers 0 for every row that was looked at."
    say(figure, sentence_of_dead_units(seen) + ".", note, _legend(panels[0, 0]))
    return figure


def _shade(layer: int, seen: DeadUnits) -> tuple[float, float, float, float]:
    """From light (first layer) to dark (last), readable without colours."""
    place = layer / max(1, len(seen.layers) - 1)
    return colormaps["viridis"](0.72 * (1 - place))


def _mark_turn(axes: Axes, seen: DeadUnits, way: int) -> None:
    if way == 0 or not 0 < seen.turn < seen.loss.shape[2]:
        return
    axes.axvline(seen.turn, color=GREY, linestyle=":", linewidth=1)
    if axes.get_subplotspec().rowspan.start == 0:  # type: ignore[union-attr]
        axes.annotate("rate put right", (seen.turn, 0), (3, 3), xycoords=("data", "axes fraction"),
                      textcoords="offset points", fontsize=8, color=GREY, va="bottom")  # fmt: skip


def _legend(axes: Axes) -> tuple[list[Any], list[str]]:
    handles, labels = axes.get_legend_handles_labels()
    if len(handles) > MOST_NAMED:
        return [handles[0], handles[-1]], [f"{labels[0]} (first)", f"{labels[-1]} (last)"]
    return list(handles), list(labels)
