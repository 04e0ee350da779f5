"""Whether a run folder still holds what the run wrote, and whether its numbers come again.

    $ tenfold verify houses-run
    ok           files       7 files as the run wrote them
    ok           page        report.html shows these facts
    not checked  table       houses.csv is not where it was
    ok           ledger      4 looks, 1 of them at the sealed rows, after all others
    ok           model       answers as it did, on 20 rows

Each check is one line with one outcome; a check that cannot be made says why and fails nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tenfold.data.class_files import kind_of_source
from tenfold.errors import InputError, TenfoldError
from tenfold.question.posing import join_by, open_table
from tenfold.report.facts import Facts
from tenfold.report.page import facts_sha256
from tenfold.report.words import counted, listed
from tenfold.run_folder.folder import FACTS, REPORT, RunFolder, find_run_folder
from tenfold.run_folder.hashes import hash_files
from tenfold.run_folder.ledger import read_looks

__all__ = ["Check", "verify_run"]

CLOSEST = 1e-4
"""Answers of the saved model may differ by this share of their spread: single precision on another machine, measured
at a hundredth of it. Arbitrary."""


@dataclass(frozen=True)
class Check:
    """One check.

    Args:
        name: What was checked, one word.
        outcome: How it went.
        text: What was found.
    """

    name: str
    outcome: Literal["ok", "failed", "not checked"]
    text: str


def verify_run(path: Path) -> tuple[Check, ...]:
    """Check a finished run. Nothing in the folder is executed or changed.

    Args:
        path: The run folder.

    Returns:
        The checks, in the order in which one explains the next.

    Raises:
        OptionError: Not a run folder.
        RunFolderError: The run is not finished, or its facts are damaged.
    """
    folder = find_run_folder(path)
    facts = Facts.from_json(folder.read_text(FACTS))
    checks: list[Callable[[RunFolder, Facts], Check]] = [_files, _page, _table, _ledger, _model]
    return tuple(_made(check, folder, facts) for check in checks)


def _made(check: Callable[[RunFolder, Facts], Check], folder: RunFolder, facts: Facts) -> Check:
    """The check, failed where what it reads is damaged."""
    try:
        return check(folder, facts)
    except TenfoldError as error:
        return Check(check.__name__.lstrip("_"), "failed", error.sentence)


def _files(folder: RunFolder, facts: Facts) -> Check:
    """Every file that the run hashed is there and has its hash; others are named."""
    kept = facts.reproducibility.hashes
    if not kept:
        return Check("files", "not checked", "the run wrote no hashes down")
    now = hash_files(folder.path)
    missing = [name for name in kept if name not in now]
    changed = [name for name, digest in kept.items() if name in now and now[name] != digest]
    wrong = [f"{listed(names)} {what}" for names, what in ((missing, "missing"), (changed, "changed")) if names]
    if wrong:
        return Check("files", "failed", "; ".join(wrong))
    added = [name for name in now if name not in kept]
    more = f"; {listed(added[:3])} came later" if added else ""
    return Check("files", "ok", f"{counted(len(kept), 'file')} as the run wrote them{more}")


def _page(folder: RunFolder, facts: Facts) -> Check:
    """The page was made from these facts."""
    remake = f"tenfold report {folder.path} makes it again"
    if not (folder.path / REPORT).is_file():
        return Check("page", "failed", f"{REPORT} is missing; {remake}")
    found = re.search(r'<meta name="tenfold-facts" content="([0-9a-f]{64})">', folder.read_text(REPORT))
    if found is None or found[1] != facts_sha256(facts):
        return Check("page", "failed", f"{REPORT} was made from other facts; {remake}")
    return Check("page", "ok", f"{REPORT} shows these facts")


def _table(folder: RunFolder, facts: Facts) -> Check:
    """The table, where it still lies where it was, has the bytes that the run read."""
    source = Path(folder.asked.source)
    places = [source, *map(Path, folder.asked.options.join)]
    gone = [str(place) for place in places if not (place.exists() or kind_of_source(place))]
    if gone:
        return Check("table", "not checked", f"{listed(gone)} not found from here")
    try:
        found = join_by(open_table(source), folder.asked.options).source.sha256
    except InputError as error:
        return Check("table", "failed", error.sentence)
    if found != folder.asked.source_sha256:
        return Check("table", "failed", f"{source} has changed since the run read it")
    return Check("table", "ok", f"{source} as the run read it, {counted(facts.run.source.num_rows, 'row')}")


def _ledger(folder: RunFolder, facts: Facts) -> Check:
    """The ledger says what the facts say, and the sealed rows were looked at last."""
    looks = read_looks(folder.ledger)
    kept = facts.protocol.ledger if facts.protocol else ()
    told = [(one.at, one.part, one.what, one.num_scores) for one in kept]
    found = [(one.at, one.part, one.what, one.num_scores) for one in looks]
    if told != found:
        more = f"{len(found)} looks in the ledger, {len(told)} in the facts"
        return Check("ledger", "failed", more if len(found) != len(told) else "a line differs from the facts")
    parts = [one.part for one in looks]
    if "sealed" in parts and set(parts[parts.index("sealed") :]) != {"sealed"}:
        return Check("ledger", "failed", "something was looked at after the sealed rows")
    if (facts.sealed is not None) != ("sealed" in parts):
        return Check("ledger", "failed", "the facts and the ledger disagree on the look at the sealed rows")
    at_the_end = ", after all others" if "sealed" in parts else ""
    num_sealed = parts.count("sealed")
    text = f"{counted(len(looks), 'look')}, {num_sealed} of them at the sealed rows{at_the_end}"
    return Check("ledger", "ok", text)


def _model(folder: RunFolder, facts: Facts) -> Check:  # noqa: ARG001 - all checks are called alike
    """The saved model answers as it did."""
    from tenfold.model_folder.replay import NUM_KEPT, largest_change  # noqa: PLC0415  # JAX and Keras are for this check alone

    change = largest_change(folder)
    if change is None:
        return Check("model", "not checked", "the run kept no rows to ask it with")
    if not change <= CLOSEST:
        return Check("model", "failed", f"answers differ by up to {change:.2g} of their spread")
    exactly = "exactly as it did" if change == 0 else "as it did, but for the last digits"
    return Check("model", "ok", f"answers {exactly} (up to {NUM_KEPT} rows)")
