"""TF305: gradients fade on their way to the first layers."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, LayerFacts, LayerSigns
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import LARGER_RATES, best_gain, optimizer_cures, reach

__all__ = ["CHECK"]

FADES = 1e-3
FADES_A_LITTLE = 0.05
SEVERAL = 3
LEARNS = 0.6


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare the gradient of the first layer with that of the last, in a network that does not learn well."""
    probe = evidence.probe
    if probe is None:
        return Silent("nothing was trained", skipped=True)
    weighty = [one for one in probe.signs if not np.isnan(one.gradient).all()]
    if len(weighty) < 3:  # there is no way to fade along
        return Silent("fewer than three layers have weights")
    ratio = _ratio(weighty)
    flat = [layer.name for layer in evidence.model.layers if _is_flat(layer)] if evidence.model else []
    came = float(reach(probe.as_it_is.error, probe.guess_error).mean())
    late = best_gain(probe, "longer", *LARGER_RATES)
    is_late = late is not None and late.is_clear
    numbers: dict[str, Any] = {
        "first_over_last": float(f"{ratio:.3g}"),
        "reach": round(came, 3),
        "layers": len(weighty),
        "sigmoids": len(flat),
    }
    fades = ratio < FADES or (ratio < FADES_A_LITTLE and len(flat) >= SEVERAL)
    if not fades or not (came < LEARNS or is_late) or optimizer_cures(probe):
        return Passed(numbers)
    message = (
        f"The gradient of the first layer (`{weighty[0].name}`) is {ratio:.1e} times that of the last: it fades on its "
        f"way through {len(weighty)} layers, and the first ones hardly learn."
    )
    return [CHECK.finding("warning", message, subject=weighty[0].name, **numbers)]


def _is_flat(layer: LayerFacts) -> bool:
    """Whether a hidden layer ends with a sigmoid, whose slope is 0.25 at most; gates do not count."""
    return layer.activation in ("sigmoid", "hard_sigmoid") and layer.units > 1


def _ratio(layers: list[LayerSigns]) -> float:
    """Gradient of the first over that of the last layer, median over seeds and the first moments."""
    first, last = layers[0].gradient[:, :3], layers[-1].gradient[:, :3]
    with np.errstate(all="ignore"):
        ratios = first / last
    finite = ratios[np.isfinite(ratios)]
    return float(np.median(finite)) if len(finite) else 1.0


CHECK = Check(
    code="TF305",
    title="Vanishing gradient",
    faults=("vanishing_gradient",),
    stage="probe",
    explanation="On its way back the gradient is multiplied by the slope of each activation, which is at most 0.25 for "
    "a sigmoid. Through many such layers nothing is left for the first ones.",
    repair="Use `activation='relu'` with `kernel_initializer='he_normal'`, add `BatchNormalization()`, residual "
    "connections, or take layers away.",
    repairs=("activation", "normalisation", "initialisation"),
    thresholds=(
        Threshold("FADES", FADES, "gradient of the first layer over the last", "AutoTrainer: 1e-3"),
        Threshold("FADES_A_LITTLE", FADES_A_LITTLE, "the same, where several layers end with a sigmoid", "tuned"),
        Threshold("SEVERAL", SEVERAL, "layers that end with a sigmoid", "0.25 to the third power is 0.016"),
        Threshold("LEARNS", LEARNS, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
