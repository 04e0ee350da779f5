"""Columns that a user names as texts: which are read, and which are refused in a sentence."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.table import table_from_frame
from tenfold.errors import OptionError, TableError
from tenfold.options import Options
from tenfold.prepare.table import TablePreparation
from tenfold.question.posing import Question, pose_question

RANDOM = np.random.default_rng(0)


def tickets(count: int = 60) -> pd.DataFrame:
    """Subjects of three words, too short to be found as texts."""
    words = np.array(["printer", "login", "broken", "slow", "paper", "password", "screen", "key"])
    subjects = [" ".join(RANDOM.choice(words, 3)) for _ in range(count)]
    queue = np.where([("login" in one) | ("password" in one) for one in subjects], "access", "device")
    return pd.DataFrame({"subject": subjects, "age": RANDOM.normal(40, 9, count), "queue": queue})


def pose(**options: object) -> Question:
    return pose_question(table_from_frame(tickets()), ["queue"], Options(**options))  # type: ignore[arg-type]


def test_a_short_text_is_read_where_it_is_named():
    frame = tickets().drop(columns="queue")
    assert [one.kind for one in TablePreparation.fit(frame).columns] == ["text", "number"]
    named = TablePreparation.fit(frame, ["subject"])
    assert [one.kind for one in named.columns] == ["prose", "number"]
    assert named.text_sizes.num_terms > 8
    assert pose(text=("subject",)).options.text == ("subject",)


def test_a_few_different_texts_are_read_too_where_they_are_named():
    frame = pd.DataFrame({"note": ["very good", "very bad"] * 20})
    assert [one.kind for one in TablePreparation.fit(frame, ["note"]).columns] == ["prose"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"text": ("subjekt",)}, TableError, "`subjekt`, which is to be read as text, is not a column.*`subject`"),
        ({"text": ("queue",)}, OptionError, "`queue` cannot be read as text: it is named for something else"),
        ({"text": ("subject",), "drop": ("subject",)}, OptionError, "`subject` cannot be read as text"),
        ({"text": ("age",)}, TableError, "Column `age`, which is to be read as text, holds no words"),
        ({"vectors": "v.txt"}, OptionError, "Word vectors were given, but no column holds texts.*--text COLUMN"),
        ({"tokens": "word", "text": ("subject",)}, OptionError, "`tokens` is `word`.*subwords, characters.*`words`"),
        ({"terms": "hash"}, OptionError, "`terms` is `hash`.*named, hashed"),
        ({"tokens": "characters"}, OptionError, "`tokens` was named, but no column holds texts.*--text COLUMN"),
        ({"terms": "hashed"}, OptionError, "`terms` was named, but no column holds texts"),
        ({"tokens": "subwords", "vectors": "v.txt", "text": ("subject",)}, OptionError, "cut into subwords.*`words`"),
        ({"tokens": "words", "time": "age", "horizon": "3"}, OptionError, "Texts were named beside a horizon"),
        ({"vectors": "no such file", "text": ("subject",)}, TableError, "There is no file of word vectors"),
        ({"vectors": "v.txt", "time": "age", "horizon": "3"}, OptionError, "Word vectors were given beside a horizon"),
        ({"text": ("subject",), "time": "age", "horizon": "3"}, OptionError, "Texts were named beside a horizon"),
    ],
)
def test_what_cannot_be_read_is_refused(options: dict[str, object], error: type[Exception], said: str):
    with pytest.raises(error, match=said):
        pose(**options)


def test_a_column_of_numbers_as_text_is_refused_too():
    frame = tickets().assign(code=[str(number) for number in range(60)])
    with pytest.raises(TableError, match=r"`code`.*holds no words"):
        pose_question(table_from_frame(frame), ["queue"], Options(text=("code",)))
