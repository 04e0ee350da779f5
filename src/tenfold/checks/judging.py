"""All checks asked at once, and their answers as one object.

    findings = judge(Evidence(model=..., data=..., probe=...), mute=["TF108", "imbalance"])
    print(findings.table())

Each rule is found by its file's name, so that a new rule is a new file and nothing else. An exception inside a rule is
a mistake of ours and is raised, with the rule's code.
"""

import functools
import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from tenfold.checks import rules
from tenfold.checks.causes import in_order_of_causes
from tenfold.checks.check import Check
from tenfold.checks.facts import Evidence
from tenfold.checks.finding import FAULTS, Finding, Outcome, Passed, Severity, Silent
from tenfold.checks.findings_table import findings_table
from tenfold.errors import OptionError, did_you_mean

__all__ = ["Findings", "all_checks", "check_mute", "judge"]

_RULE_FILE = re.compile(r"tf\d{3}_\w+")


@functools.cache
def all_checks() -> tuple[Check, ...]:
    """Every check, in the order of codes."""
    names = sorted(one.name for one in pkgutil.iter_modules(rules.__path__) if _RULE_FILE.fullmatch(one.name))
    return tuple(importlib.import_module(f"{rules.__name__}.{name}").CHECK for name in names)


class Findings(Sequence[Finding]):
    """What the checks found, the likeliest first cause first.

    Args:
        found: The findings, in order.
        outcomes: What each check said, by its code: findings as they were before causes and symptoms were told apart,
            `Passed` with the numbers it was judged by, or `Silent` with the reason.
        evidence: What they looked at; `tenfold.views.probe` shows it.

    Attributes:
        outcomes: As given.
        evidence: As given.
    """

    def __init__(
        self, found: Iterable[Finding], outcomes: Mapping[str, Sequence[Outcome]], evidence: Evidence | None = None
    ) -> None:
        self._found = tuple(found)
        self.evidence = evidence
        self.outcomes = {code: tuple(said) for code, said in outcomes.items()}

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings for which the network cannot learn what was asked."""
        return self._of("error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings for which it learns worse than it could, or its score cannot be trusted."""
        return self._of("warning")

    @property
    def tips(self) -> tuple[Finding, ...]:
        """What works and could be built better, and symptoms of a fault that is named before them."""
        return self._of("tip")

    def table(self, width: int = 100) -> str:
        """The findings as plain text.

        Args:
            width: Characters of a line, 60 or more.

        Returns:
            A block for each finding with what to do, and a last line that counts.
        """
        return findings_table(self._found, self.outcomes, width)

    def to_json(self) -> dict[str, Any]:
        """Findings and outcomes as JSON values."""
        return {
            "findings": [finding.to_json() for finding in self],
            "outcomes": {code: [_outcome_to_json(one) for one in said] for code, said in self.outcomes.items()},
        }

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self._found if finding.severity == severity)

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, place: int | slice) -> Finding | tuple[Finding, ...]:
        return self._found[place]

    def __repr__(self) -> str:
        return self.table()


def judge(evidence: Evidence, mute: Sequence[str] = ()) -> Findings:
    """Ask every check.

    Args:
        evidence: What there is to look at.
        mute: Codes of checks that are not asked, such as `"TF108"`, and kinds of fault that are not told, such as
            `"imbalance"`. A muted finding explains no other.

    Returns:
        The findings in the order of causes, with the outcome of every check.

    Raises:
        OptionError: `mute` names neither a check nor a kind of fault.
    """
    check_mute(mute)
    outcomes = {check.code: _outcomes(check, evidence, frozenset(mute)) for check in all_checks()}
    found = [one for said in outcomes.values() for one in said if isinstance(one, Finding)]
    return Findings(in_order_of_causes(found), outcomes, evidence)


def _outcomes(check: Check, evidence: Evidence, mute: frozenset[str]) -> tuple[Outcome, ...]:
    if check.code in mute:
        return (Silent("muted", skipped=True),)
    try:
        said = tuple(check.outcomes(evidence))
    except Exception as error:
        error.add_note(f"while {check.code} ({check.title}) was judged")
        raise
    told = tuple(one for one in said if not (isinstance(one, Finding) and one.fault in mute))
    return told or (Silent("muted", skipped=True),)


def check_mute(mute: Sequence[str], also: Iterable[str] = ()) -> None:
    """Refuse names to mute that do not exist.

    Args:
        mute: The names.
        also: Codes that exist beside those of the checks.

    Raises:
        OptionError: A name is neither the code of a check nor a kind of fault.
    """
    known = [*(check.code for check in all_checks()), *also, *FAULTS]
    for name in [mute] if isinstance(mute, str) else mute:
        if name not in known or isinstance(mute, str):
            raise OptionError(
                "unknown_mute",
                f"`mute` names `{name}`, which is neither the code of a check nor a kind of fault",
                expected="a list of codes such as 'TF108' and kinds of fault such as 'imbalance'",
                received=repr(mute),
                hint=did_you_mean(name, known),
            )


def _outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Finding():
            return {"outcome": "finding", "severity": outcome.severity, "fault": outcome.fault}
        case Passed():
            return {"outcome": "passed", "evidence": dict(outcome.evidence)}
        case Silent():
            return {"outcome": "skipped" if outcome.skipped else "not applicable", "because": outcome.because}
