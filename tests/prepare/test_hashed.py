"""Hashed bags: scikit-learn's `HashingVectorizer` as oracle, counted collisions, and where they are taken."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from tenfold.prepare import hashed
from tenfold.prepare.hashed import NUM_PLACES, fit_hashed, has_too_many_terms, share_that_meets
from tenfold.prepare.prose import ProseColumn
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.tokens import TextWays, terms_of

GENERATOR = np.random.default_rng(5)
WORDS = [f"w{number}" for number in range(4_000)]
TEXTS = [" ".join(GENERATOR.choice(WORDS, 30)) for _ in range(120)]
HASHED = TextWays(terms="hashed")


def lines_of(column: ProseColumn, values: pd.Series) -> np.ndarray:
    bag, lines = column.bag(values), np.zeros((len(values), NUM_PLACES))
    np.add.at(lines, (np.arange(len(values))[:, None], bag.terms), bag.weights)
    return lines


@pytest.mark.parametrize("tokens", ["words", "characters"])
def test_a_hashed_bag_is_scikit_learns(tokens: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hashed, "CHUNK", 50)
    values = pd.Series(TEXTS, name="t")
    column = ProseColumn.fit(values, ways=TextWays(tokens, "hashed"))  # type: ignore[arg-type]
    counts = HashingVectorizer(analyzer=terms_of(column.tokens), n_features=NUM_PLACES, norm=None).transform(TEXTS)
    counts.eliminate_zeros()  # where two terms of a text cancel
    oracle = TfidfTransformer(sublinear_tf=True).fit_transform(abs(counts)).multiply(counts.sign()).toarray()
    np.testing.assert_allclose(lines_of(column, values), oracle, atol=1e-6)
    assert (oracle < 0).any()
    assert column.terms == ()


def test_a_new_term_on_a_place_that_no_training_text_fills_weighs_nothing():
    column = ProseColumn.fit(pd.Series(TEXTS, name="t"), ways=HASHED)
    new = pd.Series([f"new{number}" for number in range(200)], name="t")
    places = HashingVectorizer(n_features=NUM_PLACES, norm=None).transform(new).indices
    is_filled = np.asarray(column.rarities)[places] > 0
    assert 0 < is_filled.sum() < 100
    np.testing.assert_array_equal(column.bag(new).weights.any(axis=1), is_filled)
    assert column.compare(new).num_unknown == (~is_filled).sum()


def test_different_terms_are_counted_to_a_percent_and_collisions_follow():
    found = fit_hashed(TEXTS, "words")
    exact = len({term for text in TEXTS for term in terms_of("words")(text)})
    assert found.num_distinct == pytest.approx(exact, rel=0.01)
    places = GENERATOR.integers(0, NUM_PLACES, 50_000)
    _, inverse, counts = np.unique(places, return_inverse=True, return_counts=True)
    assert share_that_meets(50_000) == pytest.approx((counts[inverse] > 1).mean(), abs=0.02)


def test_terms_are_hashed_where_they_would_be_too_many_or_a_user_asks(monkeypatch: pytest.MonkeyPatch):
    values, exact = pd.Series(TEXTS, name="t"), sum(len(terms_of("words")(text)) for text in TEXTS)
    assert not has_too_many_terms(TEXTS, "words")
    assert ProseColumn.fit(values).num_hashed == 0
    monkeypatch.setattr(hashed, "MOST_COUNTED", exact - 1)
    assert ProseColumn.fit(values).num_hashed > 0
    assert ProseColumn.fit(values, ways=TextWays(terms="named")).num_hashed == 0
    monkeypatch.setattr(hashed, "MOST_COUNTED", exact + 1)
    assert ProseColumn.fit(values).num_hashed == 0


def test_hashed_and_named_columns_stand_side_by_side_and_come_back_from_json():
    frame = pd.DataFrame({"one": TEXTS, "other": TEXTS[::-1]})
    preparation = TablePreparation.fit(frame, ways=HASHED)
    made = preparation.arrays(frame)
    places = preparation.bag_places("other")
    filled = made.terms[:, places][made.weights[:, places] != 0]
    assert preparation.text_sizes.num_terms == 2 * NUM_PLACES
    assert filled.min() >= NUM_PLACES
    assert filled.max() < 2 * NUM_PLACES
    assert TablePreparation.from_json(preparation.to_json()) == preparation
    assert "hashed to 65,536 places" in preparation.columns[0].treatment
