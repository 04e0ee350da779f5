"""`tenfold.search`: what a trial's numbers are, how trials share programs, and how a search ends."""

import itertools
import warnings
from typing import Any

import keras
import numpy as np
import optuna
import pytest
from keras import layers

import tenfold
from tenfold.errors import IncomparableLossWarning, ModelError, OptionError, SplitError
from trials.models import ROWS, X, Y, build, search


def alone(build: Any, params: dict[str, Any], **arguments: Any) -> Any:
    given: dict[str, Any] = {"cv": 3, "epochs": 3, "batch_size": 8, "verbose": 0} | arguments
    return tenfold.cross_validate(lambda: build(optuna.trial.FixedTrial(params)), X, Y, **given)


def of_several_kinds(trial: optuna.trial.BaseTrial) -> keras.Model:
    """Two widths, two starts, dropout or none, two optimizers: programs that differ, and settings within them."""
    start = trial.suggest_categorical("start", ["he_normal", "glorot_uniform"])
    model = keras.Sequential([keras.Input((5,))])
    model.add(layers.Dense(trial.suggest_categorical("units", [3, 4]), "relu", kernel_initializer=start))
    model.add(layers.Dropout(trial.suggest_categorical("rate", [0.0, 0.2, 0.4])))
    model.add(layers.Dense(1))
    kind = trial.suggest_categorical("optimizer", ["SGD", "AdamW"])
    rate = trial.suggest_float("learning_rate", 1e-3, 1e-1, log=True)
    model.compile(getattr(keras.optimizers, kind)(rate), "mse", metrics=["mae"])
    return model


def test_a_trial_has_the_numbers_that_it_would_have_alone():
    found = search(of_several_kinds, trials=5, seeds=2)
    assert found.trained["programs"] > 1
    for one in found.study.trials:
        scores = alone(of_several_kinds, one.params, seeds=2).scores.groupby("fold")["mae"].mean()
        np.testing.assert_allclose(list(one.intermediate_values.values()), scores, rtol=1e-5)
        assert one.value == pytest.approx(scores.mean(), rel=1e-5)


def test_trials_that_differ_in_settings_share_one_program_over_all_batches():
    found = search(trials=7, batch=4)
    assert found.trained["programs"] == 1
    assert found.trained["members"] == 7 * 3


def test_the_same_seed_asks_the_same_trials():
    first, second, other = search(), search(), search(seed=1)
    assert [one.params for one in first.study.trials] == [one.params for one in second.study.trials]
    np.testing.assert_array_equal(first.trials["value"], second.trials["value"])
    assert [one.params for one in first.study.trials] != [one.params for one in other.study.trials]


def test_a_stored_search_goes_on_as_if_it_had_not_stopped(tmp_path: Any):
    whole = search(trials=8)
    search(trials=4, storage=tmp_path / "journal.log")
    rest = search(trials=8, storage=str(tmp_path / "journal.log"))
    assert rest.trained["members"] <= 4 * 3 + 3  # the best of the first four may train again
    assert [one.params for one in rest.study.trials] == [one.params for one in whole.study.trials]
    assert rest.best.number == whole.best.number
    np.testing.assert_allclose(rest.members.scores["mae"], whole.members.scores["mae"], rtol=1e-5)


def test_a_trial_that_is_worse_on_every_first_fold_is_dropped():
    study = optuna.create_study()
    study.enqueue_trial({"learning_rate": 0.09, "strength": 1e-5, "rate": 0.05})
    study.enqueue_trial({"learning_rate": 0.001, "strength": 1e-5, "rate": 0.05})
    before = study.pruner
    found = search(study=study, trials=2, batch=1, cv=6)
    assert found.trials["state"].tolist() == ["complete", "pruned"]
    assert list(study.trials[1].intermediate_values) == [0, 1, 2, 3]
    assert study.pruner is before
    folds = ["fold_0", "fold_1", "fold_2", "fold_3"]
    assert (found.trials.loc[1, folds] > found.trials.loc[0, folds]).all()
    assert np.isnan(found.trials.loc[1, "fold_4"])
    assert found.trained["members"] == 6 + 4


def test_without_pruning_every_fold_is_trained():
    found = search(trials=4, batch=2, cv=6, pruning=False)
    assert found.trials["state"].tolist() == ["complete"] * 4
    assert found.trials.filter(like="fold_").notna().to_numpy().all()


def test_a_trial_whose_loss_is_not_finite_fails_and_the_others_go_on():
    def with_one_that_diverges(trial: optuna.trial.BaseTrial) -> keras.Model:
        model = build(trial)
        model.optimizer.learning_rate = 1e30 if trial.number == 0 else 0.01
        return model

    found = search(with_one_that_diverges, trials=3, batch=3)
    assert found.trials["state"].tolist() == ["failed", "complete", "complete"]
    assert found.trials["reason"].tolist()[0].startswith("the loss was not finite in fold ")


def test_where_no_loss_is_finite_the_error_says_what_to_do():
    def diverging(trial: optuna.trial.BaseTrial) -> keras.Model:
        model = keras.Sequential([keras.Input((5,)), layers.Dense(1)])
        model.compile(keras.optimizers.SGD(trial.suggest_float("rate", 1e29, 1e30)), "mse")
        return model

    with pytest.raises(ModelError, match=r"None of 2 trials reached a score.*not finite in fold 0.*lower the learning"):
        search(diverging, trials=2, measure="loss")


def test_a_model_that_cannot_be_built_is_named_by_its_settings():
    def fails(trial: optuna.trial.BaseTrial) -> keras.Model:
        units = trial.suggest_int("units", 0, 0)
        return keras.Sequential([keras.Input((5,)), layers.Dense(units)])

    with pytest.raises(ModelError, match=r"`build` fails for trial 0 \(units=0\): ValueError: Received an invalid"):
        search(fails)


def test_a_model_that_is_not_compiled_is_named_by_its_settings():
    def forgets(trial: optuna.trial.BaseTrial) -> keras.Model:
        return keras.Sequential([keras.Input((5,)), layers.Dense(trial.suggest_int("units", 1, 1))])

    with pytest.raises(ModelError, match=r"fails for trial 0 \(units=1\): The model `sequential` is not compiled"):
        search(forgets)


def test_build_may_say_that_settings_make_no_model():
    def picky(trial: optuna.trial.BaseTrial) -> keras.Model:
        if trial.suggest_float("chance", 0, 1) < 0.5:
            raise optuna.TrialPruned
        return build(trial)

    states = search(picky, trials=8).trials["state"]
    assert set(states) == {"complete", "pruned"}


def test_ctrl_c_keeps_what_was_told():
    calls = itertools.count()

    def interrupted(trial: optuna.trial.BaseTrial) -> keras.Model:
        if next(calls) == 8:  # one model to look at, then three of the first batch, one trained; three of the second
            raise KeyboardInterrupt
        return build(trial)

    study = optuna.create_study()
    found = search(interrupted, study=study, trials=9, batch=3)
    assert found.stopped == "interrupted"
    assert found.trials["state"].tolist()[:3] == ["complete"] * 3
    assert all(one.state.is_finished() for one in study.trials)
    assert len(found.models) == 3
    assert search(study=study, trials=5, batch=3).counts["complete"] == 5


def test_ctrl_c_before_anything_was_told_ends_the_call():
    def interrupted(_: optuna.trial.BaseTrial) -> keras.Model:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search(interrupted)


def test_no_batch_begins_after_the_timeout():
    found = search(trials=50, batch=2, timeout=0.0)
    assert (found.stopped, found.num_trials) == ("timeout", 2)


@pytest.mark.parametrize("as_suggestion", [True, False])
def test_a_trial_may_choose_its_batch_size_and_epochs(as_suggestion: bool):
    def own(trial: optuna.trial.BaseTrial) -> keras.Model:
        size, epochs = (
            trial.suggest_categorical(f"{name}{'' if as_suggestion else '_of_mine'}", choices)
            for name, choices in (("batch_size", [4, 8]), ("epochs", [2, 3]))
        )
        if not as_suggestion:
            trial.set_user_attr("batch_size", size)
            trial.set_user_attr("epochs", epochs)
        return build(trial)

    found = search(own, trials=4)
    assert {one.params.get("epochs", one.params.get("epochs_of_mine")) for one in found.study.trials} == {2, 3}
    for one in found.study.trials:
        size, epochs = list(one.params.values())[:2]
        scores = alone(build, one.params, batch_size=size, epochs=epochs).scores["mae"]
        np.testing.assert_allclose(list(one.intermediate_values.values()), scores, rtol=1e-5)
    assert (found.best.batch_size, found.best.epochs) == tuple(found.best.params.values())[:2]


def test_the_measure_is_the_first_compiled_metric_or_what_was_asked_for():
    assert search(trials=1).measure == "mae"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = search(trials=2, measure="loss")
    sentences = [str(one.message) for one in told if one.category is IncomparableLossWarning]
    assert len(sentences) == 1
    assert "a loss that holds L2 with a strength of their own" in sentences[0]
    scores = alone(build, found.best.params).scores["loss"]
    assert found.best.value == pytest.approx(scores.mean(), rel=1e-5)


def test_a_measure_that_rises_is_maximized():
    def classify(trial: optuna.trial.BaseTrial) -> keras.Model:
        model = keras.Sequential([keras.Input((5,)), layers.Dense(2, "softmax")])
        rate = trial.suggest_float("rate", 1e-4, 1.0, log=True)
        model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    found = search(classify, y=(Y > 0).astype("int32"))
    assert found.study.direction == optuna.study.StudyDirection.MAXIMIZE
    assert found.best.value == found.trials["value"].max()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"measure": "mea"}, OptionError, "`mea` is not measured .* did you mean `mae`"),
        ({"trials": 0}, OptionError, "`trials` must be a whole number"),
        ({"batch": 0}, OptionError, "`batch` must be a whole number"),
        ({"direction": "up"}, OptionError, "`direction` is unknown"),
        ({"pruning": "yes"}, OptionError, "`pruning` is unknown"),
        ({"study": 3}, OptionError, "`study` is not a study"),
        ({"study": optuna.create_study(direction="maximize")}, OptionError, "looks for another direction"),
        ({"cv": [(np.arange(9), np.arange(9, 12))], "nested": 2}, SplitError, "cannot be made again inside"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(arguments: dict[str, Any], error: Any, sentence: str):
    with pytest.raises(error, match=sentence):
        search(**arguments)


def test_optunas_logger_is_quiet_inside_and_as_before_outside(capfd: pytest.CaptureFixture[str]):
    optuna.logging.set_verbosity(optuna.logging.INFO)
    search(trials=1)
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    assert capfd.readouterr().err == ""


def test_an_outer_fold_holds_its_own_search_and_scores_rows_outside():
    pairs = [(np.arange(14, ROWS), np.arange(14)), (np.arange(29), np.arange(29, ROWS))]
    found = search(nested=pairs, callbacks=[keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)])
    for outer, (train, rows) in zip(found.outer, pairs, strict=True):
        lone = search(
            x=X[train], y=Y[train], callbacks=[keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)]
        )
        assert outer.params == lone.best.params
        assert outer.inner == pytest.approx(lone.best.value, rel=1e-5)
        scores = [model.evaluate(X[rows], Y[rows], verbose=0)[1] for model in lone.models]
        assert outer.outer == pytest.approx(np.mean(scores), rel=1e-5)
    without = search(callbacks=[keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)])
    assert found.best.params == without.best.params
