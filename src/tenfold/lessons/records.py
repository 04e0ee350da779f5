"""What the full form of a lesson measured, kept beside the lessons as JSON, one file a lesson."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from pathlib import Path

from tenfold.lessons.header import Header
from tenfold.writing import writing

__all__ = ["LessonRecord", "read_record", "record_path", "versions", "write_record"]


@dataclass(frozen=True)
class LessonRecord:
    """Numbers of a full run.

    Args:
        lesson: Its name.
        values: Per published number, one value a seed or run.
        minutes: How long all of it took.
        date: ISO date of the run.
        machine: Kind of machine.
        versions: Of the packages that decide numbers.
    """

    lesson: str
    values: Mapping[str, Sequence[float]]
    minutes: float
    date: str
    machine: str
    versions: Mapping[str, str]


def record_path(header: Header) -> Path:
    """Where the record of a lesson is kept: `records/NAME.json` beside the lessons."""
    return header.path.parent / "records" / f"{header.name}.json"


def read_record(header: Header) -> LessonRecord | None:
    """The kept record of a lesson, or None before its full form was run."""
    path = record_path(header)
    return LessonRecord(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def write_record(header: Header, values: Mapping[str, Sequence[float]], minutes: float, machine: str) -> Path:
    """Keep what a full run measured.

    Args:
        header: Of the lesson.
        values: Per published number, one value a seed or run.
        minutes: How long it took.
        machine: Kind of machine, such as `"AMD EPYC, 2 cores"`.

    Returns:
        The file.
    """
    record = LessonRecord(
        header.name, {key: [float(one) for one in each] for key, each in values.items()}, round(minutes, 2),
        date.today().isoformat(), machine, versions(),  # noqa: DTZ011  # the day on the clock of whoever ran it
    )  # fmt: skip
    path = record_path(header)
    with writing(path) as temporary:
        temporary.write_text(json.dumps(asdict(record), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def versions() -> dict[str, str]:
    """Versions of the packages that decide numbers, and of Python."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in ("jax", "keras", "numpy")}}
