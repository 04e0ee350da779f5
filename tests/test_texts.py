"""Whole runs on texts: what is read, who it is compared with, and that it predicts new texts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reviews import BAD, GOOD, reviews, strangers
from tenfold.progress import Event, Warned
from tenfold.report.page import render_report
from tenfold.verification.checks import verify_run
from tenfold.workflow import Run, predict, run


def as_folder(frame: pd.DataFrame, folder: Path) -> Path:
    """A folder with a folder of text files for each class."""
    for number, (text, label) in enumerate(zip(frame["review"], frame["verdict"], strict=True)):
        place = folder / label / f"{number}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reviews")


@pytest.fixture(scope="module")
def review_run(place: Path) -> Run:
    folder = as_folder(reviews(140), place / "reviews")
    return run(folder, (), out=place / "run", budget="quick", trials=2, progress=[].append)


def test_the_network_starts_from_the_bag_of_words_it_is_compared_with(review_run: Run):
    names = {model.name for model in review_run.facts.models}
    assert {"bag of words", "boosted trees"} <= names
    assert any("from linear" in trial.network for trial in review_run.facts.tuning.trials)
    network = next(model for model in review_run.facts.models if model.role == "network")
    assert network.score.value > 0.75


def test_the_words_that_decide_speak_for_their_class(review_run: Run):
    texts = next(column.texts for column in review_run.facts.preparation.columns if column.texts is not None)
    speaks = {one.label: set(one.words) for one in texts.telling}
    assert speaks["good"] & set(GOOD)
    assert not speaks["good"] & set(BAD)
    assert 12 <= texts.median_words <= 14
    page = render_report(review_run.facts)
    assert "Half of the texts in" in page
    assert "stands in" in page


def test_new_texts_are_predicted_a_row_each_by_name(review_run: Run, place: Path):
    new = reviews(20, seed=5)
    for number, text in enumerate(new["review"]):
        (place / "new").mkdir(exist_ok=True)
        (place / "new" / f"{number:02}.txt").write_text(text, encoding="utf-8")
    answers = predict(review_run.path, place / "new")
    assert answers["file"].tolist() == [f"{number:02}.txt" for number in range(20)]
    assert (answers["label"] == new["verdict"]).mean() > 0.7
    by_baseline = predict(review_run.path, place / "new", baseline=True)
    chances = [f"probability of {label}" for label in ("bad", "good")]
    np.testing.assert_allclose(by_baseline[chances].sum(axis=1), 1)
    found = {check.name: check.outcome for check in verify_run(review_run.path)}
    assert (found["table"], found["model"]) == ("ok", "ok")


def test_a_text_of_unknown_words_is_told(review_run: Run):
    told: list[Event] = []
    predict(review_run.path, pd.DataFrame({"text": ["zzz qqq xxx"]}), progress=told.append)
    assert any(isinstance(one, Warned) and "`text`" in one.text for one in told)


def test_no_text_of_a_table_stands_on_a_page_without_rows(tmp_path: Path):
    frame, out = reviews(60), tmp_path / "run"
    found = run(frame, "verdict", out=out, budget="quick", trials=1, show_rows=False, progress=[].append)
    page = found.report.read_text(encoding="utf-8")
    assert not any(text in page for text in frame["review"])
    assert "speak for each class" not in page


@pytest.mark.slow
def test_given_vectors_tell_what_no_bag_of_words_can(tmp_path: Path):
    frame, lines = strangers()
    (tmp_path / "vectors.txt").write_text(lines, encoding="utf-8")
    options = {"text": "text", "budget": "quick", "trials": 1, "protocol": "hold_out", "progress": [].append}
    found = run(frame, "label", out=tmp_path / "run", vectors=tmp_path / "vectors.txt", **options)
    models = {model.role: model.score.value for model in found.facts.models}
    assert models["network"] > 0.9
    assert models["baseline"] < 0.8
    texts = next(column.texts for column in found.facts.preparation.columns if column.texts is not None)
    assert texts.num_with_vector / texts.num_words == pytest.approx(7 / 8, abs=0.01)
    assert "different words have a vector" in render_report(found.facts)
    answers = predict(found.path, frame[["text"]].iloc[:20])
    assert (answers["label"] == frame["label"][:20]).mean() > 0.9
    checks = {check.name: check.outcome for check in verify_run(found.path)}
    assert checks["model"] == "ok"
