"""TF110: operations of the user's own code that can leave the finite numbers (rule 27 of the anchors).

They are found by interval arithmetic over the traced code. Where an input in range was found for which it happens, it
is an error; where it only cannot be excluded, a tip: static analysis alone is right about half the time (DEBAR: 299 of
529 warnings).
"""

from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence, UnsafeFacts
from tenfold.checks.finding import Finding, Passed, Silent

__all__ = ["CHECK"]


def _judge(evidence: Evidence) -> list[Finding] | Passed | Silent:
    if evidence.model is None:
        return Silent("no model was given", skipped=True)
    if not evidence.model.unsafe:
        return Passed({"operations": 0})
    return [_finding(one) for one in evidence.model.unsafe]


def _finding(unsafe: UnsafeFacts) -> Finding:
    where = f" ({unsafe.place})" if unsafe.place else ""
    happens = unsafe.trouble if unsafe.confirmed else f"it cannot be excluded that {unsafe.trouble}"
    return CHECK.finding(
        "error" if unsafe.confirmed else "tip",
        f"`{unsafe.operation}`{where}: {happens}.",
        repair=unsafe.advice[:1].upper() + unsafe.advice[1:].rstrip(".") + ".",
        subject=unsafe.place,
        operation=unsafe.operation,
        confirmed=unsafe.confirmed,
    )


CHECK = Check(
    code="TF110",
    title="Operations that can leave the finite numbers",
    faults=("numeric",),
    stage="model",
    explanation=(
        "The logarithm of zero, a division by zero, the root of a negative number and the exponential of a large one "
        "are not numbers, and one such entry turns every weight into NaN in a single step. Keras' own layers and "
        "losses are guarded; code of one's own must be guarded by hand."
    ),
    repair="Keep the argument in the range where the operation is finite.",
    judge=_judge,
)
