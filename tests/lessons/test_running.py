"""A lesson runs from its first cell to its last, tells what it does, and stops where something does not hold."""

import os

import pytest

from lessons.written import BODY, HEADER, write_lesson
from tenfold.errors import OptionError
from tenfold.lessons.broken import BrokenLessonError
from tenfold.lessons.header import read_header
from tenfold.lessons.lesson import FORM, Lesson, open_lesson
from tenfold.lessons.running import Teller, run_lesson


def run(header, *, is_full=False):
    told = []
    teller = Teller(
        lambda text: told.append(("prose", text)),
        lambda text: told.append(("code", text)),
        lambda value: told.append(("result", repr(value))),
    )
    return run_lesson(header, teller, is_full=is_full), told


def test_it_tells_prose_code_and_results_in_their_order(sums, capsys):
    ran, told = run(sums)
    assert [kind for kind, _ in told] == [
        "prose", "prose", "code", "result", "code", "result", "prose", "code", "result",
    ]  # fmt: skip
    assert told[3] == ("result", "3")
    assert "| a sum | .5 |" in told[-1][1]
    assert capsys.readouterr().out == "add: right.\n"
    assert ran.lesson.judged == {"add": True}
    assert ran.lesson.ours == {"H1": [0.25, 0.75]}
    assert ran.names["added"] == 5


@pytest.mark.parametrize("is_full", [True, False])
def test_the_form_is_that_of_the_run_and_is_put_back(sums, monkeypatch, is_full):
    monkeypatch.setenv(FORM, "fast")
    ran, _ = run(sums, is_full=is_full)
    assert ran.lesson.is_full == is_full
    assert os.environ[FORM] == "fast"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("assert 1 + 2 == 4", r"`assert 1 \+ 2 == 4`\. Received: 1 \+ 2 = 3\. Hint"),
        ("assert 3 > lesson.ours['H1'][0] > 0.5", r"Received: lesson\.ours\['H1'\]\[0\] = 0\.25\. Hint"),
        (
            "if lesson:\n    assert not lesson.ours, 'much'",
            r"`assert not lesson\.ours, 'much'`\. Received: much\. Hint",
        ),
        ("assert not lesson.ours", r"`assert not lesson\.ours`\. Hint"),
        ("import numpy as np\nnp.testing.assert_allclose(1.0, 2.0)", r"assert_allclose.*Received: Not equal.*array\(2"),
        ("x = iter([1])\nassert next(x) == 2", r"Received: next\(x\) = \(StopIteration\)\. Hint"),
    ],
)
def test_an_assert_that_fails_ends_it(sums, line, said):
    write_lesson(sums.path.parent, body=BODY.replace("1 + 2", line))
    told = r"^Cell 2 of lesson `sums` says what does not hold here\. Expected: .*" + said
    with pytest.raises(BrokenLessonError, match=told) as caught:
        run(sums)
    assert isinstance(caught.value, AssertionError)
    assert str(caught.value).endswith("Recorded so far: H1 0.25, 0.75.")
    assert FORM not in os.environ


def test_an_assert_of_what_a_cell_calls_is_not_the_lesson(sums):
    called = "import ast\n\ndef call():\n    raise AssertionError('deep')\n\ncall()"
    write_lesson(sums.path.parent, body=BODY.replace("1 + 2", called))
    with pytest.raises(AssertionError, match="deep") as caught:
        run(sums)
    assert not isinstance(caught.value, BrokenLessonError)


def test_a_lesson_that_opens_nothing_is_told(sums):
    write_lesson(sums.path.parent, body="\n# %%\nx = 1\n")
    with pytest.raises(TypeError, match=r'04_sums.py has no `lesson = open_lesson\("sums"\)`'):
        run(sums)


def test_a_form_that_there_is_not(sums, monkeypatch):  # noqa: ARG001  # the course of one lesson
    monkeypatch.setenv(FORM, "slow")
    with pytest.raises(OptionError, match=r"TENFOLD_LESSON names no form of a lesson.*`fast` or `full`.*slow"):
        open_lesson("sums")


def test_numbers_and_exercises_that_the_header_does_not_name(tmp_path):
    lesson = Lesson(read_header(write_lesson(tmp_path)), is_full=False)
    with pytest.raises(OptionError, match=r"The header of lesson `sums` publishes no `H2`.*one of H1"):
        lesson.record("H2", 1.0)
    with pytest.raises(OptionError, match=r"Lesson `sums` has no exercise `ad`.*`add`"):
        lesson.check("ad", 5)


def test_hint_solution_and_form(tmp_path, capsys):
    lesson = Lesson(read_header(write_lesson(tmp_path)), is_full=True)
    lesson.hint("add")
    lesson.solution("add")
    assert capsys.readouterr().out == 'Count on your fingers.\nadded = 2 + 3\nlesson.check("add", added)\n'
    assert lesson.pick("fast", "full") == "full"


def test_what_was_answered_wrongly_is_kept_as_wrong(tmp_path, capsys):
    lesson = Lesson(read_header(write_lesson(tmp_path)), is_full=False)
    assert not lesson.check("add", 6)
    assert lesson.judged == {"add": False}
    assert capsys.readouterr().out.startswith("add: not yet")


def test_a_figure_has_its_words(tmp_path, capsys):
    from matplotlib.figure import Figure

    lesson = Lesson(read_header(write_lesson(tmp_path, HEADER)), is_full=False, folder=tmp_path / "figures")
    shown = lesson.show(Figure(), 'Of "a" & b < c')
    assert 'alt="Of &quot;a&quot; &amp; b &lt; c"' in shown._repr_html_()
    assert (tmp_path / "figures" / "figure-1.svg").read_text().endswith("</svg>\n")
    assert '[figure: Of "a" & b < c]' in capsys.readouterr().out
