"""What the checks say of the network that a run ends with, as findings of the report."""

from collections.abc import Iterable, Iterator
from typing import Any

from tenfold.checks.check import Check
from tenfold.checks.finding import Finding as Found
from tenfold.checks.finding import Outcome, Passed, Silent
from tenfold.checks.judging import Findings, all_checks
from tenfold.report.facts import Finding

__all__ = ["check_findings", "in_order"]

_ORDER = {"error": 0, "warning": 1, "note": 2}

_PROBE = "only a probe training shows it (`tenfold examine`)"


def check_findings(findings: Findings) -> tuple[Finding, ...]:
    """Findings first, the likeliest first cause first; then what the other checks said.

    Args:
        findings: Of a network, its data and its training.

    Returns:
        Findings for errors and warnings, tips, and a line for each check that found nothing.
    """
    titles = {check.code: check.title for check in all_checks()}
    told = [_told(one, titles[one.code]) for one in findings]
    return (*told, *(line for check in all_checks() for line in _quiet(check, findings.outcomes.get(check.code, ()))))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors, warnings, tips and then all that found nothing; what is alike keeps its order."""
    return tuple(sorted(findings, key=lambda one: (one.outcome not in {"finding", "tip"}, _ORDER[one.severity])))


def _told(one: Found, title: str) -> Finding:
    page = f"Why: docs/checks.md#{one.code.lower()}."
    hint = f"{one.repair} {page}".lstrip()
    if one.severity == "tip":
        return Finding(one.code, "tip", one.message, "note", hint, _numbers(one.evidence), title)
    return Finding(one.code, "finding", one.message, one.severity, hint, _numbers(one.evidence), title)


def _quiet(check: Check, outcomes: Iterable[Outcome]) -> Iterator[Finding]:
    for one in outcomes:
        if isinstance(one, Passed):
            yield Finding(check.code, "passed", "", "note", numbers=_numbers(one.evidence), title=check.title)
        elif isinstance(one, Silent):
            yield _silent(check, one)


def _silent(check: Check, one: Silent) -> Finding:
    if one.because == "muted":
        return Finding(check.code, "muted", "", "note", title=check.title)
    if not one.skipped:
        return Finding(check.code, "not_applicable", "", "note", one.because, title=check.title)
    needs_probe = check.stage in ("probe", "history")
    return Finding(check.code, "skipped", "", "note", _PROBE if needs_probe else one.because, title=check.title)


def _numbers(evidence: Any) -> dict[str, float]:
    """The single numbers of what a check was judged by, with names in words."""
    return {
        name.replace("_", " "): float(value)
        for name, value in evidence.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
