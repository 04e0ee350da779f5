"""`tenfold.cross_validate`: scores, histories, predictions and models of all folds, kept and loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
from keras import layers
from scipy import stats
from sklearn.model_selection import GroupKFold, KFold, ShuffleSplit

import tenfold
from tenfold.cross_validation import CrossValidation
from tenfold.errors import BackendError, ModelError, OptionError, RunFolderError, SplitError
from tenfold.intervals import corrected_interval, share_bounds

ROWS = 23
X = np.random.default_rng(0).normal(size=(ROWS, 5))
Y = X[:, 0] - X[:, 1] + 0.1 * np.random.default_rng(1).normal(size=ROWS)


def build() -> keras.Model:
    model = keras.Sequential([keras.Input((5,)), layers.Dense(4, "tanh"), layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"])
    return model


def cross_validate(**arguments: Any) -> CrossValidation:
    given: dict[str, Any] = {"cv": 3, "seeds": 2, "epochs": 4, "batch_size": 8, "verbose": 0} | arguments
    return tenfold.cross_validate(given.pop("build", build), given.pop("x", X), given.pop("y", Y), **given)


@pytest.fixture(scope="module")
def cv() -> CrossValidation:
    return cross_validate()


def test_scores_have_a_row_a_member(cv: CrossValidation):
    scores = cv.scores
    assert scores.index.name == "member"
    assert list(scores.columns) == [
        "fold", "seed", "train_rows", "validation_rows", "epochs", "best_epoch", "outcome", "loss", "mae",
    ]  # fmt: skip
    assert scores[["fold", "seed"]].to_numpy().tolist() == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]
    assert scores["validation_rows"].tolist() == [8, 8, 8, 8, 7, 7]
    assert (scores["train_rows"] + scores["validation_rows"] == ROWS).all()


def test_history_has_a_row_a_member_and_epoch_with_keras_own_keys(cv: CrossValidation):
    history = cv.history
    assert list(history.columns) == ["member", "fold", "seed", "epoch", "loss", "mae", "val_loss", "val_mae"]
    assert len(history) == 6 * 4
    assert history["epoch"].tolist() == [0, 1, 2, 3] * 6
    last = history[history["epoch"] == 3]
    np.testing.assert_array_equal(last["val_mae"], cv.scores["mae"])


def test_scores_are_what_each_model_reaches_on_the_fold_that_it_did_not_see(cv: CrossValidation):
    members = cv.record
    splits = list(KFold(3).split(X))
    pairs = [tuple(part) for part in splits]
    own = cross_validate(cv=pairs)
    for member, model in enumerate(own.models):
        held_out = pairs[members.fold[member]][1]
        loss, mae = model.evaluate(X[held_out], Y[held_out], verbose=0)
        np.testing.assert_allclose(own.scores.loc[member, ["loss", "mae"]].astype(float), [loss, mae], rtol=1e-5)


def test_predictions_are_the_models_own_on_rows_that_they_did_not_see():
    pairs = list(KFold(3).split(X))
    own = cross_validate(cv=pairs)
    expected = np.zeros((ROWS, 1))
    for member, model in enumerate(own.models):
        held_out = pairs[own.record.fold[member]][1]
        expected[held_out] += model.predict(X[held_out], verbose=0) / 2  # two seeds
    assert own.predictions.shape == (ROWS, 1)
    np.testing.assert_allclose(own.predictions, expected, rtol=1e-5, atol=1e-6)


def test_rows_that_no_fold_holds_out_have_no_prediction():
    held_out = np.arange(5)
    own = cross_validate(cv=[(np.arange(5, ROWS), held_out)])
    assert np.isfinite(own.predictions[:5]).all()
    assert np.isnan(own.predictions[5:]).all()


def test_the_summary_is_the_one_computed_by_hand(cv: CrossValidation):
    summary, scores = cv.summary(), cv.scores
    by_fold = scores.groupby("fold")["mae"].mean()
    mean = scores["mae"].mean()
    # Nadeau and Bengio (2003): the variance of K correlated fold means times (1/K + test rows / training rows).
    ratio = (scores["validation_rows"] / scores["train_rows"]).mean()
    half = stats.t.ppf(0.975, 2) * np.sqrt((1 / 3 + ratio) * by_fold.var(ddof=1))
    np.testing.assert_allclose(summary.loc["mae", "value"], mean)
    np.testing.assert_allclose(summary.loc["mae", "high"] - mean, half)
    assert summary.loc["mae", "better"] == "lower"
    assert list(summary.index) == ["loss", "mae"]
    assert "Nadeau" in summary.attrs["interval"]


def test_the_interval_of_a_share_ends_where_shares_end():
    scores = np.array([[0.90, 1.0], [1.0, 1.0], [0.95, 1.0]])
    assert corrected_interval(scores, rows_ratio=0.5).high > 1
    assert corrected_interval(scores, rows_ratio=0.5, within=share_bounds("head_binary_accuracy", scores)).high == 1
    assert share_bounds("my_accuracy", 100 * scores) == (-np.inf, np.inf)  # in percent, by a metric of one's own
    rows = np.random.default_rng(0).normal(size=(40, 2))

    def sure() -> keras.Model:
        model = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
        model.compile(keras.optimizers.Adam(0.5), "binary_crossentropy", metrics=["accuracy"])
        return model

    found = tenfold.cross_validate(sure, rows, rows[:, 0] > 0, cv=4, epochs=20, verbose=0).summary().loc["accuracy"]
    assert found["value"] > 0.9
    assert found["low"] < found["value"] <= found["high"] <= 1


def test_one_seed_has_no_spread_over_seeds():
    assert np.isnan(cross_validate(seeds=1).summary().loc["loss", "seed_spread"])


def test_a_choice_of_epochs_on_the_scored_folds_is_told(cv: CrossValidation):
    assert not cv.summary().attrs["chosen_on_the_scored_folds"]
    stopped = cross_validate(callbacks=[keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)])
    assert stopped.summary().attrs["chosen_on_the_scored_folds"]


def test_the_same_seed_gives_the_same_numbers_and_another_others(cv: CrossValidation):
    pd.testing.assert_frame_equal(cross_validate().history, cv.history)
    assert not cross_validate(seed=1).history["loss"].equals(cv.history["loss"])


def test_a_compiled_model_starts_every_member_from_its_present_weights():
    model = build()
    before = [weight.copy() for weight in model.get_weights()]
    own = cross_validate(build=model, cv=[(np.arange(11), np.arange(11, ROWS))], seeds=2, shuffle=False)
    assert own.scores.loc[0, "loss"] == own.scores.loc[1, "loss"]
    for weight, was in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, was)


@pytest.mark.parametrize("splitter", [KFold(4, shuffle=True, random_state=0), ShuffleSplit(2, test_size=6)])
def test_any_splitter_of_scikit_learn_decides_the_folds(splitter: Any):
    assert cross_validate(cv=splitter, seeds=1).record.num_members == splitter.get_n_splits(X)


def test_groups_stay_together():
    groups = np.arange(ROWS) // 4
    own = cross_validate(cv=GroupKFold(3), groups=groups, seeds=1)
    assert own.scores["validation_rows"].sum() == ROWS
    sizes = np.bincount(groups)
    assert all(size in {int(sizes[list(part)].sum()) for part in _subsets(len(sizes))}
               for size in own.scores["validation_rows"])  # fmt: skip


def _subsets(count: int) -> list[tuple[int, ...]]:
    return [tuple(i for i in range(count) if mask >> i & 1) for mask in range(1 << count)]


def test_frames_go_in_as_they_are():
    frame = pd.DataFrame(X, columns=list("abcde"))
    other = cross_validate(x=frame, y=pd.Series(Y))
    pd.testing.assert_frame_equal(other.scores, cross_validate().scores)


def test_two_outputs_have_predictions_each():
    def two() -> keras.Model:
        inputs = keras.Input((5,))
        model = keras.Model(inputs, {"a": layers.Dense(1, name="a")(inputs), "b": layers.Dense(2, name="b")(inputs)})
        model.compile("sgd", {"a": "mse", "b": "mae"})
        return model

    own = cross_validate(build=two, y={"a": Y, "b": X[:, :2]})
    assert {name: values.shape for name, values in own.predictions.items()} == {"a": (ROWS, 1), "b": (ROWS, 2)}


def test_the_plot_has_a_curve_a_member_and_knows_its_metrics(cv: CrossValidation):
    assert cv.plot("mae").axes
    with pytest.raises(OptionError, match=r"`meo` was not measured.*mae"):
        cv.plot("meo")


def test_what_is_saved_comes_back(cv: CrossValidation, tmp_path: Path):
    folder = cv.save(tmp_path / "cv")
    other = tenfold.load(folder)
    assert isinstance(other, CrossValidation)
    pd.testing.assert_frame_equal(other.scores, cv.scores)
    pd.testing.assert_frame_equal(other.history, cv.history)
    pd.testing.assert_frame_equal(other.summary(), cv.summary())
    np.testing.assert_array_equal(other.predictions, cv.predictions)
    assert len(other.models) == 6
    for ours, theirs in zip(other.models[4].get_weights(), cv.models[4].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert sorted(path.name for path in folder.rglob(".*")) == []  # no drafts left


def test_a_sound_network_has_no_findings_but_tips(cv: CrossValidation):
    assert [*cv.findings.errors, *cv.findings.warnings] == []
    assert len(cv.findings.outcomes) > 30


def test_findings_are_kept_with_the_record_and_muted_as_asked(tmp_path: Path):
    found = cross_validate(x=1e5 * X, mute=["TF404", "exploding_gradient"])
    assert found.findings[0].code == "TF201"
    assert found.findings.outcomes["TF404"][0].because == "muted"
    other = tenfold.load(found.save(tmp_path / "cv"))
    assert other.findings.to_json() == found.findings.to_json()


def test_members_that_broke_are_a_finding():
    def wild() -> keras.Model:
        model = build()
        model.compile(keras.optimizers.SGD(1e4), "mse")
        return model

    found = cross_validate(build=wild, epochs=30)
    assert set(found.record.outcomes) == {"nonfinite_loss"}
    assert "TF406" in {one.code for one in found.findings}


def test_a_result_without_a_look_has_no_findings(cv: CrossValidation, tmp_path: Path):
    assert len(cross_validate(checks=False, x=1e5 * X, epochs=1).findings) == 0
    folder = cv.save(tmp_path / "cv")
    described = json.loads((folder / "record.json").read_text())
    del described["facts"]["checks"]  # as written before there were checks
    (folder / "record.json").write_text(json.dumps(described))
    assert len(tenfold.load(folder).findings.outcomes) == 0


def test_initial_weights_are_judged_as_the_members_drew_them(cv: CrossValidation):
    kernels = [layer["kernel"] for layer in cv.record.facts["checks"]["model"]["layers"] if layer["kernel"]]
    assert [kernel["initializer"] for kernel in kernels] == ["GlorotUniform", "GlorotUniform"]
    assert [kernel["bias_mean"] for kernel in kernels] == [0, 0]


def test_what_was_found_is_said_on_one_line(capsys: pytest.CaptureFixture[str]):
    cross_validate(x=1e5 * X, epochs=1, verbose=2)
    assert capsys.readouterr().err.splitlines()[-1].endswith(": cv.findings")
    cross_validate(x=1e5 * X, epochs=1)
    assert capsys.readouterr().err == ""


def test_a_loaded_result_is_saved_elsewhere(cv: CrossValidation, tmp_path: Path):
    once = tenfold.load(cv.save(tmp_path / "once"))
    again = tenfold.load(once.save(tmp_path / "again"))
    np.testing.assert_array_equal(again.models[5].get_weights()[0], cv.models[5].get_weights()[0])


def test_a_saved_result_is_read_without_jax_and_keras(cv: CrossValidation, tmp_path: Path):
    folder = cv.save(tmp_path / "cv")
    code = f"""
import sys, tenfold
cv = tenfold.load({str(folder)!r})
cv.summary(), cv.scores, cv.history, cv.predictions, cv.plot()
assert len(cv.findings.outcomes) > 30
assert not {{"jax", "keras"}} & set(sys.modules), "loaded"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_file_in_the_way_is_named(cv: CrossValidation, tmp_path: Path):
    (tmp_path / "cv").write_text("mine")
    with pytest.raises(RunFolderError, match=r"cv` is a file"):
        cv.save(tmp_path / "cv")
    assert (tmp_path / "cv").read_text() == "mine"


def not_compiled() -> keras.Model:
    return keras.Sequential([keras.Input((5,)), layers.Dense(1)])


def two_answers() -> keras.Model:
    model = keras.Sequential([keras.Input((5,)), layers.Dense(2)])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"cv": 24}, SplitError, r"24.*23"),
        ({"seeds": 0}, OptionError, "`seeds` must be a whole number of at least 1"),
        ({"epochs": 0}, OptionError, "epochs"),
        ({"batch_size": 0}, OptionError, "batch_size"),
        ({"mode": "pmap"}, OptionError, r"`mode='pmap'` is unknown.*did you mean `?v?map"),
        ({"build": not_compiled}, ModelError, "is not compiled"),
        ({"build": two_answers}, ModelError, "output"),
        ({"build": 3}, ModelError, "`build` does not give a Keras model"),
        ({"x": X[:, :4]}, ModelError, r"does not fit the inputs.*\(None, 5\).*\(None, 4\)"),
        ({"y": Y[:-1]}, Exception, r"2[23]"),
        ({"callbacks": [keras.callbacks.CSVLogger("log.csv")]}, OptionError, r"`CSVLogger` cannot act on the members"),
    ],
)
def test_bad_input_is_one_clear_sentence(arguments: dict[str, Any], error: type[Exception], match: str):
    with pytest.raises(error, match=match):
        cross_validate(**arguments)


def test_another_backend_in_the_way_is_named(tmp_path: Path):
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "keras.json").write_text("{}")
    code = """
import keras
keras.backend.backend = lambda: "torch"  # what Keras answers where it was imported on another backend
import tenfold
tenfold.fit(None, [[1.0]], [[1.0]])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert BackendError.__name__ in done.stderr.splitlines()[-1]
    assert "Keras runs on the `torch` backend in this process" in done.stderr
