"""Trials: drawn evenly, run on the rung each fold took on, chosen by inner losses alone."""

import dataclasses

import numpy as np

from nested_rows import nest
from tenfold.capacity import climb_ladder
from tenfold.networks.ladder import Rung
from tenfold.tune import L2_RANGE, LEARNING_RATE_RANGE, MAX_DROPOUT, _choose, draw_trials, tune_network

LADDER = (Rung(()), Rung((3,)))


def test_trials_lie_evenly_over_their_ranges():
    trials = draw_trials(8, seed=3)
    assert trials == draw_trials(8, seed=3)
    assert trials != draw_trials(8, seed=4)
    eighths = np.sort(np.floor([8 * trial.dropout / MAX_DROPOUT for trial in trials]))
    np.testing.assert_array_equal(eighths, np.arange(8))
    for name, (low, high) in {"l2": L2_RANGE, "learning_rate": LEARNING_RATE_RANGE}.items():
        values = [getattr(trial, name) for trial in trials]
        assert low <= min(values) < low * (high / low) ** (1 / 8)
        assert high * (low / high) ** (1 / 8) < max(values) <= high


def test_each_fold_chooses_among_all_it_has_seen():
    nested = nest("number")
    climb = climb_ladder(nested, LADDER)
    tuned = tune_network(nested, climb, 3)
    assert len(tuned.trials) == 3
    for fold, chosen in enumerate(tuned.chosen):
        seen = [one for one in (*climb.results, *tuned.results) if one.fold == fold]
        assert len(seen) == 2 + 3
        assert chosen.loss == min(one.loss for one in seen)


def test_trials_run_on_the_largest_rung_as_one_population():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    tuned = tune_network(nested, climb, 2)
    assert {one.candidate.rung for one in tuned.results} == {LADDER[-1]}
    assert (tuned.tally.num_members, tuned.tally.num_programs) == (2 * 4 * 2, 1)


def test_a_free_and_smaller_network_is_preferred_where_nothing_is_better():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    same = tuple(dataclasses.replace(one, losses=np.ones_like(one.losses)) for one in climb.results)
    chosen = _choose([*same, *same], len(nested.folds))
    assert all(one.candidate.rung == LADDER[0] for one in chosen)
