"""`tenfold precision audit` and `fuse` as they are typed."""

import json
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from tenfold.cli import main


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a model whose logits are its input, and a table of logits."""
    monkeypatch.chdir(tmp_path)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, "sigmoid", use_bias=False, name="answer")])
    model.compile(keras.optimizers.SGD(1.0), "binary_crossentropy")
    model.set_weights([np.ones((1, 1))])
    model.save("model.keras")
    pd.DataFrame({"logit": [-20.0, -17.0, 0.0, 1.0], "label": [1, 1, 0, 1]}).to_csv("rows.csv", index=False)


def test_audit_says_how_many_rows_are_clipped(capfd: pytest.CaptureFixture[str]):
    typed = ["precision", "audit", "model.keras", "rows.csv", "--target", "label", "--no-mixed"]
    assert main([*typed, "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["clipped_share"], found["frozen_share"], found["mixed"]) == (0.5, 0.5, [])
    assert main([*typed, "-q"]) == 0
    assert capfd.readouterr().out == "50.00% of 4 rows are clipped; 0 unsafe operations\n"
    assert main(typed) == 0
    assert "clipped losses, 4 rows" in capfd.readouterr().out


def test_fuse_writes_a_model_that_trains_where_the_first_one_does_not(capfd: pytest.CaptureFixture[str]):
    assert main(["precision", "fuse", "model.keras", "-o", "fused.keras", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {
        "changes": ["`answer`: sigmoid and binary_crossentropy are trained as one, on logits."], "out": "fused.keras"
    }  # fmt: skip
    fused = keras.models.load_model("fused.keras")
    fused.fit(np.full((1, 1), -20.0), np.ones((1, 1)), verbose=0)
    assert fused.get_weights()[0] == -19
    assert main(["precision", "audit", "fused.keras", "rows.csv", "--target", "label", "--no-mixed", "-q"]) == 0
    assert capfd.readouterr().out == "0.00% of 4 rows are clipped; 0 unsafe operations\n"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["audit", "none.keras", "rows.csv", "--target", "label"], "There is no file `none.keras`"),
        (["audit", "model.keras", "rows.csv", "--target", "lable"], "has no column `lable`"),
        (["fuse", "model.keras", "-o", "fused.h5"], "does not end in .keras"),
        (["fuse", "rows.csv", "-o", "fused.keras"], "is no saved Keras model"),
    ],
)
def test_wrong_input_is_a_sentence(typed: list[str], sentence: str, capfd: pytest.CaptureFixture[str]):
    assert main(["precision", *typed]) == 2
    error = capfd.readouterr().err
    assert sentence in error
    assert "Traceback" not in error
