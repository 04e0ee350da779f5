"""`tenfold examine` and `tenfold repair` as they are typed."""

import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.cli import main

PROGRAM = """
import keras
import numpy as np

EPOCHS = 15
BATCH_SIZE = 16


def data():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(160, 4)).astype("float32")
    return x, (x @ [1.0, -1.0, 2.0, 0.5] > 0).astype("float32")


def of_rate(rate):
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1, "sigmoid")]
    )
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy")
    return model


def sound():
    return of_rate(0.01)


def slow():
    return of_rate(1e-7)


def nothing():
    pass


def broken():
    return 1 / 0
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(PROGRAM, encoding="utf-8")
    Path("no_data.py").write_text(PROGRAM.replace("def data", "def other"), encoding="utf-8")
    generator = np.random.default_rng(1)
    table = pd.DataFrame(generator.normal(size=(90, 3)), columns=list("abc"))
    table.assign(town="x", kind=np.where(table.a > 0, "yes", "no")).to_csv("rows.csv", index=False)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, "sigmoid")])
    model.save("plain.keras")
    model.compile("adam", "mse", metrics=["accuracy"])
    model.save("model.keras")
    model.save("model.h5")


def test_a_sound_program_has_no_finding_above_a_tip(capfd: pytest.CaptureFixture[str]):
    assert main(["examine", "--build", "train.py:sound", "--seconds", "2"]) == 0
    assert "checks: " in capfd.readouterr().out


def test_the_first_cause_comes_first_and_fails_in_ci(capfd: pytest.CaptureFixture[str]):
    typed = ["examine", "--build", "train.py:slow", "--seconds", "2"]
    assert main([*typed, "--json"]) == 1
    found = json.loads(capfd.readouterr().out)["findings"]
    assert found[0]["fault"] == "lr_too_low"
    assert found[0]["evidence"]
    assert main([*typed, "--fail-on", "never", "-q"]) == 0
    assert "lr_too_low" in capfd.readouterr().out


@pytest.mark.filterwarnings("ignore:.*saving.*HDF5")
@pytest.mark.parametrize("model", ["model.keras", "model.h5"])
def test_a_saved_model_is_examined_on_a_table(model: str, capfd: pytest.CaptureFixture[str]):
    typed = ["examine", model, "rows.csv", "--target", "kind", "--drop", "town", "--seconds", "1"]
    main([*typed, "--json", "--mute", "TF108"])
    found = json.loads(capfd.readouterr().out)
    assert "error" not in found
    assert found["outcomes"]["TF108"] == [{"outcome": "skipped", "because": "muted"}]
    assert found["outcomes"]["TF302"][0]["outcome"] != "skipped"  # a probe was trained


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ([], "There is no model to examine"),
        (["model.keras"], "There is no table beside the model"),
        (["model.keras", "rows.csv", "more.csv"], "3 files are named"),
        (["none.keras", "rows.csv", "-t", "kind"], "There is no file `none.keras`"),
        (["rows.csv", "rows.csv", "-t", "kind"], "is no saved Keras model"),
        (["plain.keras", "rows.csv", "-t", "kind"], "is not compiled"),
        (["model.keras", "rows.csv"], "without the column to predict"),
        (["model.keras", "rows.csv", "-t", "kin"], "has no column `kin`"),
        (["model.keras", "rows.csv", "-t", "kind"], "Column `town` of `rows.csv` is not made of numbers"),
        (["model.keras", "rows.csv", "-t", "kind", "--drop", "town", "--drop", "a"], "do not fit the model"),
        (["model.keras", "rows.csv", "-t", "kind", "--drop", "towns"], "has no column `towns`"),
        (["--build", "train.py"], "names no function"),
        (["--build", "trian.py:sound"], "There is no file `trian.py`"),
        (["--build", "train.py:sond"], "has no function `sond`"),
        (["--build", "train.py:nothing"], "is not a Keras model"),
        (["--build", "train.py:broken"], "fails with ZeroDivisionError"),
        (["--build", "no_data.py:sound"], "There is no data"),
        (["--build", "train.py:sound", "--mute", "TF999"], "names `TF999`"),
        (["--build", "train.py:sound", "--epochs", "-1"], "`epochs` must be a whole number"),
    ],
)
def test_wrong_input_is_a_sentence(typed: list[str], sentence: str, capfd: pytest.CaptureFixture[str]):
    assert main(["examine", *typed]) == 2
    assert sentence in capfd.readouterr().err


@pytest.mark.slow
def test_a_repair_is_written_as_a_model_and_as_code(capfd: pytest.CaptureFixture[str]):
    typed = ["repair", "--build", "train.py:slow", "--seconds", "20", "-o", "fixed.keras", "--code", "fixed.py"]
    assert main(typed) == 0
    said = capfd.readouterr().out
    assert "on sealed rows" in said
    gone = [line for line in said.splitlines() if line.startswith("-")]
    assert any("keras.optimizers.Adam(learning_rate=1e-07)" in line for line in gone)
    assert keras.models.load_model("fixed.keras").optimizer.learning_rate > 1e-5
    compile(Path("fixed.py").read_text(encoding="utf-8"), "fixed.py", "exec")
