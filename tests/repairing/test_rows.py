"""Which rows choose and which judge."""

import numpy as np
import pytest
from keras import layers

from repairing.programs import clouds, network
from tenfold.engine.arrays import to_arrays
from tenfold.repairing.pace import affordable_rows
from tenfold.repairing.program import FitArguments, Program
from tenfold.repairing.rows import deal


def test_every_open_row_is_scored_once_and_never_by_a_seed_that_trained_on_it():
    x, y = clouds()
    dealt = deal(x, y, seeds=5, seed=0)
    assert len(dealt.sealed) == 48
    assert sorted([*dealt.sealed, *dealt.open]) == list(range(len(y)))
    assert sorted(np.concatenate([scored for _, scored in dealt.folds])) == list(dealt.open)
    for train, scored in dealt.folds:
        assert sorted([*train, *scored]) == list(dealt.open)


@pytest.mark.parametrize(("seeds", "folds"), [(3, 3), (5, 5), (12, 5)])
def test_seeds_have_folds_of_their_own_up_to_five(seeds: int, folds: int):
    x, y = clouds()
    dealt = deal(x, y, seeds=seeds, seed=0)
    assert len(dealt.folds) == seeds
    assert {len(scored) for _, scored in dealt.folds} <= {192 // folds, 192 // folds + 1}
    assert len({tuple(scored) for _, scored in dealt.folds}) == seeds


def test_classes_are_spread_evenly_and_the_seed_decides():
    x, y = clouds()
    dealt = deal(x, y, seeds=5, seed=0)
    assert np.ptp(np.bincount(y[dealt.sealed]) / np.bincount(y)) < 0.03
    np.testing.assert_array_equal(deal(x, y, seeds=5, seed=0).sealed, dealt.sealed)
    assert not np.array_equal(deal(x, y, seeds=5, seed=1).sealed, dealt.sealed)


def test_copies_stay_on_one_side():
    x, y = clouds(120)
    x, y = np.concatenate([x, x[:40]]), np.concatenate([y, y[:40]])
    dealt = deal(x, y, seeds=5, seed=0)
    for number in range(40):
        assert (number in dealt.sealed) == (120 + number in dealt.sealed)
        for _, scored in dealt.folds:
            assert (number in scored) == (120 + number in scored)


def test_a_truth_table_that_is_repeated_is_not_split_by_its_copies():
    x = np.tile(np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32"), (25, 1))
    dealt = deal(x, np.tile([0, 1, 1, 0], 25), seeds=5, seed=0)
    assert len(np.unique(x[dealt.folds[0][0]], axis=0)) == 4
    assert len(np.unique(x[dealt.sealed], axis=0)) == 4


def test_few_rows_are_all_for_everything():
    x, y = clouds(39)
    dealt = deal(x, y, seeds=5, seed=0)
    assert dealt.are_all_rows
    assert len(dealt.sealed) == len(dealt.folds[0][0]) == len(dealt.folds[4][1]) == 39


def test_of_more_rows_than_time_allows_a_part_is_open():
    x, y = clouds()
    dealt = deal(x, y, seeds=5, seed=0, most_open=60)
    assert len(dealt.open) == 60
    assert len(dealt.sealed) == 48
    assert not set(dealt.open) & set(dealt.sealed)


@pytest.mark.parametrize(("seconds", "expected"), [(1e-3, 500), (1e6, 3000)])
def test_long_trainings_get_as_many_rows_as_time_allows(seconds: float, expected: int):
    x, y = clouds(3000)
    model = network(2, layers.Dense(4, "relu"), head=layers.Dense(3, "softmax"), loss="sparse_categorical_crossentropy")
    program = Program(model, FitArguments(100))
    assert affordable_rows(program, to_arrays(x, y), num_rows=3000, seeds=5, seconds=seconds) == expected


def test_short_trainings_are_not_measured():
    x, y = clouds(100)
    model = network(2, head=layers.Dense(3, "softmax"), loss="sparse_categorical_crossentropy")
    program = Program(model, FitArguments(2))
    assert affordable_rows(program, to_arrays(x, y), num_rows=100, seeds=5, seconds=1e-9) == 100
