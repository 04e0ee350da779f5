"""Findings as plain text for a terminal or a log: a block each, the fault first, what to do last.

error    unscaled_input      TF201
         The inputs reach from 0 to 255 ...
         -> Divide by 255 ...
"""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tenfold.checks.finding import Finding, Outcome, Passed, Silent

__all__ = ["findings_table"]

_MARGIN = 9
_NARROWEST = 60


def findings_table(findings: Sequence[Finding], outcomes: Mapping[str, Sequence[Outcome]], width: int) -> str:
    """The findings and a last line that counts, wrapped to `width` characters."""
    blocks = ["\n".join(_block(finding, max(width, _NARROWEST))) for finding in findings]
    return "\n\n".join([*blocks, _count(findings, outcomes)])


def _block(finding: Finding, width: int) -> Iterator[str]:
    cause = finding.evidence.get("explained_by")
    by = f"  (follows from {cause})" if cause else ""
    yield f"{finding.severity:<{_MARGIN}}{finding.code}  {finding.fault}{by}"
    yield from _wrapped(finding.message, width, "")
    if finding.repair:
        yield from _wrapped(finding.repair, width, "-> ")


def _wrapped(text: str, width: int, mark: str) -> list[str]:
    margin = " " * _MARGIN
    return textwrap.wrap(
        text, width, initial_indent=margin + mark, subsequent_indent=margin + " " * len(mark),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _count(findings: Sequence[Finding], outcomes: Mapping[str, Sequence[Outcome]]) -> str:
    severities = Counter(finding.severity for finding in findings)
    found = [_number(severities[name], name) for name in ("error", "warning", "tip") if severities[name]]
    kinds = Counter(_kind(one) for said in outcomes.values() for one in said)
    quiet = [f"{kinds[kind]} {kind}" for kind in ("passed", "not applicable", "skipped") if kinds[kind]]
    told = ", ".join(found) or "nothing found"
    return f"{told}; checks: {', '.join(quiet)}" if quiet else told


def _number(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _kind(outcome: Outcome) -> str:
    if isinstance(outcome, Silent):
        return "skipped" if outcome.skipped else "not applicable"
    return "passed" if isinstance(outcome, Passed) else "found"
