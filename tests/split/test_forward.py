"""Blocks of rows in order of time, and what is left out before them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.model_selection import TimeSeriesSplit

from tenfold.split.forward import forward_blocks, purge_before


@given(times=some.lists(some.integers(0, 12), min_size=1, max_size=60), num_blocks=some.integers(1, 7))
def test_blocks_follow_time_and_part_no_moment(times: list[int], num_blocks: int):
    when = np.array(times, dtype=np.float64)
    blocks = forward_blocks(when, num_blocks)
    assert set(blocks) == set(range(min(num_blocks, len(set(times)))))
    for block in range(blocks.max()):
        assert when[blocks == block].max() < when[blocks == block + 1].min()


@pytest.mark.parametrize(("num_rows", "num_folds"), [(30, 4), (24, 3), (70, 6)])
def test_without_ties_and_gap_folds_are_those_of_scikit_learn(num_rows: int, num_folds: int):
    times = np.random.default_rng(0).permutation(num_rows).astype(np.float64)
    order, blocks = np.argsort(times), forward_blocks(times, num_folds + 1)
    for block, (train, validation) in enumerate(TimeSeriesSplit(num_folds).split(order), start=1):
        assert set(np.flatnonzero(blocks < block)) == set(order[train])
        assert set(np.flatnonzero(blocks == block)) == set(order[validation])


def test_blocks_are_as_even_as_ties_allow():
    blocks = forward_blocks(np.repeat(np.arange(40.0), 6), 5)
    np.testing.assert_array_equal(np.bincount(blocks), [48] * 5)


def test_rows_within_the_gap_are_left_out_and_those_at_its_edge_are_not():
    times = np.array([0.0, 1.0, 2.9, 3.0, 3.1, 10.0, 12.0])
    left = purge_before(np.arange(5), np.array([6, 5]), times, 7.0, None)
    assert (left.rows.tolist(), left.num_purged, left.num_purged_for_group) == ([0, 1, 2, 3], 1, 0)


def test_rounding_of_hours_moves_no_row_across_the_edge():
    hours = np.arange(19_000 * 24, 19_000 * 24 + 200) / 24
    for start in range(5, 200):
        left = purge_before(np.arange(start), np.array([start]), hours, 5 / 24, None)
        assert len(left.rows) == max(0, start - 4)


def test_rows_of_a_group_that_goes_on_are_left_out_and_counted_apart():
    groups = np.array([0, 1, 2, 3, 1, 0])
    left = purge_before(np.arange(4), np.array([4, 5]), np.arange(6.0), 2.0, groups)
    assert (left.rows.tolist(), left.num_purged, left.num_purged_for_group) == ([2], 3, 2)
