"""How texts are cut: scikit-learn's `char_wb` as oracle, and a language without blanks that words cannot read."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from tenfold.baselines.fitting import beside
from tenfold.prepare.column_kinds import fit_column
from tenfold.prepare.prose import ProseColumn, is_prose
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.tokens import GRAMS, TextWays, choose_tokens, text_lengths
from tenfold.prepare.words import plain_text, words_of

GENERATOR = np.random.default_rng(4)
SYLLABLES = list("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜")
GOOD, BAD = "云雨", "雨云"
"""The same two characters in another order: single characters tell nothing."""


def sentences(count: int) -> tuple[pd.Series, np.ndarray]:
    """Texts without blanks; the class is which of two words they hold."""
    classes = GENERATOR.integers(0, 2, count)
    others = [one for one in SYLLABLES if one not in GOOD]
    texts = []
    for is_good in classes:
        letters = list(GENERATOR.choice(others, int(GENERATOR.integers(14, 26))))
        letters.insert(int(GENERATOR.integers(1, len(letters))), GOOD if is_good else BAD)
        texts.append("".join(letters) + "。")
    return pd.Series(texts, name="text"), classes


def accuracy(values: pd.Series, classes: np.ndarray, ways: TextWays) -> float:
    """Of logistic regression on the bag of 400 texts, for 200 others: what networks start from."""
    preparation = TablePreparation.fit(values.to_frame().iloc[:400], ["text"], ways=ways)
    made = preparation.arrays(values.to_frame())
    inputs = beside(made.inputs, None, (made.terms, made.weights, preparation.text_sizes.num_terms))
    model = LogisticRegression(C=100, max_iter=1_000).fit(inputs[:400], classes[:400])
    return float(model.score(inputs[400:], classes[400:]))


def test_a_word_within_a_text_without_blanks_is_found_by_all_but_words():
    values, classes = sentences(600)
    assert is_prose(values)
    assert fit_column(values).tokens == "subwords"
    assert accuracy(values, classes, TextWays("words")) < 0.6
    assert accuracy(values, classes, TextWays("subwords")) > 0.95
    assert accuracy(values, classes, TextWays("characters")) > 0.95


@pytest.mark.parametrize("tokens", ["subwords", "characters"])
def test_a_bag_of_n_grams_is_scikit_learns(tokens: str):
    values = pd.Series(["Grüße aus Köln!", "It isn't <b>so</b>", "", "so, Grüße", "из Кёльна so"] * 2, name="text")
    column = ProseColumn.fit(values.iloc[:8], ways=TextWays(tokens))  # type: ignore[arg-type]
    oracle = TfidfVectorizer(
        analyzer="char_wb", ngram_range=GRAMS, min_df=2, sublinear_tf=True, preprocessor=plain_text
    ).fit(values.iloc[:8])
    assert set(oracle.vocabulary_) == set(column.terms)
    expected = oracle.transform(values).toarray()[:, [oracle.vocabulary_[term] for term in column.terms]]
    bag, lines = column.bag(values), np.zeros(expected.shape)
    np.add.at(lines, (np.arange(len(values))[:, None], bag.terms), bag.weights)
    np.testing.assert_allclose(lines, expected, atol=1e-6)


def test_readers_see_characters_in_their_order():
    column = ProseColumn.fit(pd.Series(["ab ba", "ab", "cab  c"], name="t"), ways=TextWays("characters"))
    assert column.words == ("a", "b", " ", "c")
    assert column.sequences(pd.Series(["a  bx", None], name="t")).tolist() == [[2, 4, 3, 1, 0], [0] * 5]


def test_words_are_chosen_where_they_serve():
    words = [f"wort{number}" for number in range(300)]
    assert choose_tokens([" ".join(GENERATOR.choice(words, 9)) for _ in range(200)]) == "words"
    assert choose_tokens([f"AB{number}X" for number in range(1_000, 1_200)]) == "subwords"
    endless = ["".join(GENERATOR.choice(words, 9)) for _ in range(20)]
    assert choose_tokens(endless * 10) == "subwords"
    assert choose_tokens(["茶很好喝", "茶不好喝"] * 9) == "subwords", "although no word is new"
    assert choose_tokens([]) == "words"


def test_marks_of_hindi_and_thai_belong_to_words_and_accents_are_composed():
    assert words_of("हिन्दी अच्छी है!") == ["हिन्दी", "अच्छी", "है", "!"]
    assert words_of("ดีมาก จริง") == ["ดีมาก", "จริง"]
    assert words_of("cafe\u0301") == words_of("café") == ["café"]


def test_lengths_are_words_or_characters():
    assert text_lengths(["so good", "", "x"], "words").tolist() == [2, 0, 1]
    assert text_lengths(["so good", "", "x"], "subwords").tolist() == [6, 0, 1]
