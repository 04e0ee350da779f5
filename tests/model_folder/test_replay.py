"""Kept rows ask the saved model again; a model that answers otherwise is noticed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.errors import RunFolderError
from tenfold.model_folder import replay
from tenfold.model_folder.network import TrainedModel
from tenfold.prepare.table import TablePreparation
from tenfold.run_folder.folder import Asked, RunFolder, open_run_folder


class Doubling(TrainedModel):
    """A model that answers with a multiple of one column."""

    def __init__(self, times: float) -> None:
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "preparation", TablePreparation((), ()))

    def predict(self, frame: pd.DataFrame) -> tuple[np.ndarray, tuple[()]]:
        return self.times * frame["rooms"].to_numpy(np.float64), ()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    with open_run_folder(Asked("houses.csv", "3f1c", ("price",), "0.1.0"), out=tmp_path / "run", versions={}) as opened:
        yield opened


def rows() -> pd.DataFrame:
    days = pd.date_range("2026-01-01", periods=30)
    mixed: list[object] = [1, "two", None] * 10
    return pd.DataFrame({"rooms": np.arange(30.0), "mixed": mixed, "day": days, "town": ["a", None, "c"] * 10})


def keep(folder: RunFolder, monkeypatch: pytest.MonkeyPatch, *, later: float) -> None:
    replay.keep_answers(folder, Doubling(2.0), rows())
    monkeypatch.setattr(replay, "load_model", lambda _: Doubling(later))


def test_the_same_model_answers_exactly_the_same(folder: RunFolder, monkeypatch: pytest.MonkeyPatch):
    keep(folder, monkeypatch, later=2.0)
    assert replay.largest_change(folder) == 0.0
    assert len(pd.read_parquet(folder.path / replay.INPUTS)) == replay.NUM_KEPT


def test_a_change_is_a_share_of_the_spread(folder: RunFolder, monkeypatch: pytest.MonkeyPatch):
    keep(folder, monkeypatch, later=2.2)
    spread = np.std(2 * np.arange(20.0))
    assert replay.largest_change(folder) == pytest.approx(0.2 * 19 / spread)


def test_a_run_that_kept_no_rows_is_not_asked(folder: RunFolder):
    assert replay.largest_change(folder) is None


def test_kept_rows_that_are_damaged_are_said(folder: RunFolder, monkeypatch: pytest.MonkeyPatch):
    keep(folder, monkeypatch, later=2.0)
    folder.write_text(replay.ANSWERS, "?")
    with pytest.raises(RunFolderError, match=r"The rows kept in .* cannot be read"):
        replay.largest_change(folder)
