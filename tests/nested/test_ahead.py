"""What a later step will run is compiled before it begins, and only that."""

from pathlib import Path

import pytest

from nested_rows import nest
from tenfold.capacity import climb_ladder, compile_ladder
from tenfold.engine import waves
from tenfold.engine.programs import PROGRAMS
from tenfold.nested.results import Candidate
from tenfold.nested.retraining import compile_retraining, retrain
from tenfold.nested.training import compile_pairs, train_pairs
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation
from tenfold.run_folder.stages import Stages
from tenfold.tune import TuningPlan, compile_trials, tune_network

RUNG = Rung((4,))
HELD = [
    Candidate(RUNG, Regularisation(dropout=rate, l2=0.01, learning_rate=0.02), trial)
    for trial, rate in ((1, 0.3), (2, 0.1))
]


@pytest.fixture
def traced(monkeypatch):
    """The programs that are traced while a test runs."""
    PROGRAMS.forget()
    programs, trace = [], waves.trace_wave
    monkeypatch.setattr(waves, "trace_wave", lambda *arguments: programs.append(1) or trace(*arguments))
    return programs


def test_the_ladder_trains_with_the_programs_compiled_for_it(traced):
    nested, ladder = nest("number"), (Rung(()), RUNG)
    compile_ladder(nested, ladder)
    assert len(traced) == 2
    climb_ladder(nested, ladder)
    assert len(traced) == 2


def test_all_batches_of_trials_and_the_retraining_have_programs_compiled_ahead(traced):
    nested = nest("two_classes", num_seeds=1)
    plan = TuningPlan(6, (RUNG, Rung((), "piecewise")))
    climb = climb_ladder(nested, (RUNG,))
    before = len(traced)
    compile_trials(nested, plan)
    assert len(traced) == before + 3  # two architectures, and the retraining of the first one
    tuned = tune_network(nested, climb, plan)
    assert len(traced) == before + 3
    wide = [one for one in tuned.results if one.candidate.rung == RUNG]
    retrain(nested, [next(one for one in wide if one.fold == fold) for fold in range(len(nested.folds))])
    assert len(traced) == before + 3


def test_retraining_has_one_program_however_many_folds_chose_it(traced):
    nested = nest("number")
    pairs = [(HELD[fold % 2], fold) for fold in range(len(nested.folds))]
    results, _ = train_pairs(nested, pairs)
    before = len(traced)
    compile_retraining(nested, HELD[0])
    retrain(nested, results)
    retrain(nested, results[1:])  # as long as the fold of all working rows is among them
    assert len(traced) == before + 1


def test_a_finished_stage_is_not_compiled_again(traced, tmp_path: Path):
    nested, kept = nest("number"), Stages(tmp_path)
    pairs = [(HELD[0], 0)]
    train_pairs(nested, pairs, name="trials 1", kept=kept)
    PROGRAMS.forget()
    before = len(traced)
    compile_pairs(nested, pairs, name="trials 1", kept=kept)
    assert len(traced) == before
