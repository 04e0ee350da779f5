"""`tenfold explain` as it is typed."""

import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.cli import main
from tenfold.command_line.exit_code import ExitCode
from traced_models import one_weight


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """Models and rows; the command is tried on them in a folder of its own."""
    folder = tmp_path_factory.mktemp("explain")
    one_weight().save(folder / "seed.keras")
    pd.DataFrame({"x": [3.0, 1.0], "y": [10.0, 2.0]}).to_csv(folder / "seed.csv", index=False)
    pictures = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 3), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    )
    pictures.save(folder / "pictures.keras")
    rows = np.random.default_rng(0)
    np.savez(folder / "pictures.npz", x=rows.normal(size=(5, 4, 4, 1)), y=np.arange(5) % 3, others=np.zeros(5))
    np.savez(folder / "half.npz", y=np.arange(3))
    np.savez(folder / "words.npz", x=np.array([["a"], ["b"]]), y=np.arange(2))
    odd = keras.Sequential([keras.Input((3,)), keras.layers.LayerNormalization(name="odd"), keras.layers.Dense(1)])
    odd.compile("sgd", "mse")
    odd.save(folder / "odd.keras")
    pd.DataFrame({"a": [1.0], "b": [2.0], "c": [3.0], "y": [1.0]}).to_csv(folder / "odd.csv", index=False)
    return folder


@pytest.fixture(autouse=True)
def folder(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for file in kept.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_of_the_pencil_shows_its_slope_and_its_new_weight(capfd):
    assert main(["explain", "seed.keras", "seed.csv", "-t", "y"]) == ExitCode.DONE
    told = capfd.readouterr().out
    assert "∂L/∂W[0, 0] = 3 · (−8) = −24" in told
    assert "W[0, 0]   2 → 2.24   (slope −24)" in told
    page = Path("seed-row-0.html").read_text(encoding="utf-8")
    assert "Prediction 6, truth 10, loss 16" in page
    assert "x[0] x" in page  # the column's name
    assert told.rstrip().endswith("page   seed-row-0.html")


def test_one_cell_and_one_layer(capfd):
    assert main(["explain", "seed.keras", "seed.csv", "-t", "y", "--cell", "only/new_W/0,0"]) == ExitCode.DONE
    assert "new W[0, 0] = 2 − 0.01 · (−24) = 2.24" in capfd.readouterr().out
    assert main(["explain", "seed.keras", "seed.csv", "-t", "y", "--layer", "only", "--row", "1"]) == ExitCode.DONE
    assert "W   1 × 1" in capfd.readouterr().out
    assert list(Path().glob("*.html")) == []


def test_as_json(capfd):
    arguments = ["explain", "seed.keras", "seed.csv", "-t", "y", "--json", "--out", "there.html"]
    assert main(arguments) == ExitCode.DONE
    found = json.loads(capfd.readouterr().out)
    assert found["quantities"]["only.g_W"]["values"] == [[-24]]
    assert found["page"] == "there.html"
    assert Path("there.html").exists()


def test_loss_optimizer_and_rate_can_be_others(capfd):
    arguments = ["explain", "seed.keras", "seed.csv", "-t", "y", "--loss", "mae", "--optimizer", "sgd"]
    assert main([*arguments, "--learning-rate", "0.1"]) == ExitCode.DONE
    assert "W[0, 0]   2 → 2.3   (slope −3)" in capfd.readouterr().out


def test_arrays_and_a_model_that_is_not_compiled(capfd):
    assert main(["explain", "pictures.keras", "pictures.npz", "--row", "4"]) == ExitCode.DONE
    told = capfd.readouterr()
    assert "truth class 1" in told.out
    assert "note: the model is not compiled; sparse_categorical_crossentropy as loss and sgd as optimizer" in told.err
    assert main(["explain", "pictures.keras", "pictures.npz", "-q"]) == ExitCode.DONE
    assert len(capfd.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "There is no model to explain"),
        ("seed.keras", "There is no data beside the model `seed.keras`"),
        ("seed.keras seed.csv more.csv", "3 files are named"),
        ("seed.keras seed.csv", "is given without the column to predict"),
        ("sead.keras seed.csv -t y", "did you mean `seed.keras`"),
        ("seed.keras seed.csv -t z", "has no column `z`"),
        ("seed.keras none.csv -t y", "none.csv"),
        ("seed.keras seed.csv -t y --row 2", "There is no row 2"),
        ("seed.keras seed.csv -t y --loss mze", "`--loss mze` cannot be opened"),
        ("seed.keras seed.csv -t y --optimizer lion", "`--optimizer lion` cannot be opened"),
        ("seed.keras seed.csv -t y --learning-rate -1", "`--learning-rate` must be above 0"),
        ("seed.keras seed.csv -t y --cell only/z", "`--cell only/z` names no cell"),
        ("seed.keras seed.csv -t y --layer onyl", "did you mean `only`"),
        ("odd.keras odd.csv -t y", "The layer `odd` (LayerNormalization) cannot be opened"),
        ("pictures.keras pictures.npz -t z", "`pictures.npz` has no array `z`"),
        ("pictures.keras half.npz", "does not say which array the inputs are"),
        ("pictures.keras words.npz", "is not made of numbers"),
        ("pictures.keras none.npz", "There is no file `none.npz`"),
        ("seed.keras pictures.npz", "Rows do not fit the model"),
    ],
)
def test_what_cannot_be_explained_is_one_sentence(capfd, typed, told):
    assert main(["explain", *typed.split()]) == ExitCode.BAD_INPUT
    said = capfd.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert list(Path().glob("*.html")) == []
