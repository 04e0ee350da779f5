"""One object deals every split of a run: nothing is on two sides, classes are spread, the protocol follows the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenfold.errors import SplitError
from tenfold.split.protocol import choose_protocol
from tenfold.split.refusals import FEWEST_ROWS
from tenfold.split.splitter import RowSplitter


@given(
    num_rows=some.integers(FEWEST_ROWS, 80),
    num_classes=some.integers(0, 4),
    seed=some.integers(0, 5),
    num_repeats=some.integers(1, 3),
)
def test_folds_partition_the_rows_at_every_level(num_rows: int, num_classes: int, seed: int, num_repeats: int):
    classes = np.random.default_rng(seed).integers(0, num_classes, num_rows) if num_classes else None
    splitter = RowSplitter(num_rows, classes, seed)
    rows = splitter.seal("data")
    assert sorted([*rows.working, *rows.sealed]) == list(range(num_rows))
    protocol = choose_protocol(len(rows.working), num_repeats=num_repeats)
    folds = splitter.folds(rows.working, protocol)
    assert len(folds) == protocol.num_folds * num_repeats
    for repeat in range(num_repeats):
        scored = np.concatenate([fold.validation_rows for fold in folds if fold.repeat == repeat])
        assert sorted(scored) == sorted(rows.working)
    for fold in folds:
        assert sorted([*fold.train_rows, *fold.validation_rows]) == sorted(rows.working)
        assert sorted(np.concatenate([validation for _, validation in fold.inner])) == sorted(fold.train_rows)
        for train, validation in fold.inner:
            assert sorted([*train, *validation]) == sorted(fold.train_rows)
            assert len(train) > 0


def test_plenty_of_rows_are_held_out_once_with_three_folds_inside():
    splitter = RowSplitter(12_503, None, 0)
    rows = splitter.seal("data")
    assert len(rows.sealed) == 2_501
    (fold,) = splitter.folds(rows.working, choose_protocol(len(rows.working)))
    assert (len(fold.train_rows), len(fold.validation_rows), len(fold.inner)) == (8_001, 2_001, 3)
    for train, validation in fold.inner:
        assert sorted([*train, *validation]) == sorted(fold.train_rows)
        assert len(validation) == 2_667


def test_classes_are_spread_evenly_at_every_level():
    classes = np.repeat([0, 1], [90, 33])
    splitter = RowSplitter(len(classes), classes, 3)
    rows = splitter.seal("data")
    folds = splitter.folds(rows.working, choose_protocol(len(rows.working)))
    parts = [rows.sealed, *(fold.validation_rows for fold in folds)]
    inner = [validation for fold in folds for _, validation in fold.inner]
    assert {int(classes[part].sum()) for part in parts} <= {5, 6, 7}
    assert {int(classes[part].sum()) for part in inner} <= {4, 5, 6}


def test_a_class_with_fewer_rows_than_folds_is_split_without_a_word():
    classes = np.array([0] * 20 + [1] * 20 + [2] * 2)
    splitter = RowSplitter(len(classes), classes, 0)
    rows = splitter.seal("data")
    assert len(splitter.folds(rows.working, choose_protocol(len(rows.working)))) == 10


def test_the_seed_and_the_repeat_deal_differently_and_the_same_seed_alike():
    def validation_rows(seed: int) -> list[list[int]]:
        splitter = RowSplitter(40, None, seed)
        rows = splitter.seal("data")
        return [fold.validation_rows.tolist() for fold in splitter.folds(rows.working, choose_protocol(32))]

    assert validation_rows(1) == validation_rows(1)
    assert validation_rows(1) != validation_rows(2)
    folds = validation_rows(1)
    assert folds[:5] != folds[5:]


def test_the_hash_names_the_sealed_rows_of_this_data():
    first = RowSplitter(20, None, 0).seal("data")
    assert first.sha256 == RowSplitter(20, None, 0).seal("data").sha256
    assert (
        len({first.sha256, RowSplitter(20, None, 0).seal("other").sha256, RowSplitter(20, None, 1).seal("data").sha256})
        == 3
    )
    assert len(first.sha256) == 64


def test_too_few_rows_for_a_run_are_refused():
    with pytest.raises(SplitError, match=r"The table has 9 rows\. Expected: at least 10"):
        RowSplitter(9, None, 0).seal("data")


@given(
    num_groups=some.integers(FEWEST_ROWS, 30),
    num_rows=some.integers(60, 90),
    num_classes=some.integers(0, 3),
    seed=some.integers(0, 5),
)
def test_a_group_is_never_parted_at_any_level(num_groups: int, num_rows: int, num_classes: int, seed: int):
    generator = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(num_groups), generator.integers(0, num_groups, num_rows - num_groups)])
    classes = generator.integers(0, num_classes, num_rows) if num_classes else None
    splitter = RowSplitter(num_rows, classes, seed, groups)
    rows = splitter.seal("data")

    def apart(one: np.ndarray, other: np.ndarray) -> bool:
        return not len(np.intersect1d(groups[one], groups[other])) and min(len(one), len(other)) > 0

    assert apart(rows.working, rows.sealed)
    for fold in splitter.folds(rows.working, choose_protocol(len(rows.working))):
        assert sorted([*fold.train_rows, *fold.validation_rows]) == sorted(rows.working)
        assert apart(fold.train_rows, fold.validation_rows)
        for train, validation in fold.inner:
            assert sorted([*train, *validation]) == sorted(fold.train_rows)
            assert apart(train, validation)


def test_pairs_of_repeated_rows_are_dealt_as_evenly_as_rows():
    classes = np.tile(np.repeat([0, 1], [150, 50]), 2)
    groups = np.tile(np.arange(200), 2)
    splitter = RowSplitter(400, classes, 0, groups)
    folds = splitter.folds(np.arange(400), choose_protocol(400, num_repeats=1))
    assert [len(fold.validation_rows) for fold in folds] == [80] * 5
    assert [int(classes[fold.validation_rows].sum()) for fold in folds] == [20] * 5


def test_rows_without_groups_are_dealt_as_if_each_were_a_group():
    alone, each = RowSplitter(60, None, 1), RowSplitter(60, None, 1, np.arange(60))
    np.testing.assert_array_equal(alone.seal("data").sealed, each.seal("data").sealed)


def test_too_few_groups_are_refused():
    with pytest.raises(SplitError, match=r"form 9 groups that must not be split.*at least 10"):
        RowSplitter(90, None, 0, np.arange(90) % 9).seal("data")


def test_more_folds_than_groups_are_refused():
    splitter = RowSplitter(90, None, 0, np.arange(90) % 12)
    rows = splitter.seal("data")
    protocol = choose_protocol(len(rows.working), num_folds=11)
    with pytest.raises(SplitError, match=r"11 folds are more than the \d+ groups of the rows to work on"):
        splitter.folds(rows.working, protocol)


def test_more_folds_than_rows_of_a_class_are_refused_where_it_was_asked_for():
    classes = np.array([0] * 60 + [1] * 60 + [2] * 7)
    splitter = RowSplitter(len(classes), classes, 0)
    with pytest.raises(SplitError, match=r"10 folds are more than the 7 rows of the rarest class.*2 to 7 folds"):
        splitter.check(np.arange(127), choose_protocol(127, num_folds=10))
    splitter.check(np.arange(127), choose_protocol(127, num_folds=7))
    splitter.check(np.arange(122), choose_protocol(122))


def test_parts_of_a_hold_out_split_no_group():
    groups = np.arange(60) // 3
    parts = RowSplitter(60, None, 0, groups).parts(np.arange(60), 5)
    assert sorted(np.concatenate(parts)) == list(range(60))
    assert all(
        len(np.intersect1d(groups[one], groups[other])) == 0 for one in parts for other in parts if one is not other
    )
