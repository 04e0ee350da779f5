"""The page of a lesson holds what its cells printed and showed, in their order, and nothing of another cell."""

import contextlib

import nbformat

from lessons.written import BODY, write_lesson
from tenfold.lessons import transcript as made_by
from tenfold.lessons.running import run_lesson
from tenfold.lessons.source import read_page
from tenfold.lessons.transcript import Transcript, hash_of_package

DRAWN = """
# %%
from matplotlib.figure import Figure

print("before")
lesson.show(Figure(), "An empty figure.")

# %%
print("afterwards")

# %%
"""


def outputs_of(header, folder):
    transcript = Transcript(header)
    with contextlib.redirect_stdout(transcript.printed):
        run_lesson(header, transcript.teller(), is_full=False)
    path = transcript.write(folder)
    assert path == folder / hash_of_package() / "sums.ipynb"
    page = nbformat.read(path, 4)
    nbformat.validate(page)
    return [cell.outputs for cell in page.cells if cell.cell_type == "code"]


def test_outputs_stand_with_their_cells(sums, tmp_path):
    result, solution, table = outputs_of(sums, tmp_path)
    assert [one.data["text/plain"] for one in result] == ["3"]
    assert solution[0].text == "add: right.\n"
    assert table[0].data["text/markdown"].startswith("| what | published |")


def test_a_figure_is_drawn_and_not_told(sums, tmp_path):
    write_lesson(sums.path.parent, body=BODY + DRAWN)
    *_, drawn, after, empty = outputs_of(sums, tmp_path)
    assert drawn[0].text == "before\n"
    assert drawn[1].data["text/html"].startswith('<img alt="An empty figure."')
    assert [one.text for one in after] == ["afterwards\n"]
    assert not empty


def test_the_page_changes_with_what_its_outputs_hang_on(sums):
    def made_from() -> str:
        return read_page(sums.path.read_text(encoding="utf-8")).metadata["kernelspec"]["made_from"]

    first = made_from()
    write_lesson(sums.path.parent, body=BODY + "\n# %% [markdown]\n# More prose.\n")
    assert made_from() == first  # prose is not run
    sums.path.write_text(sums.path.read_text(encoding="utf-8").replace("other seeds", "luck"), encoding="utf-8")
    second = made_from()
    (sums.path.parent / "records").mkdir()
    (sums.path.parent / "records" / "sums.json").write_text("{}", encoding="utf-8")
    assert len({first, second, made_from()}) == 3


def test_another_state_of_the_package_has_another_hash(tmp_path, monkeypatch):
    code = tmp_path / "lessons" / "transcript.py"
    code.parent.mkdir()
    code.write_text("x = 1\n")
    monkeypatch.setattr(made_by, "__file__", str(code))
    before = hash_of_package()
    assert hash_of_package() == before
    code.write_text("x = 2\n")
    assert hash_of_package() != before
