"""A run on photos with a trained base: its head competes, is delivered with the base, predicts and verifies."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import tenfold
from pictures import plain
from tenfold import capacity
from tenfold.cli import main
from tenfold.networks import recipes
from tenfold.networks.ladder import Rung
from tenfold.progress import Event, Warned
from tenfold.workflow import Run

pytestmark = pytest.mark.slow

SIDE = 32


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("transfer")
    generator = np.random.default_rng(3)
    for label, colour in (("red", (190, 70, 70)), ("blue", (70, 70, 190))):
        (place / "colours" / label).mkdir(parents=True)
        for number in range(30):
            pixels = np.array(colour) + generator.normal(0, 25, (SIDE, SIDE, 3)) + generator.normal(0, 15, 3)
            photo = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
            photo.save(place / "colours" / label / f"{number}.png")
    return place


@pytest.fixture(scope="module")
def weights(place: Path) -> Path:
    """Random filters whose batch normalisation knows pictures: better than nothing, and quick."""
    keras.utils.set_random_seed(5)
    body = keras.applications.MobileNetV2(
        input_shape=(SIDE, SIDE, 3), alpha=0.35, include_top=False, weights=None, pooling="avg"
    )
    noise = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 3)).repeat(4, axis=1).repeat(4, axis=2)
    for layer in body.layers:
        layer.momentum = 0.5
    for _ in range(4):
        body(noise.astype(np.float32), training=True)
    path = place / f"mobilenet_v2_0.35_{SIDE}.weights.h5"
    body.save_weights(path)
    return path


@pytest.fixture(scope="module")
def transfer_run(place: Path, weights: Path) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "PHOTO_EPOCHS", ((300, 2),))
        patch.setattr(capacity, "PHOTO_LADDER", (Rung((), filters=(2,)),))
        return tenfold.run(
            place / "colours", budget="quick", protocol="hold_out", trials=2, out=place / "run", weights=weights
        )


def test_the_head_on_frozen_numbers_competes_and_wins_where_it_is_better(transfer_run: Run):
    facts = transfer_run.facts
    assert facts.models[0].name == "frozen MobileNetV2 0.35 + head"
    assert [rung.label for rung in facts.capacity.rungs] == ["convnet 2"]
    assert facts.preparation.decision.startswith(f"`photo` becomes {SIDE} x {SIDE} pixels")
    assert "for classes that it does not hold, expect less than this score" in facts.preparation.because
    assert f"--weights {facts.run.command.split('--weights ')[1].split()[0]}" in facts.run.command
    assert "ImageNet holds 1,000 kinds of things" in transfer_run.report.read_text(encoding="utf-8")


def test_it_is_opened_down_to_the_base(transfer_run: Run):
    opened = transfer_run.facts.photos.opened
    assert opened.layers[0].name == "Conv1"
    assert opened.patterns == ()
    assert "figure-patterns" not in transfer_run.report.read_text(encoding="utf-8")


def test_the_delivered_network_takes_photos_as_they_are(transfer_run: Run, place: Path):
    (place / "new").mkdir(exist_ok=True)
    for number in range(3):
        plain((9, 80 * number, 9), 70, 50).save(place / "new" / f"{number}.png")
    predictions = transfer_run.predict(place / "new")
    assert predictions["file"].tolist() == ["0.png", "1.png", "2.png"]
    assert np.allclose(predictions.iloc[:, 2:].sum(axis=1), 1)
    network = keras.saving.load_model(transfer_run.path / "model" / "model.keras", compile=False, safe_mode=True)
    assert [one.name for one in network.inputs] == ["photos"]
    assert "MobileNetV2 0.35" in [layer.name for layer in network.layers]


def test_it_is_verified(transfer_run: Run, capfd: pytest.CaptureFixture[str]):
    assert main(["verify", str(transfer_run.path)]) == 0
    assert "failed" not in capfd.readouterr().out


def test_weights_beside_a_table_are_refused(place: Path, weights: Path, capfd: pytest.CaptureFixture[str]):
    (place / "houses.csv").write_text("size,price\n" + "\n".join(f"{row},{row * 3}" for row in range(60)))
    assert main(["run", str(place / "houses.csv"), "--target", "price", "--weights", str(weights)]) == 2
    assert "Weights were named, but the table holds no photos" in " ".join(capfd.readouterr().err.split())


def test_without_weights_a_sentence_says_what_to_put_where(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    told: list[Event] = []

    def stop_at_the_warning(event: Event) -> None:
        told.append(event)
        if isinstance(event, Warned) and event.code == "no_weights":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tenfold.run(place / "colours", budget="quick", out=tmp_path / "run", progress=stop_at_the_warning)
    assert str(tmp_path / "models") in told[-1].text
