"""Rivals of forecasts: what needs no learning by hand, ridge beside a line against the normal equations."""

import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from series_frames import daily, origins_of
from tenfold.baselines.fitting import fit_baseline, rival_inputs
from tenfold.baselines.forecasts import with_forecasts
from tenfold.baselines.line import BesideLine, BesideRidge, InLogs, LineAndRidge
from tenfold.baselines.naive import LastValue, SeasonAgo, SeasonalChange
from tenfold.baselines.rivals import choose_baselines
from tenfold.measures.choice import choose_measures
from tenfold.model_folder.baseline import TRUSTED
from tenfold.prepare.folded import fold_table
from tenfold.problem.definition import define_problem

WINDOW = np.arange(1.0, 15.0)[None] ** 2  # two weeks: 1, 4, ..., 196


@pytest.mark.parametrize(("model", "expected"), [
    (LastValue(), 196), (SeasonAgo(7, 1), 64), (SeasonAgo(7, 7), 196), (SeasonAgo(7, 9), 81),
    (SeasonalChange(7, 1), 196 + 64 - 49), (SeasonalChange(7, 7), 196 + 196 - 49), (SeasonalChange(3, 4), 0),
])  # fmt: skip
def test_forecasts_that_nobody_learns(model: object, expected: float):
    if isinstance(model, SeasonalChange) and model.season == 3:  # changes that ended: from 8, 5 and 2
        values = WINDOW[0]
        expected = values[-1] + np.mean([values[place + 4] - values[place] for place in (7, 4, 1)])
    assert model.fit(WINDOW, np.zeros(1)).predict(WINDOW) == pytest.approx([expected])


def test_the_rivals_of_a_series_and_their_names():
    plan, origins = origins_of(daily())
    problem = define_problem(origins.frame, "sold", kind="number")
    rivals = choose_baselines(problem, choose_measures(problem).primary, seed=0, levels=(0,))
    names = [one.name for one in with_forecasts(rivals, plan)]
    assert names == [
        "median of `sold`", "linear on lags", "boosted trees on lags", "last value", "1 week before",
        "last value + change",
    ]  # fmt: skip


def test_naive_rivals_see_the_past_in_the_targets_unit():
    plan, origins = origins_of(daily())
    frame = origins.frame
    problem = define_problem(frame, "sold", kind="number")
    table = fold_table(frame.drop(columns="sold"), problem, problem.encode(frame), [np.arange(100)])
    rivals = {one.name: one for one in with_forecasts((), plan)}
    measure, target = choose_measures(problem).primary, problem.encode(frame)
    sold, lines = daily()["sold"], np.arange(20, 20 + len(frame))
    for name, oracle in (("last value", sold[lines]), ("1 week before", sold[lines - 6])):
        past = rival_inputs(table, 0, rivals[name].sees)
        fitted = fit_baseline(rivals[name], problem, measure, past, target, np.arange(100), ())
        np.testing.assert_allclose(fitted.predict(past), oracle, atol=1e-3)


def test_a_line_and_a_ridge_are_least_squares_one_after_the_other():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(50, 4))
    target = 3 * inputs[:, 0] + inputs[:, 2] + 7 + rng.normal(0, 0.1, 50)
    model = LineAndRidge(Ridge(alpha=2.0), (0,)).fit(inputs, target)
    line = np.polyfit(inputs[:, 0], target, 1)
    centred = inputs - inputs.mean(axis=0)
    rest = target - np.polyval(line, inputs[:, 0])
    coefficients = np.linalg.solve(centred.T @ centred + 2 * np.eye(4), centred.T @ rest)
    coefficients[0] += line[0]
    np.testing.assert_allclose(model.coef_, coefficients, rtol=1e-8)
    np.testing.assert_allclose(model.predict(inputs), inputs @ model.coef_ + model.intercept_, rtol=1e-10)


def test_trees_beside_a_line_go_beyond_what_they_have_seen():
    values = np.arange(200.0)[:, None]
    alone = HistGradientBoostingRegressor(random_state=0)
    beside = BesideLine(HistGradientBoostingRegressor(random_state=0), (0,)).fit(values[:150], values[:150, 0])
    assert np.abs(alone.fit(values[:150], values[:150, 0]).predict(values[150:]) - values[150:, 0]).mean() > 20
    np.testing.assert_allclose(beside.predict(values[150:]), values[150:, 0], atol=1e-6)


def test_the_line_goes_through_the_input_that_says_most():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(60, 3))
    assert LineAndRidge(Ridge(), (0, 2)).fit(inputs, 2 * inputs[:, 2]).place_ == 2


@pytest.mark.parametrize("model", [
    LastValue(), SeasonAgo(7, 1), SeasonalChange(7, 1), LineAndRidge(Ridge(), (0,)),
    BesideLine(HistGradientBoostingRegressor(max_iter=3), (0,)),
    BesideRidge(HistGradientBoostingRegressor(max_iter=3), LineAndRidge(Ridge(), (0,))),
    InLogs(LineAndRidge(Ridge(), (0,))),
])  # fmt: skip
def test_they_are_kept_without_pickle(model: object):
    inputs = np.random.default_rng(0).uniform(size=(40, 14))
    model.fit(inputs, inputs[:, 0])
    again = skops.io.loads(skops.io.dumps(model), trusted=TRUSTED)
    np.testing.assert_array_equal(again.predict(inputs), model.predict(inputs))


def test_trees_beside_a_ridge_say_what_it_leaves():
    """A steep line with a step in it: trees alone need many leaves for the line, the ridge cannot say the step."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(400, 2))
    target = 50 * inputs[:, 0] + 5 * (inputs[:, 1] > 0) + rng.normal(0, 0.1, 400)
    ridge, trees = LineAndRidge(Ridge(1.0), (0,)), HistGradientBoostingRegressor(random_state=0)
    both = BesideRidge(trees, ridge).fit(inputs[:300], target[:300])
    errors = [
        np.abs(model.predict(inputs[300:]) - target[300:]).mean()
        for model in (both, trees.fit(inputs[:300], target[:300]), ridge.fit(inputs[:300], target[:300]))
    ]
    assert errors[0] < 0.5 * min(errors[1:])
