import re
from dataclasses import replace
from pathlib import Path

import pytest

from tenfold.errors import RunFolderError
from tenfold.run_folder.ledger import Look, add_look, read_looks

INNER = Look("inner", "15 networks of width 64 scored on inner rows", 15, "77be")
SEALED = Look("sealed", "the final network", 1, "01aa")


def test_looks_are_added_and_read_in_order(tmp_path: Path) -> None:
    add_look(tmp_path / "ledger.jsonl", INNER)
    add_look(tmp_path / "ledger.jsonl", SEALED)
    looks = read_looks(tmp_path / "ledger.jsonl")
    assert [(look.part, look.num_scores) for look in looks] == [("inner", 15), ("sealed", 1)]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", look.at) for look in looks)


def test_a_look_is_only_ever_added(tmp_path: Path) -> None:
    add_look(tmp_path / "ledger.jsonl", INNER)
    before = (tmp_path / "ledger.jsonl").read_bytes()
    add_look(tmp_path / "ledger.jsonl", SEALED)
    assert (tmp_path / "ledger.jsonl").read_bytes().startswith(before)


def test_a_run_that_continues_sees_the_same_scores_again_which_is_one_look(tmp_path: Path) -> None:
    add_look(tmp_path / "ledger.jsonl", INNER)
    before = (tmp_path / "ledger.jsonl").read_bytes()
    add_look(tmp_path / "ledger.jsonl", INNER)
    assert (tmp_path / "ledger.jsonl").read_bytes() == before
    add_look(tmp_path / "ledger.jsonl", replace(INNER, rows_sha256="other rows"))
    assert len(read_looks(tmp_path / "ledger.jsonl")) == 2


def test_a_line_that_a_kill_cut_off_is_written_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    add_look(ledger, INNER)
    whole = ledger.read_bytes()
    for length in range(1, 60, 7):
        ledger.write_bytes(whole + b'{"part": "sealed", "what": "the final network", "num_scores"'[:length])
        add_look(ledger, SEALED)
        assert ledger.read_bytes().startswith(whole)
        assert [look.part for look in read_looks(ledger)] == ["inner", "sealed"]


def test_no_ledger_means_no_looks(tmp_path: Path) -> None:
    assert read_looks(tmp_path / "ledger.jsonl") == []


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    add_look(tmp_path / "ledger.jsonl", INNER)
    with (tmp_path / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
        ledger.write('{"part": "sea')
    with pytest.raises(RunFolderError, match=r"Line 2 of `.*ledger\.jsonl` is no look"):
        read_looks(tmp_path / "ledger.jsonl")
