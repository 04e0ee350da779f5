"""A whole run on a table with texts: what it reads, who it is compared with, and that it predicts new texts."""

from pathlib import Path

import numpy as np
import pytest

from reviews import BAD, GOOD, reviews
from tenfold.progress import Event, Warned
from tenfold.report.page import render_report
from tenfold.workflow import Run, predict, run


@pytest.fixture(scope="module")
def review_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("reviews") / "run"
    return run(reviews(), "verdict", out=out, budget="quick", trials=2, progress=[].append)


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
    assert texts.median_words == np.median(reviews()["review"].str.split().str.len())
    page = render_report(review_run.facts)
    assert "Half of the texts in" in page
    assert "stands in" in page


def test_new_texts_are_predicted_and_unknown_ones_told(review_run: Run):
    new = reviews(20, seed=5).drop(columns="verdict")
    told: list[Event] = []
    answers = predict(review_run.path, new, progress=told.append)
    assert (answers["verdict"] == reviews(20, seed=5)["verdict"]).mean() > 0.7
    new.loc[0, "review"] = "zzz qqq xxx"
    predict(review_run.path, new, progress=told.append)
    assert any(isinstance(one, Warned) and "`review`" in one.text for one in told)
    by_baseline = predict(review_run.path, new, baseline=True)
    chances = [f"probability of {label}" for label in ("bad", "good")]
    np.testing.assert_allclose(by_baseline[chances].sum(axis=1), 1)


def test_no_text_stands_on_a_page_without_rows(tmp_path: Path):
    frame, out = reviews(60), tmp_path / "run"
    found = run(frame, "verdict", out=out, budget="quick", trials=1, show_rows=False, progress=[].append)
    page = found.report.read_text(encoding="utf-8")
    assert not any(text in page for text in frame["review"])
    assert "speak for each class" not in page
