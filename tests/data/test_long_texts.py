"""Long texts are never equal by chance: rows that repeat text and answer stay together."""

import numpy as np
import pandas as pd

from tenfold.data.alike import rows_alike
from tenfold.data.long_texts import are_long, text_groups

GENERATOR = np.random.default_rng(6)
WORDS = [f"w{number}" for number in range(2_000)]


def reviews(count: int = 300) -> pd.DataFrame:
    """Texts of 20 words with one of two labels."""
    texts = [" ".join(GENERATOR.choice(WORDS, 20)) for _ in range(count)]
    return pd.DataFrame({"text": texts, "label": GENERATOR.integers(0, 2, count)})


def test_copied_texts_beside_a_label_alone_are_copies_and_stay_together():
    frame = reviews()
    alike = rows_alike(pd.concat([frame, frame[:20]], ignore_index=True), compare=["label"])
    assert (alike.num_repeated, alike.num_by_chance) == (20, 0)
    assert alike.groups is not None
    np.testing.assert_array_equal(alike.groups[300:], alike.groups[:20])


def test_short_texts_beside_a_label_may_be_equal_by_chance():
    short = pd.DataFrame({"text": GENERATOR.choice(["good", "bad", "so so", "fine"], 300), "label": [0, 1, 0] * 100})
    assert rows_alike(short, compare=["label"]).groups is None


def test_a_text_with_the_same_answer_stays_with_the_first_whatever_its_other_columns_say():
    frame = reviews().assign(site="a")
    again = frame[:9].assign(site="b", text=frame["text"][:9].str.upper())
    other = frame[9:14].assign(label=1 - frame["label"][9:14])
    whole = pd.concat([frame, again, other], ignore_index=True)
    alike = rows_alike(whole, compare=["label"], answers=["label"])
    assert alike.num_texts == 9
    assert "9 further rows with a repeated text and answer and what they repeat" in alike.words
    assert alike.groups is not None
    np.testing.assert_array_equal(alike.groups[300:309], alike.groups[:9])
    assert not set(alike.groups[309:]) & set(alike.groups[:300])
    assert rows_alike(whole, compare=["label"]).num_texts == 0


def test_groups_that_are_named_and_repeated_texts_are_joined():
    frame = reviews(60).assign(author=np.arange(60) % 30)
    whole = pd.concat([frame, frame[:1].assign(author=7)], ignore_index=True)
    alike = rows_alike(whole, "author", compare=["label"], answers=["label"])
    assert alike.groups is not None
    assert len({int(alike.groups[row]) for row in (0, 7, 30, 37, 60)}) == 1


def test_a_form_letter_goes_its_own_way():
    frame = reviews(100)
    frame.loc[:29, ["text", "label"]] = ["the customer has left no comment at all", 1]
    assert text_groups(frame, ["label"]) is None


def test_long_names_of_categories_and_texts_without_blanks_are_told_apart():
    assert not are_long(
        pd.Series(["has finished school and learnt a trade", "has not finished school so far"] * 9)
    ).any()
    thai = pd.Series([f"วันนี้อากาศดีมากเลยครับผม{number}" for number in range(9)])
    assert are_long(thai).all()
    assert not are_long(pd.Series(np.arange(9.0))).any()
