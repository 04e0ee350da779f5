"""TF311: no gradient reaches any weight although the loss is high."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

NOTHING = 1e-12
LEARNS = 0.6
MOST_DEAD = 0.9


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look at the gradient of all weights, in a network that does not learn."""
    probe = evidence.probe
    weighty = [] if probe is None else [one for one in probe.signs if not np.isnan(one.gradient).all()]
    if probe is None or not weighty:
        return Silent("nothing was trained", skipped=True)
    sizes = np.sqrt(np.nansum(np.square([one.gradient for one in weighty]), axis=0))
    share = float(np.mean(sizes < NOTHING))
    came = float(reach(probe.as_it_is.error, probe.guess_error).mean())
    is_dead = any(np.nanmean(one.dead[:, -1]) > MOST_DEAD for one in weighty if not np.isnan(one.dead).all())
    numbers: dict[str, Any] = {"moments_without_gradient": round(share, 3), "reach": round(came, 3)}
    if share < 0.5 or came >= LEARNS or is_dead:
        return Passed(numbers)
    message = (
        "The gradient of every weight is exactly 0 although the answers are wrong: the loss is flat where the network "
        "stands, as behind a clip or a rounding."
    )
    return [CHECK.finding("error", message, **numbers)]


CHECK = Check(
    code="TF311",
    title="No gradient at all",
    faults=("clipped_loss",),
    stage="probe",
    explanation="A clip, a rounding or a comparison has no slope. Where the loss goes through one, no weight is told "
    "in which direction it gets better.",
    repair="Take clips and roundings out of the loss; use Keras' own crossentropy with `from_logits=True`.",
    repairs=("head",),
    thresholds=(
        Threshold("NOTHING", NOTHING, "norm of the gradient of all weights", "no float32 gradient is that small"),
        Threshold("LEARNS", LEARNS, "part of the way from guessing to perfect", "tuned on the development programs"),
        Threshold("MOST_DEAD", MOST_DEAD, "fraction of a layer's units", "then TF303 names the cause"),
    ),
    judge=judge,
)
