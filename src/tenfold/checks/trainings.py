"""Checks of a training that a user runs: what was seen of it before, its history, and what is kept of both.

    findings = findings_of(evidence, history, mute=["TF401"])
    announcement(findings, "history.findings")         # "2 findings (TF201 unscaled_input, ...): history.findings"

What was seen is kept as JSON, so that a saved training can be judged again, on a machine without JAX and with the rules
that are there then.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tenfold.checks.facts import DataFacts, Evidence, HistoryFacts, ModelFacts
from tenfold.checks.judging import Findings, judge
from tenfold.codec import build, plain
from tenfold.errors import ChecksWarning

__all__ = ["NOTHING", "announcement", "evidence_from_json", "evidence_to_json", "findings_of"]

NOTHING = Findings((), {})
"""The findings of a training that nobody looked at."""

_NAMED = 2
"""Findings that the one line names; the rest are counted."""


def findings_of(evidence: Evidence, history: HistoryFacts | None, mute: Sequence[str] = ()) -> Findings:
    """Judge a training that is over.

    Args:
        evidence: What was seen of it before.
        history: What it logged.
        mute: Codes of checks and kinds of fault to leave out.

    Returns:
        The findings. Where a rule fails, none, and a `ChecksWarning` that says so: the training stands.

    Raises:
        OptionError: `mute` names neither a check nor a kind of fault.
    """
    try:
        return judge(replace(evidence, history=history), mute)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        because = " ".join([str(error), *getattr(error, "__notes__", ())])
        warnings.warn(f"The checks could not judge this training ({because}).", ChecksWarning, stacklevel=3)
        return NOTHING


def announcement(findings: Findings, where: str) -> str:
    """One line for the screen; empty where nothing above a tip was found.

    Args:
        findings: The findings.
        where: How a user reaches them, such as `"history.findings"`.
    """
    grave = [*findings.errors, *findings.warnings]
    if not grave:
        return ""
    named = ", ".join(f"{one.code} {one.fault}" for one in grave[:_NAMED])
    more = f" and {len(grave) - _NAMED} more" if len(grave) > _NAMED else ""
    return f"{len(grave)} finding{'s' * (len(grave) > 1)} ({named}{more}): {where}"


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """What was seen of a training as JSON values; without probe and history."""
    kept = ("model", "data", "epochs", "batch_size", "shuffles")
    return {name: plain(getattr(evidence, name)) for name in kept}


def evidence_from_json(content: Mapping[str, Any]) -> Evidence:
    """What `evidence_to_json` wrote, here or in an earlier version: unknown names are ignored, absent ones empty."""
    parts = {
        name: build(kind, content[name])
        for name, kind in (("model", ModelFacts), ("data", DataFacts))
        if content.get(name) is not None
    }
    numbers = {name: content[name] for name in ("epochs", "batch_size", "shuffles") if name in content}
    return Evidence(**parts, **numbers)
