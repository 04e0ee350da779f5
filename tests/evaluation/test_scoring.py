"""Scores of outer folds as a table of folds and seeds, whatever the protocol."""

import numpy as np
import pandas as pd
import pytest

from tenfold.evaluation.scoring import NUM_PARTS, SHARED_ROWS, OuterRows, out_of_fold
from tenfold.intervals import corrected_interval
from tenfold.measures.choice import choose_measures
from tenfold.problem.definition import define_problem
from tenfold.split.protocol import Protocol, choose_protocol
from tenfold.split.splitter import RowSplitter

NUM_ROWS = 30
TARGET = np.arange(NUM_ROWS, dtype=np.float64)
MEASURE = choose_measures(define_problem(pd.DataFrame({"x": 0, "y": TARGET + 0.5}), "y")).primary


def outer_rows(protocol: Protocol) -> OuterRows:
    splitter = RowSplitter(NUM_ROWS, None, 0)
    return OuterRows(protocol, splitter.folds(np.arange(NUM_ROWS), protocol), MEASURE, TARGET, splitter)


def off_by(rows: OuterRows, errors: list[list[float]]) -> list[list[np.ndarray]]:
    """For each fold a prediction a seed, off by a known amount."""
    return [
        [TARGET[fold.validation_rows] + error for error in ones] for fold, ones in zip(rows.folds, errors, strict=True)
    ]


def test_k_fold_has_a_row_a_fold_and_a_column_a_seed():
    rows = outer_rows(Protocol("k_fold", 3, 1, 2, ""))
    errors = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    found = rows.score(off_by(rows, errors))
    np.testing.assert_allclose(found.table, errors)
    assert (rows.num_rows, rows.is_redrawn, found.smallest_spread) == (10, False, 0.0)
    assert rows.rows_ratio == SHARED_ROWS * 0.5


def test_iterated_k_fold_has_a_column_a_repeat():
    rows = outer_rows(Protocol("iterated_k_fold", 3, 2, 2, ""))
    found = rows.score(off_by(rows, [[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]))
    np.testing.assert_allclose(found.table, [[1, 4], [2, 5], [3, 6]])
    assert rows.is_redrawn


def test_a_hold_out_is_scored_in_parts_that_share_out_its_rows():
    rows = outer_rows(Protocol("hold_out", 1, 1, 1, ""))
    held = rows.folds[0].validation_rows
    prediction = TARGET[held] + np.arange(len(held))
    found = rows.score([[prediction, TARGET[held]]])
    assert found.table.shape == (NUM_PARTS, 2)
    parts = rows.splitter.parts(held, NUM_PARTS)
    assert sorted(np.concatenate(parts)) == sorted(held)
    expected = [np.mean([np.flatnonzero(held == row)[0] for row in part]) for part in parts]
    np.testing.assert_allclose(found.table[:, 0], expected)
    assert not found.table[:, 1].any()
    assert rows.rows_ratio == pytest.approx((len(held) // NUM_PARTS) / 24)


def test_shares_have_a_smallest_spread():
    problem = define_problem(pd.DataFrame({"x": 0, "y": list("abc") * 10}), "y")
    target = problem.encode(pd.Series(list("abc") * 10))
    splitter = RowSplitter(NUM_ROWS, target, 0)
    protocol = Protocol("k_fold", 3, 1, 2, "")
    folds = splitter.folds(np.arange(NUM_ROWS), protocol)
    rows = OuterRows(protocol, folds, choose_measures(problem).primary, target, splitter)
    found = rows.score([[np.eye(3)[target[fold.validation_rows]]] for fold in folds])
    np.testing.assert_array_equal(found.table, np.ones((3, 1)))
    assert 0.05 < found.smallest_spread < 0.1


def test_out_of_fold_predictions_are_means_in_the_order_of_the_rows():
    rows = outer_rows(Protocol("iterated_k_fold", 3, 2, 2, ""))
    positions, predictions = out_of_fold(rows.folds, off_by(rows, [[1.0]] * 3 + [[3.0]] * 3), NUM_ROWS + 2)
    np.testing.assert_array_equal(positions, np.arange(NUM_ROWS))
    np.testing.assert_allclose(predictions, TARGET + 2.0)
    both = [[np.column_stack([one, -one]) for one in ones] for ones in off_by(rows, [[0.0]] * 6)]
    assert out_of_fold(rows.folds, both, NUM_ROWS)[1].shape == (NUM_ROWS, 2)


def rows_in_time(protocol: Protocol, gap: float = 0.0) -> OuterRows:
    """Row 0 is the last in time."""
    splitter = RowSplitter(NUM_ROWS, None, 0, times=-np.arange(NUM_ROWS, dtype=np.float64), gap=gap)
    return OuterRows(protocol, splitter.folds(np.arange(NUM_ROWS), protocol), MEASURE, TARGET, splitter)


def test_folds_in_time_have_the_mean_of_their_ratios():
    rows = rows_in_time(choose_protocol(NUM_ROWS, in_time=True))
    sizes = [(len(fold.validation_rows), len(fold.train_rows)) for fold in rows.folds]
    assert sizes == [(6, 6), (6, 12), (6, 18), (6, 24)]
    assert rows.rows_ratio == pytest.approx(SHARED_ROWS * (1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert rows.rows_ratio > SHARED_ROWS * 24 / 60
    found = rows.score(off_by(rows, [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]))
    np.testing.assert_allclose(found.table, [[1, 2], [3, 4], [5, 6], [7, 8]])


def test_unequal_folds_count_their_mean_size():
    times = np.repeat(np.arange(10.0), [1, 1, 1, 1, 1, 9, 1, 1, 1, 13])
    splitter = RowSplitter(NUM_ROWS, None, 0, times=times)
    protocol = choose_protocol(NUM_ROWS, in_time=True)
    rows = OuterRows(protocol, splitter.folds(np.arange(NUM_ROWS), protocol), MEASURE, TARGET, splitter)
    sizes = [len(fold.validation_rows) for fold in rows.folds]
    assert len(set(sizes)) > 1
    assert rows.num_rows == round(np.mean(sizes))


def test_a_hold_out_in_time_is_scored_in_stretches_of_time():
    rows = rows_in_time(choose_protocol(NUM_ROWS, in_time=True, kind="hold_out"))
    held = rows.folds[0].validation_rows
    assert set(held) == {0, 1, 2, 3, 4, 5}
    found = rows.score([[TARGET[held] + held]])
    np.testing.assert_allclose(found.table[:, 0], [5.0, 4.0, 2.5, 1.0, 0.0])
    assert rows.num_rows == 1
    assert rows.rows_ratio == pytest.approx(1 / 24)


def test_the_first_block_in_time_has_no_prediction():
    rows = rows_in_time(choose_protocol(NUM_ROWS, in_time=True))
    positions, predictions = out_of_fold(rows.folds, off_by(rows, [[1.0]] * 4), NUM_ROWS)
    np.testing.assert_array_equal(positions, np.arange(24))
    np.testing.assert_allclose(predictions, TARGET[:24] + 1.0)


def test_intervals_hold_chance_where_there_is_nothing_to_find():
    """Ridge on random classes: 400 runs of five folds. With the plain ratio 94 % of the intervals hold 0.5."""
    rng, num_rows, is_held = np.random.default_rng(0), 120, []
    classes = np.arange(num_rows) % 2
    problem = define_problem(pd.DataFrame({"x": 0.0, "y": np.where(classes, "yes", "no")}), "y")
    measure, protocol = choose_measures(problem).primary, Protocol("k_fold", 5, 1, 2, "")
    for run in range(400):
        x, target = rng.normal(size=(num_rows, 8)), rng.permutation(classes)
        splitter = RowSplitter(num_rows, target, run)
        rows = OuterRows(protocol, splitter.folds(np.arange(num_rows), protocol), measure, target, splitter)
        found = rows.score([(ridge_probabilities(x, target, fold),) for fold in rows.folds])
        interval = corrected_interval(found.table, rows_ratio=rows.rows_ratio)
        is_held.append(interval.low <= 0.5 <= interval.high)
    assert 0.945 < np.mean(is_held) < 0.99


def ridge_probabilities(x, target, fold):
    train, scored = x[fold.train_rows], x[fold.validation_rows]
    signs = 2.0 * target[fold.train_rows] - 1
    weights = np.linalg.solve(train.T @ train + np.eye(x.shape[1]), train.T @ signs)
    chance = 1 / (1 + np.exp(-scored @ weights))
    return np.column_stack([1 - chance, chance])
