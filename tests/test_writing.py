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


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "not_writable")])
def test_what_the_machine_says_becomes_a_sentence(number: int, code: str) -> None:
    with pytest.raises(MachineError, match="houses-run") as caught, machine_errors(Path("houses-run")):
        raise OSError(number, os.strerror(number))
    assert caught.value.code == code


def test_a_mistake_of_ours_stays_what_it_is() -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"), machine_errors(Path("houses-run")):
        Path("nowhere").read_bytes()
