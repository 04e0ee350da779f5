"""The result of a search: its tables, sentences, figures, models; kept and loaded."""

import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import optuna
import pytest
from matplotlib.figure import Figure

import tenfold
from tenfold.errors import OptionError, RunFolderError
from tenfold.split.cv import resolve_splits
from tenfold.trials.found import Search
from trials.models import X, Y, build, search


@pytest.fixture(scope="module")
def found() -> Search:
    return search(trials=9, nested=3)


def test_trials_have_a_row_each(found: Search):
    columns = ["number", "state", "value", "fold_0", "fold_1", "fold_2", "learning_rate", "strength", "rate"]
    assert list(found.trials.columns) == [*columns, "epochs", "seconds", "reason"]
    assert found.trials["number"].tolist() == list(range(9))
    np.testing.assert_allclose(found.trials.filter(like="fold_").mean(axis=1), found.trials["value"])


def test_a_setting_with_the_name_of_a_column_keeps_apart():
    def own(trial: optuna.trial.BaseTrial) -> keras.Model:
        trial.suggest_float("value", 5, 6)
        return build(trial)

    assert search(own, trials=1).trials["param_value"].between(5, 6).all()


def test_the_best_is_the_trial_with_the_lowest_value(found: Search):
    line = found.trials.loc[found.trials["value"].idxmin()]
    assert (found.best.number, found.best.value) == (line["number"], line["value"])
    assert found.best.params == {name: line[name] for name in ("learning_rate", "strength", "rate")}


def test_the_summary_tells_the_chosen_score_from_the_honest_one(found: Search):
    frame = found.summary()
    assert list(frame.index) == ["inner", "outer"]
    assert frame.loc["inner", "value"] == pytest.approx(found.best.value)
    assert frame.loc["outer", "value"] == pytest.approx(np.mean([one.outer for one in found.outer]))
    assert frame["trials"].tolist() == [9, 27]
    inner = np.mean([one.inner for one in found.outer])
    sentence = frame.attrs["sentence"]
    assert f"inner {inner:.4g} -> outer {frame.loc['outer', 'value']:.4g}" in sentence
    assert "the best of 9 trials" in sentence


def test_without_outer_folds_the_summary_says_what_is_not_known():
    frame = search(trials=2).summary()
    assert list(frame.index) == ["inner"]
    assert frame.attrs["sentence"].endswith("is not measured (`nested=5` would)")


def test_a_repr_says_the_answer_and_what_to_call_next(found: Search):
    number, value = found.best.number, f"{found.best.value:.4g}"
    rest = ".best .summary() .trials .plot() .models .build_best()>"
    assert repr(found) == f"<Search: 9 complete; best mae {value} of trial {number}; {rest}"


def test_the_models_are_the_best_trials_folds(found: Search):
    assert len(found.models) == 3
    answers = np.zeros((len(X), 1))
    for member, model in enumerate(found.models):
        rows = found.members.record.fold[member]
        assert float(model.optimizer.learning_rate) == pytest.approx(found.best.params["learning_rate"])
        assert model.layers[1].rate == pytest.approx(found.best.params["rate"])
        score = found.members.scores.loc[member, "mae"]
        _, held_out = resolve_splits(3, X, Y)[rows]
        answers[held_out] = model.predict(X[held_out], verbose=0)
        assert np.abs(answers[held_out, 0] - Y[held_out]).mean() == pytest.approx(score, rel=1e-5)
    np.testing.assert_allclose(found.members.predictions, answers, rtol=1e-5, atol=1e-6)


def test_build_best_gives_a_new_compiled_model(found: Search):
    model = found.build_best()
    assert model.compiled
    assert model.layers[1].rate == found.best.params["rate"]


@pytest.mark.parametrize("name", ["history", "importance", "curves"])
def test_every_figure_has_its_data(found: Search, name: str):
    assert isinstance(found.plot(name), Figure)
    assert len(found.frame(name))


def test_the_history_holds_the_best_so_far(found: Search):
    frame = found.frame("history")
    np.testing.assert_array_equal(frame["best"], np.minimum.accumulate(frame["value"]))


def test_shares_of_importance_sum_to_one(found: Search):
    frame = found.frame("importance")
    assert set(frame["setting"]) == {"learning_rate", "strength", "rate"}
    assert frame["importance"].sum() == pytest.approx(1)
    assert frame["importance"].is_monotonic_decreasing


def test_an_unknown_view_is_named(found: Search):
    with pytest.raises(OptionError, match=r"`histry` is not a view of a search.*did you mean `history`"):
        found.plot("histry")


def test_few_trials_do_not_tell_what_matters():
    with pytest.raises(OptionError, match="do not tell which settings matter"):
        search(trials=2).frame("importance")


def test_a_search_is_kept_and_loaded(found: Search, tmp_path: Path):
    loaded = tenfold.load(found.save(tmp_path / "search"))
    assert isinstance(loaded, Search)
    assert repr(loaded) == repr(found)
    assert loaded.summary().equals(found.summary())
    assert loaded.trials.equals(found.trials)
    assert loaded.best == found.best
    assert loaded.outer == found.outer
    assert loaded.study.best_params == found.study.best_params
    answers = [model.predict(X, verbose=0) for model in (loaded.models[1], found.models[1])]
    np.testing.assert_allclose(*answers, rtol=1e-6)
    new = loaded.build_best()
    assert float(new.optimizer.learning_rate) == pytest.approx(found.best.params["learning_rate"])
    assert not np.array_equal(new.get_weights()[0], loaded.build_best().get_weights()[0])


def test_a_loaded_search_shows_its_tables_without_jax(found: Search, tmp_path: Path):
    folder = found.save(tmp_path / "search")
    hide = "import sys; sys.modules['jax'] = sys.modules['keras'] = None"
    program = f"{hide}; import tenfold; found = tenfold.load({str(folder)!r}); print(len(found.trials)); found.plot()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "9\n"), done.stderr


def test_a_damaged_folder_is_no_search(tmp_path: Path):
    (tmp_path / "search.json").write_text("{")
    with pytest.raises(RunFolderError, match=re.escape(f"`{tmp_path}` holds no search that can be read")):
        tenfold.load(tmp_path)
    (tmp_path / "search.json").write_text('{"schema": 99}')
    with pytest.raises(RunFolderError, match="has search schema 99"):
        tenfold.load(tmp_path)
