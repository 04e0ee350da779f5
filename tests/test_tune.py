"""Trials: drawn evenly, then proposed to each fold from what it has seen; chosen by inner losses alone."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import nested_rows
from nested_rows import FewEpochs, nest
from resident import on_linux, resident_mib
from tenfold.capacity import climb_ladder
from tenfold.nested.network import final_network, member_answers
from tenfold.nested.results import Candidate, FoldResult, best_of_each_fold
from tenfold.nested.training import train_candidates
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import RANGES, Recipe, Regularisation, default_regularisation, usual_ranges
from tenfold.progress import Note
from tenfold.question.budget import BUDGETS
from tenfold.run_folder.stages import Stages
from tenfold.trials.studies import quiet_optuna
from tenfold.tune import ARCHITECTURE, TuningPlan, _Asking, _kind, draw_trials, tune_network

LADDER = (Rung(()), Rung((3,)))
REALMLP = Rung((3,), recipe="realmlp")
NARROW = TuningPlan(9, LADDER[-1:])


def test_the_first_trials_lie_evenly_over_their_ranges():
    nested = nest("number")
    trials = draw_trials(8, NARROW, nested=nested)
    assert trials == draw_trials(8, NARROW, nested=nested)
    assert trials != draw_trials(8, NARROW, nested=dataclasses.replace(nested, seed=4))
    eighths = np.sort(np.floor([8 * held.dropout / RANGES["plain"]["dropout"][1] for _, held in trials]))
    np.testing.assert_array_equal(eighths, np.arange(8))
    for name in ("weight_decay", "learning_rate"):
        low, high = RANGES["plain"][name]
        values = [getattr(held, name) for _, held in trials]
        assert low <= min(values) < low * (high / low) ** (1 / 8)
        assert high * (low / high) ** (1 / 8) < max(values) <= high


def test_architectures_are_dealt_in_turn_and_realmlp_begins_with_its_own_settings():
    nested = nest("number")
    trials = draw_trials(5, TuningPlan(5, (LADDER[-1], REALMLP)), nested=nested)
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
    tuned = tune_network(nested, climb, NARROW, kept=kept)
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
    again = tune_network(nested, climb, NARROW, kept=Stages(folder))
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


def test_a_narrow_search_tries_neither_penalties_nor_smoothing():
    """What the quick and the standard budget try: nothing else is in their programs or among their settings."""
    assert [budget.is_wide for budget in BUDGETS] == [False, False, True]
    nested = nest("two_classes")
    assert NARROW.words(nested) == "dropout, weight decay, learning rate"
    for _, held in draw_trials(3, NARROW, nested=nested):
        assert (held.l1, held.l2, held.label_smoothing) == (None, 0.0, None)


@pytest.mark.parametrize("kind", ["number", "two_classes"])
def test_a_wide_search_lies_within_its_ranges_and_begins_with_an_architectures_own_settings(kind: str):
    nested, rungs = nest(kind), (LADDER[-1], Rung((3,), "piecewise"), REALMLP)
    wide = TuningPlan(9, rungs, is_wide=True)
    trials = draw_trials(9, wide, nested=nested)
    for number, (rung, held) in enumerate(trials):
        for name, (low, high) in wide.ranges(rung, nested).items():
            assert low <= getattr(held, name) <= high or (number in (1, 2) and not getattr(held, name))
        assert (held.label_smoothing is None) == (kind == "number")
        assert (held.l1 is None) == (rung is REALMLP)
    own = default_regularisation(rungs[1], nested.problem)
    assert (trials[1][1].dropout, trials[1][1].l1) == (own.dropout, 0.0)
    words = "dropout, weight decay, learning rate, L1, L2"
    assert wide.words(nested) == f"{words}{', label smoothing' * (kind != 'number')} on 3 architectures"


WIDE = (Rung((3,), "piecewise"), Rung((3,), "piecewise", heads=2), Rung((2, 2), activation="silu"), REALMLP)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_wide_search_trains_what_it_asks_for_and_goes_on_as_before(tmp_path: Path):
    nested = nest("several_classes", num_seeds=1, epochs=2)
    climb, plan = climb_ladder(nested, LADDER[-1:]), TuningPlan(13, WIDE, is_wide=True)
    tuned = tune_network(nested, climb, plan, kept=Stages(tmp_path))
    assert {one.candidate.rung for one in tuned.results} == set(WIDE)
    assert all(np.isfinite(one.losses).all() for one in tuned.results)
    for path in sorted(tmp_path.glob("trials-3*")):
        path.unlink()
    again = tune_network(nested, climb, plan, kept=Stages(tmp_path))
    assert [one.candidate for one in again.results] == [one.candidate for one in tuned.results]
    np.testing.assert_array_equal([one.loss for one in again.results], [one.loss for one in tuned.results])


def test_what_mattered_is_found_where_only_some_architectures_have_the_setting():
    """Losses follow the L1 penalty alone, but for RealMLP, which has none: there they are all the same."""
    nested, plan = nest("two_classes"), TuningPlan(80, WIDE, is_wide=True)
    results = []
    for number, (rung, held) in enumerate(draw_trials(80, plan, nested=nested), start=1):
        loss = -11.0 if held.l1 is None else np.log(held.l1 or 1e-7)
        losses = np.full((2, 2), loss)
        results.append(
            FoldResult(Candidate(rung, held, number), nested.final, (0, 1), losses, np.ones((2, 2), dtype=np.int64))
        )
    with quiet_optuna():
        asking = _Asking(nested, plan)
        asking.tell(results)
        mattered = asking.mattered()
    assert set(mattered) == {ARCHITECTURE, *plan.ranges(WIDE[0], nested)}
    assert max(mattered, key=mattered.__getitem__) == "l1"


def test_a_penalty_and_smoothing_of_a_trial_reach_its_training():
    """Trials that differ in one setting alone: one program, other weights."""
    nested = nest("several_classes", num_seeds=1)
    base = Regularisation(dropout=0.0, learning_rate=0.01, l1=0.0, l2=0.0, label_smoothing=0.0)
    others = [dataclasses.replace(base, **one) for one in ({"l1": 0.1}, {"l2": 0.1}, {"label_smoothing": 0.5})]
    for rung in (Rung((3,)), Rung((3,), heads=2)):
        candidates = [Candidate(rung, held, trial) for trial, held in enumerate([base, *others], start=1)]
        results, tally = train_candidates(nested, candidates, [nested.final])
        assert tally.num_programs == 1
        assert all((one.losses != results[0].losses).all() for one in results[1:])


def test_the_delivered_network_of_heads_answers_their_mean():
    nested = nest("two_classes", num_seeds=1)
    rung = Rung((3,), heads=2)
    (result,), _ = train_candidates(nested, [Candidate(rung)], [nested.final])
    x = nested.inputs_of(rung, nested.final, np.arange(5))
    answers = np.asarray(final_network(nested, result)(x))
    assert answers.shape == (5, 1)
    np.testing.assert_allclose(answers, member_answers(nested, result, x).mean(axis=0), rtol=1e-5)


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
@pytest.mark.timeout(1200)  # on a busy machine a thousand trials take minutes
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


def test_architectures_whose_settings_share_a_name_share_their_ranges():
    """Optuna refuses one name for two ranges: a run of texts ended so where some networks start from a linear model."""
    started = [Rung((), starts_linear=True), Rung((3,), starts_linear=True), Rung((3,), reader="average")]
    photos = [Rung((3,), filters=(4,)), Rung((3,), filters=(4,), augmented=True), Rung((3,), base="frozen")]
    ranges = dict[str, object]()
    for rung in (*LADDER, *WIDE, *started, *photos):
        assert ranges.setdefault(_kind(rung), usual_ranges(rung)) == usual_ranges(rung)
