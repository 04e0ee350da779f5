"""TF303: units that answer zero for every row."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerSigns
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import optimizer_cures, reach

__all__ = ["CHECK"]

MOST_DEAD = 0.5
LEARNS = 0.6
FADED = 1e-3
RECTIFIED = ("relu", "relu6")


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look for layers most of whose units are dead, in a network that does not learn well."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    kinds = {layer.name: layer for layer in model.layers}
    rectified = [one for one in probe.signs if one.name in kinds and _rectifies(kinds[one.name])]
    if not rectified:
        return Silent("no layer has a ReLU")
    if _fades_forward(rectified):
        return Silent("answers shrink from layer to layer, which TF305 judges")
    shares = {one.name: _dead(one.dead, one.spread) for one in rectified}
    came = float(reach(probe.as_it_is.error, probe.guess_error).mean())
    worst = max(shares, key=lambda name: shares[name])
    numbers: dict[str, Any] = {
        "dead": {name: round(share, 3) for name, share in shares.items()},
        "reach": round(came, 3),
    }
    if shares[worst] <= MOST_DEAD or came >= LEARNS or optimizer_cures(probe):
        return Passed(numbers)
    message = (
        f"{shares[worst]:.0%} of the units of `{worst}` answer 0 for every row after training. Such a unit has no "
        "gradient any more and never comes back."
    )
    return [
        CHECK.finding("error" if shares[worst] > 0.95 or came < 0.1 else "warning", message, subject=worst, **numbers)
    ]


def _fades_forward(layers: Sequence[LayerSigns]) -> bool:
    """Whether the answers of the untrained network shrink to nothing on their way: small is not dead."""
    spreads = [float(np.nanmedian(one.spread[:, 0])) for one in layers if not np.isnan(one.spread[:, 0]).all()]
    return len(spreads) > 2 and 0 < min(spreads) < FADED * max(spreads)


def _rectifies(layer: object) -> bool:
    return getattr(layer, "activation", "") in RECTIFIED or getattr(layer, "kind", "") == "ReLU"


def _dead(share: np.ndarray, spread: np.ndarray) -> float:
    """Fraction of dead units at the end, mean over the seeds whose answers are finite."""
    last = share[np.isfinite(spread[:, -1]), -1]
    return 0.0 if np.isnan(last).all() else float(np.nanmean(last))


CHECK = Check(
    code="TF303",
    title="Dead units",
    faults=("dying_relu",),
    stage="probe",
    explanation="A ReLU answers 0 for everything below 0 and has no gradient there. A step that is too large, or a "
    "start at large negative values, pushes units below 0 for all rows; they stay there.",
    repair="Lower the learning rate by 10, start from `kernel_initializer='he_normal'` and a bias of zeros, or use "
    "`activation='leaky_relu'` or `'gelu'`.",
    repairs=("activation", "initialisation", "learning_rate"),
    thresholds=(
        Threshold("MOST_DEAD", MOST_DEAD, "fraction of a layer's units", "SageMaker Debugger and TheDeepChecker: 0.5"),
        Threshold("FADED", FADED, "smallest over largest spread of a layer's answers", "as TF305's FADES"),
        Threshold(
            "LEARNS",
            LEARNS,
            "part of the way from guessing to perfect",
            "tuned on the development programs: a network that learns can spare units",
        ),
    ),
    judge=judge,
)
