"""A run folder as it was written passes; each kind of change is seen and named."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from constructed_facts import houses_facts
from tenfold.cli import main
from tenfold.data.table import read_table
from tenfold.report.decisions import Look
from tenfold.report.facts import Facts
from tenfold.report.page import render_report
from tenfold.report.verdict import with_verdict
from tenfold.run_folder import ledger
from tenfold.run_folder.folder import FACTS, REPORT, Asked, RunFolder, open_run_folder
from tenfold.run_folder.hashes import hash_files
from tenfold.verification.checks import verify_run
from tenfold.verification.repetition import compare_facts

PARTS = ("inner", "outer", "sealed")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[RunFolder]:
    table = tmp_path / "houses.csv"
    table.write_text("rooms,price\n1,2\n2,3\n", encoding="utf-8")
    asked = Asked(str(table), read_table(table).source.sha256, ("price",), "0.1.0")
    with open_run_folder(asked, out=tmp_path / "houses-run", versions={}) as opened:
        opened.write_text("model/preparation.json", "{}")
        for part in PARTS:
            ledger.add_look(opened.ledger, ledger.Look(part, "networks", 3, "3f1c"))
        write(opened)
        opened.finish()
        yield opened


def write(folder: RunFolder) -> Facts:
    """Facts and page as a run writes them."""
    facts = houses_facts()
    lines = ledger.read_looks(folder.ledger)
    looks = tuple(Look(one.at, one.part, one.what, one.num_scores, place + 1) for place, one in enumerate(lines))
    facts = replace(
        with_verdict(facts),
        protocol=replace(facts.protocol, ledger=looks),
        reproducibility=replace(facts.reproducibility, hashes=hash_files(folder.path)),
    )
    folder.write_text(FACTS, facts.to_json())
    folder.write_text(REPORT, render_report(facts))
    return facts


def outcomes(folder: RunFolder) -> dict[str, str]:
    return {check.name: check.outcome for check in verify_run(folder.path)}


def test_a_folder_as_it_was_written_passes(folder: RunFolder):
    assert outcomes(folder) == {"files": "ok", "page": "ok", "table": "ok", "ledger": "ok", "model": "not checked"}


def change_a_file(folder: RunFolder) -> None:
    folder.write_text("model/preparation.json", "{ }")


def remove_a_file(folder: RunFolder) -> None:
    (folder.path / "model/preparation.json").unlink()


def keep_an_old_page(folder: RunFolder) -> None:
    facts = Facts.from_json(folder.read_text(FACTS))
    folder.write_text(FACTS, replace(facts, baseline_decision="Another.").to_json())


def remove_the_page(folder: RunFolder) -> None:
    (folder.path / REPORT).unlink()


def change_the_table(folder: RunFolder) -> None:
    Path(folder.asked.source).write_text("rooms,price\n1,2\n2,4\n", encoding="utf-8")


def look_once_more(folder: RunFolder) -> None:
    ledger.add_look(folder.ledger, ledger.Look("sealed", "once more", 1, "3f1c"))


def look_inside_after_the_seal(folder: RunFolder) -> None:
    ledger.add_look(folder.ledger, ledger.Look("inner", "afterwards", 1, "3f1c"))
    write(folder)


def break_the_ledger(folder: RunFolder) -> None:
    folder.ledger.write_text("?\n", encoding="utf-8")
    facts = Facts.from_json(folder.read_text(FACTS))
    folder.write_text(FACTS, replace(facts, reproducibility=replace(facts.reproducibility, hashes={})).to_json())


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        (change_a_file, "files", "model/preparation.json changed"),
        (remove_a_file, "files", "model/preparation.json missing"),
        (keep_an_old_page, "page", "made from other facts"),
        (remove_the_page, "page", "report.html is missing"),
        (change_the_table, "table", "has changed since the run read it"),
        (look_once_more, "ledger", "4 looks in the ledger, 3 in the facts"),
        (look_inside_after_the_seal, "ledger", "something was looked at after the sealed rows"),
        (break_the_ledger, "ledger", "Line 1 of"),
    ],
)
def test_each_change_is_seen(folder: RunFolder, change: Callable[[RunFolder], None], name: str, words: str):
    change(folder)
    found = {check.name: check for check in verify_run(folder.path)}
    assert found[name].outcome == "failed"
    assert words in found[name].text


def test_a_table_that_went_away_is_not_held_against_the_run(folder: RunFolder):
    Path(folder.asked.source).unlink()
    assert outcomes(folder)["table"] == "not checked"


def test_the_command_says_a_line_a_check_and_fails_with_exit_code_1(
    folder: RunFolder, capfd: pytest.CaptureFixture[str]
):
    assert main(["verify", str(folder.path)]) == 0
    assert [line.split()[0] for line in capfd.readouterr().out.splitlines()] == ["ok", "ok", "ok", "ok", "not"]
    change_a_file(folder)
    assert main(["verify", str(folder.path), "--json"]) == 1
    answer = json.loads(capfd.readouterr().out)
    assert answer["ok"] is False
    assert answer["checks"][0]["outcome"] == "failed"


def test_equal_facts_compare_equal_whenever_and_wherever_they_were_made():
    one = houses_facts()
    other = replace(one, run=replace(one.run, started="2027-01-01T00:00:00Z", seconds=1.0, name="again"))
    assert compare_facts(one, other).different == ()
    assert compare_facts(one, other).num_compared > 1_000


def test_runs_that_lie_beside_one_are_no_difference_of_its_own():
    one = houses_facts()
    other = replace(one, protocol=replace(one.protocol, sealed_looks=3, sealed_runs=3))
    assert compare_facts(one, other).different == ()


def test_a_number_that_differs_is_named_with_its_place():
    one = houses_facts()
    model = replace(one.models[0], score=replace(one.models[0].score, value=2.4))
    found = compare_facts(one, replace(one, models=(model, *one.models[1:])))
    assert found.different == ("models[0].score.value: 2.31, 2.4",)
    assert found.largest == pytest.approx(0.09 / 2.4)


def test_a_word_that_differs_is_no_last_digit():
    one = houses_facts()
    found = compare_facts(one, replace(one, capacity=replace(one.capacity, chosen="8-8")))
    assert found.largest == float("inf")
