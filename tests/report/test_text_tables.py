"""Which column of texts is drawn, and what the others' tables are called."""

from tenfold.report.decisions import Column, Preparation, TellingWords, Texts
from tenfold.report.text_tables import most_telling, telling_tables, text_notes


def column(name: str, words: tuple[str, ...], **texts: float) -> Column:
    telling = (TellingWords("fake", words, (3,) * len(words), (1,) * len(words), 10, 12),)
    return Column(name, "prose", texts=Texts(8, 20, 31, 0, 50, telling, **texts))  # type: ignore[arg-type]


TITLE, BODY = column("title", ("!",)), column("body", ("breaking", "share"))


def test_the_column_that_tells_most_is_drawn_and_the_others_are_tables():
    prepared = Preparation((TITLE, Column("size", "number"), BODY), 3)
    assert most_telling(prepared) is BODY
    assert [name for name, _ in telling_tables(prepared)] == ["Words that speak for each class, in title"]
    assert most_telling(Preparation((TITLE, column("other", ("?",))), 2)) is TITLE
    assert most_telling(Preparation((Column("size", "number"),), 1)) is None


def test_empty_texts_and_words_with_vectors_are_told():
    told = column("body", (), num_empty=2, num_words=40, num_with_vector=30, share_with_vector=0.934)
    (note,) = text_notes(Preparation((told,), 1))
    assert "2 texts without a word." in note
    assert "30 of 40 different words have a vector, 93 % of all words" in note
    (plain,) = text_notes(Preparation((TITLE,), 1))
    assert "vector" not in plain
    assert "without a word" not in plain
