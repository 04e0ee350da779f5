"""Where the lessons are, in which order, and how one is found by number, name or words."""

import functools
from collections.abc import Sequence
from pathlib import Path

from tenfold.errors import OptionError, did_you_mean
from tenfold.lessons.header import Header, read_header

__all__ = ["PARTS", "find_header", "lessons_folder", "list_headers"]

PARTS = (
    ("Open the box", 1, 5),
    ("Keras and the way of working", 6, 11),
    ("Making it learn", 12, 13),
    ("Images", 14, 16),
    ("Text and sequences", 17, 20),
    ("Projects", 21, 27),
)
"""Title of each part, and its first and last lesson; the projects P1 to P6 are 22 to 27."""


def lessons_folder() -> Path:
    """The folder of lesson files: beside the package where it was installed, or in the clone that it was made from.

    Raises:
        OptionError: This copy of Tenfold came without them.
    """
    package = Path(__file__).parents[1]
    for folder in (package / "lesson_files", package.parents[1] / "lessons"):
        if folder.is_dir():
            return folder
    raise OptionError(
        "no_lessons", "This copy of Tenfold came without its lessons",
        expected="a folder `lesson_files` in the package", hint="install it from the wheel, or from a clone",
    )  # fmt: skip


@functools.cache
def list_headers() -> tuple[Header, ...]:
    """All lessons, in the order of reading.

    Returns:
        Lessons 1 to 21, then projects P1 to P6.
    """
    return tuple(sorted((read_header(path) for path in lessons_folder().glob("*_*.py")), key=place))


def place(header: Header) -> int:
    """Place of a lesson in the order of reading, from 1."""
    number = header.number
    return int(number.removeprefix("P")) + (21 if number.startswith("P") else 0)


def find_header(wanted: str, headers: Sequence[Header] | None = None) -> Header:
    """The lesson that someone means.

    Args:
        wanted: A number (`4`, `P1`), a name (`scratch`), or words of its title or of what it covers.
        headers: To choose from; None: all lessons.

    Returns:
        It.

    Raises:
        OptionError: None fits, or several.
    """
    headers = list_headers() if headers is None else headers
    said = wanted.strip().casefold()
    for header in headers:
        if said in {header.number.casefold(), header.name.casefold(), header.path.stem.casefold()}:
            return header
    fits = _speaking_of(said, headers) if said else []
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise OptionError(
            "several_lessons", f"Several lessons speak of `{wanted}`",
            expected=" or ".join(f"{one.number} ({one.name})" for one in fits),
        )  # fmt: skip
    raise OptionError(
        "no_such_lesson", f"There is no lesson `{wanted}`", expected="a number, a name, or words of a title",
        hint=did_you_mean(wanted, [one.name for one in headers]) or "`tenfold lessons` lists them",
    )  # fmt: skip


def _speaking_of(said: str, headers: Sequence[Header]) -> list[Header]:
    """Lessons whose title or other words hold this; where there is none, those that cover a heading that does."""
    for words_of in (_names, _headings):
        fits = [header for header in headers if any(said in words.casefold() for words in words_of(header))]
        if fits:
            return fits
    return []


def _names(header: Header) -> tuple[str, ...]:
    return (header.title, *header.also)


def _headings(header: Header) -> tuple[str, ...]:
    return header.covers
