"""Trials: drawn evenly, then proposed to each fold from what it has seen; chosen by inner losses alone."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import nested_rows
from nested_rows import FewEpochs, nest
from resident import on_linux, resident_mib
from tenfold.capacity import climb_ladder
from tenfold.nested.results import best_of_each_fold
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import RANGES, Recipe, default_regularisation
from tenfold.progress import Note
from tenfold.run_folder.stages import Stages
from tenfold.trials.studies import quiet_optuna
from tenfold.tune import TuningPlan, _Asking, draw_trials, tune_network

LADDER = (Rung(()), Rung((3,)))
REALMLP = Rung((3,), recipe="realmlp")


def test_the_first_trials_lie_evenly_over_their_ranges():
    nested = nest("number")
    trials = draw_trials(8, LADDER[-1:], nested=nested)
    assert trials == draw_trials(8, LADDER[-1:], nested=nested)
    assert trials != draw_trials(8, LADDER[-1:], nested=dataclasses.replace(nested, seed=4))
    eighths = np.sort(np.floor([8 * held.dropout / RANGES["plain"]["dropout"][1] for _, held in trials]))
    np.testing.assert_array_equal(eighths, np.arange(8))
    for name in ("weight_decay", "learning_rate"):
        low, high = RANGES["plain"][name]
        values = [getattr(held, name) for _, held in trials]
        assert low <= min(values) < low * (high / low) ** (1 / 8)
        assert high * (low / high) ** (1 / 8) < max(values) <= high


def test_architectures_are_dealt_in_turn_and_realmlp_begins_with_its_own_settings():
    nested = nest("number")
    trials = draw_trials(5, (LADDER[-1], REALMLP), nested=nested)
    assert [rung for rung, _ in trials] == [LADDER[-1], REALMLP] * 2 + [LADDER[-1]]
    assert trials[1][1] == default_regularisation(REALMLP, nested.problem)


def test_each_fold_chooses_among_all_it_has_seen():
    nested = nest("number")
    climb = climb_ladder(nested, LADDER)
    tuned = tune_network(nested, climb, 3)
    assert len(tuned.trials) == 3
    for fold, chosen in enumerate(tuned.chosen):
        seen = [one for one in (*climb.results, *tuned.results) if one.fold == fold]
        assert len(seen) == 2 + 3
        assert chosen.loss == min(one.loss for one in seen)


def test_the_trials_of_a_batch_are_one_population():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    tuned = tune_network(nested, climb, 2)
    assert {one.candidate.rung for one in tuned.results} == {LADDER[-1]}
    assert (tuned.tally.num_members, tuned.tally.num_programs) == (2 * 4 * 2, 1)


def test_folds_share_the_first_batch_and_are_asked_their_own_trials_after_it(tmp_path: Path):
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER[-1:])
    kept = Stages(tmp_path)
    tuned = tune_network(nested, climb, TuningPlan(9, LADDER[-1:]), kept=kept)
    asked = {
        number: {one.candidate.regularisation for one in tuned.results if one.candidate.trial == number}
        for number in range(1, 10)
    }
    assert [len(asked[number]) for number in range(1, 5)] == [1] * 4
    assert all(asked[number].isdisjoint(asked[1]) for number in range(5, 10))
    assert set(tuned.mattered) == {"dropout", "weight_decay", "learning_rate"}
    assert sum(tuned.mattered.values()) == pytest.approx(1)
    _goes_on_as_before(nested, climb, tuned, tmp_path)


def _goes_on_as_before(nested, climb, tuned, folder: Path):
    """The batches that were finished are read, the next one is asked as it was."""
    for path in sorted(folder.glob("trials-3*")):
        path.unlink()
    again = tune_network(nested, climb, TuningPlan(9, LADDER[-1:]), kept=Stages(folder))
    assert [one.candidate for one in again.results] == [one.candidate for one in tuned.results]
    np.testing.assert_array_equal([one.loss for one in again.results], [one.loss for one in tuned.results])


def asked_after(nested, results, count: int):
    """What is asked after four trials."""
    with quiet_optuna():
        asking = _Asking(nested, TuningPlan(9, LADDER[-1:]))
        asking.tell(results)
        return asking.pairs(count, 4)


def test_a_fold_learns_nothing_from_the_others():
    """The proposals of a fold are the same whatever happened in another one."""
    nested = nest("number", num_seeds=1)
    tuned = tune_network(nested, climb_ladder(nested, LADDER[-1:]), 4)
    worse = [
        dataclasses.replace(one, losses=one.losses * (1 + one.candidate.trial)) if one.fold == 0 else one
        for one in tuned.results
    ]
    before, after = (asked_after(nested, results, 3) for results in (tuned.results, worse))
    assert [pair for pair in before if pair[1] != 0] == [pair for pair in after if pair[1] != 0]
    assert [pair for pair in before if pair[1] == 0] != [pair for pair in after if pair[1] == 0]


def test_a_trial_that_diverged_is_no_proposal():
    nested = nest("number", num_seeds=1)
    tuned = tune_network(nested, climb_ladder(nested, LADDER[-1:]), 4)
    broken = [dataclasses.replace(one, losses=np.full_like(one.losses, np.inf)) for one in tuned.results]
    assert len(asked_after(nested, broken, 2)) == 2 * 4


def test_several_architectures_are_tried_and_time_can_end_it():
    nested = nest("two_classes", num_seeds=1)
    climb = climb_ladder(nested, LADDER[-1:])
    tuned = tune_network(nested, climb, TuningPlan(1, (LADDER[-1], REALMLP), minutes=1e-9))
    assert tuned.is_timed
    assert len(tuned.trials) == 4
    assert {one.candidate.rung for one in tuned.results} == {LADDER[-1], REALMLP}


def test_a_free_and_smaller_network_is_preferred_where_nothing_is_better():
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER)
    same = tuple(dataclasses.replace(one, losses=np.ones_like(one.losses)) for one in climb.results)
    chosen = best_of_each_fold([*same, *same])
    assert sorted(chosen) == list(range(len(nested.folds)))
    assert all(one.candidate.rung == LADDER[0] for one in chosen.values())


def test_only_what_a_fold_chose_keeps_its_answers(tmp_path: Path):
    nested = nest("number", num_seeds=1)
    climb = climb_ladder(nested, LADDER[-1:])
    tuned = tune_network(nested, climb, TuningPlan(9, LADDER[-1:]), kept=Stages(tmp_path))
    with_answers = [one for one in tuned.results if one.inner_predictions]
    assert all(one is tuned.chosen[one.fold] for one in with_answers)
    assert all(one.inner_predictions for one in tuned.chosen)
    for path in tmp_path.glob("trials-*"):  # nor does the disk: of each batch and fold one keeps its answers
        with np.load(path) as stage:
            assert sum(name.endswith("/inner_predictions/0") for name in stage.files) == len(nested.folds)


class _ManyRows(FewEpochs):
    def recipe_of(self, rung: Rung) -> Recipe:
        del rung
        return Recipe(1, 1, 4096)


class _BatchesOfFifty(TuningPlan):
    @property
    def batch(self) -> int:
        return 50


@pytest.mark.slow
@on_linux
def test_memory_stays_flat_over_a_thousand_trials_of_step_7(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nested_rows, "NUM_ROWS", 8_000)
    nested = nest("number", num_folds=2, num_seeds=1)
    nested = _ManyRows(**{one.name: getattr(nested, one.name) for one in dataclasses.fields(nested)})
    climb, resident = climb_ladder(nested, LADDER[-1:]), list[float]()

    def measured(event: object) -> None:
        if isinstance(event, Note) and event.text.startswith("trials "):
            resident.append(resident_mib())

    tuned = tune_network(nested, climb, _BatchesOfFifty(1000, LADDER[-1:]), progress=measured)
    assert len(tuned.trials) == 1000
    assert len(resident) == 20
    # From trial 250 on: measured 8 MiB, most of it Optuna's records. Answers of each trial would add 75 MiB.
    assert resident[-1] - resident[4] < 30
