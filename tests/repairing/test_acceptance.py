"""When a repair counts as clearly better."""

import numpy as np
from scipy import stats

from tenfold.repairing.acceptance import compare


def test_where_rows_are_all_there_are_it_is_students_one_sided_test():
    generator = np.random.default_rng(0)
    for shift in (0.0, 0.05, 0.2):
        new, old = generator.normal(shift, 0.1, (7, 30)), generator.normal(0, 0.1, (7, 30))
        found = compare(new, old, are_all_rows=True)
        p = stats.ttest_rel(new.mean(axis=1), old.mean(axis=1), alternative="greater").pvalue
        assert found.is_clearly_better == (p < 0.05)


def test_a_useless_repair_passes_at_most_one_time_in_twenty():
    """Two equal programs: each row is easier for one of them by luck, each seed does a little better or worse."""
    generator = np.random.default_rng(1)
    passed = 0
    for _ in range(2000):
        of_rows, of_seeds = generator.normal(0, 0.3, (1, 60)), generator.normal(0, 0.03, (5, 1))
        difference = of_rows + of_seeds + generator.normal(0, 0.3, (5, 60))
        passed += compare(difference, np.zeros((5, 60))).is_clearly_better
    assert 0.005 < passed / 2000 < 0.05


def test_sealed_rows_count_the_noise_of_rows_and_of_seeds():
    generator = np.random.default_rng(2)
    old = generator.binomial(1, 0.6, (5, 400)).astype(float)
    new = np.maximum(old, generator.binomial(1, 0.5, (5, 400)))
    found = compare(new, old)
    difference = new - old
    variance = difference.mean(1).var(ddof=1) / 5 + difference.mean(0).var(ddof=1) / 400
    np.testing.assert_allclose(found.low, difference.mean() - stats.t.ppf(0.95, 4) * np.sqrt(variance))
    assert found.is_clearly_better


def test_one_sealed_row_that_every_seed_wins_is_no_certainty():
    old, new = np.zeros((5, 12)), np.zeros((5, 12))
    new[:, 3] = 1
    assert not compare(new, old).is_clearly_better
    assert compare(new, old, are_all_rows=True).is_clearly_better


def test_a_single_seed_tells_nothing():
    assert not compare(np.ones((1, 10)), np.zeros((1, 10))).is_clearly_better
