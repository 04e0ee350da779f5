"""Random targets, and what is counted of the runs on them."""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from null_data import CHANCE, NUM_COLUMNS, NUM_PROCESSES, NUM_ROWS, NUM_RUNS, random_table, read_lines  # noqa: E402
from null_data_page import (  # noqa: E402
    claims_gain,
    claims_more_than_chance,
    gain_holds_zero,
    holds_chance,
    praises,
    write_page,
)


def line_of(score: tuple[float, float, float], gain: tuple[float, float, float], better: str, code: str) -> dict:
    return {"score": score, "gain": gain, "better": better, "chance": 0.5, "code": code}


def test_half_of_the_runs_of_each_process_predict_classes():
    for process in range(NUM_PROCESSES):
        kinds = Counter(random_table(run)[0] for run in range(process, NUM_RUNS, NUM_PROCESSES))
        assert kinds == {"two_classes": 50, "number": 50}


def test_columns_and_target_have_nothing_to_do_with_each_other():
    frames = [random_table(run)[1] for run in range(200)]
    assert all(frame.shape == (NUM_ROWS, NUM_COLUMNS + 1) for frame in frames)
    correlations = np.array([frame.corr()["target"].iloc[:-1] for frame in frames])
    assert abs(correlations.mean()) < 4 * 1 / np.sqrt(NUM_ROWS * correlations.size)
    assert np.sqrt(NUM_ROWS - 1) * correlations.std() == pytest.approx(1, abs=0.06)


def test_chance_for_a_number_is_the_deviation_from_its_median():
    values = np.random.default_rng(0).normal(size=1_000_000)
    assert np.abs(values - np.median(values)).mean() == pytest.approx(CHANCE["number"], abs=2e-3)


def test_a_line_that_was_cut_off_is_run_again(tmp_path: Path):
    (tmp_path / "lines").write_text('{"run": 3}\n{"run": 5}\n{"run": ')
    assert read_lines(tmp_path / "lines") == [{"run": 3}, {"run": 5}]
    assert read_lines(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (line_of((0.55, 0.45, 0.65), (0.05, -0.05, 0.15), "higher", "too_little"), (True, False, True, False, False)),
        (line_of((0.65, 0.55, 0.75), (0.15, 0.05, 0.25), "higher", "beats"), (False, True, False, True, True)),
        (line_of((0.35, 0.25, 0.45), (-0.15, -0.25, -0.05), "higher", "nothing"), (False, False, False, False, False)),
        (line_of((0.35, 0.25, 0.45), (0.15, 0.05, 0.25), "lower", "worse"), (False, True, False, True, True)),
        (line_of((0.65, 0.55, 0.75), (-0.15, -0.25, -0.05), "lower", "nothing"), (False, False, False, False, False)),
    ],
)
def test_what_is_counted(line: dict, expected: tuple[bool, ...]):
    counted = (holds_chance, claims_more_than_chance, gain_holds_zero, claims_gain, praises)
    assert tuple(one(line) for one in counted) == expected


def test_the_page_is_made_from_the_results(tmp_path: Path):
    results = sorted((ROOT / "benchmarks" / "results" / "null_data").glob("*.json"))
    for path in results:
        assert len(json.loads(path.read_text())["runs"]) == NUM_RUNS
    write_page(results, tmp_path / "null-data.md")
    assert (tmp_path / "null-data.md").read_text() == (ROOT / "docs" / "null-data.md").read_text()
