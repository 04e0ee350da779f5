"""Ranks of numbers: against scikit-learn's quantile transformer, and as piecewise linear encoding, also with ties."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.preprocessing import QuantileTransformer

from tenfold.prepare.numbers import NUM_BINS, DateColumn, NumberColumn


def encode_by_hand(numbers: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Piecewise linear encoding, bin by bin as the paper writes it."""
    encoded = np.zeros((len(numbers), len(edges) - 1))
    for place, (left, right) in enumerate(pairwise(edges)):
        for row, number in enumerate(numbers):
            if number >= right:
                encoded[row, place] = 1.0
            elif number >= left:
                encoded[row, place] = (number - left) / (right - left)
    return encoded


def encode_by_ranks(ranks: np.ndarray, num_bins: int) -> np.ndarray:
    return np.clip(ranks[:, np.newaxis] * num_bins - np.arange(num_bins), 0, 1)


COLUMNS = {
    "lognormal": np.random.default_rng(0).lognormal(size=211),
    "mostly zeros": np.maximum(np.random.default_rng(1).normal(-1, 2, 157), 0.0),
    "few values": np.random.default_rng(2).integers(0, 4, 90).astype(float),
    "fewer rows than bins": np.array([3.0, 1.0, 7.0, 7.0, 2.5]),
    "two values": np.array([0.0, 0.0, 0.0, 1.0]),
    "capped below": np.array([5.0] * 60 + [*range(6, 40)]),
}


@pytest.mark.parametrize("numbers", COLUMNS.values(), ids=COLUMNS.keys())
def test_ranks_hold_the_piecewise_linear_encoding(numbers: np.ndarray):
    column = NumberColumn.fit(pd.Series(numbers, name="size"))
    new = np.concatenate([numbers, np.linspace(numbers.min() - 1, numbers.max() + 1, 83)])
    edges = np.quantile(numbers, np.linspace(0, 1, NUM_BINS + 1))
    np.testing.assert_allclose(column.quantiles, edges, rtol=1e-12)
    expected = encode_by_hand(new, np.asarray(column.knots))
    found = encode_by_ranks(column.ranks_of(new), len(column.knots) - 1)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    single = column.ranks_of(new).astype(np.float32)
    np.testing.assert_allclose(encode_by_ranks(single, len(column.knots) - 1), expected, atol=1e-5)


@given(seed=some.integers(0, 10_000), num_rows=some.integers(2, 300), decimals=some.integers(0, 3))
def test_ranks_hold_the_encoding_whatever_the_numbers(seed: int, num_rows: int, decimals: int):
    rng = np.random.default_rng(seed)
    numbers = np.round(rng.standard_t(2, num_rows), decimals)
    column = NumberColumn.fit(pd.Series(numbers, name="size"))
    knots = np.asarray(column.knots)
    assert (np.diff(knots) > 0).all()
    assert len(knots) <= NUM_BINS + 1
    assert (knots[0], knots[-1]) == (numbers.min(), numbers.max())
    if len(knots) > 1:
        new = np.concatenate([numbers, np.round(rng.standard_t(2, 17), decimals)])
        found = encode_by_ranks(column.ranks_of(new), len(knots) - 1)
        np.testing.assert_allclose(found, encode_by_hand(new, knots), atol=1e-6)


def test_few_values_are_evenly_apart_however_often_each_is_there():
    column = NumberColumn.fit(pd.Series([7.0] * 90 + [1.0] * 5 + [100.0, 2.0], name="size"))
    np.testing.assert_allclose(column.ranks_of(np.array([1.0, 2.0, 7.0, 100.0, 4.5])), [0, 1 / 3, 2 / 3, 1, 0.5])


def test_a_value_that_fills_many_bins_takes_one_place():
    """Nine of ten rows are 0, as gains are that few have: the others share 47 of 48 bins, each with as many rows."""
    gains = np.random.default_rng(5).lognormal(8, 1, 400)
    column = NumberColumn.fit(pd.Series(np.concatenate([np.zeros(3_600), gains]), name="gain"))
    assert len(column.knots) == NUM_BINS + 1
    assert column.knots[0] == 0
    np.testing.assert_allclose(column.knots[1:], np.quantile(gains, np.linspace(0, 1, NUM_BINS)))
    rows, _ = np.histogram(gains, column.knots[1:])
    assert rows.max() - rows.min() <= 1
    assert column.ranks_of(np.array([0.0])) == 0
    np.testing.assert_allclose(np.median(column.ranks_of(gains)), 0.51, atol=0.01)


def test_ranks_are_scikit_learns_where_no_value_repeats():
    rng = np.random.default_rng(3)
    training, new = rng.normal(size=(130, 1)), rng.normal(size=(61, 1)) * 2
    expected = QuantileTransformer(n_quantiles=NUM_BINS + 1, subsample=None).fit(training).transform(new)[:, 0]
    ranks = NumberColumn.fit(pd.Series(training[:, 0], name="size")).ranks_of(new[:, 0])
    np.testing.assert_allclose(ranks, expected, atol=1e-6)


def test_a_gap_has_rank_zero_and_its_mark_in_the_inputs():
    column = NumberColumn.fit(pd.Series([1.0, None, 2.0, 3.0], name="size"))
    np.testing.assert_array_equal(column.ranks(pd.Series([None, 0.0, 3.0, 99.0])), [0.0, 0.0, 1.0, 1.0])
    assert column.input_names == ("size", "size is missing")


def test_equal_numbers_have_no_rank():
    assert NumberColumn.fit(pd.Series([7.0, None, 7.0], name="size")).rank_names == ()


def test_days_have_ranks_too():
    dates = pd.Series(["2024-01-01", "2024-01-03", "2024-01-05", None], name="day")
    column = DateColumn.fit(dates)
    assert column.rank_names == ("day days",)
    np.testing.assert_allclose(column.ranks(dates), [0.0, 0.5, 1.0, 0.0])
