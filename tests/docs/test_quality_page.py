"""The page of quality is made from the files of results, and its ranks are ranks."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from quality_page import gain_over, mean_ranks, ranks, score_of, write_page  # noqa: E402


def test_the_page_is_made_from_the_results(tmp_path: Path):
    write_page(sorted((ROOT / "benchmarks" / "results" / "quality").glob("*.json")), tmp_path / "quality.md")
    assert (tmp_path / "quality.md").read_text() == (ROOT / "docs" / "quality.md").read_text()


def table_of(better: str, **scores: list[list[float]]) -> dict[str, object]:
    methods = {name: {"scores": one} for name, one in scores.items()}
    return {"better": better, "rows_ratio": 0.25, "is_redrawn": False, "methods": methods}


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_ranks_are_those_of_scipy(better: str):
    scores = {f"method {place}": score for place, score in enumerate([0.3, 0.5, 0.3, 0.9, 0.1, 0.5, 0.5])}
    sign = 1 if better == "lower" else -1
    expected = rankdata([sign * score for score in scores.values()])
    assert list(ranks(scores, better).values()) == expected.tolist()


def test_a_score_is_the_mean_of_the_folds_means_over_seeds():
    assert score_of({"scores": [[1.0, 3.0], [5.0, float("nan")]]}) == 3.5


def test_only_tables_with_every_method_count_towards_the_mean_rank():
    tables = [
        table_of("higher", ours=[[0.9]], theirs=[[0.8]]),
        table_of("lower", ours=[[0.9]], theirs=[[0.8]]),
        table_of("lower", ours=[[0.1]], theirs=[[0.8]]),
        table_of("lower", theirs=[[0.8]]),
    ]
    assert mean_ranks(tables, ("ours", "theirs")) == pytest.approx({"ours": 4 / 3, "theirs": 5 / 3})
    assert mean_ranks(tables[3:], ("ours", "theirs")) == {}


def test_another_takes_the_place_of_a_method_where_it_has_a_score():
    tables = [
        table_of("higher", ours=[[0.7]], theirs=[[0.6]], advised=[[0.8]]),
        table_of("higher", ours=[[0.7]], theirs=[[0.6]]),
    ]
    assert mean_ranks(tables, ("ours", "theirs"))["ours"] == 1.0
    assert mean_ranks(tables, ("ours", "theirs"), {"theirs": "advised"})["ours"] == 1.5


def test_a_gain_is_positive_where_tenfold_is_better():
    rng = np.random.default_rng(0)
    theirs = rng.normal(2.0, 0.1, (5, 1))
    ours = theirs - 0.5 + rng.normal(0.0, 0.01, (5, 2))
    found = gain_over(table_of("lower", tenfold=ours.tolist(), trees=theirs.tolist()), "trees")
    assert found.low > 0.4
    assert gain_over(table_of("higher", tenfold=ours.tolist(), trees=theirs.tolist()), "trees").high < -0.4
