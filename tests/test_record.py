"""Records: frames by member and epoch, written whole or not at all, read without executing anything."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.errors import MachineError, RunFolderError
from tenfold.record import Record, load_record, save_record

NAN = float("nan")


@pytest.fixture
def record() -> Record:
    """Two members: one trained three epochs and kept the second, one stopped after two and kept the first."""
    return Record(
        fold=np.array([0, 1]),
        seed=np.array([0, 0]),
        num_train=np.array([7, 6]),
        num_validation=np.array([3, 4]),
        epochs_trained=np.array([3, 2]),
        best_epochs=np.array([1, 0]),
        outcomes=["ran", "stopped_early"],
        history={
            "loss": np.array([[3.0, 2.0, 1.0], [6.0, 5.0, NAN]]),
            "val_loss": np.array([[3.5, 2.5, 2.6], [6.5, 6.6, NAN]]),
        },
        rises={"loss": False},
        facts={"epochs": 3},
    )


def test_a_score_is_that_of_the_epoch_whose_weights_the_member_has(record: Record):
    np.testing.assert_array_equal(record.score("loss"), [2.5, 6.5])
    assert record.member_frame()["loss"].tolist() == [2.5, 6.5]


def test_the_history_has_no_rows_for_epochs_that_were_not_trained(record: Record):
    frame = record.history_frame()
    assert frame["member"].tolist() == [0, 0, 0, 1, 1]
    assert frame["epoch"].tolist() == [0, 1, 2, 0, 1]
    assert frame["val_loss"].tolist() == [3.5, 2.5, 2.6, 6.5, 6.6]


def test_what_is_saved_comes_back_with_its_further_arrays(record: Record, tmp_path: Path):
    save_record(record, tmp_path / "record", {"predictions/0": np.arange(5.0)})
    other, arrays = load_record(tmp_path / "record")
    for field in dataclasses.fields(Record):
        ours, theirs = getattr(record, field.name), getattr(other, field.name)
        if field.name == "history":
            assert list(ours) == list(theirs)
            for name, line in ours.items():
                np.testing.assert_array_equal(line, theirs[name])
        else:
            np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(arrays["predictions/0"], np.arange(5.0))


def test_other_programs_read_the_frames(record: Record, tmp_path: Path):
    save_record(record, tmp_path)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "history.parquet"), record.history_frame())
    assert pd.read_parquet(tmp_path / "members.parquet")["outcome"].tolist() == record.outcomes


def test_a_vector_metric_is_kept_and_left_out_of_the_scores(record: Record, tmp_path: Path):
    by_class = np.arange(12.0).reshape(2, 3, 2)
    several = dataclasses.replace(record, history=record.history | {"val_f1": by_class})
    save_record(several, tmp_path)
    np.testing.assert_array_equal(load_record(tmp_path)[0].history["val_f1"], by_class)
    assert "f1" not in several.member_frame()


def test_a_folder_that_cannot_be_made_is_named(record: Record, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match=r"file/record/members\.parquet` cannot be written"):
        save_record(record, tmp_path / "file" / "record")


def test_a_later_schema_is_refused(record: Record, tmp_path: Path):
    save_record(record, tmp_path)
    described = json.loads((tmp_path / "record.json").read_text()) | {"schema": 2}
    (tmp_path / "record.json").write_text(json.dumps(described))
    with pytest.raises(RunFolderError, match=r"has record schema 2.*schema 1.*the version of Tenfold that wrote it"):
        load_record(tmp_path)


@pytest.mark.parametrize("damage", ["record.json", "arrays.npz"])
def test_a_damaged_record_is_named(record: Record, tmp_path: Path, damage: str):
    save_record(record, tmp_path)
    (tmp_path / damage).write_bytes(b"\x80\x04not what it was")
    with pytest.raises(RunFolderError, match="holds no record that can be read"):
        load_record(tmp_path)
