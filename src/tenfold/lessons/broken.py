"""What to say of a lesson where one of its asserts does not hold."""

import ast
import traceback
from typing import Any

from tenfold.errors import TenfoldError
from tenfold.lessons.header import Header
from tenfold.lessons.lesson import Lesson

__all__ = ["BrokenLessonError", "broken_lesson", "cell_name"]


class BrokenLessonError(TenfoldError, AssertionError):
    """A lesson says something that does not hold where it runs: an assert of one of its cells failed."""

    exit_code = 1


def cell_name(header: Header, number: int) -> str:
    """The file name under which tracebacks show a cell's lines."""
    return f"<{header.name}, cell {number}>"


def broken_lesson(
    error: AssertionError, header: Header, number: int, source: str, names: dict[str, Any]
) -> BrokenLessonError | None:
    """What the lesson said, what was so, and which numbers it had recorded: an hour's work may hang on them.

    Args:
        error: What a cell raised.
        header: Of the lesson.
        number: Of the cell.
        source: Of the cell.
        names: What the cells defined.

    Returns:
        The error to raise in its place; None where the assert is not the lesson's, but of something that it called.
    """
    statement = _statement_at(error, cell_name(header, number), source)
    if statement is None:
        return None
    received = " ".join(str(error).split())
    if isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare):
        sides = [one for one in (statement.test.left, *statement.test.comparators) if not isinstance(one, ast.Constant)]
        received = ", ".join(f"{ast.unparse(side)} = {_value(side, names)}" for side in sides)
    ours = names["lesson"].ours if isinstance(names.get("lesson"), Lesson) else {}
    kept = "; ".join(f"{key} {', '.join(f'{value:.4g}' for value in values)}" for key, values in ours.items())
    return BrokenLessonError(
        "broken_lesson", f"Cell {number} of lesson `{header.name}` says what does not hold here",
        expected=f"`{ast.unparse(statement)}`", received=received or None,
        hint="where little is missing, other processors and versions may do that; else please report it"
        + (f". Recorded so far: {kept}" if kept else ""),
    )  # fmt: skip


def _statement_at(error: AssertionError, name: str, source: str) -> ast.stmt | None:
    """The assert of the cell, or its call of `np.testing`, at the line where the error left the cell."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    around = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.stmt) and lines]
    around = [one for one in around if one.lineno <= lines[-1] <= (one.end_lineno or one.lineno)]
    statement = max(around, key=lambda one: one.lineno, default=None)
    if isinstance(statement, ast.Assert) or (statement and ast.unparse(statement).startswith("np.testing.")):
        return statement
    return None


def _value(side: ast.expr, names: dict[str, Any]) -> str:
    try:
        value = eval(compile(ast.Expression(side), "<side of an assert>", "eval"), names)  # noqa: S307  # the lesson's
    except Exception as error:  # noqa: BLE001  # it may raise anything, and the assert is what is told
        return f"({type(error).__name__})"
    return " ".join(repr(value).split())
