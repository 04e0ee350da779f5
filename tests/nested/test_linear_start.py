"""Networks that start from a linear model: scikit-learn's own answers as oracle, and rows that take no part."""

from dataclasses import replace

import keras
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, softmax
from sklearn.base import clone

from reviews import reviews
from tenfold.baselines.fitting import fit_baseline, predict_with, rival_inputs, score_baseline
from tenfold.baselines.rivals import choose_baselines
from tenfold.measures.choice import choose_measures
from tenfold.nested.linear_start import can_start_linear, with_linear_start
from tenfold.nested.network import final_network
from tenfold.nested.results import Candidate
from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.nested.training import build_network, train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Recipe
from tenfold.problem.definition import define_problem
from tenfold.split.protocol import Protocol
from tenfold.split.splitter import RowSplitter

FROM_LINEAR = Rung((4,), starts_linear=True)


def frame_of(kind: str) -> pd.DataFrame:
    frame = reviews()
    values = {
        "two_classes": frame["verdict"],
        "several_classes": frame["verdict"] + np.where(frame["stars"] > 3, "!", ""),
        "number": 10 + 3.0 * (frame["verdict"] == "good") + frame["stars"] + np.linspace(0, 1, len(frame)),
    }[kind]
    return frame[["review", "stars"]].assign(y=values)


def nested_of(kind: str, frame: pd.DataFrame | None = None) -> tuple[NestedRows, np.ndarray]:
    frame = frame_of(kind) if frame is None else frame
    problem = define_problem(frame, "y")
    target = problem.encode(frame)
    splitter = RowSplitter(len(frame), problem.strata(target), 0)
    working = splitter.seal("reviews").working
    protocol = Protocol("k_fold", 2, 1, 2, "")
    nested = nest_rows(frame.drop(columns="y"), problem, target, splitter, working, protocol, num_seeds=1)
    return replace(nested, recipe=Recipe(3, 3, 16)), target


def started(kind: str) -> tuple[NestedRows, np.ndarray]:
    nested, target = nested_of(kind)
    assert can_start_linear(nested)
    return with_linear_start(nested, choose_measures(nested.problem).primary, target), target


@pytest.mark.parametrize("kind", ["two_classes", "several_classes", "number"])
def test_a_network_begins_with_the_linear_models_answer(kind: str):
    nested, target = started(kind)
    problem, fold = nested.problem, nested.folds[0]
    rows, inputs = fold.validation_rows, rival_inputs(nested.table, 0)
    baseline = choose_baselines(
        problem, choose_measures(problem).primary, seed=0, num_terms=nested.table.text_sizes.num_terms
    )[1]
    fitted = fit_baseline(
        baseline, problem, choose_measures(problem).primary, inputs, target, fold.train_rows, fold.inner
    )
    expected = fitted.predict(inputs[rows])
    network = build_network(nested.shape, problem, Candidate(FROM_LINEAR))()
    answers = np.asarray(network.predict(nested.inputs_of(FROM_LINEAR, 0, rows), verbose=0))
    np.testing.assert_allclose(nested.predictions(0, answers), expected, rtol=2e-4, atol=2e-5)
    train, validation = fold.inner[1]
    model = clone(fitted.baseline.make(**fitted.settings)).fit(inputs[train], target[train])
    inner = predict_with(model, problem, inputs[validation])
    answers = np.asarray(network.predict(nested.inputs_of(FROM_LINEAR, 0, validation), verbose=0))
    np.testing.assert_allclose(nested.predictions(0, answers), inner, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("kind", ["two_classes", "several_classes", "number"])
def test_the_rival_is_not_fitted_twice_and_scores_the_same(kind: str):
    nested, target = started(kind)
    problem, num_terms = nested.problem, nested.table.text_sizes.num_terms
    measure = choose_measures(problem).primary
    baseline = choose_baselines(problem, measure, seed=0, num_terms=num_terms)[1]
    data = (baseline, problem, measure, nested.table, target, nested.outer)
    anew, known = score_baseline(*data), score_baseline(*data, nested.linear)
    assert known.scores == anew.scores
    np.testing.assert_array_equal(known.predictions[1], anew.predictions[1])


def test_rows_that_score_take_no_part():
    nested, target = nested_of("two_classes")
    fold, place = nested.folds[0], nested.table.rows
    measure = choose_measures(nested.problem).primary

    def starts(answers: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.asarray(with_linear_start(nested, measure, answers).table.start[place(0, rows)])

    outer = target.copy()
    outer[fold.validation_rows] = 1 - outer[fold.validation_rows]
    np.testing.assert_array_equal(starts(outer, fold.train_rows), starts(target, fold.train_rows))


def test_an_inner_folds_own_rows_take_no_part_in_what_they_start_from(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tenfold.baselines.rivals.TERM_PENALTIES", (0.1,))
    monkeypatch.setattr("tenfold.baselines.rivals.FEW_CLASSES", 0)
    nested, target = nested_of("number")  # one penalty, so that no choice can pass anything on
    fold, measure = nested.folds[0], choose_measures(nested.problem).primary
    validation = fold.inner[0][1]
    spoilt = target.copy()
    spoilt[validation] += 100.0
    rows = nested.table.rows(0, validation)
    before = with_linear_start(nested, measure, target).table.start[rows]
    np.testing.assert_allclose(with_linear_start(nested, measure, spoilt).table.start[rows], before, atol=1e-5)


@pytest.mark.parametrize("kind", ["two_classes", "several_classes"])
def test_the_delivered_network_holds_the_linear_model_itself(kind: str):
    nested, _ = started(kind)
    (result,), _ = train_candidates(nested, [Candidate(FROM_LINEAR)], [nested.final])
    network = final_network(nested, result)
    assert "start" not in {one.name for one in network.inputs}
    rows, table = np.arange(7), nested.table
    lines = table.rows(nested.final, rows)
    x = {name: array[lines] for name, array in table.arrays(["inputs", "terms", "weights"]).items()}
    linear = nested.starts[0].answers(rival_inputs(table, nested.final)[rows])
    np.testing.assert_allclose(_start_of(network, x), linear, rtol=1e-4, atol=1e-4)
    answers = np.asarray(network(x))
    assert answers.shape == (7, nested.problem.num_outputs)
    plain = expit(linear) if kind == "two_classes" else softmax(linear, axis=1)
    assert np.abs(answers - plain).max() < 0.2  # three epochs cannot lead far away


def _start_of(network, x):  # type: ignore[no-untyped-def]

    return np.asarray(keras.Model(network.inputs, network.get_layer("start").output)(x))


def test_a_class_that_a_fold_lacks_begins_as_impossible():
    frame = frame_of("several_classes")
    nested, target = nested_of("several_classes", frame)
    rare = int(np.argmin(np.bincount(target)))
    fold = nested.folds[0]
    without = tuple((train[target[train] != rare], validation) for train, validation in fold.inner)
    poorer = replace(nested, folds=(replace(fold, inner=without), *nested.folds[1:]))
    start = with_linear_start(poorer, choose_measures(nested.problem).primary, target).table.start
    assert (start[nested.table.rows(0, fold.inner[0][1]), rare] == -10).all()
