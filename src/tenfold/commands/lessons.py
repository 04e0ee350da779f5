"""`tenfold lessons` and `tenfold lesson`: what can be learned, and one lesson from its first line to its last."""

import contextlib
import io
import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenfold.command_line.session import Manner, Session, working
from tenfold.errors import OptionError

if TYPE_CHECKING:
    from tenfold.lessons.header import Header
    from tenfold.lessons.lesson import Markdown
    from tenfold.lessons.running import LessonRun, Teller

__all__ = ["lesson_command", "lessons_command"]

Which = Annotated[list[str], typer.Argument(metavar="LESSON", help="A number (4, P1), a name, or words of the title.")]
Full = Annotated[bool, typer.Option("--full", help="On the real data, with several seeds; minutes to hours.")]
Keep = Annotated[bool, typer.Option("--keep", help="With --full: write the record for the closing table.")]
Notebook = Annotated[bool, typer.Option("--notebook", help="Do not run it: write it as a notebook.")]
Solved = Annotated[bool, typer.Option("--solved", help="With --notebook: with the solutions of the exercises.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="PATH", help="Folder of the figures, or the notebook.")
]
Quiet = Annotated[
    int, typer.Option("--quiet", "-q", count=True, show_default=False, help="Only the closing table; -qq: nothing.")
]
Json = Annotated[bool, typer.Option("--json", help="The answer as one JSON object.")]


def lessons_command(*, as_json: Json = False) -> None:
    """The lessons, in the order of reading.

    \b
    $ tenfold lessons
    $ tenfold lesson 1
    """
    with working(Manner(as_json=as_json)) as session:
        from tenfold.lessons.course import PARTS, list_headers, place

        headers = list_headers()
        if as_json:
            session.say(json.dumps({"schema": 1, "lessons": [_facts(header) for header in headers]}))
            return
        lines = []
        for title, first, last in PARTS:
            lines += [title, *(_line(header) for header in headers if first <= place(header) <= last), ""]
        session.say("\n".join([*lines, "tenfold lesson NUMBER or NAME runs one; --notebook writes it as a notebook."]))


def lesson_command(
    which: Which,
    *,
    full: Full = False,
    keep: Keep = False,
    notebook: Notebook = False,
    solved: Solved = False,
    out: Out = None,
    quiet: Quiet = 0,
    as_json: Json = False,
) -> None:
    """One lesson: its prose, its code and what the code says, or the lesson as a notebook to work in.

    Exits with 1 where a statement of the lesson does not hold.

    \b
    $ tenfold lesson node
    $ tenfold lesson "house prices" --full     # on the data that TENFOLD_DATA names
    $ tenfold lesson slope --notebook          # slope.ipynb, with exercises that check themselves
    """
    with working(Manner(quiet, as_json, progress="plain")) as session:
        from tenfold.lessons.course import find_header

        header = find_header(" ".join(which))
        if (keep and not full) or (solved and not notebook):
            raise OptionError(
                "lesson_options", f"`{'--keep' if keep else '--solved'}` says nothing alone",
                expected="`--full --keep`" if keep else "`--notebook --solved`",
            )  # fmt: skip
        if notebook:
            path = _write_notebook(header, out or Path(f"{header.name}.ipynb"), is_solved=solved)
            session.say(json.dumps({"schema": 1, "notebook": str(path)}) if as_json else "" if quiet > 1 else str(path))
            return
        run = _run(header, session, is_full=full, folder=out, is_told=not quiet and not as_json)
        if keep:
            _keep(run)
        if as_json:
            session.say(json.dumps({"schema": 1, **_facts(header), "ours": run.lesson.ours, "minutes": run.minutes}))
        elif quiet == 1:
            session.say(_for_reader(run.lesson.closing_table(), session))


def _facts(header: "Header") -> dict[str, Any]:
    return {
        "number": header.number, "name": header.name, "title": header.title, "promise": header.promise,
        "data": list(header.data), "minutes_fast": header.minutes_fast, "minutes_full": header.minutes_full,
    }  # fmt: skip


def _line(header: "Header") -> str:
    also = next((one for one in header.also if one.startswith("chapter")), "")
    title = f"{header.title} (= {also})" if also else header.title
    return textwrap.fill(f"  {header.number:>3}  {header.name:<12} {title}", 100, subsequent_indent=" " * 20)


def _write_notebook(header: "Header", path: Path, *, is_solved: bool) -> Path:
    import nbformat

    from tenfold.lessons.source import read_notebook
    from tenfold.writing import writing

    with writing(path) as temporary:
        nbformat.write(read_notebook(header.path, is_solved=is_solved), temporary)  # type: ignore[no-untyped-call]
    return path


def _run(header: "Header", session: Session, *, is_full: bool, folder: Path | None, is_told: bool) -> "LessonRun":
    """Run it; what its cells print goes to the answer's stream line by line, for a lesson is read while it runs."""
    from tenfold.lessons.running import run_lesson

    where = folder or (Path(f"{header.name}-lesson") if is_told else None)
    screen = session.streams.answer if is_told else io.StringIO()
    with contextlib.redirect_stdout(screen):
        return run_lesson(header, _teller(session), is_full=is_full, folder=where)


def _teller(session: Session) -> "Teller":
    from tenfold.lessons.lesson import Markdown, Shown
    from tenfold.lessons.running import Teller

    def say(text: str) -> None:
        sys.stdout.write(text + "\n")  # where a cell's own prints go
        sys.stdout.flush()

    def say_value(value: Any) -> None:
        if not isinstance(value, Shown | bool):  # those were printed
            say(_for_reader(value, session) if isinstance(value, Markdown) else repr(value))

    return Teller(
        lambda text: say(f"\n{_laid_out(text)}"),
        lambda text: say(f"\n{textwrap.indent(text, '    ')}\n"),
        say_value,
    )


def _for_reader(table: "Markdown", session: Session) -> str:
    """A table in the columns of a terminal; in files and pipes it stays Markdown."""
    if not session.streams.answer.isatty():
        return str(table)
    from rich import markdown
    from rich.console import Console

    page = io.StringIO()
    Console(file=page, width=session.width, color_system=None).print(markdown.Markdown(str(table)))
    return "\n".join(line.rstrip() for line in page.getvalue().strip("\n").splitlines())


def _laid_out(text: str) -> str:
    """Prose at the width of a page; headings, tables, lists and formulas keep their lines."""
    return "\n\n".join(_paragraph(part) for part in text.split("\n\n"))


def _paragraph(part: str) -> str:
    lines: Sequence[str] = part.splitlines()
    keeps = any(line.startswith(("#", "|", "-", "*", "<", "$", ">", "    ", "1.")) for line in lines)
    return part if keeps else textwrap.fill(part, 90)


def _keep(run: "LessonRun") -> None:
    from tenfold.lessons.records import write_record
    from tenfold.run_facts.surroundings import machine_facts

    machine = machine_facts()
    cores = f"{machine.num_cores} cores"
    write_record(run.lesson.header, run.lesson.ours, run.minutes, f"{machine.processor}, {cores}, {machine.devices}")
