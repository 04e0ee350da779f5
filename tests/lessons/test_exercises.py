"""An answer is right in every form that it may be given in; a wrong one says something of the way to it."""

import numpy as np
import pytest

from tenfold.lessons.exercises import judge_answer
from tenfold.lessons.header import Exercise

SLOPE = Exercise("slope", "compute", -24, "hint", ((24, "The sign."),))
LIST = Exercise("list", "compute", [14.0, 28.0, 42.0], "hint", (([7, 14, 21], "The factor 2."),))
WORD = Exercise("word", "explain", "b", "hint", (("a", "Not yet a reason."),))
ROUGH = Exercise("rough", "compute", 0.85, "hint", tolerance=0.01)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (SLOPE, -24),
        (SLOPE, np.array([[-24.0]])),
        (SLOPE, np.float32(-24)),
        (LIST, (14, 28, 42)),
        (LIST, np.array([14.0, 28.0, 42.0])),
        (WORD, " B "),
        (ROUGH, 0.857),
    ],
)
def test_right(exercise, answer):
    assert judge_answer(exercise, answer) == (True, f"{exercise.name}: right.")


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        (SLOPE, 24.0, "slope: not yet. The sign."),
        (SLOPE, 23, 'slope: not yet; `lesson.hint("slope")` helps.'),
        (SLOPE, ..., "not answered yet"),
        (SLOPE, None, "not answered yet"),
        (LIST, [14, ..., 42], "not answered yet"),
        (SLOPE, "minus 24", "the answer is a number"),
        (LIST, "many", "the answer is a list of numbers"),
        (LIST, [7, 14, 21], "list: not yet. The factor 2."),
        (LIST, [14, 28], "the answer has the shape (3,) and this one (2,)"),
        (LIST, [[14], [28], [42]], "the answer has the shape (3,) and this one (3, 1)"),
        (WORD, "a", "Not yet a reason."),
        (WORD, 2, "the answer is a word in quotes"),
        (ROUGH, 0.87, "rough: not yet"),
        (SLOPE, float("nan"), "slope: not yet"),
    ],
)
def test_wrong(exercise, answer, words):
    is_right, sentence = judge_answer(exercise, answer)
    assert not is_right
    assert words in sentence
