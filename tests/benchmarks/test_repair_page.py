"""The page of repairs is made from the files of results, and counts programs, not runs."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from repair_page import summary, write_page  # noqa: E402

MACHINE = {"processor": "a processor", "cores": 2, "versions": {"keras": "3", "jax": "0"}}


def line(program: str, seed: int, untouched: float, repaired: float, random: float) -> dict[str, Any]:
    scores = {"untouched": untouched, "repaired": repaired, "random": random, "human": 1.0}
    return {
        "program": program,
        "fault": "bad_init",
        "seed": seed,
        "seconds": 10.0,
        "budget": 30.0,
        "trials": 4,
        **scores,
    }


LINES = [
    *(line("cured", seed, 0.5, 0.9 + 0.01 * seed, 0.8) for seed in range(3)),
    *(line("left alone", seed, 0.6, 0.6, 0.5 - 0.01 * seed) for seed in range(3)),
]


def test_the_page_is_made_from_the_results(tmp_path: Path):
    results = sorted((ROOT / "benchmarks" / "results" / "repair").glob("*.json"))
    assert results
    write_page(results, tmp_path / "repair.md")
    assert (tmp_path / "repair.md").read_text() == (ROOT / "docs" / "repair.md").read_text()


def test_shares_are_of_programs_and_gains_over_the_untouched_ones():
    found = summary(LINES)
    assert found["repaired"] == pytest.approx({"gain": (0.41 + 0.0) / 2, "improved": 0.5, "harmed": 0.0, "worst": 0.0})
    assert found["random"] == pytest.approx({"gain": (0.3 - 0.11) / 2, "improved": 0.5, "harmed": 0.5, "worst": -0.11})


def test_a_row_a_fault_and_a_row_a_side_stand_on_the_page(tmp_path: Path):
    (tmp_path / "one.json").write_text(json.dumps({"machine": MACHINE, "date": "2026-01-01", "lines": LINES}))
    write_page([tmp_path / "one.json"], tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text()
    assert "| repaired | +0.205 | 50% | 0% | +0.000 |" in page
    assert "| bad_init | 6 | 0.550 | 0.755 | 0.645 | 1.000 |" in page
