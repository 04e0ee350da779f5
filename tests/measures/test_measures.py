"""The measure follows from the problem; its scores are checked by hand, by definition and against scikit-learn."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from tenfold.errors import OptionError
from tenfold.measures.choice import choose_measures, inner_measure
from tenfold.measures.measure import Measure
from tenfold.measures.scorers import fitting_scorers
from tenfold.problem.definition import Problem, define_problem


def problem(values: object, kind: str | None = None) -> Problem:
    if isinstance(values, dict):
        return define_problem(pd.DataFrame({"x": 0, **values}), list(values), kind=kind)
    return define_problem(pd.DataFrame({"x": 0, "y": values}), "y", kind=kind)


def measure(values: object, key: str) -> Measure:
    return next(measure for measure in choose_measures(problem(values)).all if measure.key == key)


NUMBERS = [1.5, 2.5, 4.0]
TWO = [0, 1, 1, 0, 1]
RARE = [0] * 9 + [1]
THREE = list("aabbcc")
SHARES = [0.0, 0.25, 1.0, 0.5]
COUNTS = [3, 5, 2, 9]
LABELS = {"a": [0, 1, 1, 0], "b": [1, 1, 0, 0], "c": [0, 1, 0, 1]}
SEVERAL = {"wide": [10.0, 20.0, 60.0], "high": [1.5, 2.5, 2.0]}


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        (NUMBERS, ["mae", "rmse", "r2"]),
        (TWO, ["roc_auc", "accuracy", "log_loss"]),
        (RARE * 2, ["average_precision", "roc_auc", "balanced_accuracy", "log_loss"]),
        (THREE, ["accuracy", "balanced_accuracy", "log_loss"]),
        (["a"] * 20 + ["b"] * 20 + ["c"] * 3, ["balanced_accuracy", "accuracy", "log_loss"]),
    ],
)
def test_the_measure_follows_from_the_problem(values: object, keys: list[str]):
    assert [measure.key for measure in choose_measures(problem(values)).all] == keys


def test_errors_of_numbers_keep_their_sign_and_unit():
    truth, prediction = np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 3.0])
    mae = measure(NUMBERS, "mae")
    assert mae.score(truth, prediction) == pytest.approx(4 / 3)
    assert mae.no_skill(truth) == pytest.approx(5 / 3)
    assert (mae.better, mae.unit) == ("lower", "target")
    assert measure(NUMBERS, "rmse").score(truth, prediction) == pytest.approx(np.sqrt(10 / 3))
    assert measure(NUMBERS, "rmse").no_skill(truth) == pytest.approx(np.sqrt(14 / 3))
    assert measure(NUMBERS, "r2").score(truth, np.full(3, 3.0)) == pytest.approx(0.0)
    assert measure(NUMBERS, "r2").no_skill(truth) == 0.0


def test_roc_auc_is_the_share_of_pairs_in_order():
    truth, positive = np.array([0, 1, 0, 1, 1]), np.array([0.2, 0.9, 0.6, 0.5, 0.7])
    prediction = np.column_stack([1 - positive, positive])
    in_order = [p > n for p in positive[truth == 1] for n in positive[truth == 0]]
    assert measure(TWO, "roc_auc").score(truth, prediction) == pytest.approx(np.mean(in_order))


def test_roc_auc_of_one_class_is_not_a_number():
    assert np.isnan(measure(TWO, "roc_auc").score(np.array([1, 1]), np.array([[0.5, 0.5], [0.2, 0.8]])))


def test_average_precision_of_a_random_order_is_the_share_of_positives():
    truth = np.array([0, 0, 0, 1])
    assert measure(RARE * 2, "average_precision").no_skill(truth) == 0.25
    best = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]])
    assert measure(RARE * 2, "average_precision").score(truth, best) == pytest.approx(1.0)


def test_several_classes_are_judged_by_the_likeliest():
    truth = np.array([0, 1, 2, 2, 2])
    prediction = np.array([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7], [0.2, 0.5, 0.3]])
    assert measure(THREE, "accuracy").score(truth, prediction) == pytest.approx(3 / 5)
    assert measure(THREE, "balanced_accuracy").score(truth, prediction) == pytest.approx((1 + 0 + 2 / 3) / 3)
    by_hand = -np.log([0.6, 0.3, 0.7, 0.7, 0.3]).mean()
    assert measure(THREE, "log_loss").score(truth, prediction) == pytest.approx(by_hand)


def test_guesses_score_no_skill():
    truth = np.array([0, 0, 0, 1, 1])
    assert measure(THREE, "accuracy").no_skill(truth) == pytest.approx(3 / 5)
    assert measure(THREE, "balanced_accuracy").no_skill(truth) == pytest.approx(1 / 2)
    shares = np.tile([0.6, 0.4], (5, 1))
    log_loss = measure(TWO, "log_loss")
    assert log_loss.no_skill(truth) == pytest.approx(log_loss.score(truth, shares))


def test_a_fold_without_one_of_the_classes_can_be_scored():
    truth = np.array([0, 1, 1])
    prediction = np.array([[0.2, 0.1, 0.7], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]])
    scores = [measure.score(truth, prediction) for measure in choose_measures(problem(THREE)).all]
    assert scores == pytest.approx([2 / 3, 1 / 2, -np.log([0.2, 0.8, 0.8]).mean()])


def test_a_gain_is_positive_where_the_score_is_better():
    assert measure(NUMBERS, "mae").gain(2.0, 3.0) == 1.0
    assert measure(TWO, "roc_auc").gain(0.75, 0.5) == 0.25


@pytest.mark.parametrize(
    ("values", "key", "bounds"),
    [(NUMBERS, "mae", (0.0, np.inf)), (NUMBERS, "r2", (-np.inf, 1.0)), (TWO, "roc_auc", (0.0, 1.0))],
)
def test_a_measure_knows_what_scores_there_can_be(values, key, bounds):
    assert measure(values, key).bounds == bounds


@pytest.mark.parametrize(
    ("values", "kind", "keys"),
    [
        (SHARES, None, ["mae", "rmse", "r2", "log_loss"]),
        (COUNTS, "count", ["mae", "poisson_deviance", "rmse"]),
        ([0, 0, 0, 7], "count", ["poisson_deviance", "mae", "rmse"]),
        (LABELS, None, ["average_precision", "roc_auc", "log_loss"]),
        (SEVERAL, None, ["mae_in_spreads", "r2"]),
    ],
)
def test_the_measure_follows_from_the_newer_kinds_too(values: object, kind: str | None, keys: list[str]):
    found = choose_measures(problem(values, kind))
    assert [one.key for one in found.all] == keys


def test_what_inner_folds_choose_by_is_smooth():
    keys = [
        inner_measure(problem(*one)).key
        for one in [(NUMBERS,), (SHARES,), (COUNTS, "count"), (TWO,), (LABELS,), (SEVERAL,)]
    ]
    assert keys == ["mae", "mae", "poisson_deviance", "log_loss", "log_loss", "mae_in_spreads"]


def test_labels_are_scored_one_by_one_and_averaged():
    rng = np.random.default_rng(0)
    truth = (rng.random((40, 3)) < [0.2, 0.5, 0.8]).astype(np.int32)
    prediction = rng.random((40, 3))
    precision, area, loss = choose_measures(problem(LABELS)).all
    assert precision.score(truth, prediction) == pytest.approx(metrics.average_precision_score(truth, prediction))
    assert area.score(truth, prediction) == pytest.approx(metrics.roc_auc_score(truth, prediction))
    by_hand = -(truth * np.log(prediction) + (1 - truth) * np.log(1 - prediction)).mean()
    assert loss.score(truth, prediction) == pytest.approx(by_hand)
    of_each = [metrics.average_precision_score(truth[:, place], prediction[:, place]) for place in range(3)]
    assert precision.parts(truth, prediction) == pytest.approx(dict(zip("abc", of_each, strict=True)))
    assert precision.no_skill(truth) == pytest.approx(truth.mean())
    shares = np.tile(truth.mean(axis=0), (40, 1))
    assert loss.no_skill(truth) == pytest.approx(loss.score(truth, shares))


def test_a_label_that_no_row_has_is_left_out_of_the_mean():
    truth = np.array([[0, 1, 0], [0, 0, 1], [0, 1, 1]], np.int32)
    prediction = np.array([[0.1, 0.9, 0.2], [0.3, 0.2, 0.8], [0.2, 0.7, 0.1]])
    precision = choose_measures(problem(LABELS)).primary
    assert np.isnan(precision.parts(truth, prediction)["a"])
    one, other = (metrics.average_precision_score(truth[:, place], prediction[:, place]) for place in (1, 2))
    assert precision.score(truth, prediction) == pytest.approx((one + other) / 2)
    assert np.isnan(precision.score(truth * 0, prediction))


def test_errors_of_several_numbers_are_divided_by_their_spreads():
    truth, prediction = np.array([[10.0, 1.0], [30.0, 3.0]]), np.array([[20.0, 1.0], [30.0, 2.0]])
    measure = choose_measures(problem(SEVERAL)).primary
    spreads = [np.std(SEVERAL["wide"]), np.std(SEVERAL["high"])]
    assert measure.score(truth, prediction) == pytest.approx((5 / spreads[0] + 0.5 / spreads[1]) / 2)
    assert measure.parts(truth, prediction) == {"wide": 5.0, "high": 0.5}
    assert measure.no_skill(truth) == pytest.approx((10 / spreads[0] + 1 / spreads[1]) / 2)


def test_the_deviance_of_counts_is_scikit_learns_where_that_is_defined():
    truth, prediction = np.array([0.0, 3.0, 1.0]), np.array([0.5, 2.0, 4.0])
    deviance = choose_measures(problem([0, 0, 0, 7], "count")).primary
    assert deviance.score(truth, prediction) == pytest.approx(metrics.mean_poisson_deviance(truth, prediction))
    assert deviance.no_skill(truth) == pytest.approx(metrics.mean_poisson_deviance(truth, np.full(3, 4 / 3)))
    nothing = deviance.score(np.array([0.0, 2.0, 4.0]), np.array([0.0, 2.0, 1.0]))
    assert nothing == pytest.approx(2 / 3 * metrics.mean_poisson_deviance([2.0, 4.0], [2.0, 1.0]))
    assert deviance.score(truth, np.array([0.5, 0.0, 4.0])) == np.inf
    assert deviance.score(truth, np.array([0.5, 2.0, -1.0])) == np.inf
    assert deviance.no_skill(np.zeros(3)) == 0.0


def test_the_log_loss_of_shares_is_that_of_classes_in_proportion():
    truth, prediction = np.array([0.0, 0.25, 1.0]), np.array([0.2, 0.5, 0.9])
    loss = choose_measures(problem(SHARES)).all[-1]
    by_hand = np.mean([-np.log(0.8), -np.log(0.5), -np.log(0.9)])
    assert loss.score(truth, prediction) == pytest.approx(by_hand)
    assert loss.score(truth, np.array([0.0, 0.25, 1.0])) == pytest.approx(
        -(0.25 * np.log(0.25) + 0.75 * np.log(0.75)) / 3
    )
    assert loss.score(truth, np.array([0.2, 0.5, 1.01])) == np.inf


KINDS = {
    "number": (NUMBERS, None),
    "share": (SHARES, None),
    "count": (COUNTS, "count"),
    "two_classes": (TWO, None),
    "several_classes": (THREE, None),
    "several_labels": (LABELS, None),
    "several_numbers": (SEVERAL, None),
}


def rows_of(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Truth and prediction of 30 rows."""
    rng = np.random.default_rng(3)
    if kind in {"two_classes", "several_classes"}:
        num_classes = 2 if kind == "two_classes" else 3
        return rng.integers(0, num_classes, 30), rng.dirichlet(np.ones(num_classes), 30)
    if kind == "several_labels":
        return rng.integers(0, 2, (30, 3)), rng.random((30, 3))
    shape = (30, 2) if kind == "several_numbers" else 30
    truth = {"count": rng.poisson(3.0, 30).astype(float), "share": rng.random(30)}.get(kind, rng.normal(size=shape))
    return truth, rng.random(shape)


@pytest.mark.parametrize("kind", KINDS)
def test_every_scorer_that_fits_gives_scikit_learns_number_in_its_natural_sign(kind: str):
    posed, (truth, prediction) = problem(*KINDS[kind]), rows_of(kind)
    fitting = fitting_scorers(kind, len(posed.labels) or len(posed.columns))
    assert len(fitting) >= 4
    for name in fitting:
        measure = choose_measures(posed, name).primary
        score = measure.score(truth, prediction)
        assert np.isfinite(score), name
        assert measure.better == ("lower" if name.startswith("neg_") else "higher"), name
        assert measure.bounds[0] <= score <= measure.bounds[1], name
        no_skill = measure.no_skill(truth)
        assert np.isnan(no_skill) or measure.bounds[0] <= no_skill <= measure.bounds[1], name


@pytest.mark.parametrize(
    ("kind", "name", "compute"),
    [
        ("number", "neg_median_absolute_error", metrics.median_absolute_error),
        ("number", "neg_mean_squared_error", metrics.mean_squared_error),
        ("number", "d2_absolute_error_score", metrics.d2_absolute_error_score),
        ("count", "neg_mean_squared_log_error", metrics.mean_squared_log_error),
        ("two_classes", "f1", lambda truth, chance: metrics.f1_score(truth, chance[:, 1] > 0.5)),
        ("two_classes", "neg_brier_score", lambda truth, chance: metrics.brier_score_loss(truth, chance[:, 1])),
        (
            "several_classes",
            "roc_auc_ovr",
            partial(metrics.roc_auc_score, multi_class="ovr"),
        ),
        (
            "several_classes",
            "matthews_corrcoef",
            lambda truth, chance: metrics.matthews_corrcoef(truth, chance.argmax(axis=1)),
        ),
        ("several_labels", "f1_macro", lambda truth, chance: metrics.f1_score(truth, chance >= 0.5, average="macro")),
        ("several_numbers", "explained_variance", metrics.explained_variance_score),
    ],
)
def test_a_scorer_by_name_is_scikit_learns_function(kind: str, name: str, compute: object):
    truth, prediction = rows_of(kind)
    measure = choose_measures(problem(*KINDS[kind]), name).primary
    assert measure.score(truth, prediction) == pytest.approx(compute(truth, prediction))


def test_a_measure_may_be_asked_for_by_its_short_name():
    found = choose_measures(problem(NUMBERS), "rmse")
    assert [one.key for one in found.all] == ["rmse", "mae", "r2"]
    assert found.because == "it was asked for"
    assert choose_measures(problem(NUMBERS), "neg_root_mean_squared_error").primary is found.primary
    median = choose_measures(problem(NUMBERS), "neg_median_absolute_error").primary
    assert (median.key, median.unit, median.better) == ("median_absolute_error", "target", "lower")


def test_no_skill_is_the_best_constant():
    truth = np.array([0, 0, 0, 1])
    assert choose_measures(problem(TWO), "f1").primary.no_skill(truth) == pytest.approx(2 * 0.25 / 1.25)
    assert choose_measures(problem(TWO), "matthews_corrcoef").primary.no_skill(truth) == 0.0
    assert choose_measures(problem(NUMBERS), "neg_max_error").primary.no_skill(np.array([1.0, 2.0, 7.0])) == 3.0
    assert choose_measures(problem(TWO), "positive_likelihood_ratio").primary.no_skill(truth) == 1.0
    one_to_five = np.arange(1.0, 6.0)
    percent = choose_measures(problem(NUMBERS), "neg_mean_absolute_percentage_error").primary
    by_hand = min(np.mean(np.abs(one_to_five - guess) / one_to_five) for guess in one_to_five)
    assert percent.no_skill(one_to_five) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("kind", "asked", "match", "hint"),
    [
        (
            "number",
            "f1",
            r"`f1` does not fit the problem \(a number\)\. Expected: one of d2_absolute_error",
            None,
        ),
        ("number", "adjusted_rand_score", "`adjusted_rand_score` does not fit the problem", None),
        ("number", "neg_mean_squared_log_error", "does not fit the problem", "neg_mean_squared_error"),
        (
            "two_classes",
            "r2",
            r"`r2` does not fit the problem \(one of two classes\)\. .* accuracy",
            None,
        ),
        ("several_numbers", "neg_mean_absolute_error", r"does not fit the problem \(several numbers\)", None),
        ("two_classes", "roc-auc", "`roc-auc` is not a measure", "roc_auc"),
        ("number", "maee", "`maee` is not a measure", "mae"),
    ],
)
def test_a_scorer_that_does_not_fit_is_refused_with_those_that_do(kind: str, asked: str, match: str, hint: str | None):
    with pytest.raises(OptionError, match=match) as caught:
        choose_measures(problem(*KINDS[kind]), asked)
    if hint:
        assert caught.value.hint == f"did you mean `{hint}`?"
