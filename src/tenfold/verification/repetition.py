"""The same run once more, and whether its numbers are the same.

Times, places and dates may differ; every other number and word of the facts is compared.
"""

import math
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tenfold.codec import plain
from tenfold.errors import RunFolderError
from tenfold.report.facts import Facts
from tenfold.run_folder.folder import FACTS, find_run_folder

__all__ = ["Comparison", "compare_facts", "repeat_run"]

PASSING = {
    "name", "command", "started", "seconds", "read_at", "at", "paths", "machine", "versions", "work", "reproducibility",
    "verdict", "num_bytes", "file", "card", "sealed_looks", "sealed_runs",
}  # fmt: skip
"""Fields that hold times, places and dates, or sentences in which they stand; and how often the runs beside this one
have looked at its sealed rows. Its own looks are in its ledger, which is checked."""


@dataclass(frozen=True)
class Comparison:
    """Two runs, number by number.

    Args:
        num_compared: Numbers that stand in both.
        different: Where they differ, with both values, "models[0].score.value: 2.31, 2.4".
        largest: Largest difference as a share of the larger of the two numbers; infinite where words differ.
    """

    num_compared: int
    different: tuple[str, ...]
    largest: float


def repeat_run(path: Path, out: Path, progress: IO[str] | None) -> Facts:
    """Type the command of a run again.

    Args:
        path: The run folder.
        out: Folder of the new run.
        progress: Where the new run says how far it is; None for nowhere.

    Returns:
        What it found.

    Raises:
        RunFolderError: The run was started from Python, or the command fails.
    """
    facts = Facts.from_json(find_run_folder(path).read_text(FACTS))
    words = shlex.split(facts.run.command)
    if words[:2] != ["tenfold", "run"]:
        raise RunFolderError(
            "no_command",
            f"The run `{path}` was started from Python and cannot be repeated from the command line",
            received=facts.run.command[:80],
            hint="repeat the call and compare with `tenfold.load`",
        )
    stream = subprocess.DEVNULL if progress is None else progress
    done = subprocess.run(  # noqa: S603 - our own command, without a shell
        [sys.executable, "-m", "tenfold", *words[1:], "--out", str(out), "--progress", "plain"],
        stdout=subprocess.DEVNULL, stderr=stream, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RunFolderError(
            "not_repeated",
            f"The command of `{path}` fails now",
            expected=facts.run.command,
            received=f"exit code {done.returncode}",
            hint="run it by hand, from the folder where it ran before",
        )
    return Facts.from_json((out / FACTS).read_text(encoding="utf-8"))


def compare_facts(one: Facts, other: Facts) -> Comparison:
    """Compare two runs.

    Args:
        one: The facts of the first.
        other: Of the second.

    Returns:
        Where they differ.
    """
    left, right = dict(_numbers("", plain(one))), dict(_numbers("", plain(other)))
    paths = [path for path in {**left, **right} if left.get(path) != right.get(path)]
    different = tuple(f"{path}: {left.get(path)}, {right.get(path)}" for path in paths)
    largest = max((_apart(left.get(path), right.get(path)) for path in paths), default=0.0)
    return Comparison(len(left.keys() & right.keys()), different, largest)


def _numbers(path: str, value: Any) -> Iterator[tuple[str, float | str | bool | None]]:
    """Every number and word with its place, "models[0].score.value"."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name not in PASSING:
                yield from _numbers(f"{path}.{name}".lstrip("."), item)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _numbers(f"{path}[{place}]", item)
    else:
        yield path, value


def _apart(one: Any, other: Any) -> float:
    """How far two numbers are apart, as a share of the larger."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) / (max(abs(one), abs(other)) or 1.0)
    return math.inf
