"""Lessons: what a lesson file says of itself, how it runs, how exercises check themselves, and its closing table.

A lesson is one Python file in the percent form under `lessons/`: it runs as a script, becomes a notebook, and is a page
of the documentation. `open_lesson` is the name that every lesson file needs; `name_lines` helps its figures.
"""

from typing import TYPE_CHECKING

from tenfold.lazy_names import lazy_names

if TYPE_CHECKING:
    from tenfold.lessons.course import find_header, list_headers
    from tenfold.lessons.lesson import Lesson, open_lesson
    from tenfold.lessons.line_names import name_lines

__all__ = ["Lesson", "find_header", "list_headers", "name_lines", "open_lesson"]

_HOMES = {
    "Lesson": "tenfold.lessons.lesson",
    "find_header": "tenfold.lessons.course",
    "list_headers": "tenfold.lessons.course",
    "name_lines": "tenfold.lessons.line_names",
    "open_lesson": "tenfold.lessons.lesson",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
