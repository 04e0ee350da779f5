"""The runs in a folder as a table: what was asked, what came out, when, how often sealed rows were looked at.

A folder that cannot be read is a line of the table too: it is the one that somebody is looking for.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tenfold.errors import OptionError, TenfoldError
from tenfold.report.facts import Facts
from tenfold.report.numbers import moment
from tenfold.report.standing import standing_of
from tenfold.report.tables import as_table
from tenfold.report.terminal import aligned
from tenfold.report.verdict import decide
from tenfold.report.words import clean, elided
from tenfold.run_folder.folder import FACTS, find_run_folder

__all__ = ["ListedRun", "find_runs", "runs_as_json", "runs_as_table"]

DEEPEST = 2
"""Folders below the one that was named in which runs are looked for."""


@dataclass(frozen=True)
class ListedRun:
    """One run folder.

    Args:
        folder: Its path.
        target: What was predicted.
        verdict: Code of the answer; "not finished" or "damaged" where there is none.
        measure: Short name of the measure.
        score: The network's score; None where there is none.
        shown: The score as the report prints it.
        started: When, UTC in ISO 8601.
        looks: Looks at its sealed rows.
        problem: Why it cannot be read, one sentence; empty where it can.
    """

    folder: str
    target: str = ""
    verdict: str = "damaged"
    measure: str = ""
    score: float | None = None
    shown: str = ""
    started: str = ""
    looks: int = 0
    problem: str = ""


def find_runs(place: Path) -> tuple[ListedRun, ...]:
    """The runs in a folder, newest first; those that cannot be read at the end.

    Args:
        place: A folder of run folders, or a run folder.

    Returns:
        One entry for each folder with a `run.toml`.

    Raises:
        OptionError: No such folder.
    """
    if not place.is_dir():
        raise OptionError("no_folder", f"There is no folder `{place}`", expected="a folder that holds run folders")
    patterns = ["/".join(["*"] * depth + ["run.toml"]) for depth in range(DEEPEST + 1)]
    folders = sorted({found.parent for pattern in patterns for found in place.glob(pattern)})
    runs = [_listed(folder) for folder in folders]
    return tuple(sorted(runs, key=lambda run: run.started, reverse=True))


def _listed(folder: Path) -> ListedRun:
    try:
        run = find_run_folder(folder)
    except TenfoldError as error:
        return ListedRun(str(folder), problem=error.sentence)
    asked = ", ".join(run.asked.targets)
    if not run.finished:
        return ListedRun(str(folder), asked, "not finished", started=run.started)
    try:
        return _told(folder, Facts.from_json(run.read_text(FACTS)))
    except TenfoldError as error:
        return ListedRun(str(folder), asked, started=run.started, problem=error.sentence)


def _told(folder: Path, facts: Facts) -> ListedRun:
    verdict, standing = facts.verdict or decide(facts), standing_of(facts)
    score = standing.network.score.value if standing else None
    return ListedRun(
        str(folder),
        facts.problem.target,
        verdict.code,
        facts.measure.short,
        score,
        standing.form.value(score) if standing and score is not None else "",
        facts.run.started,
        facts.protocol.sealed_looks if facts.protocol else 0,
    )


def runs_as_table(runs: Sequence[ListedRun], width: int) -> str:
    """The runs for a terminal.

    Args:
        runs: From `find_runs`.
        width: Columns of the terminal.

    Returns:
        A line a run below a head; what is wrong with a folder stands below them.
    """
    if not runs:
        return "no runs here"
    rows = [
        (
            one.folder,
            elided(one.target, 16),
            one.verdict,
            one.measure,
            one.shown,
            moment(one.started)[:10],
            str(one.looks),
        )
        for one in runs
    ]
    head = ("run", "target", "verdict", "measure", "score", "date", "looks")
    lines = aligned(as_table(head, rows, words=(0, 1, 2, 3)), width, longest=max(len(one.folder) for one in runs))
    problems = [f"{one.folder}: {clean(one.problem)}" for one in runs if one.problem]
    return "\n".join([*lines, *([""] if problems else []), *problems])


def _numbers(run: ListedRun) -> tuple[str, str, str, str]:
    """The cells after the verdict."""
    return run.measure, run.shown, moment(run.started)[:10], str(run.looks)


def runs_as_json(runs: Sequence[ListedRun]) -> str:
    """The runs for a program: one JSON object on one line."""
    return json.dumps({"schema": 1, "runs": [asdict(one) for one in runs]}, allow_nan=False)
