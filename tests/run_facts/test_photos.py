"""Photos as facts: none where no rows may be shown, none that is sealed, copies side by side."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from pictures import save_classes
from tenfold.data.photos import read_photos
from tenfold.options import Options
from tenfold.question.posing import Question, pose_question
from tenfold.run_facts.photos import photo_sheet


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    folder = save_classes(tmp_path_factory.mktemp("pets"), 24)
    for number in range(6):
        shutil.copy(folder / "cat" / f"{number}.png", folder / "cat" / f"again_{number}.png")
    return pose_question(read_photos(folder, 16), ("label",), Options(budget="quick", protocol="hold_out"))


def certain(question: Question) -> tuple[np.ndarray, np.ndarray]:
    """Working rows, all of which are said to be dogs."""
    rows = question.rows.working
    return rows, np.tile([0.2, 0.8], (len(rows), 1))


def test_samples_and_mistakes_are_of_working_rows(question: Question):
    sheet = photo_sheet(question, *certain(question))
    names = np.array(question.table.source.row_names)
    sealed = set(names[question.rows.sealed])
    assert {label: len(shown) for label, shown in sheet.by_class.items()} == {"cat": 6, "dog": 6}
    assert {one.label for one in sheet.wrong} == {"cat"}
    shown = [*sheet.samples, *sheet.wrong, *(one for group in sheet.copies for one in group)]
    assert sealed.isdisjoint(one.file for one in shown)


def test_copies_stand_side_by_side(question: Question):
    sheet = photo_sheet(question, *certain(question))
    names = np.array(question.table.source.row_names)
    working = set(names[question.rows.working])
    pairs = {f"cat/{number}.png" for number in range(6)} & working
    assert sheet.num_copies == len(sheet.copies) == len(pairs) > 0
    assert {tuple(sorted(one.file for one in group)) for group in sheet.copies} == {
        tuple(sorted((name, name.replace("cat/", "cat/again_")))) for name in pairs
    }
    named = replace(question, alike=replace(question.alike, column="house"))
    assert photo_sheet(named, *certain(question)).copies == ()


def test_there_are_none_where_no_rows_may_be_shown(question: Question):
    hidden = replace(question, options=replace(question.options, show_rows=False))
    assert photo_sheet(hidden, *certain(question)) is None
