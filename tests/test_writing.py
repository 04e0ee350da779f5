import errno
import os
from pathlib import Path

import pytest

from tenfold.errors import MachineError
from tenfold.writing import machine_errors, writing


def interrupt_after(_: int) -> None:
    raise KeyboardInterrupt


def test_a_file_that_was_interrupted_is_not_there_and_the_old_one_is(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), writing(report) as temporary:
        interrupt_after(temporary.write_text("half", encoding="utf-8"))
    assert report.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [report]


def test_a_file_is_written_under_the_same_ending(tmp_path: Path) -> None:
    with writing(tmp_path / "model" / "model.keras") as temporary:
        assert temporary.suffix == ".keras"
        temporary.write_bytes(b"weights")
    assert (tmp_path / "model" / "model.keras").read_bytes() == b"weights"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"), (errno.EROFS, "not_writable"),
        (errno.EISDIR, "not_writable"), (errno.ENAMETOOLONG, "not_writable"),
    ],
)  # fmt: skip
def test_what_the_machine_says_becomes_a_sentence(number: int, code: str) -> None:
    with pytest.raises(MachineError, match="houses-run") as caught, machine_errors(Path("houses-run")):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a place of Linux where nothing can be made")
def test_a_place_where_no_file_can_be_made_is_named() -> None:
    with (
        pytest.raises(MachineError, match=r"`/proc/prices.csv` cannot be written"),
        writing(Path("/proc/prices.csv")) as new,
    ):
        new.write_text("price")


def test_a_folder_where_the_file_should_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be written: Is a directory"), writing(tmp_path) as temporary:
        temporary.write_text("price")
    assert tmp_path.is_dir()


def test_a_file_that_the_block_misses_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), writing(tmp_path / "prices.csv"):
        (tmp_path / "nowhere").read_bytes()


def test_a_mistake_of_ours_stays_what_it_is() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), machine_errors(Path("houses-run")):
        Path("nowhere").read_bytes()
