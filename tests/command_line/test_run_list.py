"""A folder of runs as a table, damaged ones among them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from constructed_facts import churn_facts, houses_facts
from tenfold.cli import main
from tenfold.command_line.run_list import find_runs, runs_as_table
from tenfold.errors import OptionError
from tenfold.report.facts import Facts
from tenfold.run_folder.folder import Asked, open_run_folder


def run(place: Path, name: str, facts: Facts | None, *, finish: bool = True) -> None:
    with open_run_folder(Asked(f"{name}.csv", name, (name,), "0.1.0"), out=place / name, versions={}) as folder:
        if facts is not None:
            folder.write_text("facts.json", facts.to_json())
        if finish:
            folder.finish()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    houses = houses_facts()
    run(tmp_path, "price", replace(houses, run=replace(houses.run, started="2026-11-20T16:41:05Z")))
    churn = churn_facts()
    run(tmp_path / "deeper", "churn", replace(churn, run=replace(churn.run, started="2026-11-21T16:41:05Z")))
    run(tmp_path, "stopped", None, finish=False)
    run(tmp_path, "broken", None)
    (tmp_path / "broken" / "facts.json").write_text("{", encoding="utf-8")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "run.toml").write_text("[run", encoding="utf-8")
    return tmp_path


def test_every_run_is_a_line_and_the_damaged_ones_say_why(place: Path):
    found = {Path(one.folder).name: one for one in find_runs(place)}
    assert {name: one.verdict for name, one in found.items()} == {
        "price": "beats", "churn": "beats", "stopped": "not finished", "broken": "damaged", "torn": "damaged",
    }  # fmt: skip
    assert (found["price"].measure, found["price"].shown, found["price"].looks) == ("MAE", "2.31", 1)
    assert "cannot be read" in found["broken"].problem
    assert "cannot be read" in found["torn"].problem


def test_the_newest_run_is_the_first_and_one_without_a_date_the_last(place: Path):
    dated = [one.started for one in find_runs(place)]
    assert dated == sorted(dated, reverse=True)
    assert dated[-1] == ""


def test_the_table_fits_its_terminal_and_cuts_no_path(place: Path):
    lines = runs_as_table(find_runs(place), 200).splitlines()
    assert lines[0].split() == ["run", "target", "verdict", "measure", "score", "date", "looks"]
    assert any(str(place / "price") in line and "2.31" in line and "2026-11-20" in line for line in lines)
    narrow = runs_as_table(find_runs(place), 40).splitlines()
    assert any(str(place / "price") in line for line in narrow)


def test_a_run_folder_itself_may_be_named(place: Path):
    assert [one.target for one in find_runs(place / "price")] == ["price"]


def test_a_program_reads_one_json_object(place: Path, capfd: pytest.CaptureFixture[str]):
    assert main(["runs", str(place), "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)["runs"]) == 5


def test_an_empty_folder_and_none_at_all(tmp_path: Path):
    assert runs_as_table(find_runs(tmp_path), 80) == "no runs here"
    with pytest.raises(OptionError, match="There is no folder"):
        find_runs(tmp_path / "nowhere")
