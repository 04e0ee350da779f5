"""Generated tables and populations are as large as the page says."""

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from large_table import large_table  # noqa: E402
from measure_members import NUM_ROWS, members_of  # noqa: E402
from sizes import TASKS  # noqa: E402
from sizes_page import write_page  # noqa: E402


def test_a_large_table_has_numbers_categories_and_gaps():
    frame = large_table(3_000, 25)
    assert frame.shape == (3_000, 26)
    kinds = frame.drop(columns="price")
    assert kinds.select_dtypes("number").shape[1] == 20
    gaps = kinds.isna().mean()
    assert ((gaps > 0.08) & (gaps < 0.12)).sum() == 9
    assert (gaps == 0).sum() == 16
    assert frame["price"].notna().all()


def test_the_same_seed_makes_the_same_table():
    pd.testing.assert_frame_equal(large_table(50, 7, seed=3), large_table(50, 7, seed=3))
    assert not large_table(50, 7, seed=3).equals(large_table(50, 7, seed=4))


def test_its_price_can_be_predicted_in_part():
    frame = large_table(3_000, 10).select_dtypes("number").dropna()
    explained = frame.corr()["price"].drop("price") ** 2
    assert 0.1 < explained.sum() < 0.9


def test_the_population_has_a_thousand_members():
    script, task = TASKS["members"]
    members = members_of(task["folds"], task["seeds"], task["candidates"])
    assert script == "measure_members.py"
    assert len(members) == 1_000
    assert set(Counter((one.fold, one.seed, one.trial) for one in members).values()) == {1}
    assert len({one.settings["optimizer.learning_rate"] for one in members}) == 20
    for one in members[::97]:
        assert np.array_equal(np.union1d(one.train_rows, one.validation_rows), np.arange(NUM_ROWS))
        assert not np.intersect1d(one.train_rows, one.validation_rows).size


def test_the_page_is_made_from_the_results(tmp_path: Path):
    write_page(sorted((ROOT / "benchmarks" / "results" / "sizes").glob("*.json")), tmp_path / "sizes.md")
    assert (tmp_path / "sizes.md").read_text() == (ROOT / "docs" / "sizes.md").read_text()
