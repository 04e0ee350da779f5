"""When a repair counts as clearly better."""

import numpy as np
from scipy import stats

from tenfold.repairing.acceptance import compare, compare_folds


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
    seeds, rows = difference.mean(1).var(ddof=1) / 5, difference.mean(0).var(ddof=1) / 400
    variance, freedom = seeds + rows, (seeds + rows) ** 2 / (seeds**2 / 4 + rows**2 / 399)
    np.testing.assert_allclose(found.low, difference.mean() - stats.t.ppf(0.95, freedom) * np.sqrt(variance))
    assert found.is_clearly_better


def test_one_sealed_row_that_every_seed_wins_is_no_certainty():
    old, new = np.zeros((5, 12)), np.zeros((5, 12))
    new[:, 3] = 1
    assert not compare(new, old).is_clearly_better
    assert compare(new, old, are_all_rows=True).is_clearly_better


def test_a_single_seed_tells_nothing():
    assert not compare(np.ones((1, 10)), np.zeros((1, 10))).is_clearly_better


def test_over_folds_it_is_students_one_sided_test_whatever_their_sizes():
    generator = np.random.default_rng(3)
    for shift in (0.0, 0.1, 0.3):
        new = [generator.normal(shift, 0.5, size) for size in (20, 21, 20, 19, 20)]
        old = [generator.normal(0, 0.5, len(fold)) for fold in new]
        found = compare_folds(new, old)
        means = [[fold.mean() for fold in folds] for folds in (new, old)]
        assert found.is_clearly_better == (stats.ttest_rel(*means, alternative="greater").pvalue < 0.05)
        np.testing.assert_allclose(found.gain, np.subtract(*means).mean())


def test_a_gain_on_a_few_sealed_rows_confirms_what_has_been_clear_before():
    """Three rows of twenty right in all seeds and one wrong: not sure by itself, but rather than not."""
    old, new = np.zeros((5, 20)), np.zeros((5, 20))
    new[:, :3], old[:, 3] = 1, 1
    found = compare(new, old)
    assert (found.confirms, found.is_clearly_better) == (True, False)
    new[:, :2] = 0
    assert not compare(new, old).confirms


def test_what_one_seed_alone_gains_confirms_nothing():
    old, new = np.zeros((5, 200)), np.zeros((5, 200))
    new[0] = 1
    assert not compare(new, old).confirms
