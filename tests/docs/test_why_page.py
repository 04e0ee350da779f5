"""The numbers on the page about rivals are those that were measured."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
WHY, QUALITY, BENCHMARKS = (
    (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("why", "quality", "benchmarks")
)


def rows(page: str, heading: str) -> list[list[str]]:
    """Cells of the table below a heading."""
    table = page.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]


def test_how_often_the_network_is_best():
    scores = rows(QUALITY, "### Scores")
    place = scores[0].index("Tenfold")
    best = sum(row[place].startswith("**") for row in scores[2:])
    assert f"on {len(scores) - 2} tables its network has the best score on {best}," in WHY


def test_no_interval_lies_above_zero():
    intervals = [row[3] for row in rows(QUALITY, "### Against the best of the others")[2:]]
    assert all(interval.startswith("-") for interval in intervals)
    assert "no interval of the difference to the best of\n  the others lies above 0" in WHY


def test_seconds_of_ten_folds():
    cold = {
        row[0].strip("*"): float(row[1].split()[0]) for row in rows(BENCHMARKS, "### Ten folds against one fit")[2:]
    }
    ours = cold["`tenfold.cross_validate`, 10 folds"]
    loops = (cold[f"Keras on {one}, a loop of ten fits"] for one in ("JAX", "TensorFlow"))
    said = "take {:.0f} s for ten\nfolds in a loop on JAX and {:.0f} s on TensorFlow, where Tenfold takes {:.1f} s"
    assert said.format(*loops, ours) in WHY


def test_a_step_beside_handwritten_jax():
    ratios = []
    for network in ("13-64-64-1, batch 16", "784-512-10, batch 128"):
        section = BENCHMARKS.split(f"**{network}**", 1)[1].split("\n**", 1)[0]
        found = {name: float(re.search(rf"\| {name} \| ([\d.]+) ms", section)[1]) for name in
                 ("hand-written JAX", "Tenfold, one member", "Tenfold, 10 members, a member")}  # fmt: skip
        ratios.append(found["Tenfold, one member"] / found["hand-written JAX"])
        assert found["Tenfold, 10 members, a member"] < found["hand-written JAX"]
    assert f"{min(ratios):.1f} to {max(ratios):.1f} times" in WHY
