"""TF404: the training loss goes up and down instead of falling."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, HistoryFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

RISES = 0.4
SIZE = 0.1


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Count the epochs in which the training loss rose, and by how much."""
    history = evidence.history
    if history is None or "loss" not in history.logs or history.logs["loss"].shape[-1] < _LEAST_EPOCHS:
        return Silent("fewer than eight epochs were trained", skipped=True)
    share, size = _oscillation(history)
    numbers: dict[str, Any] = {"rising_epochs": round(share, 3), "rise": round(size, 4)}
    if share < RISES or size < SIZE:
        return Passed(numbers)
    message = f"The training loss rose in {share:.0%} of the epochs, by {size:.0%} of its level each time."
    return [CHECK.finding("tip", message, **numbers)]


_LEAST_EPOCHS = 8


def _oscillation(history: HistoryFacts) -> tuple[float, float]:
    """Fraction of epochs with a rising loss, and the mean rise over the loss; over all members."""
    lines = np.atleast_2d(history.logs["loss"])
    before, after = lines[:, :-1], lines[:, 1:]
    with np.errstate(all="ignore"):
        change = (after - before) / np.abs(before)
    change = change[np.isfinite(change)]
    rises = change[change > 0]
    if not len(change) or not len(rises):
        return 0.0, 0.0
    return len(rises) / len(change), float(rises.mean())


CHECK = Check(
    code="TF404",
    title="Oscillating loss",
    faults=("lr_too_high",),
    stage="history",
    explanation="Steps that are too long throw the weights from one side of a valley to the other.",
    repair="Lower the learning rate, or use larger batches.",
    repairs=("learning_rate",),
    thresholds=(
        Threshold(
            "RISES",
            RISES,
            "fraction of the epochs",
            "AutoTrainer takes 0.2 of swings in accuracy; tuned on the development programs",
        ),
        Threshold("SIZE", SIZE, "of the loss", "tuned on the development programs"),
    ),
    judge=judge,
)
