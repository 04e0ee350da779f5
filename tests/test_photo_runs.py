"""A folder of photos through the seven steps, and new photos through what came of it."""

from pathlib import Path

import numpy as np
import pytest

import tenfold
from pictures import plain, save_shapes, zipped
from tenfold.cli import main
from tenfold.networks import recipes
from tenfold.progress import Event, Warned
from tenfold.report.facts import Facts
from tenfold.report.next_step import predict_command
from tenfold.report.page import render_report
from tenfold.workflow import Run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("photos")
    save_shapes(place / "stripes", 24)
    (place / "stripes" / "down" / "broken.jpg").write_bytes(b"no picture")
    return place


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return []


@pytest.fixture(scope="module")
def stripes_run(place: Path, events: list[Event]) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "PHOTO_EPOCHS", ((300, 8),))
        return tenfold.run(
            place / "stripes", budget="quick", protocol="hold_out", trials=1, out=place / "run", progress=events.append
        )


def test_the_folder_is_the_target_and_broken_photos_are_told(stripes_run: Run, events: list[Event]):
    facts = stripes_run.facts
    assert (facts.problem.target, facts.problem.classes) == ("label", ("across", "down"))
    assert facts.run.source.num_rows == 48
    warned = [event for event in events if isinstance(event, Warned) and event.code == "broken_photos"]
    assert warned[0].text == "1 of 49 photos cannot be read and are left out: `down/broken.jpg`"
    assert facts.preparation.decision == "`photo` becomes 48 x 48 pixels, short side resized and the middle cut out."
    (column,) = facts.preparation.columns
    assert (column.kind, column.num_inputs, column.num_distinct) == ("photo", 48 * 48 * 3, 38)


def test_the_rivals_see_pixels_and_colours(stripes_run: Run):
    names = [model.name for model in stripes_run.facts.models]
    assert names[0].startswith("convnet")
    assert names[2:] == ["pixels", "colours", "boosted trees"]
    assert [rung.label for rung in stripes_run.facts.capacity.rungs] == ["convnet 16-32", "convnet 16-32-64"]


def test_photos_stand_in_the_report_and_in_the_facts_once(stripes_run: Run):
    sheet = stripes_run.facts.photos
    assert {label: len(shown) for label, shown in sheet.by_class.items()} == {"across": 6, "down": 6}
    assert all(one.answer != one.label for one in sheet.wrong)
    assert sorted(sheet.wrong, key=lambda one: -one.certainty) == list(sheet.wrong)
    page = stripes_run.report.read_text(encoding="utf-8")
    opened = sheet.opened
    channels = sum(len(layer.images) for layer in (*opened.layers, *opened.patterns))
    looked = sum(3 if one.true else 2 for one in opened.looked)
    assert page.count("data:image/webp;base64,") == len(sheet.samples) + len(sheet.wrong) + 1 + channels + looked
    shown = [*sheet.samples, *sheet.wrong, opened.photo, *(one.photo for one in opened.looked)]
    image = sheet.samples[0].image
    assert page.count(image) == sum(one.image == image for one in shown)
    again = Facts.from_json(stripes_run.facts.to_json()).photos
    assert [one.image for one in again.samples] == [one.image for one in sheet.samples]
    assert again.wrong == sheet.wrong


def test_the_network_is_opened_on_photos_that_took_no_part_in_its_training(stripes_run: Run):
    opened = stripes_run.facts.photos.opened
    assert [(layer.name, layer.height, layer.channels) for layer in opened.layers][:2] == [
        ("filters_1", 48, 16), ("filters_2", 24, 32),
    ]  # fmt: skip
    assert opened.patterns[0].name == "filters_1"
    assert opened.patterns[-1].name == f"filters_{len(opened.layers)}"
    assert {one.photo.label for one in opened.rights} <= {"across", "down"}
    assert all(one.true and one.photo.answer != one.photo.label for one in opened.wrongs)
    assert stripes_run.facts.photos.opened.grid == (opened.layers[-1].height, opened.layers[-1].width)


def test_the_next_command_names_a_folder(stripes_run: Run):
    assert predict_command(stripes_run.facts).endswith(" new_stripes/")


def test_no_photo_is_shown_where_no_rows_may_be(stripes_run: Run):
    hidden = Facts.from_json(stripes_run.facts.to_json().replace('"shows_rows":true', '"shows_rows":false'))
    assert "data:image/webp" not in render_report(hidden)


def test_new_photos_are_predicted_a_row_each_by_name(stripes_run: Run, place: Path, capfd: pytest.CaptureFixture[str]):
    (place / "new" / "deep").mkdir(parents=True, exist_ok=True)
    plain((9, 9, 9), 70, 50).save(place / "new" / "a.png")
    plain((200, 9, 9), 30, 50).convert("CMYK").save(place / "new" / "deep" / "b.jpg")
    (place / "new" / "c.png").write_bytes(b"no picture")
    for source in (place / "new", zipped(place / "new", place / "new.zip")):
        predictions = stripes_run.predict(source)
        assert predictions.columns.tolist() == ["file", "label", "probability of across", "probability of down"]
        assert predictions["file"].tolist() == ["a.png", "deep/b.jpg"]
        assert np.allclose(predictions.iloc[:, 2:].sum(axis=1), 1)
    assert main(["predict", str(stripes_run.path), str(place / "new" / "a.png"), "--baseline"]) == 0
    assert capfd.readouterr().out.splitlines()[1].startswith("a.png,")


def test_rows_of_the_run_are_answered_as_before(stripes_run: Run, place: Path, capfd: pytest.CaptureFixture[str]):
    assert main(["verify", str(stripes_run.path)]) == 0
    lines = [line.split()[:2] for line in capfd.readouterr().out.splitlines()]
    assert ["ok", "table"] in lines
    assert ["ok", "model"] in lines
    plain((1, 2, 3)).save(place / "stripes" / "down" / "late.png")
    assert main(["verify", str(stripes_run.path)]) == 1
    (place / "stripes" / "down" / "late.png").unlink()


def test_a_zip_of_no_photos_is_a_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("no photo")
    assert main(["run", str(zipped(tmp_path / "texts", tmp_path / "texts.zip"))]) == 2
    assert "texts.zip` holds no photos" in " ".join(capfd.readouterr().err.split())
