"""TF405: a loss that stands still at a number which says that rows sit behind the wall of a clipped probability."""

from typing import Any

import numpy as np

from tenfold.checks.check import Check, Threshold
from tenfold.checks.facts import DataFacts, Evidence, ModelFacts
from tenfold.checks.finding import Finding, Passed, Silent
from tenfold.checks.frozen import FrozenLoss, recognise_frozen

__all__ = ["CHECK"]

STANDS = 1e-3
LEAST_SHARE = 0.1


def judge(evidence: Evidence) -> "list[Finding] | Passed | Silent":
    """Look whether the last losses are one number, and what number."""
    history, model, data = evidence.history, evidence.model, evidence.data
    if history is None or model is None or "loss" not in history.logs:
        return Silent("nothing was trained", skipped=True)
    if len(model.outputs) != 1 or not model.outputs[0].loss.endswith("crossentropy") or model.outputs[0].from_logits:
        return Silent("the loss does not clip probabilities")
    clipped = None if evidence.probe is None else evidence.probe.clipped_share
    lines = np.atleast_2d(history.logs["loss"])
    found = [one for line in lines if (one := _frozen(line, model, data, clipped)) is not None]
    if not found:
        return Passed({"members": len(history.logs["loss"])})
    share = found[0].share
    numbers: dict[str, Any] = {
        "loss": round(found[0].loss, 4),
        "share": round(share, 5),
        "ceiling": round(found[0].ceiling, 4),
        "members": len(found),
    }
    message = (
        f"The loss stands at {found[0].loss:.4f}, which is {share:.5g} x {found[0].ceiling:.4f}: {share:.1%} of the "
        "rows are answered with certainty and wrongly, where the clipped loss has no gradient. No further epoch helps."
    )
    return [CHECK.finding("error", message, subject=model.outputs[0].layer, **numbers)]


def _frozen(line: np.ndarray, model: ModelFacts, data: DataFacts | None, clipped: float | None) -> FrozenLoss | None:
    """The explanation of a member's last losses, if they are one number that has one.

    Any loss fits some number of rows; that is believed only where the probe saw rows behind the wall.
    """
    known = line[np.isfinite(line)]
    if len(known) < 2 or np.ptp(known[-2:]) > STANDS * max(abs(known[-1]), 1e-12):
        return None
    counts = np.array(data.targets[0].counts if data is not None and data.targets else (), float)
    shares = tuple(counts / counts.sum()) if counts.sum() > 0 else ()
    classes = max(len(shares), model.outputs[0].units, 2)
    rows = data.num_rows if data is not None and clipped else None
    found = recognise_frozen(float(known[-1]), label_shares=shares, num_classes=classes, num_rows=rows)
    if found is None or found.share < LEAST_SHARE:
        return None
    return found if clipped is None or clipped >= 0.5 * found.share else None


CHECK = Check(
    code="TF405",
    title="Loss frozen behind the wall",
    faults=("clipped_loss",),
    stage="history",
    explanation="Keras clips probabilities to [1e-7, 1 - 1e-7], so a row answered with certainty and wrongly costs "
    "16.1181 nats and has no gradient. A share k of such rows holds the loss at k x 16.1181: 14.5063 is nine tenths, "
    "as when one of ten classes is always answered.",
    repair="Scale the inputs and lower the learning rate so that answers do not fly out; leave the last activation out "
    "and compile with `from_logits=True`, where a wrong row always has a gradient.",
    repairs=("scale_inputs", "learning_rate", "head"),
    thresholds=(
        Threshold("STANDS", STANDS, "relative change of the last losses", "arbitrary: a loss that learns moves more"),
        Threshold("LEAST_SHARE", LEAST_SHARE, "of the rows", "below, an ordinary loss may fit by chance"),
    ),
    judge=judge,
)
