"""What a check answers: a finding with the numbers it was judged by, or why there is none.

    for finding in tenfold.examine(model, x, y):
        print(finding.code, finding.severity, finding.message)

A finding names a cause, not a symptom: a symptom whose cause was found is told in the cause's evidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

__all__ = ["FAULTS", "Finding", "Outcome", "Passed", "Severity", "Silent"]

Severity: TypeAlias = Literal["error", "warning", "tip"]
"""`error`: the network cannot learn what was asked. `warning`: it learns worse than it could, or its score cannot be
trusted. `tip`: it works, and could be built better."""

FAULTS: dict[str, str] = {
    "numeric": "numbers that are not finite, or operations that can make them so",
    "head_loss_mismatch": "last layer, loss and labels that do not belong together",
    "label_error": "labels that are wrong",
    "misaligned_xy": "inputs and targets that are not of the same row",
    "leakage": "inputs that give the answer away, or rows seen in training and again in validation",
    "split_mismatch": "training and validation rows that were prepared differently",
    "ordered_data": "rows in an order that training or the split should not see",
    "unscaled_input": "inputs on scales that gradient descent cannot cope with",
    "unscaled_target": "targets on a scale that the network cannot reach",
    "imbalance": "a rare class that is never answered",
    "bad_init": "initial weights of a wrong size, or all alike",
    "no_nonlinearity": "layers without an activation between them",
    "dropout": "dropout that takes away too much, or stands in the wrong place",
    "clipped_loss": "a loss cut off by floating point, so that confident mistakes stop teaching",
    "exploding_gradient": "gradients that grow from layer to layer or step to step",
    "vanishing_gradient": "gradients that fade before they reach the first layers",
    "saturation": "units on the flat part of their activation",
    "dying_relu": "units that answer zero for every row",
    "lr_too_high": "a learning rate that steps over what it seeks",
    "lr_too_low": "a learning rate that gets nowhere in the time given",
    "optimizer": "an optimizer that does not suit the task",
    "too_few_epochs": "training that ends while it still improves",
    "capacity": "a network too small for the task",
    "overfitting": "a network that learns its training rows by heart",
    "metric": "a metric that does not measure what was asked",
}
"""Each kind of fault in a phrase, in the order of causes: what stands above can bring about what stands below."""


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    Attributes:
        code: The check's code, such as `"TF101"`; its page is docs/checks.md.
        fault: Kind of fault, a key of `FAULTS`.
        severity: `"error"`, `"warning"` or `"tip"`.
        message: What is wrong and where, in one or two sentences with the numbers that matter.
        evidence: The numbers it was judged by, by name: JSON values.
        repair: What to do, as a sentence.
        subject: The layer, column, output or part it is about; empty where it is the whole.
    """

    code: str
    fault: str
    severity: Severity
    message: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    repair: str = ""
    subject: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.severity} ({self.fault}): {self.message} {self.repair}".rstrip()

    def as_tip(self) -> "Finding":
        """The same finding, told as a tip."""
        return replace(self, severity="tip")

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON values."""
        named = ("code", "fault", "severity", "subject", "message", "evidence", "repair")
        return {name: dict(self.evidence) if name == "evidence" else getattr(self, name) for name in named}


@dataclass(frozen=True)
class Passed:
    """The check found nothing.

    Attributes:
        evidence: The numbers it was judged by.
    """

    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Silent:
    """The check has nothing to judge by.

    Attributes:
        because: Why, as a phrase.
        skipped: Whether it could have been judged with more to look at (True), or does not apply here (False).
    """

    because: str
    skipped: bool = False


Outcome: TypeAlias = Finding | Passed | Silent
