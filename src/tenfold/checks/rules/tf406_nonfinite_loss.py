"""TF406: a training whose loss stopped being a number."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence, HistoryFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

NONFINITE = "nonfinite_loss"


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Count the members that ended so, and look when."""
    history = evidence.history
    if history is None or not history.outcomes:
        return Silent("nothing was trained", skipped=True)
    broken = [number for number, outcome in enumerate(history.outcomes) if outcome == NONFINITE]
    numbers: dict[str, Any] = {"not_finite": len(broken), "members": len(history.outcomes)}
    if not broken:
        return Passed(numbers)
    first = min(_epochs_before(history, number) for number in broken) + 1
    whose = "of the training" if len(history.outcomes) == 1 else f"of {len(broken)} of {len(history.outcomes)} members"
    message = f"The loss {whose} stopped being a number, first in epoch {first}; what came after it is lost."
    is_common = 2 * len(broken) > len(history.outcomes)
    return [CHECK.finding("error" if is_common else "warning", message, **numbers, first_epoch=first)]


def _epochs_before(history: HistoryFacts, member: int) -> int:
    """Epochs of a member before its loss was no number; the lines of members that were frozen simply end there."""
    lines = [np.atleast_2d(line)[member] for name, line in history.logs.items() if name in ("loss", "val_loss")]
    broken = [np.flatnonzero(~np.isfinite(line)) for line in lines]
    return min((int(places[0]) for places in broken if len(places)), default=max(0, len(lines[0]) - 1) if lines else 0)


CHECK = Check(
    code="TF406",
    title="A loss that is no number",
    faults=("exploding_gradient",),
    stage="history",
    explanation="Once a loss is infinite or not a number, so are the gradients and then all weights: the network is "
    "lost and answers nothing. Mostly steps were too long for the scale of the data or of the initial weights.",
    repair="Lower the learning rate tenfold, clip gradients (`clipnorm=1.0` in the optimizer), and bring inputs and "
    "targets to a standard deviation of about 1; `tenfold.examine` tells which of them it is.",
    repairs=("learning_rate", "clipping", "scale_inputs"),
    judge=judge,
)
