"""Trials: drawn evenly, run on the rung each fold took on, chosen by inner losses alone."""

import dataclasses

import numpy as np

from nested_rows import nest
from tenfold.capacity import climb_ladder
from tenfold.networks.table import Regularisation, Rung
from tenfold.tune import L2_RANGE, LEARNING_RATE_RANGE, MAX_DROPOUT, draw_trials, tune_rungs

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
    tuned = tune_rungs(nested, climb, 3)
    assert len(tuned.trials) == 3
    for fold, chosen in enumerate(tuned.chosen):
        seen = [one for one in (*climb.results, *tuned.results) if one.fold == fold]
        assert len(seen) == 2 + 3
        assert chosen.loss == min(one.loss for one in seen)


def test_trials_run_on_the_rung_that_the_fold_took_on():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    mixed = dataclasses.replace(climb, taken=(LADDER[0], LADDER[1], LADDER[0], LADDER[1]))
    tuned = tune_rungs(nested, mixed, 2)
    assert {(one.fold, one.candidate.rung.label) for one in tuned.results} == {
        (0, "linear"), (1, "3"), (2, "linear"), (3, "3"),
    }  # fmt: skip
    assert tuned.tally.num_members == 2 * 4 * 2


def test_without_trials_the_rungs_are_the_choice():
    nested = nest("two_classes", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    tuned = tune_rungs(nested, climb, 0)
    assert tuned.results == ()
    assert tuple(one.candidate.rung for one in tuned.chosen) == climb.taken


def test_a_free_network_is_preferred_where_nothing_is_better():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER[:1])
    same = dataclasses.replace(climb, results=(*climb.results, *climb.results))
    tuned = tune_rungs(nested, same, 0)
    assert all(one.candidate.trial == 0 for one in tuned.chosen)
    assert tuned.chosen[0].candidate.regularisation == Regularisation()
