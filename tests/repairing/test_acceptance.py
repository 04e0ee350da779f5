"""When a repair counts as clearly better."""

import numpy as np
from scipy import stats

from tenfold.repairing.acceptance import compare_on_resamplings, compare_on_sealed_rows


def test_without_held_out_rows_it_is_students_one_sided_test():
    generator = np.random.default_rng(0)
    for shift in (0.0, 0.05, 0.2):
        new, old = generator.normal(shift, 0.1, 7), generator.normal(0, 0.1, 7)
        found = compare_on_resamplings(new, old, rows_ratio=0.0, num_rows=50)
        p = stats.ttest_rel(new, old, alternative="greater").pvalue
        assert found.is_clearly_better == (p < 0.05)


def test_shared_training_rows_ask_for_more_than_students_test():
    old = np.zeros(5)
    new = np.array([0.1, 0.12, 0.02, 0.05, 0.01])
    assert compare_on_resamplings(new, old, rows_ratio=0.0, num_rows=1000).is_clearly_better
    assert not compare_on_resamplings(new, old, rows_ratio=1 / 3, num_rows=1000).is_clearly_better


def test_a_useless_repair_passes_about_one_time_in_twenty():
    """Scores of two equal programs that share most of their noise, the part of the held-out rows among it."""
    generator = np.random.default_rng(1)
    passed = 0
    for _ in range(2000):
        of_program = generator.normal(0, 0.02, 2) * np.sqrt(1 / 3)  # what all resamplings of the same rows share
        new, old = (generator.normal(of_program[one], 0.02, 5) for one in (0, 1))
        passed += compare_on_resamplings(new, old, rows_ratio=1 / 3, num_rows=10_000).is_clearly_better
    assert 0.03 < passed / 2000 < 0.07


def test_one_row_that_is_won_on_every_seed_is_no_certainty():
    old = np.full(5, 0.9)
    assert not compare_on_resamplings(old + 0.02, old, rows_ratio=1 / 3, num_rows=50).is_clearly_better
    assert compare_on_resamplings(old + 0.02, old, rows_ratio=1 / 3, num_rows=50_000).is_clearly_better


def test_sealed_rows_count_the_noise_of_rows_and_of_seeds():
    generator = np.random.default_rng(2)
    old = generator.binomial(1, 0.6, (5, 400)).astype(float)
    new = np.maximum(old, generator.binomial(1, 0.5, (5, 400)))
    found = compare_on_sealed_rows(new, old)
    difference = new - old
    variance = difference.mean(1).var(ddof=1) / 5 + difference.mean(0).var(ddof=1) / 400
    np.testing.assert_allclose(found.low, difference.mean() - stats.t.ppf(0.95, 4) * np.sqrt(variance))
    assert found.is_clearly_better


def test_one_sealed_row_that_every_seed_wins_is_no_certainty():
    old, new = np.zeros((5, 12)), np.zeros((5, 12))
    new[:, 3] = 1
    assert not compare_on_sealed_rows(new, old).is_clearly_better
    assert compare_on_sealed_rows(new, old, are_all_rows=True).is_clearly_better


def test_a_single_seed_tells_nothing():
    assert not compare_on_resamplings(np.ones(1), np.zeros(1), rows_ratio=0.3, num_rows=10).is_clearly_better
