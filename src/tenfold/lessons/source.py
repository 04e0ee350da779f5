"""A lesson file as cells: prose and code, read by jupytext, in the forms that scripts, notebooks and pages need."""

import ast
import hashlib
import re
from pathlib import Path
from typing import Any

from tenfold.lessons.course import lessons_folder
from tenfold.lessons.header import Header, parse_header, read_header, without_header
from tenfold.lessons.records import record_path

__all__ = ["as_exercise", "opening", "read_notebook", "read_page", "solution_of"]

CHECKED = re.compile(r"^lesson\.check\(\s*[\"'](?P<exercise>\w+)[\"']\s*,\s*(?P<answer>\w+)\s*\)", re.MULTILINE)


def read_notebook(path: Path, *, is_solved: bool = True) -> Any:
    """A lesson as a notebook.

    Args:
        path: The lesson file.
        is_solved: With the solutions of its exercises; False leaves the lines to be written.

    Returns:
        An `nbformat` notebook without outputs.
    """
    notebook = _cells(read_header(path), path.read_text(encoding="utf-8"))
    for cell in notebook.cells:
        if not is_solved and _is_solution(cell):
            cell["source"] = as_exercise(cell["source"])
    return notebook


def read_page(text: str) -> Any:
    """A lesson as a page of the site, with its solutions folded away.

    Args:
        text: Of the lesson file.

    Returns:
        An `nbformat` notebook without outputs.
    """
    header = parse_header(text, lessons_folder() / "page.py")
    notebook = _cells(header, text)
    notebook.metadata["kernelspec"]["made_from"] = _hash_beside_code(header, text)
    for cell in notebook.cells:
        if _is_solution(cell):
            cell.metadata["tags"] = [*cell.metadata["tags"], "hide-cell"]
            cell.metadata["mystnb"] = {"code_prompt_show": "A solution", "code_prompt_hide": "A solution"}
    return notebook


def _cells(header: Header, text: str) -> Any:
    import jupytext
    from nbformat import v4

    notebook = jupytext.reads(without_header(text), fmt="py:percent")
    notebook.cells.insert(0, v4.new_markdown_cell(opening(header)))  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{header.name}-{number}"
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return notebook


def _hash_beside_code(header: Header, text: str) -> str:
    """Changes with what decides a page's outputs beside its code: the header and the record.

    It stands where caches of executed notebooks look: they compare code cells and the kernel's specification.
    """
    path = record_path(header)
    record = path.read_bytes() if path.is_file() else b""
    top = text[: len(text) - len(without_header(text))]
    return hashlib.sha256(top.encode() + record).hexdigest()[:16]


def _is_solution(cell: Any) -> bool:
    return "solution" in cell.metadata.get("tags", ())


def opening(header: Header) -> str:
    """Title, promise and time of a lesson, as Markdown.

    Args:
        header: Of the lesson.

    Returns:
        The first cell.
    """
    kind = "Project" if header.number.startswith("P") else "Lesson"
    also = f" Also found as: {', '.join(header.also)}." if header.also else ""
    data = ", ".join(f"`{one}`" for one in header.data)
    full = f" on {data}" if data else ""
    return (
        f"# {header.title}\n\n{header.promise}\n\n"
        f"*{kind} {header.number.removeprefix('P')} (`tenfold lesson {header.name}`): "
        f"{_minutes(header.minutes_fast)} in the fast form, {_minutes(header.minutes_full)} in full{full}.{also}*"
    )


def _minutes(minutes: float) -> str:
    return "under a minute" if minutes < 1 else f"about {minutes:.0f} minutes" if minutes > 1 else "a minute"


def as_exercise(source: str) -> str:
    r"""A cell's solution with the lines left out that one writes oneself.

    Functions keep their signature, other answers become `...`; calls of the lesson, such as `lesson.check`, stay.

    Args:
        source: A cell that ends by checking an answer.

    Returns:
        The cell to be filled.

    >>> print(as_exercise("z = 2 * 3\nnode = z + 1\nlesson.check('node', node)"))
    node = ...  # your line
    lesson.check('node', node)
    """
    answers = [found["answer"] for found in CHECKED.finditer(source)]
    kept, written = [], set()
    for statement in ast.parse(source).body:
        lines = ast.get_source_segment(source, statement) or ""
        if lines.startswith(("lesson.", "import ", "from ")):
            named = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
            missing = [name for name in answers if name not in written and name in named]
            kept += [f"{name} = ...  # your line" for name in missing]
            written.update(missing)
            kept.append(lines)
        elif isinstance(statement, ast.FunctionDef):
            body = statement.body[0]
            signature = source.splitlines()[statement.lineno - 1 : body.lineno - 1]
            kept += [*signature, " " * body.col_offset + "...  # your lines"]
            written.add(statement.name)
    return "\n".join(kept)


def solution_of(header: Header, exercise: str) -> str:
    """The lines that answer an exercise.

    Args:
        header: Of the lesson.
        exercise: Its name.

    Returns:
        The cell that is tagged `solution` and checks this exercise.

    Raises:
        ValueError: No cell does.
    """
    for cell in read_notebook(header.path).cells:
        names = {found["exercise"] for found in CHECKED.finditer(cell["source"])}
        if exercise in names and _is_solution(cell):
            return str(cell["source"])
    msg = f"{header.path.name} has no cell tagged `solution` that checks `{exercise}`"
    raise ValueError(msg)
