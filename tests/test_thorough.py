"""The thorough budget whole: every kind of network and setting it promises is tried, told and delivered."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.nested.rows import NestedRows
from tenfold.networks.ladder import InputShape, Rung, choose_contenders
from tenfold.networks.recipes import Recipe, choose_recipe
from tenfold.progress import Event, StepStarted
from tenfold.workflow import predict, run

NUM_ROWS, NUM_TRIALS = 120, 9


def plants() -> pd.DataFrame:
    """Three classes that follow from two of four columns."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(NUM_ROWS, 4))
    kind = pd.qcut(x @ [2.0, -1.0, 0.0, 0.0] + rng.normal(0, 0.2, NUM_ROWS), 3, labels=["bog", "heath", "wood"])
    return pd.DataFrame(x, columns=["height", "width", "spots", "age"]).assign(place=kind.astype(str))


@pytest.mark.slow
@pytest.mark.timeout(900)  # nine networks and as many again retrained, each compiled
def test_a_thorough_run_tries_what_it_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def of_two_epochs(nested: NestedRows, rung: Rung) -> Recipe:
        return Recipe(2, 2, choose_recipe(rung, len(nested.folds[-1].train_rows)).batch_size)

    monkeypatch.setattr(NestedRows, "recipe_of", of_two_epochs)
    monkeypatch.setattr("tenfold.answering.seven_steps.choose_ladder", lambda ladder, *_, **__: ladder[:1])
    events: list[Event] = []
    found = run(plants(), "place", out=tmp_path / "run", budget="thorough", protocol="hold_out", trials=NUM_TRIALS,
                progress=events.append)  # fmt: skip
    step = next(event for event in events if isinstance(event, StepStarted) and event.number == 7)
    settings = "dropout, weight decay, learning rate, L1, L2, label smoothing"
    assert step.text == f"{NUM_TRIALS} trials of {settings} on 9 architectures"
    tuning = found.facts.tuning
    assert tuning is not None
    tried = {trial.network for trial in tuning.trials[1:]}
    assert tried == {rung.label for rung in choose_contenders(InputShape(4, 4), 9)}
    page = found.report.read_text()
    assert all(word in page for word in ("8 heads", "label smoothing", "L1 ", "batches x 2", "silu"))
    assert set(predict(tmp_path / "run", plants())["place"]) <= {"bog", "heath", "wood"}
