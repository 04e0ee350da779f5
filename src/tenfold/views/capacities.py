"""Capacity: training and validation loss against the size of a network, from underfit to overfit.

Too small, and the network cannot say what the rows show; too large, and it learns the rows by heart with their noise.
Training loss falls with size, validation loss has its minimum in between.

Source: Goodfellow, Bengio and Courville (2016), Deep Learning, section 5.2; the order of work (grow until validation no
longer gains) is that of F. Chollet (2017), section 4.5.6.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from tenfold.views.drawing import (
    BLUE,
    GREY,
    PURPLE,
    VERMILLION,
    draw_band,
    name_axes,
    new_sheet,
    number,
    say,
    seeds_note,
    write_in_corner,
)

__all__ = ["Capacities", "plot_capacities", "sentence_of_capacities"]

TURNED = 1.05
"""Validation loss over the smallest from which a larger network overfits. Arbitrary."""


@dataclass(frozen=True)
class Capacities:
    """What was seen.

    Attributes:
        measure: What is varied, such as `"width"`.
        sizes: Its values in rising order.
        parameters: Trainable numbers of each network.
        loss: Training loss of each epoch.
        validation_loss: Loss on rows that the seed did not train on.
    """

    measure: str
    sizes: tuple[int, ...]
    parameters: tuple[int, ...]
    loss: Float[np.ndarray, "size seed epoch"]
    validation_loss: Float[np.ndarray, "size seed epoch"]

    def last(self, losses: Float[np.ndarray, "size seed epoch"]) -> Float[np.ndarray, " size"]:
        """Loss of the last epoch, median over seeds; infinite where half of the seeds or more were lost."""
        ends = np.where(np.isfinite(losses[:, :, -1]), losses[:, :, -1], np.inf)
        return np.asarray(np.median(ends, axis=1))

    @property
    def best(self) -> int:
        """Position of the size with the smallest validation loss at the end."""
        return int(np.argmin(self.last(self.validation_loss)))


def sentence_of_capacities(seen: Capacities) -> str:
    """What was seen, in words."""
    training, validation, best = seen.last(seen.loss), seen.last(seen.validation_loss), seen.best
    text = (
        f"A {seen.measure} of {seen.sizes[best]:,} does best on rows not trained on: a loss of "
        f"{number(validation[best])}"
    )
    if best > 0:
        text += f". {seen.sizes[0]:,} is too small ({number(training[0])} even in training)"
    if best == len(seen.sizes) - 1:
        return text + "; larger ones may do better yet"
    if validation[-1] <= TURNED * validation[best]:
        return text + (";" if best > 0 else ".") + f" {seen.sizes[-1]:,} does hardly worse ({number(validation[-1])})"
    joint = "; " if best > 0 else ". "
    return text + (
        f"{joint}{seen.sizes[-1]:,} learns by heart: {number(training[-1])} in training, "
        f"{number(validation[-1])} outside"
    )


def plot_capacities(seen: Capacities) -> Figure:
    """Final losses against size; curves of the smallest, the best and the largest network.

    Args:
        seen: What was seen.

    Returns:
        The figure.
    """
    shown = sorted({0, seen.best, len(seen.sizes) - 1})
    widths = [2.0, *[1.0] * len(shown)]
    figure, panels = new_sheet(1, 1 + len(shown), (4.4 + 2.1 * len(shown), 4.1), sharey=True,
                               gridspec_kw={"width_ratios": widths})  # fmt: skip
    _draw_sizes(panels[0, 0], seen)
    epochs = np.arange(1, seen.loss.shape[2] + 1)
    for axes, place in zip(panels[0, 1:], shown, strict=True):
        draw_band(axes, epochs, seen.loss[place], GREY, dashes="--")
        draw_band(axes, epochs, seen.validation_loss[place], BLUE)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        name_axes(axes, f"{seen.measure} {seen.sizes[place]:,}", "epoch", "")
    panels[0, 0].set_ylim(*_window(seen))
    note = seeds_note(seen.loss.shape[1]) + " Each seed holds out other rows."
    say(figure, sentence_of_capacities(seen) + ".", note, panels[0, 0].get_legend_handles_labels())
    return figure


def _draw_sizes(axes: Axes, seen: Capacities) -> None:
    draw_band(axes, seen.sizes, seen.loss[:, :, -1].T, GREY, dashes="--", mark="s", label="training rows")
    draw_band(axes, seen.sizes, seen.validation_loss[:, :, -1].T, BLUE, mark="o", label="rows not trained on")
    height = float(seen.last(seen.validation_loss)[seen.best])
    axes.plot(seen.sizes[seen.best], height, "o", color=BLUE, markersize=10, zorder=4)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(seen.sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{size:,}" for size in seen.sizes])
    axes.annotate("best", (seen.sizes[seen.best], height), (0, 9), textcoords="offset points", ha="center", fontsize=9,
                  color=BLUE)  # fmt: skip
    for is_true, word, colour, side in (
        (seen.best > 0, "underfit", PURPLE, "left"),
        (seen.best < len(seen.sizes) - 1, "overfit", VERMILLION, "right"),
    ):
        if is_true:
            write_in_corner(axes, word, colour, f"upper {side}")
    name_axes(axes, f"after {seen.loss.shape[2]} epochs", seen.measure, "loss")


def _window(seen: Capacities) -> tuple[float, float]:
    """From 0 to a little above what most of the curves reach: one seed that ran away must not press the others flat."""
    ends = np.concatenate([seen.loss[:, :, -1], seen.validation_loss[:, :, -1]])
    finite = ends[np.isfinite(ends)]
    return 0.0, 1.3 * float(np.quantile(finite, 0.98)) if len(finite) else 1.0
