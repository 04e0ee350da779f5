"""A saved model comes back, answers in the target's own labels or unit, and tells what it has never seen."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.errors import RunFolderError, TableError
from tenfold.model_folder.network import TrainedModel, load_model, save_model
from tenfold.networks.ladder import InputShape, Rung
from tenfold.networks.table import table_network
from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale
from tenfold.problem.definition import define_problem
from tenfold.run_folder.folder import Asked, RunFolder, open_run_folder


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    asked = Asked("houses.csv", "3f1c", ("price",), "0.1.0")
    with open_run_folder(asked, out=tmp_path / "houses-run", versions={}) as opened:
        yield opened


def inputs() -> pd.DataFrame:
    return pd.DataFrame({"rooms": [1.0, 2.0, 4.0, 8.0, 3.0, 5.0], "colour": ["red", "blue"] * 3})


def trained(target: list[object]) -> TrainedModel:
    problem = define_problem(inputs().assign(price=target), "price")
    preparation = TablePreparation.fit(inputs())
    names = (*preparation.input_names, "a level that only a fold had")
    scale = TargetScale((100.0,), (10.0,)) if problem.is_number else TargetScale()
    return TrainedModel(table_network(InputShape(3), problem, Rung((4,)))(), preparation, names, scale, problem)


@pytest.mark.parametrize(
    "target", [[1.5, 2.5, 3.5, 1.0, 2.0, 7.0], ["no", "yes"] * 3, [1, 2, 3] * 2, [True, False] * 3]
)
def test_a_model_comes_back_as_it_was(folder: RunFolder, target: list[object]):
    model = trained(target)
    save_model(folder, model, made_by={"keras": keras.__version__})
    back = load_model(folder)
    assert (back.problem.kind, back.problem.labels, back.input_names) == (
        model.problem.kind, model.problem.labels, model.input_names,
    )  # fmt: skip
    pd.testing.assert_frame_equal(back.predict_frame(inputs())[0], model.predict_frame(inputs())[0])


def test_numbers_come_in_the_targets_unit():
    model = trained([1.5, 2.5, 3.5, 1.0, 2.0, 7.0])
    frame, unfamiliar = model.predict_frame(inputs())
    prepared = np.column_stack([model.preparation.transform(inputs()).inputs, np.zeros(6, np.float32)])
    expected = 100 + 10 * np.asarray(model.network({"inputs": prepared}))[:, 0]
    assert frame.columns.tolist() == ["price"]
    np.testing.assert_allclose(frame["price"], expected, rtol=1e-6)
    assert unfamiliar == ()


def test_classes_come_as_their_labels_with_a_probability_each():
    frame, _ = trained(["no", "yes"] * 3).predict_frame(inputs())
    assert frame.columns.tolist() == ["price", "probability of no", "probability of yes"]
    np.testing.assert_allclose(frame.iloc[:, 1] + frame.iloc[:, 2], 1.0, rtol=1e-6)
    likeliest = np.where(frame["probability of yes"] > 0.5, "yes", "no")
    assert frame["price"].tolist() == likeliest.tolist()


def test_labels_keep_their_type():
    numbers, _ = trained([1, 2, 3] * 2).predict_frame(inputs())
    assert numbers["price"].dtype == np.int64
    truths, _ = trained([True, False] * 3).predict_frame(inputs())
    assert set(truths["price"]) <= {True, False}


def test_what_was_never_seen_is_told_and_what_lacks_is_refused():
    model = trained(["no", "yes"] * 3)
    _, unfamiliar = model.predict(inputs().assign(rooms=99.0))
    assert [found.sentence for found in unfamiliar] == ["`rooms`: 6 outside 1 to 8, the range seen in training"]
    with pytest.raises(TableError, match="The table lacks 1 of 2 columns that the model uses: `colour`"):
        model.predict(inputs().drop(columns="colour"))


def test_a_run_without_a_model_and_a_damaged_model_are_told(folder: RunFolder):
    with pytest.raises(RunFolderError, match=r"has no `model/preparation\.json`"):
        load_model(folder)
    save_model(folder, trained(["no", "yes"] * 3), made_by={})
    (folder.path / "model" / "model.keras").write_bytes(b"no network")
    with pytest.raises(RunFolderError, match=r"The model in `.*` cannot be read"):
        load_model(folder)


def test_a_network_with_code_in_it_is_refused(folder: RunFolder):
    model = trained([1.5, 2.5, 3.5, 1.0, 2.0, 7.0])
    save_model(folder, model, made_by={})
    network = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x[:, :1])])
    network.save(folder.path / "model" / "model.keras")
    with pytest.raises(RunFolderError, match=r"The model in `.*` cannot be read"):
        load_model(folder)


@pytest.mark.parametrize(
    "rung",
    [Rung((4,), "piecewise"), Rung((4,), "periodic"), Rung((4,), "periodic", "realmlp")],
    ids=lambda rung: rung.label,
)
def test_a_process_that_has_built_no_network_reads_one(folder: RunFolder, rung: Rung):
    plain = trained([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    own = plain.preparation
    network = table_network(InputShape(len(own.input_names), len(own.rank_names)), plain.problem, rung)()
    model = TrainedModel(network, own, own.input_names, plain.scale, plain.problem, own.rank_names)
    save_model(folder, model, made_by={})
    script = (
        "import sys; from pathlib import Path; from tenfold.run_folder.folder import find_run_folder; "
        "from tenfold.model_folder.network import load_model; import pandas as pd; "
        "print(load_model(find_run_folder(Path(sys.argv[1]))).predict(pd.read_csv(sys.argv[2]))[0].tolist())"
    )
    inputs().to_csv(folder.path / "rows.csv", index=False)
    told = subprocess.run(
        [sys.executable, "-c", script, folder.path, folder.path / "rows.csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    np.testing.assert_allclose(json.loads(told.stdout), model.predict(inputs())[0], rtol=1e-5)
