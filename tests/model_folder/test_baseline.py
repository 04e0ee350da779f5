"""The best baseline is kept without pickle and predicts as it did."""

from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.baselines.fitting import fit_baseline
from tenfold.baselines.rivals import choose_baselines
from tenfold.errors import OptionError, RunFolderError
from tenfold.measures.choice import choose_measures
from tenfold.model_folder.baseline import BASELINE, _check_trees, load_baseline, save_baseline
from tenfold.model_folder.network import TrainedModel, named_predictions
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale
from tenfold.problem.definition import define_problem
from tenfold.run_folder.folder import Asked, RunFolder

NUM_ROWS = 90
PROBLEM = define_problem(pd.DataFrame({"x": 0, "y": [0.5, 1.5, 2.5]}), "y")
NETWORK = TrainedModel(keras.Sequential([keras.Input((1,))]), TablePreparation((), ()), (), TargetScale(), PROBLEM)


def folder_at(path: Path) -> RunFolder:
    return RunFolder(path, Asked("houses.csv", "3f1c", ("y",), "0.1.0"), "")


def table(kind: str) -> tuple[pd.DataFrame, list[str]]:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"a": rng.normal(size=NUM_ROWS), "shop": rng.choice([f"shop {i}" for i in range(40)], NUM_ROWS)}
    )
    signal = frame["a"] + rng.normal(0, 0.3, NUM_ROWS)
    targets = {
        "number": {"y": 5 + signal},
        "share": {"y": 1 / (1 + np.exp(-signal))},
        "several_classes": {"y": pd.qcut(signal, 3, labels=["low", "middle", "high"]).astype(str)},
        "several_labels": {"p": (signal > 0).astype(int), "q": (signal > 1).astype(int)},
    }[kind]
    return frame.assign(**targets), list(targets)


@pytest.mark.parametrize("kind", ["number", "share", "several_classes", "several_labels"])
@pytest.mark.parametrize("name", ["linear", "boosted trees"])
def test_a_kept_baseline_predicts_as_it_did(tmp_path: Path, kind: str, name: str):
    frame, targets = table(kind)
    problem = define_problem(frame, targets[0] if len(targets) == 1 else targets)
    target, inputs = problem.encode(frame), frame[["a", "shop"]]
    preparation = TablePreparation.fit(inputs)
    prepared = preparation.transform(inputs)
    rows = np.concatenate([prepared.inputs, prepared.codes.astype(np.float32)], axis=1)
    measure = choose_measures(problem).primary
    baselines = choose_baselines(problem, measure, seed=0, num_codes=prepared.codes.shape[1])
    baseline = next(one for one in baselines if one.name == name)
    half = np.arange(NUM_ROWS) % 2 == 0
    fitted = fit_baseline(
        baseline, problem, measure, rows, target, np.arange(NUM_ROWS), [(np.flatnonzero(half), np.flatnonzero(~half))]
    )
    network = TrainedModel(
        keras.Sequential([keras.Input((1,))]),
        preparation,
        preparation.input_names,
        TargetScale.fit(problem, target),
        problem,
        code_names=preparation.code_names,
    )
    folder = folder_at(tmp_path)
    save_baseline(folder, fitted, network)
    kept = load_baseline(folder, network)
    frame_of, unfamiliar = kept.predict_frame(inputs)
    pd.testing.assert_frame_equal(frame_of, named_predictions(problem, fitted.predict(rows)))
    assert unfamiliar == ()
    assert kept.words == baseline.words


def test_a_run_without_a_baseline_says_so(tmp_path: Path):
    with pytest.raises(OptionError, match="kept no baseline"):
        load_baseline(folder_at(tmp_path), NETWORK)


def test_a_damaged_baseline_is_refused(tmp_path: Path):
    (tmp_path / "model").mkdir()
    (tmp_path / BASELINE).write_bytes(b"no archive")
    (tmp_path / "model/baseline.json").write_text('{"words": "trees", "input_names": [], "code_names": []}')
    with pytest.raises(RunFolderError, match=r"The baseline in .* cannot be read"):
        load_baseline(folder_at(tmp_path), NETWORK)


def test_a_tree_that_leads_outside_is_refused():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    for field, value in (("left", 10_000), ("right", 0), ("feature_idx", 9)):
        model = HistGradientBoostingRegressor(max_iter=2).fit(x, x[:, 0])
        _check_trees(MultiOutputRegressor(model).fit(x, x))
        model._predictors[1][0].nodes[field][0] = value
        with pytest.raises(ValueError, match="leads nowhere"):
            _check_trees(make_pipeline(StandardScaler(), model))
