"""TF401: the network goes on learning its training rows while it gets worse on others."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import Evidence, HistoryFacts, ProbeFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.guess import guess_loss
from tenfold.checks.reach import reach

__all__ = ["CHECK"]

RISE = 1.3
EPOCHS_OF_RISE = 3
GAP = 0.15
BY_HEART = 0.4


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look at the course of the loss on rows not trained on."""
    history, probe = evidence.history, evidence.probe
    if history is None or "val_loss" not in history.logs:
        return Silent("nothing was trained with validation rows", skipped=True)
    lowest, last, since = _course(history)
    gap = _gap_of_losses(evidence, history) if probe is None else _gap_of_errors(probe)
    numbers: dict[str, Any] = {
        "lowest": round(lowest, 4),
        "last": round(last, 4),
        "epochs_since": round(since, 1),
        "gap": gap if gap is None else round(gap, 3),
        "keeps_best": history.keeps_best,
    }
    is_half_way = since > 0.5 * len(history.logs["loss"][0]) if "loss" in history.logs else False
    by_heart = probe is not None and gap is not None and gap > BY_HEART and last > lowest and is_half_way
    rises = np.isfinite(last) and last > RISE * lowest and since >= EPOCHS_OF_RISE
    if not (rises or by_heart) or history.keeps_best or (gap is not None and gap < GAP):
        return Passed(numbers)
    apart = "" if gap is None else f", and the network is {gap:.0%} of a guess's error better on training rows"
    message = (
        f"The loss on rows not trained on was lowest ({lowest:.3g}) {since:.0f} epochs before the end and rose to "
        f"{last:.3g}{apart}: it learns its training rows by heart."
    )
    return [CHECK.finding("warning", message, **numbers)]


def _gap_of_errors(probe: ProbeFacts) -> float:
    """How much further the probe came on its training rows than on others."""
    own = probe.as_it_is
    return float((reach(own.error, probe.guess_error) - reach(own.validation_error, probe.guess_error)).mean())


def _gap_of_losses(evidence: Evidence, history: HistoryFacts) -> float | None:
    """The same of the last losses, over the loss of a guess; None where that is not known."""
    model, data = evidence.model, evidence.data
    if model is None or data is None or len(model.outputs) != 1 or len(data.targets) != 1 or "loss" not in history.logs:
        return None
    guess = guess_loss(data.targets[0], model.outputs[0])
    if guess is None:
        return None
    last = {name: np.atleast_2d(history.logs[name])[:, -3:].mean(axis=1) for name in ("loss", "val_loss")}
    gaps = (last["val_loss"] - last["loss"]) / max(guess, 1e-12)
    return float(gaps[np.isfinite(gaps)].mean()) if np.isfinite(gaps).any() else None


def _course(history: HistoryFacts) -> tuple[float, float, float]:
    """Lowest validation loss, that of the last epoch, and the epochs between them; means over members."""
    lines = np.atleast_2d(history.logs["val_loss"])
    lowest, last, since = [], [], []
    for line in lines:
        known = line[np.isfinite(line)]
        if len(known):
            lowest.append(known.min())
            last.append(known[-3:].mean())
            since.append(len(known) - 1 - known.argmin())
    if not lowest:
        return np.nan, np.nan, 0.0
    return float(np.mean(lowest)), float(np.mean(last)), float(np.mean(since))


CHECK = Check(
    code="TF401",
    title="Overfitting",
    faults=("overfitting",),
    stage="history",
    explanation="A network with more parameters than the rows need begins to store the rows themselves. Then the "
    "loss on other rows rises while the training loss still falls.",
    repair="Stop at the best epoch (`EarlyStopping(restore_best_weights=True)`), make the network smaller, add "
    "`Dropout` or L2, or get more rows.",
    repairs=("early_stopping", "regularisation"),
    thresholds=(
        Threshold(
            "RISE",
            RISE,
            "times the lowest validation loss",
            "SageMaker Debugger's 0.1 fires on sound programs; tuned on the development programs",
        ),
        Threshold("EPOCHS_OF_RISE", EPOCHS_OF_RISE, "epochs", "one epoch, as UMLAUT takes, over-fires"),
        Threshold("BY_HEART", BY_HEART, "part of the way", "a gap that is enough with any rise over half the epochs"),
        Threshold("GAP", GAP, "part of the way from guessing to perfect", "tuned on the development programs"),
    ),
    judge=judge,
)
