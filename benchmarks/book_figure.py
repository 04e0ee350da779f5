"""How the convnet for cats and dogs learns photos by heart, and what varied photos do against it: one figure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

__all__ = ["draw_overfitting"]

TRAINING, WATCHED = "#767676", "#0072B2"
"""The colours of learning curves in Tenfold's own figures (`tenfold.views.curves`)."""

PANELS = {
    "photos": "the photos as they are",
    "photos-varied": "varied, half of the features dropped",
    "photos-falling": "the same at a falling step",
}


def draw_overfitting(trainings: Sequence[dict[str, Any]], path: Path) -> bool:
    """Draws accuracy on training photos and on photos that the network never saw, epoch by epoch.

    Args:
        trainings: As in the results; those of Tenfold with a curve are drawn, all seeds as thin lines and their mean.
        path: Where the picture goes.

    Returns:
        Whether there was something to draw.
    """
    curves = {
        name: [
            one["curve"] for one in trainings if one["name"] == name and one["way"] == "tenfold" and one.get("curve")
        ]
        for name in PANELS
    }
    shown = {name: own for name, own in curves.items() if own}
    if not shown:
        return False
    figure = Figure(figsize=(4.2 * len(shown), 3.4), layout="constrained")
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for axes, (name, own) in zip(panels, shown.items(), strict=True):
        axes.set_title(PANELS[name], loc="left", fontsize=10)
        _draw(axes, own)
    panels[0].set_ylabel("accuracy, training and other photos")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=160, metadata={"Software": None})
    return True


def _draw(axes: Any, curves: Sequence[dict[str, list[float]]]) -> None:
    """One panel: each kind of photos with its name at the end of its line."""
    for word, label, color in (("training", "training", TRAINING), ("watched", "others", WATCHED)):
        lines = np.array([curve[word] for curve in curves])
        epochs = np.arange(1, lines.shape[1] + 1)
        if len(lines) > 1:
            axes.plot(epochs, lines.T, color=color, linewidth=0.6, alpha=0.5)
        axes.plot(epochs, lines.mean(axis=0), color=color, linewidth=1.6)
        end = lines.mean(axis=0)[-5:].mean()
        axes.annotate(label, (epochs[-1], end), xytext=(5, 0), textcoords="offset points", va="center", color=color)
    axes.set_xlabel("epoch")
    axes.set_xlim(0, len(epochs))
    axes.set_ylim(0.45, 1.02)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
