"""Every kind of problem from a frame to predictions: posed, encoded, prepared, predicted by rivals and measured.

The oracle of a rival is scikit-learn's own model of that kind, fitted by hand on the same prepared rows.
"""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.multioutput import MultiOutputClassifier

import tenfold
from tenfold.baselines.fitting import BaselineScores, FittedBaseline, fit_baseline, rival_inputs, score_baseline
from tenfold.baselines.rivals import Baseline, EachLabel, InProportion, choose_baselines
from tenfold.measures.choice import choose_measures
from tenfold.measures.measure import Measure
from tenfold.model_folder.network import named_predictions
from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.prepare.target import TargetScale, answers_to_predictions
from tenfold.problem.definition import Problem, define_problem
from tenfold.progress import silence
from tenfold.split.folds import Fold
from tenfold.split.protocol import choose_protocol
from tenfold.split.splitter import RowSplitter

NUM_ROWS = 66
KINDS = ("number", "share", "count", "two_classes", "several_classes", "several_labels", "several_numbers")


def posed(kind: str) -> tuple[pd.DataFrame, list[str], str | None]:
    """A frame whose targets follow from two of three columns, its targets, and what is asked for."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, 3))
    one, two = x @ [2.0, -1.0, 0.0] + rng.normal(0, 0.2, NUM_ROWS), x @ [0.0, 1.0, 1.0] + rng.normal(0, 0.2, NUM_ROWS)
    targets = {
        "number": {"y": 100 + one},
        "share": {"y": 1 / (1 + np.exp(-one))},
        "count": {"y": rng.poisson(np.exp(one / 2))},
        "two_classes": {"y": np.where(one > 0, "yes", "no")},
        "several_classes": {"y": np.array(list("abc"))[np.digitize(one, [-1, 1])]},
        "several_labels": {"spam": (one > 0).astype(int), "urgent": np.where(two > 0.5, "yes", "no"), "big": one > 2},
        "several_numbers": {"wide": 100 + 30 * one, "high": two},
    }[kind]
    return pd.DataFrame(x, columns=list("abc")).assign(**targets), list(targets), "count" if kind == "count" else None


@dataclasses.dataclass(frozen=True)
class Chain:
    """What the steps up to the rivals made of a frame."""

    problem: Problem
    target: np.ndarray
    table: FoldedTable
    folds: tuple[Fold, ...]
    measure: Measure

    def fitted(self, name: str) -> FittedBaseline:
        fold, inputs = self.folds[0], rival_inputs(self.table, 0)
        asked = (self.rival(name), self.problem, self.measure, inputs, self.target)
        return fit_baseline(*asked, fold.train_rows, fold.inner)

    def rival(self, name: str) -> Baseline:
        return next(one for one in choose_baselines(self.problem, self.measure, seed=0) if one.name == name)


def chained(kind: str) -> Chain:
    frame, targets, asked = posed(kind)
    problem = define_problem(frame, targets, kind=asked)
    target = problem.encode(frame)
    splitter = RowSplitter(NUM_ROWS, problem.strata(target), 0)
    folds = splitter.folds(np.arange(NUM_ROWS), choose_protocol(NUM_ROWS, num_repeats=1))
    table = fold_table(frame[list("abc")], problem, target, [fold.train_rows for fold in folds])
    return Chain(problem, target, table, folds, choose_measures(problem).primary)


@pytest.fixture(scope="module", params=KINDS)
def chain(request: pytest.FixtureRequest) -> Chain:
    found = chained(request.param)
    assert found.problem.kind == request.param
    return found


def test_rivals_beat_the_guess_and_are_scored_out_of_fold(chain: Chain):
    means = []
    for baseline in choose_baselines(chain.problem, chain.measure, seed=0):
        single = dataclasses.replace(baseline, settings=baseline.settings[:1])
        folds = chain.folds[:2]
        scores = score_baseline(single, chain.problem, chain.measure, chain.table, chain.target, folds)
        for fold, prediction, score in zip(folds, scores.predictions, scores.scores, strict=True):
            assert score == chain.measure.score(chain.target[fold.validation_rows], prediction)
            assert np.isfinite(prediction).all()
        means.append(scores.mean)
        kept = BaselineScores.from_arrays(single, scores.to_arrays())
        np.testing.assert_array_equal(kept.predictions[1], scores.predictions[1])
    assert chain.measure.gain(means[1], means[0]) > 0
    assert chain.measure.gain(means[2], means[0]) > 0


def test_a_networks_answers_come_back_in_the_targets_own_unit(chain: Chain):
    problem, scale, rows = chain.problem, chain.table.scales[0], chain.folds[0].train_rows
    targets = chain.table.targets[chain.table.rows(0, rows)]
    assert targets.dtype == (np.int32 if problem.has_classes else np.float32)
    if problem.is_scaled:
        np.testing.assert_allclose(targets.mean(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(targets.std(axis=0), 1, rtol=1e-5)
    if problem.has_classes:
        answers = np.eye(len(problem.labels), dtype=np.float32)[targets]
        answers = answers[:, 1:] if problem.kind == "two_classes" else answers
        truth = np.eye(len(problem.labels))[chain.target[rows]]
    else:
        answers, truth = targets.reshape(len(rows), -1), chain.target[rows]
    assert answers.shape == (len(rows), problem.num_outputs)
    predictions = answers_to_predictions(answers, problem, scale)
    np.testing.assert_allclose(predictions, truth, rtol=1e-5, atol=1e-4)
    plain = json.loads(json.dumps(dataclasses.asdict(scale)))
    assert TargetScale.from_plain(plain) == scale


def test_predictions_have_the_targets_names_and_labels(chain: Chain):
    rows, problem = chain.folds[0].validation_rows, chain.problem
    named = named_predictions(problem, chain.fitted("linear").predict(rival_inputs(chain.table, 0)[rows]))
    assert list(named.columns[: len(problem.targets)]) == list(problem.targets)
    assert len(named) == len(rows)
    chances = [name for name in named.columns if name.startswith("probability of ")]
    assert len(chances) == (len(problem.labels) or len(problem.columns) * (problem.kind == "several_labels"))
    if problem.kind == "several_labels":
        assert named["urgent"].tolist() == np.where(named["probability of urgent"] >= 0.5, "yes", "no").tolist()
        assert named["big"].dtype == bool


def by_hand(kind: str, settings: dict[str, float]) -> object:
    if kind in {"number", "several_numbers"}:
        return Ridge(**settings)
    if kind == "count":
        return PoissonRegressor(max_iter=1_000, **settings)
    logistic = LogisticRegression(max_iter=1_000, **settings)
    return MultiOutputClassifier(logistic) if kind == "several_labels" else logistic


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "share"])
def test_the_linear_rival_is_scikit_learns_model_of_that_kind(kind: str):
    chain, rows = chained(kind), chained(kind).folds[0].train_rows
    inputs = rival_inputs(chain.table, 0)
    fitted = chain.fitted("linear")
    model = by_hand(kind, fitted.settings).fit(inputs[rows], chain.target[rows])
    if kind == "several_labels":
        expected = np.column_stack([chance[:, 1] for chance in model.predict_proba(inputs)])
    else:
        expected = model.predict_proba(inputs) if chain.problem.has_classes else model.predict(inputs)
    np.testing.assert_allclose(fitted.predict(inputs), expected, rtol=1e-4, atol=1e-6)


def test_shares_are_classes_in_proportion():
    rng = np.random.default_rng(0)
    inputs, votes = rng.normal(size=(40, 2)), rng.integers(0, 5, 40)
    votes[:3] = 0, 4, 4
    repeated = np.repeat(inputs, 4, axis=0)
    yes = (np.arange(4)[None] < votes[:, None]).astype(int).ravel()
    expected = LogisticRegression(C=4.0).fit(repeated, yes, sample_weight=np.full(160, 0.25))
    fitted = InProportion(LogisticRegression(C=4.0)).fit(inputs, votes / 4)
    np.testing.assert_allclose(fitted.predict(inputs), expected.predict_proba(inputs)[:, 1], rtol=1e-4)


def test_a_label_that_all_training_rows_have_is_a_constant_guess():
    inputs = np.arange(12.0).reshape(6, 2)
    labels = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 0], [1, 0, 1], [1, 0, 1], [1, 0, 0]])
    chances = EachLabel(LogisticRegression()).fit(inputs, labels).predict_proba(inputs)
    np.testing.assert_array_equal(chances[:, :2], np.tile([1.0, 0.0], (6, 1)))
    expected = LogisticRegression().fit(inputs, labels[:, 2]).predict_proba(inputs)[:, 1]
    np.testing.assert_allclose(chances[:, 2], expected)


def test_counts_that_are_all_zero_make_a_constant_guess():
    chain = chained("count")
    nothing, rows, inputs = np.zeros(NUM_ROWS), np.arange(50), rival_inputs(chain.table, 0)
    inner = [(rows[:40], rows[40:]), (rows[10:], rows[:10])]
    for baseline in choose_baselines(chain.problem, chain.measure, seed=0):
        fitted = fit_baseline(baseline, chain.problem, chain.measure, inputs, nothing, rows, inner)
        np.testing.assert_array_equal(fitted.predict(inputs), nothing)


@pytest.mark.parametrize("kind", ["number", "share", "count", "two_classes", "several_labels", "several_numbers"])
def test_codes_of_users_and_books_are_of_use_to_every_rival(kind: str):
    rng = np.random.default_rng(1)
    users, books = rng.integers(0, 6, 300), rng.integers(0, 5, 300)
    signal = rng.normal(size=6)[users] * 2 + rng.normal(size=5)[books]
    y = {
        "number": signal,
        "share": 1 / (1 + np.exp(-signal)),
        "count": rng.poisson(np.exp(signal / 2)),
        "two_classes": signal > 0,
        "several_labels": np.column_stack([signal > 0, signal > 1]),
        "several_numbers": np.column_stack([signal, -10 * signal]),
    }[kind]
    targets = pd.DataFrame(y, columns=["y", "z"][: 1 if y.ndim == 1 else 2])
    problem = define_problem(targets.assign(x=0), list(targets), kind="count" if kind == "count" else None)
    target, measure = problem.encode(targets), choose_measures(problem).primary
    inputs = np.column_stack([rng.normal(size=300), users + 1, books + 1]).astype(np.float32)
    rows, new = np.arange(240), np.arange(240, 300)
    inner = [(rows[:120], rows[120:]), (rows[120:], rows[:120])]
    guess, *rivals = (
        fit_baseline(one, problem, measure, inputs, target, rows, inner)
        for one in choose_baselines(problem, measure, seed=0, num_codes=2)
    )
    unknown = np.column_stack([inputs[:1, :1], [[0.0, 99.0]]]).astype(np.float32)
    for rival in rivals:
        score, least = (measure.score(target[new], one.predict(inputs[new])) for one in (rival, guess))
        assert measure.gain(score, least) > 0.2 * abs(least)
        assert np.isfinite(rival.predict(unknown)).all()


def test_levels_of_a_code_are_damped_means_in_the_linear_rival():
    users, ratings = np.repeat([1, 2, 3], [20, 5, 1]), np.repeat([2.0, 4.0, 9.0], [20, 5, 1])
    problem = define_problem(pd.DataFrame({"x": 0, "y": ratings, "user": users}), "y", kind="number")
    linear = choose_baselines(problem, choose_measures(problem).primary, seed=0, num_codes=1)[1]
    inputs = np.column_stack([np.zeros(26), users]).astype(np.float32)
    model = linear.make(alpha=3.0).fit(inputs, ratings)
    one_hot = Ridge(alpha=3.0).fit((users[:, None] == [1, 2, 3]).astype(float), ratings)
    np.testing.assert_allclose(
        model.predict(inputs), one_hot.predict((users[:, None] == [1, 2, 3]).astype(float)), rtol=1e-3
    )
    biases = model.predict(inputs) - model.predict(np.array([[0.0, 7.0]], np.float32))
    assert biases[-1] < 9.0 - np.mean([2.0, 4.0, 9.0])  # one rating moves its user less than all the way


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["share", "count", "several_labels", "several_numbers"])
def test_a_run_of_every_newer_kind_ends_with_a_verdict(kind: str, tmp_path_factory: pytest.TempPathFactory):
    frame, targets, asked = posed(kind)
    folder = tmp_path_factory.mktemp(kind) / "run"
    run = tenfold.run(frame, targets, out=folder, budget="quick", problem=asked, progress=silence)
    assert run.facts.problem.kind == kind
    assert run.verdict.headline
    assert all(np.isfinite(model.score.value) for model in run.facts.models)
    predicted = run.predict(frame[list("abc")])
    assert list(predicted.columns[: len(targets)]) == targets
    if kind == "share":
        assert predicted["y"].between(0, 1).all()
    if kind == "count":
        assert (predicted["y"] > 0).all()
    assert "Where it errs" in run.report.read_text(encoding="utf-8")
