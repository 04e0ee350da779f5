"""A check: a code, a title, thresholds with their source, and a judgement of the facts.

Each rule is one file of `tenfold.checks.rules`, which defines `CHECK = Check(...)`; docs/checks.md is made from them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tenfold.checks.facts import Evidence
from tenfold.checks.finding import FAULTS, Finding, Outcome, Passed, Severity, Silent

__all__ = ["Check", "Stage", "Threshold"]

Stage: TypeAlias = Literal["model", "data", "probe", "history"]
"""What a check reads: the model alone, the data, the probe training, or the history of a training."""


@dataclass(frozen=True)
class Threshold:
    """A number that a judgement turns on.

    Attributes:
        name: Its name in the check's file.
        value: Its value.
        unit: What it counts, such as `"standard deviations"`.
        source: Where it comes from.
    """

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Check:
    """One rule.

    Attributes:
        code: `"TF1xx"` for the model, `"TF2xx"` for the data, `"TF3xx"` for the probe, `"TF4xx"` for the history.
        title: What it looks for, as a phrase.
        faults: The kinds of fault that it can name.
        stage: What it reads.
        explanation: Why it matters, in words that a beginner understands.
        repair: What to do, as a sentence.
        repairs: Names of the candidates that `tenfold.repair` tries; empty: the check only reports.
        thresholds: The numbers it turns on.
        judge: The judgement: every finding, or `Passed`, or `Silent`.
    """

    code: str
    title: str
    faults: tuple[str, ...]
    stage: Stage
    explanation: str
    repair: str
    judge: Callable[[Evidence], "list[Finding] | Passed | Silent"]
    repairs: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = field(default=())

    def __post_init__(self) -> None:
        unknown = set(self.faults) - set(FAULTS)
        if unknown:
            raise ValueError(f"{self.code} names faults that do not exist: {sorted(unknown)}")

    def outcomes(self, evidence: Evidence) -> Iterable[Outcome]:
        """What the check says of the evidence: one or more outcomes."""
        found = self.judge(evidence)
        return found if isinstance(found, list) else [found]

    def finding(
        self, severity: Severity, message: str, *, fault: str = "", repair: str = "", subject: str = "", **evidence: Any
    ) -> Finding:
        """A finding of this check, with its own fault and repair where none are given."""
        return Finding(self.code, fault or self.faults[0], severity, message, evidence, repair or self.repair, subject)
