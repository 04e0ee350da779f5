"""What the command `verify` checks and says."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

from tenfold.report.facts import Facts
from tenfold.report.words import clean, counted
from tenfold.run_folder.folder import FACTS, find_run_folder
from tenfold.run_folder.versions import versions_in_use
from tenfold.verification.checks import Check, verify_run
from tenfold.verification.repetition import Comparison, compare_facts, repeat_run

__all__ = ["checks_as_json", "checks_as_lines", "checks_of"]

NEAR = 1e-6
"""Numbers nearer than this share of their size are called the same. Arbitrary: the last digits of single precision."""

SHOWN = 5
"""Differences that are printed. Arbitrary."""


def checks_of(run: Path, *, rerun: bool, progress: IO[str] | None) -> tuple[Check, ...]:
    """Check a run, and on demand repeat it.

    Args:
        run: The run folder.
        rerun: Whether to train again.
        progress: Where the repeated run says how far it is; None for nowhere.

    Returns:
        The checks.
    """
    checks = verify_run(run)
    return (*checks, _again(run, progress)) if rerun else checks


def _again(run: Path, progress: IO[str] | None) -> Check:
    """The same command in a temporary folder gives the same numbers."""
    facts = Facts.from_json(find_run_folder(run).read_text(FACTS))
    with tempfile.TemporaryDirectory(prefix="tenfold-verify-") as place:
        found = compare_facts(facts, repeat_run(run, Path(place) / "again", progress))
    if not found.different:
        return Check("again", "ok", f"{counted(found.num_compared, 'number')} are the same")
    if found.largest <= NEAR:
        near = f"{counted(found.num_compared, 'number')} are the same but for the last digits of {len(found.different)}"
        return Check("again", "ok", near)
    return Check("again", "failed", _difference(facts, found))


def _difference(facts: Facts, found: Comparison) -> str:
    """How much differs, the first places, and what else differs that could explain it."""
    now = versions_in_use()
    other = [f"{name} {now[name]} instead of {was}" for name, was in facts.run.versions.items() if now.get(name) != was]
    why = f"; {', '.join(other)}" if other else "; the same versions, so another machine or a changed file"
    more = len(found.different) - SHOWN
    places = "; ".join(found.different[:SHOWN]) + (f"; and {more} more" if more > 0 else "")
    return f"{len(found.different)} of {found.num_compared} numbers differ{why}. {places}"


def checks_as_lines(checks: Sequence[Check]) -> str:
    """A line a check: outcome, name, what was found."""
    outcome, name = (max(len(getattr(one, field)) for one in checks) for field in ("outcome", "name"))
    return "\n".join(f"{one.outcome:<{outcome}}   {one.name:<{name}}   {clean(one.text)}" for one in checks)


def checks_as_json(checks: Sequence[Check]) -> str:
    """The checks for a program: one JSON object on one line."""
    failed = any(one.outcome == "failed" for one in checks)
    return json.dumps({"schema": 1, "ok": not failed, "checks": [asdict(one) for one in checks]}, allow_nan=False)
