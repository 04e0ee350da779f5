"""A lesson from its first cell to its last, in this process: prose and code are told, results as they come."""

import ast
import linecache
import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.lessons.broken import broken_lesson, cell_name
from tenfold.lessons.header import Header
from tenfold.lessons.lesson import FORM, Lesson
from tenfold.lessons.source import read_notebook

__all__ = ["LessonRun", "Teller", "run_lesson"]


@dataclass(frozen=True)
class Teller:
    """Who tells a lesson while it runs.

    Args:
        prose: Is given each cell of prose, as Markdown.
        code: Is given each cell of code before it runs.
        result: Is given the value of a cell's last line, where it has one; what `lesson.show` and `lesson.check` answer
            was printed before.
    """

    prose: Callable[[str], None]
    code: Callable[[str], None]
    result: Callable[[Any], None]


@dataclass(frozen=True)
class LessonRun:
    """What came of it.

    Args:
        lesson: With its numbers and the exercises judged.
        names: What the cells defined.
        minutes: How long it took.
    """

    lesson: Lesson
    names: dict[str, Any]
    minutes: float


def run_lesson(header: Header, teller: Teller, *, is_full: bool, folder: Path | None = None) -> LessonRun:
    """Run a lesson with the solutions of its exercises.

    Args:
        header: Which.
        teller: Who tells it.
        is_full: In the full form.
        folder: For its figures.

    Returns:
        The run.

    Raises:
        BrokenLessonError: An assert of a cell does not hold.
        Exception: Whatever else a cell raises.
    """
    began = time.perf_counter()
    names: dict[str, Any] = {"__name__": "__main__"}
    with _form(is_full=is_full):
        for number, cell in enumerate(read_notebook(header.path).cells):
            if cell.cell_type == "markdown":
                teller.prose(cell["source"])
            elif cell["source"].strip():
                teller.code(cell["source"])
                value = _run_cell(cell["source"], header, number, names)
                lesson = names.get("lesson")
                if isinstance(lesson, Lesson) and lesson.folder is None:
                    lesson.folder = folder
                if value is not None:
                    teller.result(value)
    if not isinstance(names.get("lesson"), Lesson):
        msg = f'{header.path.name} has no `lesson = open_lesson("{header.name}")`'
        raise TypeError(msg)
    return LessonRun(names["lesson"], names, (time.perf_counter() - began) / 60)


@contextmanager
def _form(*, is_full: bool) -> Any:
    before = os.environ.get(FORM)
    os.environ[FORM] = "full" if is_full else "fast"
    try:
        yield
    finally:
        if before is None:
            del os.environ[FORM]
        else:
            os.environ[FORM] = before


def _run_cell(source: str, header: Header, number: int, names: dict[str, Any]) -> Any:
    try:
        return _value_of(source, cell_name(header, number), names)
    except AssertionError as error:
        told = broken_lesson(error, header, number, source, names)
        if told is None:
            raise
        raise told from error


def _value_of(source: str, name: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does: the value of a last line that is an expression is what it shows."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    body = ast.parse(source, name)
    last = body.body[-1] if body.body and isinstance(body.body[-1], ast.Expr) else None
    if last is not None and not source.rstrip().endswith(";"):
        body.body.pop()
        exec(compile(body, name, "exec"), names)  # noqa: S102  # a lesson is a program, and this runs it
        return eval(compile(ast.Expression(last.value), name, "eval"), names)  # noqa: S307
    exec(compile(body, name, "exec"), names)  # noqa: S102
    return None
