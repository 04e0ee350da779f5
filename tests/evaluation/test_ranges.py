"""Ranges that hold eight in ten: what is moved, by whom, and which way is kept."""

import numpy as np
import pytest

from tenfold.evaluation.ranges import Ends, Shifts, judge_ranges, shifts_of
from tenfold.run_facts.path import keeps_trained, range_checks


def alike(values: np.ndarray) -> Ends:
    return Ends(values, values)


def test_a_tenth_of_the_rows_lies_beyond_each_end():
    truth = np.random.default_rng(0).normal(size=999)
    moved = shifts_of(truth, alike(np.zeros(999))).move(alike(np.zeros(999)))
    assert np.mean(truth < moved.low) == pytest.approx(0.1, abs=0.002)
    assert np.mean(truth > moved.high) == pytest.approx(0.1, abs=0.002)
    assert moved.high[0] == pytest.approx(1.28, abs=0.1)


def test_quantiles_that_are_right_are_hardly_moved():
    rng = np.random.default_rng(1)
    spread = rng.uniform(0.5, 5, 4_000)
    truth = rng.normal(size=4_000) * spread
    shifts = shifts_of(truth, Ends(-1.2816 * spread, 1.2816 * spread))
    assert abs(shifts.low) < 0.1
    assert abs(shifts.high) < 0.1


def test_ends_never_cross():
    moved = Shifts(-3.0, -3.0).move(Ends(np.array([0.0, 0.0]), np.array([1.0, 10.0])))
    np.testing.assert_allclose(moved.low, [0.5, 3.0])
    np.testing.assert_allclose(moved.high, [0.5, 7.0])


def test_a_block_is_judged_by_the_blocks_before_it():
    """The second block's errors are ten times as large: its own would have made it wide enough."""
    truth = np.concatenate([np.linspace(-1, 1, 101), np.linspace(-10, 10, 101)])
    blocks = (np.arange(101), np.arange(101, 202))
    found = judge_ranges(truth, alike(np.zeros(202)), blocks)
    np.testing.assert_array_equal(found.rows, blocks[1])
    assert found.width == pytest.approx(1.64, abs=0.02)
    assert found.coverage == pytest.approx(0.08, abs=0.02)


def test_the_interval_score_by_hand():
    """Range -1 to 1 of the first block; in the second 0 lies within, 3 is 2 beyond: (2 + 2 + 2 / 0.1) / 2."""
    truth = np.array([-1.0, 1.0, 0.0, 3.0])
    found = judge_ranges(truth, alike(np.zeros(4)), (np.array([0, 1]), np.array([2, 3])))
    assert found.score == pytest.approx(2.0 + 1.0 / 0.1)


@pytest.mark.parametrize("calm", [True, False])
def test_the_way_with_the_lower_score_is_kept(calm: bool):
    """Where the spread changes and the network knows it, its own ranges are narrower at the same coverage."""
    rng = np.random.default_rng(2)
    spread = np.ones(800) if calm else np.where(np.arange(800) % 2, 0.2, 4.0)
    truth = (rng.normal(size=800) * spread)[:, None]
    own = 1.2816 * spread * (rng.uniform(0.3, 2, 800) if calm else 1)
    ways = ([alike(np.zeros(800))], [Ends(-own, own)])
    blocks = tuple(np.array_split(np.arange(800), 4))
    assert keeps_trained(truth, ways, blocks) == (not calm)
    checks = range_checks(truth[:, 0], {"constant": ways[0][0], "trained": ways[1][0]}, blocks, np.arange(800.0))
    assert all(0.7 < one.coverage.value < 0.9 for one in checks)
    assert all(one.coverage.low < one.coverage.value < one.coverage.high <= 1 for one in checks)
