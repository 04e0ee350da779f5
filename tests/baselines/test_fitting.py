"""The rivals: each against scikit-learn alone, chosen on inner rows and scored on outer ones."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, Ridge

from tenfold.baselines.fitting import fit_baseline, rival_inputs, score_baseline
from tenfold.baselines.rivals import Baseline, choose_baselines
from tenfold.measures.choice import choose_measures
from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.problem.definition import Problem, define_problem
from tenfold.split.folds import Fold
from tenfold.split.protocol import choose_protocol
from tenfold.split.splitter import RowSplitter

NUM_ROWS = 70


def line() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, 3))
    return pd.DataFrame(x, columns=list("abc")).assign(y=x @ [2.0, -1.0, 0.0] + rng.normal(0, 0.1, NUM_ROWS))


def classes(num_classes: int) -> pd.DataFrame:
    frame = line()
    return frame.assign(y=pd.qcut(frame["y"], num_classes, labels=False).astype(str))


def folded(frame: pd.DataFrame) -> tuple[Problem, FoldedTable, np.ndarray, tuple[Fold, ...]]:
    problem = define_problem(frame, "y")
    target = problem.encode(frame["y"])
    splitter = RowSplitter(NUM_ROWS, None if problem.is_number else target, 0)
    folds = splitter.folds(np.arange(NUM_ROWS), choose_protocol(NUM_ROWS, num_repeats=1))
    return problem, fold_table(frame[list("abc")], problem, target, [fold.train_rows for fold in folds]), target, folds


def named(problem: Problem, name: str) -> Baseline:
    baselines = choose_baselines(problem, choose_measures(problem).primary, seed=0)
    return next(baseline for baseline in baselines if baseline.name.startswith(name))


@pytest.mark.parametrize(
    ("frame", "names"),
    [
        (line(), ["median of `y`", "linear", "boosted trees"]),
        (classes(2), ["always `0`", "linear", "boosted trees"]),
        (classes(3), ["always `0`", "linear", "boosted trees"]),
    ],
)
def test_a_guess_a_linear_model_and_trees_are_the_rivals(frame: pd.DataFrame, names: list[str]):
    problem = define_problem(frame, "y")
    baselines = choose_baselines(problem, choose_measures(problem).primary, seed=0)
    assert [baseline.name for baseline in baselines] == names
    assert [baseline.role for baseline in baselines] == ["guess", "baseline", "baseline"]


def test_a_fitted_baseline_is_scikit_learns_with_the_chosen_penalty():
    problem, table, target, folds = folded(line())
    inputs, fold = rival_inputs(table, 0), folds[0]
    measure = choose_measures(problem).primary
    fitted = fit_baseline(named(problem, "linear"), problem, measure, inputs, target, fold.train_rows, fold.inner)
    expected = Ridge(**fitted.settings).fit(inputs[fold.train_rows], target[fold.train_rows]).predict(inputs)
    np.testing.assert_allclose(fitted.predict(inputs), expected)


def test_the_penalty_is_the_one_that_inner_rows_like_best():
    problem, table, target, folds = folded(line())
    inputs, fold = rival_inputs(table, 0), folds[0]
    measure, baseline = choose_measures(problem).primary, named(problem, "linear")
    errors = {
        settings["alpha"]: np.mean(
            [
                np.abs(Ridge(**settings).fit(inputs[train], target[train]).predict(inputs[held]) - target[held]).mean()
                for train, held in fold.inner[:2]
            ]
        )
        for settings in baseline.settings
    }
    fitted = fit_baseline(baseline, problem, measure, inputs, target, fold.train_rows, fold.inner)
    assert fitted.settings["alpha"] == min(errors, key=errors.__getitem__)


def test_the_rows_that_score_change_nothing_about_the_fit():
    problem, table, target, folds = folded(classes(2))
    inputs, fold = rival_inputs(table, 0), folds[0]
    measure = choose_measures(problem).primary
    spoilt = target.copy()
    spoilt[fold.validation_rows] = 1 - spoilt[fold.validation_rows]
    for baseline in choose_baselines(problem, measure, seed=0):
        one = fit_baseline(baseline, problem, measure, inputs, target, fold.train_rows, fold.inner)
        other = fit_baseline(baseline, problem, measure, inputs, spoilt, fold.train_rows, fold.inner)
        np.testing.assert_array_equal(one.predict(inputs), other.predict(inputs))


@pytest.mark.parametrize("num_classes", [2, 3])
def test_scores_and_predictions_are_out_of_fold(num_classes: int):
    problem, table, target, folds = folded(classes(num_classes))
    measure = choose_measures(problem).primary
    result = score_baseline(named(problem, "linear"), problem, measure, table, target, folds)
    assert len(result.scores) == len(folds)
    for fold, prediction, score in zip(folds, result.predictions, result.scores, strict=True):
        assert prediction.shape == (len(fold.validation_rows), num_classes)
        np.testing.assert_allclose(prediction.sum(axis=1), 1.0, rtol=1e-6)
        assert score == measure.score(target[fold.validation_rows], prediction)
    assert result.mean > 0.8


def test_outer_predictions_know_nothing_of_the_rows_they_are_for():
    problem, table, target, folds = folded(classes(2))
    measure = choose_measures(problem).primary
    spoilt = target.copy()
    spoilt[folds[1].validation_rows] = 1 - spoilt[folds[1].validation_rows]
    for baseline in choose_baselines(problem, measure, seed=0):
        clean = score_baseline(baseline, problem, measure, table, target, folds)
        other = score_baseline(baseline, problem, measure, table, spoilt, folds)
        np.testing.assert_array_equal(clean.predictions[1], other.predictions[1])


def test_trees_and_lines_beat_the_guess_where_there_is_something_to_learn():
    problem, table, target, folds = folded(line())
    measure = choose_measures(problem).primary
    baselines = choose_baselines(problem, measure, seed=0)
    guess, linear, trees = (score_baseline(one, problem, measure, table, target, folds).mean for one in baselines)
    assert linear < trees < guess


def test_a_class_that_training_rows_lack_gets_probability_zero():
    problem, table, target, _ = folded(classes(3))
    inputs, measure = rival_inputs(table, 0), choose_measures(problem).primary
    rows = np.flatnonzero(target != 1)
    inner = [(rows[5:], rows[:5]), (rows[:-5], rows[-5:])]
    fitted = fit_baseline(named(problem, "linear"), problem, measure, inputs, target, rows, inner)
    assert not fitted.predict(inputs)[:, 1].any()


def test_one_class_in_the_training_rows_makes_a_constant_guess():
    problem, table, target, _ = folded(classes(2))
    inputs, measure = rival_inputs(table, 0), choose_measures(problem).primary
    rows = np.flatnonzero(target == 1)
    inner = [(rows[5:], rows[:5]), (rows[:-5], rows[-5:])]
    for baseline in choose_baselines(problem, measure, seed=0):
        fitted = fit_baseline(baseline, problem, measure, inputs, target, rows, inner)
        np.testing.assert_array_equal(fitted.predict(inputs), np.tile([0.0, 1.0], (NUM_ROWS, 1)))


def test_the_weakest_penalty_on_separable_classes_is_no_noise():
    problem, table, target, folds = folded(classes(2))
    inputs = rival_inputs(table, 0)
    separable = np.where(target[:, None] == 1, 1.0, -1.0).astype(np.float32) * np.ones_like(inputs)
    measure, fold = choose_measures(problem).primary, folds[0]
    fitted = fit_baseline(named(problem, "linear"), problem, measure, separable, target, fold.train_rows, fold.inner)
    assert isinstance(fitted.model, LogisticRegression)
    assert measure.score(target, fitted.predict(separable)) == 1.0
