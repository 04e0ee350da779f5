"""Splits in order of time: nothing later trains, at any level, and what lies within the gap is on neither side.

The leaks of other tools that are kept out here: a main split that respects groups or time beside an inner split, or a
final hold-out, that forgets them.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from tenfold.errors import SplitError
from tenfold.split.folds import Fold, Pair, SealedRows
from tenfold.split.protocol import Protocol, choose_protocol
from tenfold.split.splitter import RowSplitter

PROTOCOLS = (
    choose_protocol(400, in_time=True),
    choose_protocol(400, in_time=True, kind="hold_out"),
    choose_protocol(400, in_time=True, num_folds=7),
    choose_protocol(400, in_time=True, num_folds=2),
)


def every_pair(rows: SealedRows, folds: tuple[Fold, ...], final: tuple[Pair, ...]) -> list[Pair]:
    """All pairs of a run: rows that train, and rows that are scored, chosen by or sealed."""
    outer = [(fold.train_rows, fold.validation_rows) for fold in folds]
    inner = [pair for fold in folds for pair in fold.inner]
    return [(rows.working, rows.sealed), *outer, *inner, *final]


def split(splitter: RowSplitter, protocol: Protocol) -> tuple[SealedRows, tuple[Fold, ...], list[Pair]]:
    rows = splitter.seal("data")
    folds = splitter.folds(rows.working, protocol)
    final = splitter.inner(rows.working, protocol.num_inner_folds, 0, 1)
    return rows, folds, every_pair(rows, folds, final)


@given(
    seed=some.integers(0, 50),
    num_times=some.integers(40, 300),
    gap=some.sampled_from([0.0, 0.5, 1.0, 3.0]),
    num_groups=some.sampled_from([0, 100]),
    protocol=some.sampled_from(PROTOCOLS),
)
def test_no_row_trains_that_is_later_or_within_the_gap_or_of_a_scored_group(
    seed: int, num_times: int, gap: float, num_groups: int, protocol: Protocol
):
    generator = np.random.default_rng(seed)
    times = generator.integers(0, num_times, 300).astype(np.float64)
    groups = (times / num_times * num_groups + generator.random(300)).astype(np.int64) if num_groups else None
    splitter = RowSplitter(300, None, seed, groups, times, gap)
    try:
        rows, _, pairs = split(splitter, protocol)
    except SplitError as error:
        assume(error.code not in {"nothing_before", "one_moment"})
        raise
    for train, scored in pairs:
        start = times[scored].min()
        assert min(len(train), len(scored)) > 0
        assert times[train].max() < start
        assert times[train].max() <= start - gap
        assert groups is None or not len(np.intersect1d(groups[train], groups[scored]))
    assert len(rows.working) + len(rows.sealed) + rows.num_purged == 300


def test_sealed_rows_are_the_last_fifth():
    times = np.random.default_rng(1).permutation(100).astype(np.float64)
    rows = RowSplitter(100, None, 0, times=times, gap=3.0).seal("data")
    assert set(times[rows.sealed]) == set(range(80, 100))
    assert set(times[rows.working]) == set(range(78))
    assert rows.num_purged == 2


def test_folds_expand_forward_and_the_first_block_is_never_scored():
    times = np.random.default_rng(2).permutation(125).astype(np.float64)
    splitter = RowSplitter(125, None, 0, times=times, gap=5.0)
    rows = splitter.seal("data")
    assert len(rows.working) == 96
    folds = splitter.folds(rows.working, choose_protocol(96, in_time=True))
    assert [fold.num_purged for fold in folds] == [4] * 4
    for before, after in pairwise(folds):
        assert set(before.train_rows) < set(after.train_rows)
        assert times[before.validation_rows].max() < times[after.validation_rows].min()
    scored = np.concatenate([fold.validation_rows for fold in folds])
    assert len(scored) == len(set(scored)) == 77
    assert times[scored].min() == 19.0


def test_inner_folds_see_two_fifths_at_least_and_go_forward():
    times = np.arange(500.0)
    splitter = RowSplitter(500, None, 0, times=times)
    protocol = choose_protocol(400, in_time=True)
    last = splitter.folds(np.arange(400), protocol)[-1]
    assert [(len(train), len(held)) for train, held in last.inner] == [(128, 64), (192, 64), (256, 64)]
    assert [held.min() for _, held in last.inner] == [128, 192, 256]


def test_a_hold_out_in_time_is_the_last_fifth_outside_and_inside():
    splitter = RowSplitter(500, None, 0, times=np.arange(500.0))
    (fold,) = splitter.folds(np.arange(400), choose_protocol(400, in_time=True, kind="hold_out"))
    assert (fold.validation_rows.min(), len(fold.validation_rows)) == (320, 80)
    ((train, held),) = fold.inner
    assert (len(train), held.min(), len(held)) == (256, 256, 64)


def test_groups_and_time_hold_both_and_say_how_many_rows_it_cost():
    times = np.arange(200.0)
    groups = np.arange(200) // 2
    groups[[3, 100, 190]] = 999  # one patient from the beginning to the end
    splitter = RowSplitter(200, None, 0, groups, times, gap=2.0)
    rows = splitter.seal("data")
    assert (rows.num_purged, rows.num_purged_for_group) == (3, 2)
    assert not np.isin([3, 100], rows.working).any()


def test_inner_folds_too_early_to_train_are_left_out_and_the_others_stay():
    splitter = RowSplitter(100, None, 0, times=np.arange(100.0), gap=6.0)
    pairs = splitter.inner(np.arange(20), 3, 0)
    assert [(train.tolist(), int(held[0])) for train, held in pairs] == [([*range(7)], 12), ([*range(11)], 16)]


@pytest.mark.parametrize(
    ("times", "gap", "match"),
    [
        (np.repeat(np.arange(9.0), 20), 0.0, r"The rows have 9 different times. Expected: at least 10"),
        (np.arange(180.0), 150.0, r"Before the sealed rows in order of time 0 rows can be trained.*144 are left out"),
        (np.arange(180.0), 30.0, r"Before fold 1 in order of time 0 rows can be trained on: .* left out for the gap"),
        (np.arange(180.0), 18.0, r"Before the last inner fold of a fold in order of time . rows? can be trained on"),
    ],
)
def test_a_gap_that_leaves_nothing_is_refused(times: np.ndarray, gap: float, match: str):
    splitter = RowSplitter(180, None, 0, times=times, gap=gap)
    with pytest.raises(SplitError, match=match):
        split(splitter, choose_protocol(144, in_time=True))


def test_groups_that_last_all_the_time_are_refused_with_the_reason():
    splitter = RowSplitter(200, None, 0, np.arange(200) % 20, np.arange(200.0))
    with pytest.raises(SplitError, match=r"160 are left out because their group goes on later.*leave out the group"):
        splitter.seal("data")


def test_classes_one_after_the_other_are_refused():
    classes = np.arange(200) // 100
    with pytest.raises(SplitError, match=r"the last fifth in time, which is sealed, holds rows of one class only"):
        RowSplitter(200, classes, 0, times=np.arange(200.0)).seal("data")
    mixed_at_the_end = np.concatenate([np.zeros(159, np.int64), np.arange(41) % 2])
    splitter = RowSplitter(200, mixed_at_the_end, 0, times=np.arange(200.0))
    rows = splitter.seal("data")
    with pytest.raises(SplitError, match=r"each fold holds rows of one class only"):
        splitter.check(rows.working[:150], choose_protocol(150, in_time=True))


def test_too_few_times_for_the_folds_are_refused():
    splitter = RowSplitter(120, None, 0, times=np.repeat(np.arange(12.0), 10))
    rows = splitter.seal("data")
    with pytest.raises(SplitError, match=r"have 10 different times. Expected: at least 21 for 20 folds"):
        splitter.check(rows.working, choose_protocol(len(rows.working), in_time=True, num_folds=20))


def test_parts_of_a_hold_out_are_stretches_of_time():
    times = np.random.default_rng(0).permutation(53).astype(np.float64)
    splitter = RowSplitter(53, None, 0, times=times)
    parts = splitter.parts(np.arange(10, 53), 5)
    assert sorted(np.concatenate(parts)) == list(range(10, 53))
    for before, after in pairwise(parts):
        assert times[before].max() < times[after].min()
