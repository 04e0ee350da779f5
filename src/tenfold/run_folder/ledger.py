"""The ledger of looks: who saw scores, of which rows, when. Lines are only ever added.

A score that was chosen among many is flattered by the choice, so every look at validation or sealed scores is a line of
`ledger.jsonl`, and the report prints how many looks stand behind the number. A run that was killed and continues sees
the same scores of the same networks again: that is one look, and the line that stands is its line.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from tenfold.errors import RunFolderError
from tenfold.run_folder.clock import utc_now
from tenfold.writing import machine_errors

__all__ = ["Look", "add_look", "count_sealed_looks", "read_looks"]


@dataclass(frozen=True)
class Look:
    """One line of the ledger.

    Args:
        part: Which rows were scored.
        what: In words: "15 networks of width 64 scored on inner rows".
        num_scores: How many scores were seen.
        rows_sha256: Hash of the rows that were scored.
        at: When, UTC in ISO 8601; filled in by the ledger.
    """

    part: Literal["inner", "outer", "sealed"]
    what: str
    num_scores: int
    rows_sha256: str
    at: str = ""


def add_look(ledger: Path, look: Look) -> None:
    """Add one line, on the disk before this returns; nothing where the run has this look already.

    Args:
        ledger: The file `ledger.jsonl`; made where it is missing.
        look: What was looked at; its time is filled in.

    Raises:
        MachineError: The disk is full or the file cannot be written.
    """
    _remove_torn_line(ledger)
    if replace(look, at="") in (replace(one, at="") for one in read_looks(ledger)):
        return
    line = json.dumps(asdict(replace(look, at=utc_now())), ensure_ascii=False)
    with machine_errors(ledger), ledger.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_looks(ledger: Path) -> list[Look]:
    """All looks, oldest first; none where the file is missing.

    Args:
        ledger: The file `ledger.jsonl`.

    Returns:
        One look a line.

    Raises:
        RunFolderError: A line that is no look.
    """
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    return [_read_look(line, number, ledger) for number, line in enumerate(lines, start=1)]


def count_sealed_looks(ledger: Path, rows_sha256: str) -> int:
    """Looks of a run at some sealed rows.

    Args:
        ledger: The file `ledger.jsonl`, of this run or of another one.
        rows_sha256: Hash of the sealed rows.

    Returns:
        How many; 0 where the ledger cannot be read: other runs do not stop this one.
    """
    try:
        return sum(one.part == "sealed" and one.rows_sha256 == rows_sha256 for one in read_looks(ledger))
    except (RunFolderError, OSError, UnicodeDecodeError):
        return 0


def _remove_torn_line(ledger: Path) -> None:
    """A line without its end was cut off by a kill before its scores were seen: it goes, and is written again."""
    if not ledger.exists():
        return
    raw = ledger.read_bytes()
    if raw and not raw.endswith(b"\n"):
        with machine_errors(ledger), ledger.open("rb+") as file:
            file.truncate(raw.rfind(b"\n") + 1)


def _read_look(line: str, number: int, ledger: Path) -> Look:
    try:
        return Look(**json.loads(line))
    except (TypeError, ValueError) as error:
        raise RunFolderError("ledger_damaged", f"Line {number} of `{ledger}` is no look", received=line[:80]) from error
