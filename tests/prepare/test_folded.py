"""Blocks of prepared rows, one a fold: each fitted on its own training rows, aligned by name."""

import numpy as np
import pandas as pd

from tenfold.prepare.folded import TargetScale, fold_table
from tenfold.prepare.table import TablePreparation
from tenfold.problem import define_problem


def houses() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    colour = np.array(["red", "blue", "green"])[rng.integers(0, 3, 30)]
    colour[:10] = np.where(colour[:10] == "green", "red", colour[:10])
    return pd.DataFrame({"size": rng.normal(size=30), "colour": colour, "price": rng.normal(50, 9, 30)})


FOLDS = [np.arange(10), np.arange(8, 30), np.arange(0, 30, 2)]


def test_a_block_is_what_its_own_training_rows_say():
    frame = houses()
    inputs = frame[["size", "colour"]]
    problem = define_problem(frame, "price")
    folded = fold_table(inputs, problem, problem.encode(frame["price"]), FOLDS)
    assert folded.num_blocks == 3
    assert folded.inputs.shape == (90, len(folded.input_names))
    for block, rows in enumerate(FOLDS):
        preparation = TablePreparation.fit(inputs.iloc[rows])
        places = [folded.input_names.index(name) for name in preparation.input_names]
        block_inputs = folded.block(block, np.arange(30))
        np.testing.assert_array_equal(block_inputs[:, places], preparation.transform(inputs).inputs)
        assert not np.delete(block_inputs, places, axis=1).any()
    assert "colour = green" not in folded.preparations[0].input_names


def test_rows_point_into_the_block():
    frame = houses()
    problem = define_problem(frame, "price")
    folded = fold_table(frame[["size"]], problem, problem.encode(frame["price"]), FOLDS)
    np.testing.assert_array_equal(folded.rows(2, np.array([0, 7])), [60, 67])


def test_a_number_is_scaled_by_the_training_rows_of_its_block():
    frame = houses()
    problem = define_problem(frame, "price")
    target = problem.encode(frame["price"])
    folded = fold_table(frame[["size"]], problem, target, FOLDS)
    for block, rows in enumerate(FOLDS):
        scaled = folded.targets[folded.rows(block, rows)]
        np.testing.assert_allclose([scaled.mean(), scaled.std()], [0, 1], atol=1e-6)
        np.testing.assert_allclose(folded.scales[block].restore(scaled), target[rows], rtol=1e-6)


def test_classes_stay_as_they_are():
    frame = houses()
    problem = define_problem(frame, "colour")
    target = problem.encode(frame["colour"])
    folded = fold_table(frame[["size"]], problem, target, FOLDS)
    np.testing.assert_array_equal(folded.targets, np.tile(target, 3))
    assert folded.targets.dtype == np.int32


def test_equal_targets_are_not_divided_by_zero():
    assert TargetScale.fit(np.array([2.0, 2.0])) == TargetScale(2.0, 1.0)
