"""The figures of a study, made from what it holds."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from tenfold.checks.frozen import frozen_loss
from tenfold.precision.heads import HeadComparison
from tenfold.precision.paths import Paths
from tenfold.views.precision import (
    Curves,
    plot_errors,
    plot_formats,
    plot_inverses,
    plot_losses,
    plot_round_trip,
)
from tenfold.views.precision_training import plot_frozen, plot_pairs, plot_starts

__all__ = ["figure_of_pairs", "figures_of"]

TITLES = {"images": "Ten classes, raw bytes", "text": "Two classes, no sigmoid"}


def figures_of(study: Any) -> dict[str, Figure]:
    """All figures of a `tenfold.precision.studying.Study`, by name."""
    trip, clipped = study.trip, study.walls["float32"]
    dead = {dtype: found.dead_above for dtype, found in study.walls.items()}
    figures = {
        "inverses": plot_inverses(),
        "round_trip": plot_round_trip(
            trip.logits,
            trip.errors,
            accurate_until=trip.accurate_until,
            finite_until=trip.finite_until,
            dtype=trip.dtype,
        ),
        "losses": plot_losses(_curves(study.losses, "losses"), ceiling=clipped.ceiling, floor=clipped.floor),
        "formats": plot_formats(
            {dtype: _curves(paths, "losses") for dtype, paths in study.wrong.items()},
            {dtype: _curves(paths, "gradients") for dtype, paths in study.wrong.items()},
            dead,
            span=(-5, 25),
        ),
        "loss_errors": plot_errors(_errors(study, "loss"), quantity="loss", span=(-40, 40)),
        "gradient_errors": plot_errors(_errors(study, "gradient"), quantity="gradient", span=(-40, 40)),
        "pairs": figure_of_pairs(study.heads),
        "starts": _starts(study.starts, dead["float32"]),
    }
    return figures | {
        f"frozen_{one.name}": plot_frozen(
            one.loss, one.twin_loss, one.is_frozen, level=frozen_loss(one.share), title=TITLES[one.name]
        )
        for one in study.frozen
    }


def figure_of_pairs(heads: HeadComparison) -> Figure:
    """The paired differences of one comparison."""
    percent, nats = "accuracy, logits less probability (percentage points)", "loss, logits less probability (nats)"
    differences = {
        percent: 100 * (heads.from_logits.accuracy - heads.probability.accuracy),
        nats: heads.from_logits.loss - heads.probability.loss,
    }
    found = {percent: (heads.difference("accuracy"), 100), nats: (heads.difference("loss"), 1)}
    intervals = {name: (unit * one.value, unit * one.low, unit * one.high) for name, (one, unit) in found.items()}
    pairs = len(heads.probability.accuracy)
    return plot_pairs(differences, intervals, f"{heads.question} ({heads.task}): {pairs} pairs, {heads.epochs} epochs")


def _starts(starts: list[HeadComparison], dead: float) -> Figure:
    accuracy = {
        name: np.stack([getattr(one, name).accuracy for one in starts]) for name in ("from_logits", "probability")
    }
    return plot_starts([one.start for one in starts], accuracy, dead)


def _curves(paths: Paths, quantity: str) -> Curves:
    ways = (getattr(way, quantity) for way in (paths.probability, paths.from_logits, paths.exact))
    return Curves(paths.logits, *ways)


def _errors(study: Any, quantity: str) -> dict[str, Curves]:
    curves = {}
    for dtype, paths in study.right.items():
        errors = getattr(paths, f"{quantity}_errors")
        curves[dtype] = Curves(paths.logits, errors("probability"), errors("from_logits"), np.zeros_like(paths.logits))
    return curves
