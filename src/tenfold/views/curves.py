"""Learning curves: what each member's loss or metric did, epoch by epoch.

Nothing is smoothed. Up to twenty members are drawn as thin lines under their median; more are drawn as a band from the
smallest to the largest. A cross marks a member that was frozen because its loss was not finite.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tenfold.errors import OptionError, did_you_mean
from tenfold.record import Record
from tenfold.views.view import View

__all__ = ["Curves", "learning_curves", "plot_curves"]

MOST_LINES = 20
"""Members drawn one by one (reporting plan: more are unreadable and make the file large)."""

TRAINING, VALIDATION = "#767676", "#0072B2"
"""Grey and blue, 4.5 and 5.2 to 1 against white."""


@dataclass(frozen=True)
class Curves:
    """What was logged.

    Attributes:
        metric: Its name.
        training: On training rows; NaN after a member stopped.
        validation: On validation rows; without columns where none were held out.
    """

    metric: str
    training: Float[np.ndarray, "member epoch"]
    validation: Float[np.ndarray, "member _"]


def learning_curves(of: Any, metric: str = "loss") -> View:
    """See what a training did, epoch by epoch.

    Args:
        of: A `Record`, what has one (`tenfold.cross_validate`, `tenfold.load`), or what `fit` returned: a Keras
            `History` or its dict.
        metric: A log, such as `"loss"` or `"accuracy"`.

    Returns:
        The view; its numbers are the curves.

    Raises:
        OptionError: Nothing that was trained, or no such log.
    """
    record = _record(of)
    if metric not in record.history:
        names = [name for name in record.history if not name.startswith("val_")]
        raise OptionError(
            "no_such_log", f"There is no log `{metric}`", expected=f"one of {', '.join(names)}",
            hint=did_you_mean(metric, names),
        )  # fmt: skip
    training = np.asarray(record.history[metric], dtype=np.float64)
    validation = record.history.get(f"val_{metric}", np.zeros((len(training), 0)))
    found = Curves(metric, training, np.asarray(validation, dtype=np.float64))
    return View(plot_curves(record, metric), _title(record, metric), found)


def _record(of: Any) -> Record:
    """Whatever it is as a record."""
    found = getattr(of, "record", of)
    if isinstance(found, Record):
        return found
    logs = getattr(of, "history", of)
    if not isinstance(logs, Mapping) or not logs or not all(np.ndim(line) == 1 for line in logs.values()):
        raise OptionError(
            "nothing_trained", "There are no learning curves in this", received=type(of).__name__,
            expected="a record, a cross-validation, or what `fit` returned",
        )  # fmt: skip
    lines = {str(name): np.asarray(line, dtype=np.float64)[None] for name, line in logs.items()}
    one, count = np.zeros(1, np.int64), len(next(iter(lines.values()))[0])
    rises = {name.removeprefix("val_"): True for name in lines if _rises(name)}
    return Record(one, one, one, one, np.array([count]), np.array([count - 1]), ["ran"], lines, rises)


def _rises(name: str) -> bool:
    """Whether a larger value is better, by the names of Keras' own metrics."""
    return any(word in name.lower() for word in ("acc", "auc", "precision", "recall", "f1", "r2", "iou"))


def plot_curves(record: Record, metric: str) -> Figure:
    """Training and validation curves of all members.

    Args:
        record: What the training left behind.
        metric: A log, such as `"loss"`; its `val_` twin is drawn too where there is one.

    Returns:
        A figure of one panel.
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    ends = {}
    for name, color, label in ((metric, TRAINING, "training"), (f"val_{metric}", VALIDATION, "validation")):
        if name in record.history:
            ends[label] = _draw(axes, record.history[name], color)
    _label(axes, {label: end for label, end in ends.items() if end is not None})
    _mark_frozen(axes, record, metric)
    axes.set_title(_title(record, metric), loc="left", fontsize=11)
    axes.set_xlabel("epoch")
    axes.set_ylabel(metric)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.margins(x=0.02)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    return figure


def _draw(axes: Any, lines: np.ndarray, color: str) -> tuple[float, float] | None:
    """Draw one kind of curve; returns where its median ends."""
    epochs = np.arange(1, lines.shape[1] + 1)
    trained = np.isfinite(lines).any(axis=0)
    epochs, lines = epochs[trained], lines[:, trained]
    if not len(epochs):
        return None
    if len(lines) > MOST_LINES:
        axes.fill_between(epochs, np.nanmin(lines, axis=0), np.nanmax(lines, axis=0), color=color, alpha=0.2, lw=0)
    else:
        axes.plot(epochs, lines.T, color=color, linewidth=0.7, alpha=0.45)
    median = np.nanmedian(lines, axis=0)
    axes.plot(epochs, median, color=color, linewidth=2, marker="o" if len(epochs) == 1 else None)
    return float(epochs[-1]), float(median[-1])


def _label(axes: Any, ends: dict[str, tuple[float, float]]) -> None:
    """Name each curve at its end; the higher one above, so that two that meet can still be read."""
    highest = max((height for _, height in ends.values()), default=0.0)
    for label, (epoch, height) in ends.items():
        color = TRAINING if label == "training" else VALIDATION
        lift = 0 if len(ends) == 1 else 6 if height == highest else -6
        axes.annotate(label, (epoch, height), xytext=(6, lift), textcoords="offset points", color=color, va="center")


def _mark_frozen(axes: Any, record: Record, metric: str) -> None:
    for member, outcome in enumerate(record.outcomes):
        if outcome != "nonfinite_loss":
            continue
        finite = np.flatnonzero(np.isfinite(record.history[metric][member]))
        if len(finite):
            axes.plot(finite[-1] + 1, record.history[metric][member][finite[-1]], "x", color="#D55E00", markersize=8)


def _title(record: Record, metric: str) -> str:
    members = f"{record.num_members} members" if record.num_members > 1 else "one member"
    if f"val_{metric}" not in record.history:
        return f"{metric} of {members}"
    median = np.nanmedian(record.history[f"val_{metric}"], axis=0)
    if not np.isfinite(median).any():
        return f"{metric} of {members}: no finite validation value"
    best = int(np.nanargmax(median) if record.rises.get(metric) else np.nanargmin(median))
    middle = "best median" if record.num_members > 1 else "best"
    return f"validation {metric} of {members}: {middle} {median[best]:.3g} at epoch {best + 1}"
