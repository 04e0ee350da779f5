"""The figures of the docs and the README are those of the files of results."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from tables import milliseconds, step_of, write_page  # noqa: E402
from workloads import WORKLOADS  # noqa: E402

RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.json"))
RIVALS = ("jax", "tensorflow", "torch")


def test_the_page_is_made_from_the_results(tmp_path: Path) -> None:
    write_page(RESULTS, tmp_path / "benchmarks.md")
    assert (tmp_path / "benchmarks.md").read_text() == (ROOT / "docs" / "benchmarks.md").read_text()


def steps_of(workload: str) -> list[str]:
    """The README's row of a workload, from the results: ten members, then Keras on each backend."""
    found = json.loads(RESULTS[0].read_text())["measured"]["steps"]
    here = [row for row in found if row["workload"] == workload and "error" not in row]
    ours = [row for row in here if row.get("num_members") == 10 and row["mode"] == "auto"]
    keras = [
        [row for row in here if row["script"] == "measure_keras.py" and row["backend"] == backend] for backend in RIVALS
    ]
    return [milliseconds(min(step_of(row) for row in rows)).removesuffix(" ms") for rows in (ours, *keras)]


@pytest.mark.parametrize("workload", WORKLOADS)
def test_the_readme_shows_the_steps_that_were_measured(workload: str) -> None:
    section = (ROOT / "README.md").read_text().split("## How fast")[1].split("\n## ")[0]
    rows = [re.findall(r"[^|]+", line) for line in section.splitlines() if line.startswith("|")][2:]
    shown = rows[list(WORKLOADS).index(workload)]
    assert [cell.strip() for cell in shown[1:]] == steps_of(workload)


def test_every_figure_of_the_readmes_section_is_on_the_page() -> None:
    section = (ROOT / "README.md").read_text().split("## How fast")[1].split("\n## ")[0]
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    for figure in re.findall(r"\d+\.\d+", section):
        assert figure in page, figure
