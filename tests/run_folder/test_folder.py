import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.errors import MachineError, OptionError, RunFolderError, TableError
from tenfold.options import Options
from tenfold.run_folder.folder import Asked, find_run_folder, open_run_folder

HOUSES = Asked("data/houses.csv", "3f1c", ("price",), "0.1.0")
OTHER_TARGET = Asked("data/houses.csv", "3f1c", ("rooms",), "0.1.0")
VERSIONS = {"keras": "3.15.1"}


@pytest.fixture(autouse=True)
def empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(asked: Asked, *, out: Path | None = None, finish: bool = False) -> Path:
    with open_run_folder(asked, out=out, versions=VERSIONS) as folder:
        if finish:
            folder.finish()
    return folder.path


def test_a_run_folder_is_named_after_its_table_and_says_what_was_asked() -> None:
    path = run(HOUSES)
    content = tomllib.loads((path / "run.toml").read_text(encoding="utf-8"))
    assert path == Path("houses-run")
    assert content["asked"] == {
        "source": "data/houses.csv",
        "source_sha256": "3f1c",
        "targets": ["price"],
        "version": "0.1.0",
    }
    assert content["options"] == {"seed": 0, "budget": "standard"}
    assert content["versions"] == VERSIONS


def test_the_same_question_continues_in_its_folder() -> None:
    run(HOUSES)
    with open_run_folder(HOUSES, versions=VERSIONS) as folder:
        assert (folder.path, folder.is_continued, folder.finished) == (Path("houses-run"), True, "")


def test_the_same_question_finds_its_finished_run() -> None:
    run(HOUSES, finish=True)
    with open_run_folder(HOUSES, versions=VERSIONS) as folder:
        assert folder.finished.endswith("Z")


def test_options_are_kept_as_they_were_typed() -> None:
    options = Options(seed=3, join=("wetter.csv", "kiwo.csv"), on=("Datum",), folds=4, show_rows=False)
    asked = replace(HOUSES, options=options)
    path = run(asked)
    content = tomllib.loads((path / "run.toml").read_text(encoding="utf-8"))
    assert content["options"] == {
        "seed": 3, "budget": "standard", "folds": 4, "join": ["wetter.csv", "kiwo.csv"], "on": ["Datum"],
        "show_rows": False,
    }  # fmt: skip
    assert find_run_folder(path).asked == asked
    with pytest.raises(OptionError, match=r"asked something else.*seed `0`, folds `0`.*seed `3`, folds `4`"):
        run(HOUSES, out=path)


def test_a_table_may_be_moved_between_two_runs() -> None:
    run(HOUSES)
    moved = Asked("elsewhere/houses.csv", "3f1c", ("price",), "0.1.0")
    assert run(moved) == Path("houses-run")


def test_another_question_gets_the_next_number() -> None:
    assert [run(HOUSES), run(OTHER_TARGET), run(OTHER_TARGET)] == [
        Path("houses-run"),
        Path("houses-run-2"),
        Path("houses-run-2"),
    ]


def test_a_name_that_holds_other_files_is_passed_over() -> None:
    Path("houses-run").mkdir()
    Path("houses-run/notes.txt").touch()
    assert run(HOUSES) == Path("houses-run-2")


def test_out_may_be_an_empty_folder() -> None:
    Path("mine").mkdir()
    assert run(HOUSES, out=Path("mine")) == Path("mine")


def test_out_must_not_hold_other_files() -> None:
    Path("mine").mkdir()
    Path("mine/notes.txt").touch()
    with pytest.raises(OptionError, match="`mine` is a folder with other files"):
        run(HOUSES, out=Path("mine"))


def test_out_must_not_hold_another_run() -> None:
    run(HOUSES, out=Path("mine"))
    with pytest.raises(OptionError, match=r"`mine` holds a run that asked something else.*`rooms`.*`price`"):
        run(OTHER_TARGET, out=Path("mine"))


def test_a_run_that_was_killed_before_it_wrote_its_question_leaves_the_name_free() -> None:
    Path("houses-run").mkdir()
    Path("houses-run/.lock").touch()
    assert run(HOUSES) == Path("houses-run")


def test_a_second_process_is_told_who_is_there() -> None:
    with open_run_folder(HOUSES, versions=VERSIONS):
        in_use = rf"`houses-run` is in use by process {os.getpid()} since \d\d:\d\d"
        with pytest.raises(RunFolderError, match=in_use):
            run(HOUSES)


def test_the_lock_goes_with_the_run() -> None:
    path = run(HOUSES)
    assert not (path / ".lock").exists()


def test_bad_input_that_shows_late_leaves_nothing_behind() -> None:
    with pytest.raises(TableError, match="no rows"), open_run_folder(HOUSES, versions=VERSIONS):
        raise TableError("empty", "`houses.csv` has no rows")
    assert not Path("houses-run").exists()


def test_bad_input_does_not_remove_a_run_that_was_there() -> None:
    run(HOUSES)
    with pytest.raises(TableError, match="no rows"), open_run_folder(HOUSES, versions=VERSIONS):
        raise TableError("empty", "`houses.csv` has no rows")
    assert Path("houses-run/run.toml").exists()


def test_a_file_stands_in_the_way() -> None:
    Path("mine").touch()
    with pytest.raises(MachineError, match="`mine/inside` cannot be written"):
        run(HOUSES, out=Path("mine/inside"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a place of Linux where nothing can be made")
def test_a_place_where_nothing_can_be_made_is_named() -> None:
    with pytest.raises(MachineError, match="`/proc/mine` cannot be written"):
        run(HOUSES, out=Path("/proc/mine"))


def test_a_name_that_is_too_long_is_named() -> None:
    with pytest.raises(MachineError, match=r"`x{300}` cannot be written"):
        run(HOUSES, out=Path("x" * 300))


def test_strange_names_survive_in_run_toml() -> None:
    strange = Asked('a"b\\c\x7f\n\udcff.csv', "3f1c", ("größe [m²]",), "0.1.0")
    run(strange, out=Path("mine"))
    assert find_run_folder(Path("mine")).asked.targets == ("größe [m²]",)


def test_a_folder_that_is_no_run_folder_is_named() -> None:
    with pytest.raises(OptionError, match="There is no run folder `nowhere`"):
        find_run_folder(Path("nowhere"))
    with pytest.raises(OptionError, match=r"`\.` is not a run folder"):
        find_run_folder(Path())


def test_a_damaged_run_folder_says_what_is_damaged() -> None:
    path = run(HOUSES)
    (path / "run.toml").write_text("[run]\nstarted = ", encoding="utf-8")
    with pytest.raises(RunFolderError, match=r"`houses-run/run\.toml` cannot be read"):
        find_run_folder(path)
