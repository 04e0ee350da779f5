"""`tenfold lessons` and `tenfold lesson` as they are typed."""

import json

import nbformat
import pytest

from command_line.terminal import screen_after
from lessons.conftest import sums  # noqa: F401  # the fixture
from lessons.written import BODY, write_lesson
from tenfold.cli import main
from tenfold.command_line.exit_code import ExitCode


def typed(line: str) -> int:
    return main(line.split())


@pytest.fixture(autouse=True)
def where(sums, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    return sums


def test_the_list_names_the_chapter_of_the_source(capfd):
    assert typed("lessons") == 0
    said = capfd.readouterr().out
    assert "Open the box\n    4  sums         Sums of two (= chapter 1 of 001)\n" in said
    assert "tenfold lesson NUMBER or NAME runs one" in said


def test_the_list_as_json(capfd):
    assert typed("lessons --json") == 0
    (lesson,) = json.loads(capfd.readouterr().out)["lessons"]
    assert (lesson["number"], lesson["name"], lesson["minutes_full"]) == ("4", "sums", 3.0)


def test_a_lesson_is_told(capfd):
    assert typed("lesson sums of two") == 0
    said = capfd.readouterr().out
    parts = ["# Sums of two", "## Where we are going", "    1 + 2", "\n3\n", "add: right.", "| a sum | .5 |"]
    assert sorted(parts, key=said.index) == parts


@pytest.mark.parametrize(("line", "said"), [("lesson 4 -qq", ""), ("lesson 4 -q", "| what | published |")])
def test_quietly(capfd, line, said):
    assert typed(line) == 0
    out, err = capfd.readouterr()
    assert out.startswith(said)
    assert bool(out) == bool(said)
    assert not err


READ_BY_A_PERSON = """
from pathlib import Path
from tenfold.lessons import course, source
course.lessons_folder = source.lessons_folder = lambda: Path("lessons")
from tenfold.cli import main
main("lesson 4 -q".split())
"""


def test_a_terminal_shows_the_table_in_columns():
    screen = screen_after(READ_BY_A_PERSON)
    assert "|" not in screen
    (row,) = [line.split() for line in screen.splitlines() if "a sum" in line]
    assert row[:3] == ["a", "sum", ".5"]
    assert max(map(len, screen.splitlines())) <= 80
    assert "has not been run yet" in " ".join(screen.split())


def test_as_json(capfd):
    assert typed("lesson 4 --json") == 0
    assert json.loads(capfd.readouterr().out)["ours"] == {"H1": [0.25, 0.75]}


def test_a_full_run_is_kept(where, capfd):
    assert typed("lesson 4 --full --keep") == 0
    said = capfd.readouterr().out
    assert "0.5 ± 0.35 (2)" in said
    assert "in this run" in said
    assert json.loads((where.path.parent / "records" / "sums.json").read_text())["values"] == {"H1": [0.25, 0.75]}


def test_what_a_lesson_says_wrongly_is_told_with_what_was_recorded(where, capfd):
    write_lesson(where.path.parent, body=BODY.replace("1 + 2", "assert lesson.ours['H1'][0] > 0.5"))
    assert typed("lesson 4 -q") == ExitCode.GATE_FAILED
    out, err = capfd.readouterr()
    assert not out
    *lines, hint = err.splitlines()
    assert lines == [
        "error: Cell 2 of lesson `sums` says what does not hold here",
        "  expected `assert lesson.ours['H1'][0] > 0.5`",
        "  received lesson.ours['H1'][0] = 0.25",
        "",
    ]
    assert hint.startswith("hint: where little is missing")
    assert hint.endswith("Recorded so far: H1 0.25, 0.75")


@pytest.mark.parametrize(("options", "is_solved"), [("", False), (" --solved", True)])
def test_as_a_notebook(tmp_path, capfd, options, is_solved):
    assert typed(f"lesson adding --notebook -o mine.ipynb{options}") == 0
    assert capfd.readouterr().out == "mine.ipynb\n"
    notebook = nbformat.read(tmp_path / "mine.ipynb", 4)
    nbformat.validate(notebook)
    assert any("added = 2 + 3" in cell["source"] for cell in notebook.cells) == is_solved


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("lesson 9", "There is no lesson `9`"),
        ("lesson sms", "`sums`"),
        ("lesson 4 --keep", "`--keep` says nothing alone expected `--full --keep`"),
        ("lesson 4 --solved", "`--solved` says nothing alone expected `--notebook --solved`"),
        ("lesson 4 --notebook -o lessons", "`lessons` cannot be written"),
        ("lesson", "Missing argument"),
        ("lesson 4 --ful", "No such option: --ful"),
    ],
)
def test_what_goes_wrong_is_a_sentence(capfd, line, words):
    assert typed(line) in {ExitCode.BAD_INPUT, ExitCode.MACHINE}
    said = " ".join(capfd.readouterr().err.split())
    assert words in said
    assert "Traceback" not in said
