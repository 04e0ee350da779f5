"""Finished stages: whole or not there, read only for the same work, without executing anything."""

from pathlib import Path

import numpy as np
import pytest

from tenfold.run_folder.stages import NOWHERE, Stages


def test_a_stage_is_read_as_it_was_written(tmp_path: Path):
    stages = Stages(tmp_path / "work")
    stages.write("width 64-64", ["fold 0"], {"losses": np.array([[0.1, 0.2, np.inf]]), "words": np.array(["ran"])})
    found = stages.read("width 64-64", ["fold 0"])
    np.testing.assert_array_equal(found["losses"], [[0.1, 0.2, np.inf]])
    assert found["words"].tolist() == ["ran"]
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["width-64-64.npz"]


def test_other_work_under_the_same_name_is_not_read(tmp_path: Path):
    stages = Stages(tmp_path)
    stages.write("trials", ["fold 0"], {"losses": np.zeros(3)})
    assert stages.read("trials", ["fold 1"]) is None
    assert stages.read("width 8", ["fold 0"]) is None


@pytest.mark.parametrize("damage", [b"", b"not an archive", None], ids=["empty", "text", "cut"])
def test_a_damaged_stage_counts_as_not_finished(tmp_path: Path, damage: bytes | None):
    stages = Stages(tmp_path)
    stages.write("trials", ["fold 0"], {"losses": np.arange(100.0)})
    file = tmp_path / "trials.npz"
    file.write_bytes(file.read_bytes()[:200] if damage is None else damage)
    assert stages.read("trials", ["fold 0"]) is None


def test_objects_are_neither_written_nor_read(tmp_path: Path):
    stages = Stages(tmp_path)
    with pytest.raises(ValueError, match="allow_pickle"):
        stages.write("trials", [], {"losses": np.array([{"a": 1}], object)})
    np.savez(tmp_path / "trials.npz", about=np.array("[]"), losses=np.array([{"a": 1}], object))
    assert stages.read("trials", []) is None


def test_stages_go_when_the_run_is_over(tmp_path: Path):
    stages = Stages(tmp_path / "work")
    stages.write("trials", [], {"losses": np.zeros(2)})
    stages.forget()
    stages.forget()
    assert not (tmp_path / "work").exists()


def test_nowhere_keeps_nothing():
    NOWHERE.write("trials", [], {"losses": np.zeros(2)})
    assert NOWHERE.read("trials", []) is None
    NOWHERE.forget()
