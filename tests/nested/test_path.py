"""The way to the horizon: the same folds, only whole origins, a ridge for each step, quantiles that do not cross."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from series_frames import daily
from tenfold.baselines.line import InLogs, LineAndRidge, LinesAndRidge
from tenfold.data.table import table_from_frame
from tenfold.measures.choice import choose_measures
from tenfold.nested.linear_start import with_linear_start
from tenfold.nested.path import nest_path, path_problem, train_path
from tenfold.nested.results import Candidate
from tenfold.nested.rows import nest_rows
from tenfold.nested.training import train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Recipe
from tenfold.options import Options
from tenfold.question.posing import Question, pose_question

STEPS = 3


@pytest.fixture(scope="module")
def question() -> Question:
    frame = daily(160)
    frame.loc[60, "sold"] = np.nan
    options = Options(time="day", horizon=f"{STEPS}d", budget="quick")
    return pose_question(table_from_frame(frame, "sold"), ["sold"], options)


@pytest.fixture(scope="module")
def nested(question):
    found = nest_rows(
        question.inputs, question.problem, question.target, question.splitter, question.rows.working,
        question.protocol, num_seeds=1,
    )  # fmt: skip
    return with_linear_start(found, question.measures.primary, question.target)


@pytest.fixture(scope="module")
def path(question, nested):
    origins = question.origins
    problem = path_problem("sold", question.series.steps, origins.truth)
    measure = choose_measures(problem).primary
    return nest_path(nested, problem, question.inputs, origins.known, origins.truth, measure)


def test_folds_keep_their_rows_but_those_without_a_step(question, nested, path):
    is_whole = ~np.isnan(question.origins.truth).any(axis=1)
    assert (~is_whole).sum() == STEPS - 1
    for fold, own in zip(nested.folds, path.folds, strict=True):
        np.testing.assert_array_equal(own.train_rows, fold.train_rows[is_whole[fold.train_rows]])
        np.testing.assert_array_equal(own.validation_rows, fold.validation_rows[is_whole[fold.validation_rows]])
        assert is_whole[own.train_rows].all()


def test_no_step_that_is_trained_on_comes_after_the_first_scored_origin(question, path):
    times = question.order.times
    for fold in path.outer:
        assert times[fold.train_rows].max() <= times[fold.validation_rows].min() - STEPS


def test_too_few_whole_origins_are_no_way(question, nested, path):
    truth = np.full_like(question.origins.truth, np.nan)
    truth[:5] = 1.0
    measure = choose_measures(path.problem).primary
    assert nest_path(nested, path.problem, question.inputs, question.origins.known, truth, measure) is None


@pytest.mark.slow
def test_a_network_of_all_steps_beats_the_spread_and_never_crosses(question, nested, path):
    recipe = Recipe(epochs=5, patience=2, batch_size=16)
    candidate = Candidate(Rung((8,), starts_linear=True))
    small = replace(nested, recipe=recipe)
    chosen, _ = train_candidates(small, [candidate], range(len(nested.folds)))
    results, tally = train_path(replace(path, recipe=recipe), chosen)
    assert tally.num_members == sum(len(fold.inner) for fold in nested.folds)
    assert tally.num_programs == 1
    for fold, result in zip(path.outer, results[:-1], strict=True):
        low, middle, high = np.split(result.predictions[0], 3, axis=1)
        assert (low <= middle).all()
        assert (middle <= high).all()
        truth = question.origins.truth[fold.validation_rows]
        assert np.abs(middle - truth).mean() < 0.2 * truth.std()


def test_lines_and_ridge_are_a_line_and_ridge_for_each_target():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(40, 5))
    targets = inputs @ rng.normal(size=(5, 3)) + rng.normal(size=(40, 3))
    whole = LinesAndRidge(Ridge(2.0), (0, 3)).fit(inputs, targets)
    for place in range(3):
        alone = LineAndRidge(Ridge(2.0), (0, 3)).fit(inputs, targets[:, place])
        np.testing.assert_allclose(whole.predict(inputs)[:, place], alone.predict(inputs))
        np.testing.assert_allclose(whole.coef_[place], alone.coef_)
        assert whole.intercept_[place] == pytest.approx(alone.intercept_)


def test_a_model_in_logs_answers_in_the_targets_unit():
    inputs = np.random.default_rng(1).normal(size=(50, 2))
    target = np.expm1(2 + inputs @ [0.5, -0.25])
    model = InLogs(Ridge(1e-9)).fit(inputs, target)
    np.testing.assert_allclose(model.predict(inputs), target, rtol=1e-6)
    np.testing.assert_allclose(model.coef_, [0.5, -0.25], rtol=1e-6)
