"""What a lesson file says of itself: a block of TOML in comments at its top, between `# /// lesson` and `# ///`.

The form is that of the metadata of single-file scripts. Source: PEP 723.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["DIFFERENCES", "Exercise", "Header", "Published", "parse_header", "read_header", "without_header"]

DIFFERENCES = ("none", "chance", "fewer rows", "other data", "other version", "slip of the source")
"""Why our number may differ from the published one."""

BLOCK = re.compile(r"(?m)^# /// lesson$\s(?P<toml>(?:^#(?:| .*)$\s)+)^# ///$\s*")


@dataclass(frozen=True)
class Published:
    """A number that a source printed.

    Args:
        key: How the lesson's code names it, such as `"H6"`.
        what: The quantity.
        value: As it was printed, with all runs of the source.
        where: Document and chapter.
        difference: One of `DIFFERENCES`.
        because: A sentence on the difference, and on the data that stood here.
    """

    key: str
    what: str
    value: str
    where: str
    difference: str
    because: str


@dataclass(frozen=True)
class Exercise:
    """A question that checks its answer.

    Args:
        name: How `check`, `hint` and `solution` name it.
        kind: `"compute"`, `"change"`, `"explain"` or `"build"`.
        right: The answer: a number, a list of numbers, or a word.
        hint: A step on the way.
        mistakes: What a wrong answer that is often given says of the way to it.
        tolerance: Largest relative difference that counts as right.
    """

    name: str
    kind: str
    right: Any
    hint: str
    mistakes: tuple[tuple[Any, str], ...] = ()
    tolerance: float = 1e-6


@dataclass(frozen=True)
class Header:
    """A lesson, as lists and pages show it.

    Args:
        path: Its file.
        number: `"1"` to `"21"`, and `"P1"` to `"P6"` for projects.
        name: One word, for the command line.
        title: For people.
        promise: What one can do afterwards, one line.
        covers: Headings of the source documents.
        data: Data sets of the full form.
        minutes_fast: Of the fast form on two cores.
        minutes_full: Of the full form on two cores.
        also: Other words by which the lesson is found.
        published: Numbers of the sources.
        exercises: Questions that check themselves.
        definitions: Numbers that are so by definition and may stand in the prose.
    """

    path: Path
    number: str
    name: str
    title: str
    promise: str
    covers: tuple[str, ...]
    data: tuple[str, ...]
    minutes_fast: float
    minutes_full: float
    also: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    definitions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for one in self.published:
            if one.difference not in DIFFERENCES:
                msg = f"{self.path.name}: the difference of {one.key} is {one.difference!r}, none of {DIFFERENCES}"
                raise ValueError(msg)


def read_header(path: Path) -> Header:
    """The header of a lesson file.

    Args:
        path: The file.

    Returns:
        What it says.

    Raises:
        ValueError: It has no header, or one with unknown or missing words; a lesson's author sees this.
    """
    return parse_header(path.read_text(encoding="utf-8"), path)


def parse_header(text: str, path: Path) -> Header:
    """The header in the text of a lesson file.

    Args:
        text: All of it.
        path: The file, for its name.

    Returns:
        What it says.

    Raises:
        ValueError: As of `read_header`.
    """
    found = BLOCK.match(text)
    if found is None:
        msg = f"{path.name} does not begin with `# /// lesson`"
        raise ValueError(msg)
    said = tomllib.loads("".join(line[2:] or "\n" for line in found["toml"].splitlines(keepends=True)))
    try:
        return Header(path, **_filled(said))
    except TypeError as error:
        msg = f"{path.name}: {error}"
        raise ValueError(msg) from error


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: tuple(said.get(name, ())) for name in ("covers", "data", "also", "definitions")}
    published = tuple(Published(**one) for one in said.get("published", ()))
    exercises = tuple(_exercise(one) for one in said.get("exercises", ()))
    return {**said, **lists, "published": published, "exercises": exercises}


def _exercise(said: Mapping[str, Any]) -> Exercise:
    mistakes: Sequence[Sequence[Any]] = said.get("mistakes", ())
    return Exercise(**{**said, "mistakes": tuple((wrong, sentence) for wrong, sentence in mistakes)})


def without_header(text: str) -> str:
    """The text of a lesson file after its header.

    Args:
        text: All of it.

    Returns:
        The rest, which begins with the first cell.
    """
    return BLOCK.sub("", text, count=1)
