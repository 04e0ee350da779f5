"""A lesson as cells: as a notebook, as an exercise, as a page."""

import nbformat
import pytest

from lessons.written import write_lesson
from tenfold.lessons.course import list_headers
from tenfold.lessons.header import read_header
from tenfold.lessons.source import as_exercise, opening, read_notebook, read_page, solution_of


def code_of(notebook) -> list[str]:
    return [cell["source"] for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("header", list_headers(), ids=lambda header: header.name)
@pytest.mark.parametrize("is_solved", [True, False])
def test_every_lesson_is_a_valid_notebook(header, is_solved):
    notebook = read_notebook(header.path, is_solved=is_solved)
    nbformat.validate(notebook)
    assert notebook.cells[0]["source"] == opening(header)
    assert len({cell["id"] for cell in notebook.cells}) == len(notebook.cells)


def test_the_opening_says_what_the_lesson_is(tmp_path):
    said = opening(read_header(write_lesson(tmp_path)))
    assert said.startswith("# Sums of two\n\nAdd up two numbers.\n")
    assert "Lesson 4 (`tenfold lesson sums`): under a minute in the fast form, about 3 minutes in full." in said


def test_exercises_are_left_to_be_written(tmp_path):
    path = write_lesson(tmp_path)
    assert "added = 2 + 3" in "".join(code_of(read_notebook(path)))
    unsolved = "".join(code_of(read_notebook(path, is_solved=False)))
    assert "added = ...  # your line" in unsolved
    assert "2 + 3" not in unsolved


@pytest.mark.parametrize(
    ("solution", "exercise"),
    [
        ("a = 1\nlesson.check('x', a)", "a = ...  # your line\nlesson.check('x', a)"),
        (
            "import math\na = math.pi\nb = 2\nlesson.check('x', a)\nlesson.check('y', b)",
            "import math\na = ...  # your line\nlesson.check('x', a)\nb = ...  # your line\nlesson.check('y', b)",
        ),
        (
            "def relu(z,\n         low=0):\n    return max(low, z)\n\nc = relu(3)\nlesson.check('x', c)",
            "def relu(z,\n         low=0):\n    ...  # your lines\nc = ...  # your line\nlesson.check('x', c)",
        ),
    ],
)
def test_what_one_writes_oneself_is_left_out(solution, exercise):
    assert as_exercise(solution) == exercise


def test_a_page_folds_solutions_and_runs_them(tmp_path):
    page = read_page(write_lesson(tmp_path).read_text(encoding="utf-8"))
    nbformat.validate(page)
    (solution,) = [cell for cell in page.cells if "hide-cell" in cell.metadata.get("tags", ())]
    assert "added = 2 + 3" in solution["source"]
    assert solution.metadata["mystnb"]["code_prompt_show"] == "A solution"


def test_the_lines_that_answer_an_exercise(tmp_path):
    header = read_header(write_lesson(tmp_path))
    assert solution_of(header, "add") == 'added = 2 + 3\nlesson.check("add", added)'
    with pytest.raises(ValueError, match=r"04_sums\.py has no cell tagged `solution` that checks `subtract`"):
        solution_of(header, "subtract")
