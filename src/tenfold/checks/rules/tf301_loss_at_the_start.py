"""TF301: the loss before training is far from that of a network that knows nothing."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]

FAR = 5.0


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the first loss with the loss of the best constant answer."""
    probe = evidence.probe
    if probe is None:
        return Silent("nothing was trained", skipped=True)
    start = float(np.nanmedian(probe.start_loss)) if not np.isnan(probe.start_loss).all() else np.nan
    if not np.isfinite(start) or not np.isfinite(probe.guess_loss) or probe.guess_loss <= 0:
        return Silent("the loss of a guess is not known for this loss")
    numbers: dict[str, Any] = {"start_loss": round(start, 4), "guess_loss": round(probe.guess_loss, 4)}
    if start <= FAR * probe.guess_loss:
        return Passed(numbers)
    message = (
        f"Before training the loss is {start:.3g}; a network that answers the same for every row would have "
        f"{probe.guess_loss:.3g}. It starts with confident wrong answers."
    )
    return [CHECK.finding("tip", message, **numbers)]


CHECK = Check(
    code="TF301",
    title="Loss before the first step",
    faults=("bad_init",),
    stage="probe",
    explanation="A network with good initial weights on scaled data begins near the loss of a guess: ln K for K "
    "classes, the variance of the target for a squared error. A much larger first loss says that weights, inputs or "
    "targets are too large.",
    repair="Look at the scale of inputs and targets and at the initializers first.",
    thresholds=(
        Threshold("FAR", FAR, "times the loss of a guess", "TheDeepChecker asks for 2; 5 spares sound programs"),
    ),
    judge=judge,
)
