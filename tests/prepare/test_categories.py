"""Categories and short texts: levels against scikit-learn, rare, unseen and missing ones, words."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder

from tenfold.prepare.categories import MAX_LEVELS, MAX_WORDS, CategoryColumn, TextColumn


def cells(*values: object, name: str = "colour") -> pd.Series:
    return pd.Series(values, name=name, dtype=object)


def test_frequent_levels_get_an_input_each_as_in_scikit_learn():
    values = cells(*("red" for _ in range(7)), *("blue" for _ in range(6)), *("green" for _ in range(5)))
    column = CategoryColumn.fit(values)
    assert column.input_names == ("colour = red", "colour = blue", "colour = green")
    encoder = OneHotEncoder(categories=[["red", "blue", "green"]], sparse_output=False, handle_unknown="ignore")
    new = cells("blue", "violet", "red")
    expected = encoder.fit(values.to_numpy()[:, None]).transform(new.to_numpy()[:, None])
    np.testing.assert_array_equal(column.transform(new), expected)


def test_two_levels_become_minus_one_and_one_and_any_other_zero():
    column = CategoryColumn.fit(cells(*["yes"] * 6, *["no"] * 9))
    assert column.input_names == ("colour = yes",)
    np.testing.assert_array_equal(column.transform(cells("yes", "no", None, "perhaps")), [[1], [-1], [0], [0]])


def test_rare_levels_share_an_input_and_unseen_ones_join_them():
    column = CategoryColumn.fit(cells(*["a"] * 200, *["b"] * 100, "c", "d", "d"))
    assert column.input_names == ("colour = a", "colour = b", "colour is rare")
    np.testing.assert_array_equal(column.transform(cells("b", "c", "new")), [[0, 1, 0], [0, 0, 1], [0, 0, 1]])
    assert column.compare(cells("new", "c")).num_rows == 0


def test_a_gap_is_not_a_rare_level():
    column = CategoryColumn.fit(cells(*["a"] * 200, *["b"] * 100, "c", None))
    assert column.input_names == ("colour = a", "colour = b", "colour is rare", "colour is missing")
    np.testing.assert_array_equal(column.transform(cells(None, "c")), [[0, 0, 0, 1], [0, 0, 1, 0]])


def test_gaps_are_a_level_of_their_own():
    column = CategoryColumn.fit(cells(*["a"] * 6, *["b"] * 6, None))
    assert column.input_names == ("colour = a", "colour = b", "colour is missing")
    np.testing.assert_array_equal(column.transform(cells(None, "a")), [[0, 0, 1], [1, 0, 0]])


def test_many_levels_keep_the_most_frequent():
    values = cells(*(f"level {number:02}" for number in range(40) for _ in range(60 - number)))
    column = CategoryColumn.fit(values)
    assert column.levels == tuple(f"level {number:02}" for number in range(MAX_LEVELS))
    assert column.has_rare


def test_levels_that_are_numbers_read_alike_whatever_their_type():
    column = CategoryColumn.fit(pd.Series([1, 2, 3] * 6, name="class").astype("category"))
    np.testing.assert_array_equal(column.transform(cells(2.0, "3", 1)), [[0, 1, 0], [0, 0, 1], [1, 0, 0]])


def test_unseen_levels_and_new_gaps_are_counted():
    column = CategoryColumn.fit(cells(*["a"] * 6, *["b"] * 6))
    found = column.compare(cells("a", "c", "c", None))
    assert (found.num_unseen, found.num_newly_missing) == (2, 1)
    assert (
        found.sentence == "`colour`: 2 with a level never seen in training, 1 missing, where training rows never were"
    )


def test_frequent_words_of_a_text_become_inputs():
    names = cells(
        *(f"Smith{number}, Mr. John" for number in range(30)), *(f"Lee{number}, Mrs." for number in range(20))
    )
    column = TextColumn.fit(names)
    assert {"mr", "mrs", "john"} <= set(column.words)
    row = dict(zip(column.input_names, column.transform(cells("Brown, Mr. Tom"))[0], strict=True))
    assert (row["colour has mr"], row["colour has mrs"]) == (1.0, 0.0)


def test_words_in_nearly_all_rows_or_nearly_none_are_left_out():
    texts = cells(*(f"the {'cat' if number % 2 else 'dog'} word{number}" for number in range(200)))
    assert set(TextColumn.fit(texts).words) <= {"cat", "dog", *map(str, range(200))}
    assert "the" not in TextColumn.fit(texts).words
    many = cells(*(" ".join(chr(97 + (number + step) % 26) * 2 for step in range(10)) for number in range(90)))
    assert len(TextColumn.fit(many).words) <= MAX_WORDS


def test_missing_texts_are_marked():
    column = TextColumn.fit(cells(None, "a1", "b2", None))
    np.testing.assert_array_equal(column.transform(cells(None, "zzz"))[:, -1], [1.0, 0.0])


def test_a_column_of_two_notes_among_many_gaps_says_whether_it_is_filled():
    values = pd.Series([None] * 800 + ["Fake = 0", "True = 1"], name="remark")
    column = CategoryColumn.fit(values)
    assert column.levels == ()
    assert column.input_names == ("remark is rare", "remark is missing")
    np.testing.assert_array_equal(column.transform(values)[[0, 800]], [[0, 1], [1, 0]])
