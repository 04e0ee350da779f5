"""Names beside the ends of lines, in place of a legend: what a reader need not look up."""

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.isotonic import isotonic_regression

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["name_lines"]

APART = 11.0
"""Points between the middles of two names: one line of their letters."""


def name_lines(axes: "Axes") -> None:
    """Write the label of each line beside its right end, in its colour; names that would meet are moved apart.

    The frame's upper and right sides are taken away, as names stand there.

    Args:
        axes: Lines, scale and limits are as they stay. A line without a label keeps none.
    """
    axes.spines[["top", "right"]].set_visible(False)
    ends = {}
    for line in axes.get_lines():
        x, y = (np.asarray(each, dtype=float) for each in line.get_data())
        seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if not str(line.get_label()).startswith("_") and len(seen):
            ends[line] = x[seen[-1]], y[seen[-1]]
    if not ends:
        return
    figure: Any = axes.get_figure(root=True)
    figure.draw_without_rendering()  # places are known once the layout is
    heights = np.array([axes.transData.transform(end)[1] for end in ends.values()]) * 72 / figure.dpi
    order = np.argsort(heights, kind="stable")
    ladder = APART * np.arange(len(order))
    lifted = np.empty(len(order))
    lifted[order] = isotonic_regression(heights[order] - ladder) + ladder  # least moves that keep names apart
    for (line, end), lift in zip(ends.items(), lifted - heights, strict=True):
        axes.annotate(
            str(line.get_label()), end, (6, lift), textcoords="offset points", color=line.get_color(), va="center",
            annotation_clip=False, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )  # fmt: skip
