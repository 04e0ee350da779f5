"""TF306: losses that stop being finite, and gradients that explode."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, ModelFacts, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Severity, Silent
from tenfold.checks.heads import CROSSENTROPIES, activation_range
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

LARGE = 100.0
LEARNS = 0.6
CALM = 10.0


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look for losses that are not finite, and for gradients beyond all measure at the start."""
    probe = evidence.probe
    if probe is None:
        return Silent("nothing was trained", skipped=True)
    broken = int((~probe.as_it_is.is_finite).sum())
    came = float(reach(probe.as_it_is.error, probe.guess_error).mean())
    size = _gradient_at_the_start(probe)
    tame = _tame_ways(probe)
    numbers: dict[str, Any] = {
        "not_finite": broken,
        "seeds": len(probe.as_it_is.is_finite),
        "gradient": float(f"{size:.3g}"),
        "reach": round(came, 3),
        "finite_ways": tame,
    }
    if broken and not tame and not np.isfinite(probe.start_loss).any():
        message = (
            "The loss is not a number from the first step on, whatever the learning rate: an operation in the loss or "
            "a layer leaves the finite numbers."
        )
        severity: Severity = (
            "tip" if evidence.model is not None and _reads_no_probabilities(evidence.model) else "error"
        )
        return [CHECK.finding(severity, message, fault="numeric", repair=_NUMERIC, **numbers)]
    if broken and size < CALM and evidence.model is not None and _has_own_code(evidence.model):
        message = (
            f"The loss stopped being finite in {broken} of {len(probe.as_it_is.is_finite)} trainings although the "
            f"gradient is small ({size:.3g}): an operation of your own loss or layer leaves the finite numbers."
        )
        return [CHECK.finding("error", message, fault="numeric", repair=_NUMERIC, **numbers)]
    if broken:
        before = f"; the gradient of the weights was {size:.3g} at the start" if size > 0 else ""
        message = f"The loss stopped being finite in {broken} of {len(probe.as_it_is.is_finite)} trainings{before}."
        return [CHECK.finding("error", message, **numbers)]
    if size > LARGE and came < LEARNS:
        message = f"The gradient of the weights is {size:.3g} at the start: single steps throw the network about."
        return [CHECK.finding("warning", message, **numbers)]
    return Passed(numbers)


def _reads_no_probabilities(model: ModelFacts) -> bool:
    """Whether a crossentropy reads answers below 0 or above 1, which is cause enough (TF101)."""
    read = [
        one
        for one in model.outputs
        if one.loss in CROSSENTROPIES and one.activation != "custom" and not one.from_logits
    ]
    ranges = [activation_range(one.activation) for one in read]
    return any(low < 0 or high > 1 for low, high in ranges)


def _has_own_code(model: ModelFacts) -> bool:
    return any(one.loss == "custom" for one in model.outputs) or not all(layer.is_known for layer in model.layers)


def _gradient_at_the_start(probe: ProbeFacts) -> float:
    """Norm of the whole gradient at the first moment, median over seeds."""
    parts = np.array([one.gradient[:, 0] for one in probe.signs if not np.isnan(one.gradient).all()])
    return float(np.median(np.sqrt(np.nansum(parts**2, axis=0)))) if len(parts) else 0.0


def _tame_ways(probe: ProbeFacts) -> list[str]:
    return [name for name, one in probe.contrasts.items() if one.is_finite.all()]


_NUMERIC = (
    "Keep arguments of log, division and sqrt away from zero (`keras.ops.maximum(x, 1e-7)`), and use Keras' own losses "
    "with `from_logits=True`."
)

CHECK = Check(
    code="TF306",
    title="Exploding gradient",
    faults=("exploding_gradient", "numeric"),
    stage="probe",
    explanation="Large weights, deep or recurrent networks and unscaled data multiply gradients until a step throws "
    "the weights out of range, and the loss becomes infinite or NaN.",
    repair="Give the optimizer `clipnorm=1.0`, lower the learning rate, start from Keras' default initializers and "
    "scale the data.",
    repairs=("clipping", "learning_rate", "initialisation", "scale_inputs"),
    thresholds=(
        Threshold("LARGE", LARGE, "norm of the gradient at the start", "tuned on the development programs"),
        Threshold("CALM", CALM, "norm of the gradient at the start", "arbitrary: nothing explodes from there"),
        Threshold("LEARNS", LEARNS, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
