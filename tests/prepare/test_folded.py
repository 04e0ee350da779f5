"""Blocks of prepared rows, one a fold: each fitted on its own training rows, aligned by name."""

import numpy as np
import pandas as pd

from tenfold.measures.choice import choose_measures
from tenfold.prepare.folded import fold_table
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale, answers_to_predictions
from tenfold.problem.definition import define_problem


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


def test_ranks_and_codes_are_aligned_like_inputs():
    rng = np.random.default_rng(0)
    users = np.repeat([f"user {number}" for number in range(40)], 5)
    frame = pd.DataFrame({"user": users, "size": rng.normal(size=200), "price": rng.normal(size=200)})
    frame.loc[:99, "size"] = 1.0
    inputs = frame[["user", "size"]]
    problem = define_problem(frame, "price")
    folds = [np.arange(100), np.arange(200), np.arange(0, 200, 2)]
    folded = fold_table(inputs, problem, problem.encode(frame["price"]), folds)
    assert (folded.rank_names, folded.code_names, folded.code_sizes) == (("size",), ("user",), (41,))
    assert (folded.ranks.shape, folded.codes.shape) == ((600, 1), (600, 1))
    assert not folded.ranks[folded.rows(0, np.arange(200))].any()
    for block, rows in enumerate(folds):
        own, lines = TablePreparation.fit(inputs.iloc[rows]).transform(inputs), folded.rows(block, np.arange(200))
        if own.codes.shape[1]:
            np.testing.assert_array_equal(folded.codes[lines], own.codes)
        if own.ranks.shape[1]:
            np.testing.assert_array_equal(folded.ranks[lines], own.ranks)
    assert not folded.codes[folded.rows(0, np.arange(200))].any()


def test_arrays_are_handed_out_by_name_without_a_copy():
    frame = houses()
    problem = define_problem(frame, "price")
    folded = fold_table(frame[["size"]], problem, problem.encode(frame["price"]), FOLDS)
    arrays = folded.arrays(["ranks", "inputs"])
    assert list(arrays) == ["ranks", "inputs"]
    assert arrays["ranks"] is folded.ranks
    assert arrays["inputs"] is folded.inputs
    assert (folded.inputs.dtype, folded.ranks.dtype, folded.codes.dtype) == (np.float32, np.float32, np.int32)


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


def test_answers_in_single_precision_are_probabilities_in_double_precision():
    frame = houses()
    classes = define_problem(frame, "colour")
    answers = np.random.default_rng(0).dirichlet(np.ones(3), size=30).astype(np.float32)
    predictions = answers_to_predictions(answers, classes, TargetScale())
    np.testing.assert_allclose(predictions, answers, rtol=1e-6)
    log_loss = choose_measures(classes).all[-1]
    assert np.isfinite(log_loss.score(classes.encode(frame["colour"]), predictions))
    two = define_problem(frame.assign(colour=frame["colour"] == "red"), "colour")
    positive = np.array([[0.25], [0.75]], np.float32)
    np.testing.assert_array_equal(answers_to_predictions(positive, two, TargetScale()), [[0.75, 0.25], [0.25, 0.75]])
    number = define_problem(frame, "price")
    np.testing.assert_allclose(answers_to_predictions(positive, number, TargetScale((10.0,), (4.0,))), [11.0, 13.0])


def test_equal_targets_are_not_divided_by_zero():
    problem = define_problem(houses(), "price")
    assert TargetScale.fit(problem, np.array([2.0, 2.0])) == TargetScale((2.0,), (1.0,))
