"""Texts to read: scikit-learn's TF-IDF as oracle, and what belongs to the training rows alone."""

import itertools
import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from tenfold.prepare import prose
from tenfold.prepare.prose import ProseColumn, is_prose
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.words import words_of

GENERATOR = np.random.default_rng(2)
WORDS = [f"word{number}" for number in range(60)]


def texts(count: int = 80, length: int = 12) -> pd.Series:
    return pd.Series([" ".join(GENERATOR.choice(WORDS, length + row % 7)) for row in range(count)], name="review")


def terms_of(text: str) -> list[str]:
    words = words_of(text)
    return [*words, *(f"{one} {other}" for one, other in itertools.pairwise(words))]


def line_of(column: ProseColumn, values: pd.Series) -> np.ndarray:
    bag, lines = column.bag(values), np.zeros((len(values), len(column.terms)))
    np.add.at(lines, (np.arange(len(values))[:, None], bag.terms), bag.weights)
    return lines


def test_a_bag_is_scikit_learns_weighted_line():
    values = texts()
    column = ProseColumn.fit(values.iloc[:60])
    oracle = TfidfVectorizer(analyzer=terms_of, min_df=2, sublinear_tf=True).fit(values.iloc[:60])
    assert set(oracle.vocabulary_) == set(column.terms)
    expected = oracle.transform(values).toarray()[:, [oracle.vocabulary_[term] for term in column.terms]]
    np.testing.assert_allclose(line_of(column, values), expected, atol=1e-6)


def test_nothing_is_learnt_from_other_rows():
    values = texts()
    spoilt = values.copy()
    spoilt.iloc[60:] = "surprise surprise never seen before at all"
    assert ProseColumn.fit(values.iloc[:60]) == ProseColumn.fit(spoilt.iloc[:60])
    column = ProseColumn.fit(values.iloc[:60])
    assert not any("surprise" in term for term in (*column.terms, *column.words))


def test_equally_frequent_terms_stand_in_the_alphabets_order_in_every_process():
    column = ProseColumn.fit(pd.Series(["b a c d e f", "a c b d e g"] * 3, name="t"))
    frequent = [word for word in column.terms if " " not in word]
    assert frequent == ["a", "b", "c", "d", "e", "f", "g"]


def test_a_long_text_keeps_its_first_and_last_words_and_its_heaviest_terms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prose, "MOST_LENGTH", 6)
    monkeypatch.setattr(prose, "MOST_TERMS_A_TEXT", 3)
    values = texts()
    column = ProseColumn.fit(values)
    sequence, words = column.sequences(values)[0], words_of(values.iloc[0])
    named = [column.words[code - 2] for code in sequence]
    assert named == [*words[:3], *words[-3:]]
    bag, rarity = column.bag(values), dict(zip(column.terms, column.rarities, strict=True))
    assert bag.terms.shape == (80, 3)
    kept = [column.terms[term] for term in bag.terms[0]]
    counts = {
        term: 1 + np.log(terms_of(values.iloc[0]).count(term)) for term in terms_of(values.iloc[0]) if term in rarity
    }
    heaviest = sorted(counts, key=lambda term: -counts[term] * rarity[term])
    assert counts[kept[2]] * rarity[kept[2]] == pytest.approx(counts[heaviest[2]] * rarity[heaviest[2]])
    np.testing.assert_allclose((bag.weights**2).sum(axis=1), 1, rtol=1e-5)


def test_gaps_and_unknown_texts_have_no_terms_and_are_told():
    column = ProseColumn.fit(texts())
    new = pd.Series(["word1 word2", None, "gibberish entirely unheard of"], name="review")
    assert column.bag(new).weights[1:].sum() == 0
    assert column.sequences(new)[1].sum() == 0
    found = column.compare(new)
    assert (found.num_unknown, found.num_newly_missing) == (1, 1)
    assert found.sentence.startswith("`review`: 1 without a word that training texts had")
    marked = ProseColumn.fit(pd.concat([texts(), pd.Series([None], name="review")]))
    np.testing.assert_array_equal(marked.transform(new)[:, -1], [0, 1, 0])


def test_texts_are_told_from_names_and_categories():
    assert is_prose(texts())
    assert not is_prose(pd.Series(["Braund, Mr. Owen Harris", "Heikkinen, Miss Laina"] * 3))
    assert not is_prose(pd.Series(["the same long text in every single row of it"] * 9))


def test_several_columns_have_terms_and_codes_of_their_own_and_come_back_from_json():
    frame = pd.DataFrame({"title": texts(length=6), "size": np.arange(80) % 9, "body": texts(length=15)})
    preparation = TablePreparation.fit(frame)
    assert [column.kind for column in preparation.columns] == ["prose", "number", "prose"]
    arrays, sizes = preparation.arrays(frame), preparation.text_sizes
    places = [preparation.bag_places(name) for name in ("title", "body", "size")]
    assert sorted(places[0] + places[1]) == list(range(sizes.width))
    assert places[2] == []
    assert arrays.terms[:, places[0]].max() < len(preparation.columns[0].terms) <= arrays.terms[:, places[1]].min()
    assert arrays.tokens.max() < sizes.num_words
    back = TablePreparation.from_json(preparation.to_json())
    assert back == preparation
    np.testing.assert_array_equal(back.arrays(frame).weights, arrays.weights)
    assert json.loads(preparation.to_json())["columns"][0] == json.loads(
        json.dumps(asdict(back.columns[0]) | {"kind": "prose"})
    )


def test_a_word_with_a_vector_is_known_wherever_it_stands():
    column = ProseColumn.fit(texts(), ("gibberish", "heard"))
    assert column.words == ("gibberish", "heard")
    new = pd.Series(["gibberish entirely", "unheard of"], name="review")
    assert column.sequences(new)[:, :2].tolist() == [[2, 1], [1, 1]]
    assert column.compare(new).num_unknown == 1
