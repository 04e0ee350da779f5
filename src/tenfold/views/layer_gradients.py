"""Vanishing gradients: how much of the gradient reaches each layer at the start, and what becomes of the training.

On its way back the gradient is multiplied by each layer's weights and by the slope of its activation. A sigmoid's slope
is at most 1/4: twenty of them leave 4^-20, about 1e-12, times what the weights do. The slope of tanh is 1 around 0, so
that it fades where weights are small or units saturated, and not by itself.

Sources: Hochreiter (1991); Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural
networks; He et al. (2015), Delving deep into rectifiers.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tenfold.views.drawing import (
    BLUE,
    GREEN,
    PURPLE,
    VERMILLION,
    draw_band,
    middle,
    name_axes,
    new_sheet,
    number,
    say,
    seeds_note,
)

__all__ = ["LayerGradients", "plot_layer_gradients", "sentence_of_layer_gradients"]

LOOKS = ((VERMILLION, "-"), (PURPLE, "-."), (GREEN, "--"), (BLUE, "-"), ("#222222", ":"))
"""Colour and dashes of the kinds, in their order."""

FADES = 1e-3
"""First over last gradient from which it has vanished. Source: AutoTrainer (Zhang et al. 2021), as in TF305."""

SMALLEST = 1e-16
"""Where the axis of gradients ends: what float32 adds to weights near 1 is 1e-7 and more."""


@dataclass(frozen=True)
class LayerGradients:
    """What was seen.

    Attributes:
        kinds: What the networks' hidden layers do, such as `"tanh"`.
        depths: Their hidden layers, in rising order.
        gradient: Euclidean norm of each layer's gradient before the first step, the first layer first; NaN beyond the
            last layer.
        loss: Training loss of the deepest networks, epoch by epoch.
    """

    kinds: tuple[str, ...]
    depths: tuple[int, ...]
    gradient: Float[np.ndarray, "kind depth seed layer"]
    loss: Float[np.ndarray, "kind seed epoch"]

    def first_over_last(self) -> Float[np.ndarray, "kind depth seed"]:
        """Gradient of the first layer over that of the last; NaN where the last has none."""
        last = np.isfinite(self.gradient).sum(axis=-1, keepdims=True) - 1
        ends = np.take_along_axis(self.gradient, np.maximum(last, 0), axis=-1)[..., 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = self.gradient[..., 0] / ends
        return np.where(np.isfinite(ratios), ratios, np.nan)


def sentence_of_layer_gradients(seen: LayerGradients) -> str:
    """What was seen, in words."""
    kept = [middle(one) for one in seen.first_over_last()[:, -1]]
    losses = [middle(one) for one in seen.loss[:, :, -1]]
    worst, best = int(np.nanargmin(kept)), int(np.nanargmin(losses))
    layers = f"{seen.depths[-1]} hidden layers"
    if kept[worst] >= FADES:
        return (
            f"The gradient reaches the first of {layers} with every activation: it is at least {number(kept[worst])} "
            f"times that of the last ({seen.kinds[worst]})"
        )
    return (
        f"Before the first of {layers} the gradient of {seen.kinds[worst]} has faded to {number(kept[worst])} times "
        f"that of the last, and its loss ends at {number(losses[worst])}; {seen.kinds[best]} keeps "
        f"{number(kept[best])} and ends at {number(losses[best])}"
    )


def plot_layer_gradients(seen: LayerGradients) -> Figure:
    """Gradient by layer, what is left of it by depth (where several were tried), and training.

    Args:
        seen: What was seen.

    Returns:
        The figure.
    """
    has_depths = len(seen.depths) > 1
    figure, panels = new_sheet(1, 2 + has_depths, (3.5 * (2 + has_depths) + 0.4, 3.9))
    by_layer, *by_depth, training = panels[0]
    ratios = seen.first_over_last()
    for number_of_kind, kind in enumerate(seen.kinds):
        colour, dashes = LOOKS[number_of_kind % len(LOOKS)]
        deepest = seen.gradient[number_of_kind, -1]
        draw_band(by_layer, np.arange(1, deepest.shape[1] + 1), _seen(deepest), colour, dashes=dashes, label=kind)
        for axes in by_depth:
            draw_band(axes, seen.depths, _seen(ratios[number_of_kind].T), colour, dashes=dashes, mark="o")
        losses = seen.loss[number_of_kind]
        draw_band(training, np.arange(1, losses.shape[1] + 1), losses, colour, dashes=dashes)
    for axes in (by_layer, *by_depth):
        axes.set_yscale("log")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    name_axes(by_layer, f"{seen.depths[-1]} hidden layers, before the first step", "layer with weights, from the input",
              "norm of the gradient")  # fmt: skip
    for axes in by_depth:
        name_axes(axes, "what reaches the first layer", "hidden layers", "first over last gradient")
        axes.set_xticks(seen.depths)
    name_axes(training, f"training with {seen.depths[-1]} hidden layers", "epoch", "training loss")
    training.set_ylim(bottom=0)
    say(figure, sentence_of_layer_gradients(seen) + ".", seeds_note(seen.loss.shape[1]),
        by_layer.get_legend_handles_labels())  # fmt: skip
    return figure


def _seen(lines: Float[np.ndarray, "seed point"]) -> Float[np.ndarray, "seed point"]:
    """On a logarithmic axis a gradient of exactly 0 stands at its end."""
    return np.where(np.isfinite(lines), np.maximum(lines, SMALLEST), np.nan)
