"""An examination seen: how far each way of training came, and what the layers showed.

    findings = tenfold.examine(model, x, y)
    tenfold.views.probe(findings).figure

A probe trains the network as it is and with one thing changed at a time, over the same seeds. On the left each way is a
line of dots, a dot a seed; on the right the layers at the end of the training as it is. Made from plain facts, so an
examination that was saved can be seen on any machine.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tenfold.checks.facts import Contrast, ProbeFacts
from tenfold.checks.reach import reach
from tenfold.errors import OptionError
from tenfold.views.drawing import BLUE, FAINT, GREY, INK, VERMILLION, middle, name_axes, say
from tenfold.views.view import View

__all__ = ["ProbeSeen", "plot_probe", "probe", "sentence_of_probe"]

AS_IT_IS = "as it is"

SIGNS = {
    "dead": "dead\nunits",
    "saturated": "saturated\nentries",
    "spread": "spread of\nanswers",
    "gradient": "norm of\ngradient",
    "update": "step over\nweights",
}
"""What is shown of a layer; `tenfold.checks.facts.LayerSigns` says what each is."""

SHARES = ("dead", "saturated")

WORST = -0.25
"""Where the axis ends to the left: a way far below guessing is drawn at the rim."""

WORTH = 0.1
"""Part of the way from guessing to perfect that is worth a word, as in `tenfold.checks.reach`."""

DARK = 0.6
"""Shade from which the number in a cell is white."""


@dataclass(frozen=True)
class ProbeSeen:
    """What is drawn.

    Attributes:
        ways: Ways of training, the one that came furthest first.
        trained: How far each came on its training rows, a number a seed: 0 is the best constant answer, 1 no error.
        held_out: The same on rows not trained on; NaN where none were held out.
        layers: Names of the layers.
        signs: What each showed at the last moment, median over seeds, in the order of `names`; NaN where it has no such
            number.
        names: Names of the signs.
    """

    ways: tuple[str, ...]
    trained: Float[np.ndarray, "way seed"]
    held_out: Float[np.ndarray, "way seed"]
    layers: tuple[str, ...]
    signs: Float[np.ndarray, "layer sign"]
    names: tuple[str, ...] = tuple(SIGNS)

    @classmethod
    def of(cls, facts: ProbeFacts) -> "ProbeSeen":
        """From the facts of a probe."""
        guess = facts.guess_error
        ways = sorted(facts.contrasts.values(), key=lambda one: _mean(reach(_scored(one), guess)), reverse=True)
        return cls(
            ways=tuple(one.name for one in ways),
            trained=np.stack([reach(one.error, guess) for one in ways]),
            held_out=np.stack([_held_out(one, guess) for one in ways]),
            layers=tuple(layer.name for layer in facts.signs),
            signs=np.array([[_at_the_end(getattr(layer, name)) for name in SIGNS] for layer in facts.signs]).reshape(
                len(facts.signs), len(SIGNS)
            ),
        )

    def came(self, way: str) -> float:
        """How far a way came on rows not trained on (on its own rows where none were), median over seeds."""
        place = self.ways.index(way)
        held_out = middle(self.held_out[place])
        return middle(self.trained[place]) if np.isnan(held_out) else held_out


def probe(found: Any) -> View:
    """See what an examination saw.

    Args:
        found: Findings of `tenfold.examine`, its evidence, or the `ProbeFacts` themselves.

    Returns:
        The view; its numbers are how far each way came, and the signs of the layers.

    Raises:
        OptionError: Nothing of this kind, or nothing was trained.
    """
    seen = ProbeSeen.of(_facts_in(found))
    return View(plot_probe(seen), sentence_of_probe(seen), seen)


def sentence_of_probe(seen: ProbeSeen) -> str:
    """What was seen, in words."""
    own, best = seen.came(AS_IT_IS), max(seen.ways, key=seen.came)
    rows = "rows not trained on" if np.isfinite(seen.held_out).any() else "its own rows"
    came = "no further than guessing" if own <= 0 else f"{own:.0%} of the way from guessing to no error"
    text = f"As it is the network comes {came} on {rows}"
    if seen.came(best) - own > WORTH:
        return f"{text}; with one change ({best}) it comes {seen.came(best):.0%} of the way"
    return f"{text}; no single change that was tried brings it clearly further"


def plot_probe(seen: ProbeSeen) -> Figure:
    """Ways as lines of dots, layers as a table of shades.

    Args:
        seen: What is drawn.

    Returns:
        The figure.
    """
    rows = max(len(seen.ways), len(seen.layers))
    figure = Figure(figsize=(10.6, 1.9 + 0.36 * rows), layout="constrained")
    if len(seen.layers):
        left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
        _draw_layers(right, seen)
    else:
        left = figure.subplots()
    _draw_ways(left, seen)
    note = f"A dot is one of {seen.trained.shape[1]} seeds. Left of 0: worse than the best constant answer."
    note += " Layers: after the training as it is, median over seeds; darker: larger."
    say(figure, sentence_of_probe(seen) + ".", note)
    return figure


def _facts_in(found: Any) -> ProbeFacts:
    """Look for the facts where findings and evidence keep them."""
    for one in (found, getattr(found, "probe", None), getattr(getattr(found, "evidence", None), "probe", None)):
        if isinstance(one, ProbeFacts):
            return one
    if hasattr(found, "probe") or hasattr(found, "evidence"):
        raise OptionError(
            "nothing_probed", "This examination has no probe training to show",
            hint="its findings say what kept the network from being trained",
        )  # fmt: skip
    raise OptionError(
        "not_a_probe", "`found` holds no examination", expected="what `tenfold.examine` returns, or its evidence",
        received=type(found).__name__,
    )  # fmt: skip


def _draw_ways(axes: Axes, seen: ProbeSeen) -> None:
    heights = np.arange(len(seen.ways))[::-1]
    axes.axvline(0, color=GREY, linestyle=":", linewidth=1)
    for height, way, trained, held_out in zip(heights, seen.ways, seen.trained, seen.held_out, strict=True):
        colour = VERMILLION if way == AS_IT_IS else BLUE
        axes.axhline(height, color=FAINT, linewidth=0.6, zorder=0)
        is_first = height == heights[0]
        axes.plot(_inside(trained), np.full(len(trained), height + 0.16), "o", fillstyle="none", color=colour,
                  markersize=5, label="training rows" if is_first else None)  # fmt: skip
        axes.plot(_inside(held_out), np.full(len(held_out), height - 0.16), "o", color=colour, markersize=5,
                  label="rows not trained on" if is_first else None)  # fmt: skip
    axes.set_yticks(heights, seen.ways, fontsize=9)
    axes.get_yticklabels()[seen.ways.index(AS_IT_IS)].set(fontweight="bold", color=VERMILLION)
    axes.set_xlim(WORST - 0.03, 1.03)
    axes.set_ylim(-0.7, len(seen.ways) - 0.3)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0\nguessing", "0.25", "0.5", "0.75", "1\nno error"], fontsize=9)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(frameon=False, fontsize=8.5, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    name_axes(axes, "", "how far each way of training came", "")


def _draw_layers(axes: Axes, seen: ProbeSeen) -> None:
    shades = np.stack([_shades(name, seen.signs[:, place]) for place, name in enumerate(seen.names)], axis=1)
    axes.imshow(np.ma.masked_invalid(shades), cmap=colormaps["Blues"], vmin=0, vmax=1, aspect="auto")
    for (layer, sign), value in np.ndenumerate(seen.signs):
        shade = shades[layer, sign]
        colour = "white" if shade > DARK else INK
        axes.text(sign, layer, _cell(seen.names[sign], value), ha="center", va="center", fontsize=8.5, color=colour)
    axes.set_xticks(range(len(seen.names)), [SIGNS[name] for name in seen.names], fontsize=8.5)
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(seen.layers)), seen.layers, fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _shades(name: str, values: Float[np.ndarray, " layer"]) -> Float[np.ndarray, " layer"]:
    """Shares as they are; sizes by powers of ten, from the smallest of the layers (light) to the largest."""
    if name in SHARES:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log10(values)
    finite = powers[np.isfinite(powers)]
    if not len(finite):
        return np.where(np.isnan(values), np.nan, 0.0)
    span = max(float(np.ptp(finite)), 2.0)
    return np.where(np.isnan(values), np.nan, np.clip((powers - finite.max()) / span + 0.75, 0.0, 1.0))


def _cell(name: str, value: float) -> str:
    if np.isnan(value):
        return "-"
    return f"{value:.0%}" if name in SHARES else f"{value:.1g}"


def _inside(values: Float[np.ndarray, " seed"]) -> Float[np.ndarray, " seed"]:
    return np.where(np.isnan(values), np.nan, np.clip(values, WORST, 1.0))


def _held_out(one: Contrast, guess: float) -> np.ndarray:
    """As on training rows, but NaN where no rows were held out: a training that is lost has come to -1."""
    has_none = np.isnan(one.validation_error) & one.is_finite
    return np.where(has_none, np.nan, reach(one.validation_error, guess))


def _scored(one: Contrast) -> np.ndarray:
    held_out: np.ndarray = one.validation_error
    return held_out if np.isfinite(held_out).any() else np.asarray(one.error)


def _mean(values: np.ndarray) -> float:
    return float(np.nan_to_num(values, nan=-1.0).mean())


def _at_the_end(values: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a layer without such a number
        return float(np.nanmedian(values[:, -1]))
