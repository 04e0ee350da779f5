"""The page of costs is made from the files of results."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from telemetry_page import overhead, write_page  # noqa: E402


def test_the_page_is_made_from_the_results(tmp_path: Path):
    write_page(sorted((ROOT / "benchmarks" / "results" / "telemetry").glob("*.json")), tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text() == (ROOT / "docs" / "checks-cost.md").read_text()


def test_an_overhead_is_the_median_over_neighbours_so_that_a_machine_that_slows_down_changes_nothing():
    seconds = {"without": [(1.0, 5.0), (2.0, 5.0), (9.0, 5.0)], "with": [(1.02, 6.0), (2.04, 6.0), (99.0, 6.0)]}
    assert overhead(seconds, 0)[0] == pytest.approx(0.02)
    assert overhead(seconds, 1)[0] == pytest.approx(0.2)
