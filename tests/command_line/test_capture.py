import os
from pathlib import Path

import pytest

from tenfold.command_line.capture import captured


def test_what_libraries_print_goes_into_the_log_and_the_answer_stays_clean(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with captured() as streams:
        os.write(1, b"chatter of a library\n")
        os.write(2, b"a warning\n")
        streams.answer.write("the answer\n")
        streams.progress.write("epoch 1\n")
        streams.move_log(tmp_path / "log.txt")
        os.write(2, b"more chatter\n")
    assert capfd.readouterr() == ("the answer\n", "epoch 1\n")
    assert (tmp_path / "log.txt").read_text() == "chatter of a library\na warning\nmore chatter\n"


def test_a_log_that_nobody_keeps_is_removed(capfd: pytest.CaptureFixture[str]) -> None:
    with captured() as streams:
        os.write(1, b"chatter\n")
    assert not streams.log.exists()
    assert capfd.readouterr() == ("", "")


def test_an_empty_log_is_removed_from_the_run_folder(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with captured() as streams:
        streams.move_log(tmp_path / "log.txt")
    assert not (tmp_path / "log.txt").exists()
    assert capfd.readouterr() == ("", "")
