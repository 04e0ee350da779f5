"""`tenfold view` as it is typed: every view from files, its sentence and figure, and what goes wrong as a sentence."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import tenfold
from tenfold.cli import main
from tenfold.command_line.exit_code import ExitCode
from tenfold.views.photo_files import read_photo_files

LAYERS = keras.layers
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small models and rows for them."""
    made = tmp_path_factory.mktemp("files")
    keras.utils.set_random_seed(0)
    convnet = keras.Sequential(
        [keras.Input((8, 8, 1)), LAYERS.Conv2D(4, 3), LAYERS.GlobalMaxPooling2D(), LAYERS.Dense(3, "softmax")]
    )
    table = keras.Sequential([keras.Input((2,)), LAYERS.Dense(4, "relu"), LAYERS.Dense(1)])
    table.compile("sgd", "mse")
    words = keras.Sequential([keras.Input((5,), dtype="int32"), LAYERS.Embedding(6, 3), LAYERS.Flatten(),
                              LAYERS.Dense(1, "sigmoid")])  # fmt: skip
    for name, model in (("convnet", convnet), ("table", table), ("words", words)):
        model.save(made / f"{name}.keras")
    np.savez(made / "digits.npz", x=RNG.uniform(size=(9, 8, 8, 1)).astype(np.float32), y=RNG.integers(0, 3, 9))
    x = RNG.normal(size=(30, 2))
    lines = [f"{a},{b},{a - b}" for a, b in x]
    (made / "rows.csv").write_text("\n".join(["size,age,price", *lines]) + "\n")
    (made / "words.txt").write_text("\n".join("abcdef") + "\n")
    Image.fromarray(RNG.integers(0, 256, (20, 30, 3), np.uint8)).save(made / "photo.png")
    (made / "broken.jpg").write_bytes(b"no picture")
    model, logs = keras.Sequential([keras.Input((2,)), LAYERS.Dense(1)]), made / "curves"
    model.compile("sgd", "mse")
    tenfold.cross_validate(lambda: model, x, x[:, 0], cv=2, epochs=2, batch_size=8, checks=False).save(logs)
    return made


def typed(monkeypatch: pytest.MonkeyPatch, folder: Path, line: str) -> int:
    monkeypatch.chdir(folder)
    return main(["view", *line.split()])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("activations convnet.keras digits.npz", "What 1 convolution make of one photo"),
        ("activations convnet.keras photo.png", "What 1 convolution"),
        ("calibration convnet.keras digits.npz", "Probabilities are off by"),
        ("confusion convnet.keras digits.npz --labels a,b,c", "% of 9 rows are right"),
        ("embedding-map words.keras --words words.txt", "of what tells the 6 vectors of"),
        ("filters convnet.keras", "What 4 filters of"),
        ("first-weights convnet.keras", "filters of `conv2d"),
        ("first-weights table.keras rows.csv -t price", "listens most to"),
        ("grad-cam convnet.keras digits.npz --row 2 --row 4 --class 1", "In colour: the places of each photo"),
        ("learning-curves curves", "validation loss of 2 members"),
        ("residuals table.keras rows.csv -t price", "Half of the rows are missed by less than"),
    ],
)
def test_each_view_is_a_sentence_and_a_file(folder, monkeypatch, capfd, line, sentence):
    assert typed(monkeypatch, folder, f"{line} -o figure.png") == 0
    assert sentence in " ".join(capfd.readouterr().out.split())
    with Image.open(folder / "figure.png") as figure:
        assert figure.width > 300
    (folder / "figure.png").unlink()


@pytest.mark.slow
def test_views_that_train_take_a_model_too(folder, monkeypatch, capfd):
    assert typed(monkeypatch, folder, "learning-rates table.keras rows.csv -t price -q") == 0
    assert capfd.readouterr().out == "table-learning-rates.png\n"


def test_numbers_as_json_and_a_name_of_its_own(folder, monkeypatch, capfd):
    assert typed(monkeypatch, folder, "confusion convnet.keras digits.npz --json") == 0
    said = json.loads(capfd.readouterr().out)
    assert said["figure"] == "convnet-confusion.png"
    assert np.sum(said["counts"]) == 9


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("grad-cam", "is asked of nothing"),
        ("confusion convnet.keras", "needs the rows beside the model"),
        ("grad-cam convnet.keras digits.npz --row 9", "There is no row 9 in `digits.npz`"),
        ("grad-cam convnet.keras nowhere.png", "There is no file `nowhere.png`"),
        ("grad-cam convnet.keras broken.jpg", "`broken.jpg` is no picture that can be read"),
        ("grad-cam table.keras photo.png", "does not take square pictures of one size"),
        ("embedding-map words.keras --words nowhere.txt", "There is no file `nowhere.txt`"),
        ("capacity table.keras rows.csv -t price", "One saved model has one size"),
        ("filters convnet.keras -o figure.gif", "cannot be written as `.gif`"),
        ("learning-curves table.keras", "is not a folder that Tenfold wrote"),
    ],
)
def test_what_goes_wrong_is_a_sentence(folder, monkeypatch, capfd, line, words):
    assert typed(monkeypatch, folder, line) in {ExitCode.BAD_INPUT, ExitCode.MACHINE}
    said = " ".join(capfd.readouterr().err.split())
    assert words in said
    assert "Traceback" not in said


@pytest.mark.parametrize("scales", [True, False])
def test_a_photo_has_the_size_channels_and_scale_that_the_model_takes(folder, scales):
    layers = [LAYERS.Rescaling(1 / 255)] if scales else []
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers, LAYERS.Conv2D(1, 3)])
    found = read_photo_files([folder / "photo.png"], model)
    assert found.shape == (1, 8, 8, 1)
    assert (found.dtype == np.uint8) == scales
    assert (1 < found.max() <= 255) if scales else (0.2 < found.max() <= 1)
