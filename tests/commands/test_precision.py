"""`tenfold precision` as a user types it."""

import json
import subprocess
import sys

import pytest

from tenfold.cli import main


def test_walls_are_a_table(capfd):
    assert main(["precision", "wall", "float32", "binary_crossentropy"]) == 0

    answer = capfd.readouterr().out
    assert "-16.118095" in answer
    assert "15.942385" in answer
    assert answer.count("binary_crossentropy") == 3


def test_without_arguments_all_formats_are_listed(capfd):
    assert main(["precision", "wall"]) == 0

    answer = capfd.readouterr().out
    assert {line.split()[0] for line in answer.splitlines()[1:]} == {"float16", "bfloat16", "float32", "float64"}


def test_walls_are_json(capfd):
    assert main(["precision", "wall", "float16", "binary_crossentropy", "--json"]) == 0

    walls = json.loads(capfd.readouterr().out)["walls"]
    assert [one["form"] for one in walls] == ["clipped_logit", "clipped_log", "from_logits"]
    assert walls[0]["ceiling"] == "inf"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["wall", "float33"], "There is no number format `float33`"),
        (["wall", "float32", "sigmod"], "There is no function with a wall `sigmod`"),
        (["study", "--seeds", "1"], "An interval needs pairs"),
        (["study", "--data", "birds"], "'birds' is not one of"),
    ],
)
def test_wrong_input_is_one_sentence(capfd, typed, sentence):
    assert main(["precision", *typed]) == 2

    answer = capfd.readouterr()
    assert sentence in answer.err
    assert "Traceback" not in answer.err
    assert not answer.out


def test_silence_is_silence(capfd):
    assert main(["precision", "wall", "float32", "sigmoid", "-qq"]) == 0
    assert capfd.readouterr().out == ""


@pytest.mark.slow
def test_the_study_writes_figures_and_says_where(capfd, tmp_path):
    assert main(["precision", "study", "--quick", "--out", str(tmp_path / "found")]) == 0

    answer = capfd.readouterr()
    assert "logits against probability" in answer.out
    assert f"wrote 11 files to {tmp_path / 'found'}" in answer.err
    assert len(list((tmp_path / "found").glob("*.svg"))) == 10


def test_walls_are_told_without_jax_or_keras():
    program = (
        "import sys; sys.modules['jax'] = sys.modules['keras'] = None; from tenfold.cli import main; "
        "sys.exit(main(['precision', 'wall', 'float32', 'sigmoid']))"
    )
    subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
