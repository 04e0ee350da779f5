"""What inner folds choose by, against scikit-learn."""

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from tenfold.networks.inner_loss import inner_loss_name, inner_metric
from tenfold.problem.definition import Problem, define_problem

TARGETS: dict[str, object] = {
    "number": [1.5, 2, 9],
    "share": [0.5, 0.25, 1.0],
    "count": [0, 3, 5],
    "two_classes": list("abab"),
    "several_classes": list("abcabc"),
}


def problem(kind: str) -> Problem:
    if kind.startswith("several_") and kind not in TARGETS:
        values = {"one": [0, 1] * 3, "two": [1, 1, 0] * 2 if kind == "several_labels" else [1.5, 2, 9] * 2}
        return define_problem(pd.DataFrame({"x": 0, **values}), ["one", "two"], kind=kind)
    return define_problem(pd.DataFrame({"x": 0, "y": TARGETS[kind]}), "y", kind=kind)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("number", "mae"), ("share", "mae"), ("count", "deviance"), ("two_classes", "log_loss"),
     ("several_classes", "log_loss"), ("several_labels", "log_loss"), ("several_numbers", "mae")],
)  # fmt: skip
def test_the_name_is_that_of_the_compiled_metric(kind: str, name: str):
    assert inner_loss_name(problem(kind)) == f"val_{name}"
    assert inner_metric(problem(kind)).name == name


def value(kind: str, truth: np.ndarray, answers: np.ndarray) -> float:
    metric = inner_metric(problem(kind))
    metric.update_state(truth.astype(np.float32), answers.astype(np.float32))
    return float(metric.result())


def test_the_deviance_of_counts_is_scikit_learns():
    rng = np.random.default_rng(0)
    truth, answers = rng.poisson(2.0, (30, 1)).astype(float), rng.uniform(0.1, 6.0, (30, 1))
    assert (truth == 0).any()
    expected = metrics.mean_poisson_deviance(truth[:, 0], answers[:, 0])
    assert value("count", truth, answers) == pytest.approx(expected, rel=1e-5)
    assert value("count", truth, np.maximum(truth, 1e-7)) == pytest.approx(0.0, abs=1e-5)


def test_labels_and_several_numbers_are_averaged_over_all_outputs():
    rng = np.random.default_rng(1)
    truth, answers = rng.integers(0, 2, (30, 2)), rng.uniform(0.05, 0.95, (30, 2))
    assert value("several_labels", truth, answers) == pytest.approx(
        metrics.log_loss(truth.ravel(), answers.ravel()), rel=1e-5
    )
    assert value("several_numbers", truth, answers) == pytest.approx(np.abs(truth - answers).mean(), rel=1e-5)


def test_a_network_with_the_deviance_can_be_copied_and_loaded(tmp_path_factory: pytest.TempPathFactory):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="exponential")])
    model.compile("adam", loss="poisson", metrics=[inner_metric(problem("count"))])
    assert keras.models.clone_model(model).count_params() == 3
    path = tmp_path_factory.mktemp("model") / "model.keras"
    model.save(path)
    assert keras.saving.load_model(path, safe_mode=True, compile=False).count_params() == 3
