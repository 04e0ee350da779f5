"""TF402: training ends while the network still improves."""

from typing import Any

from tenfold.checks.check import Check, Threshold
from tenfold.checks.cures import cures
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.reach import CLEAR_GAIN, LARGER_RATES, gain_of, lead_of
from tenfold.checks.rules.tf308_rate_too_low import is_usual_rate
from tenfold.checks.rules.tf403_too_small import bottleneck

__all__ = ["CHECK"]

COVERS = 0.9
BEHIND = 0.15
FEW_EPOCHS = 3
LITTLE_GAIN = 0.05


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Compare with the same training four times as long."""
    probe, model = evidence.probe, evidence.model
    if probe is None or model is None:
        return Silent("nothing was trained", skipped=True)
    if probe.covers < COVERS:
        return Silent("the probe was shorter than the training it stands for", skipped=True)
    gain = gain_of(probe, "longer")
    if gain is None:
        return Silent("nothing was trained longer", skipped=True)
    numbers: dict[str, Any] = {
        "epochs": evidence.epochs,
        "reach": round(gain.from_reach, 3),
        "reach_longer": round(gain.to_reach, 3),
    }
    halves = gain.size >= LITTLE_GAIN and 1 - gain.to_reach <= 0.5 * (1 - gain.from_reach)
    if not gain.is_clear and not (evidence.epochs <= FEW_EPOCHS and halves):
        return Passed(numbers)
    message = (
        f"After {evidence.epochs} epoch{'s' * (evidence.epochs > 1)} the network takes away "
        f"{max(gain.from_reach, 0):.0%} of a guess's error on rows it has not seen; after "
        f"{4 * evidence.epochs}, {gain.to_reach:.0%}."
    )
    lead = lead_of(probe, "longer", beside=LARGER_RATES)  # faster, too, but a usual rate is no fault
    is_cause = is_usual_rate(model.optimizer) and lead >= -BEHIND and cures(evidence, gain)
    is_cause = is_cause and bottleneck(evidence) is None  # it learns slowly because it is narrow
    return [CHECK.finding("warning" if is_cause else "tip", message, lead=round(lead, 3), **numbers)]


CHECK = Check(
    code="TF402",
    title="Too few epochs",
    faults=("too_few_epochs",),
    stage="history",
    explanation="The loss was still falling when training ended.",
    repair="Train longer, with `EarlyStopping(patience=10, restore_best_weights=True)` to end at the right time.",
    repairs=("epochs",),
    thresholds=(
        Threshold("CLEAR_GAIN", CLEAR_GAIN, "part of the way from guessing to perfect", "reach.py"),
        Threshold("BEHIND", BEHIND, "part of the way", "by which another remedy may gain more; tuned as the others"),
        Threshold("FEW_EPOCHS", FEW_EPOCHS, "epochs", "up to so many, a gain that halves the error is enough"),
        Threshold("LITTLE_GAIN", LITTLE_GAIN, "part of the way", "if it halves the error"),
        Threshold("COVERS", COVERS, "of the user's training steps", "a shorter probe says nothing of the last epoch"),
    ),
    judge=judge,
)
