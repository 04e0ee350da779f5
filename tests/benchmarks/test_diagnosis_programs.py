"""The development set of diagnosis: every fault has its programs, they build, and the scores count what they should."""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

from diagnosis.catalogue import everything  # noqa: E402
from diagnosis.diagnosis_page import write_page  # noqa: E402
from diagnosis.mutants import MUTANTS  # noqa: E402
from diagnosis.problems import circles, demand, moons, reviews, wine  # noqa: E402
from diagnosis.program import FAULTS, PROGRAMS, Program, changed, score_of  # noqa: E402
from diagnosis.reals import REALS  # noqa: E402
from diagnosis.rows import Rows, of, one_hot, oversampled, standardised, validated, validated_at_the_end  # noqa: E402
from diagnosis.scoring import share_interval, summary  # noqa: E402
from diagnosis.sound import SOUND  # noqa: E402
from diagnosis.spoiling import (  # noqa: E402
    next_value_among_inputs,
    rare,
    some_targets_wrong,
    target_among_inputs,
    targets_misaligned,
    validation_from_training,
)

RESULTS = ROOT / "benchmarks" / "results" / "diagnosis"
BEGINNERS = ROOT / "examples" / "beginner"
EXPECTED: dict[str, dict[str, Any]] = json.loads((BEGINNERS / "expected.json").read_text())
NOT_IN_THE_NETWORK = {"metric", "leakage", "ordered_data", "split_mismatch"}
"""Faults that spoil what is said of the network, not the network."""


# ---- what there is


def test_every_fault_has_five_programs_of_different_kinds_of_data():
    programs = Counter(program.fault for program in MUTANTS)
    kinds = {fault: {program.family for program in MUTANTS if program.fault == fault} for fault in FAULTS}
    assert {fault: number for fault in FAULTS if (number := programs[fault]) < 5} == {}
    assert {fault: found for fault, found in kinds.items() if len(found) < 2} == {}


def test_there_are_thirty_sound_programs_and_more():
    assert len(SOUND) >= 30
    assert {"circles", "blobs", "moons", "spirals", "digits", "table", "regression", "text", "image", "series"} <= {
        program.family for program in SOUND
    }


def test_every_mutant_comes_from_a_sound_twin_and_says_the_cure():
    for program in (*MUTANTS, *(one for one in REALS if one.fault)):
        twin = PROGRAMS[str(program.twin)]
        assert twin.fault is None
        assert program.human_fix
        assert set(program.accepted) <= set(FAULTS)
        assert program.fault not in program.also_acceptable
        assert program.is_real == twin.is_real


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match=f"`{SOUND[0].name}` is taken"):
        changed(SOUND[0], SOUND[0].name, "dropout", fix="less of it")


def test_a_fault_has_a_name_that_findings_have():
    with pytest.raises(ValueError, match="`no_data` is no fault"):
        changed(SOUND[0], "a program with another fault", "no_data", fix="data")


# ---- programs


@pytest.mark.parametrize("program", everything()[::15], ids=lambda program: program.name)
def test_a_program_builds_and_its_rows_fit_its_model(program: Program):
    rows, model = program.rows(0), program.build()
    assert model.compiled
    assert len(rows.held_x) == len(rows.held_y)
    x, y, validation = program.data(0)
    assert x.shape[1:] == model.input_shape[1:]
    assert len(x) == (len(y[0]) if isinstance(y, list) else len(y))
    if validation is not None:
        assert validation[0].shape[1:] == x.shape[1:]


@pytest.mark.parametrize("problem", [circles, wine, reviews, demand])
def test_a_seed_gives_the_same_rows_again_and_another_seed_others(problem: Any):
    np.testing.assert_array_equal(problem(1).x, problem(1).x)
    assert not np.array_equal(problem(1).x, problem(2).x)


# ---- rows


def test_standardising_uses_the_training_rows_alone():
    rows = of(wine, standardised)(0)
    np.testing.assert_allclose(rows.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(rows.x.std(axis=0), 1, atol=1e-5)
    assert np.abs(rows.held_x.mean(axis=0)).max() > 0.02


def test_rows_held_back_are_not_trained_on():
    whole, rows = moons(0), of(moons, validated(0.25))(0)
    assert rows.validation is not None
    points = np.concatenate([rows.x, rows.validation[0]])
    assert len(rows.validation[1]) == round(0.25 * len(whole.y))
    np.testing.assert_array_equal(np.sort(points, axis=0), np.sort(whole.x, axis=0))


def test_one_hot_rows_stand_for_their_classes():
    rows = of(wine, one_hot(3))(0)
    np.testing.assert_array_equal(rows.y.argmax(axis=1), wine(0).y)
    np.testing.assert_array_equal(rows.y.sum(axis=1), 1)
    assert rows.held_y.ndim == 1


def test_oversampling_leaves_one_of_three_to_the_rare_class():
    plain = Rows(np.arange(100.0)[:, None], (np.arange(100) < 4).astype(int), None, None)
    rows = oversampled(plain, np.random.default_rng(0))
    assert rows.y.mean() == pytest.approx(1 / 3)
    assert set(rows.x[rows.y == 1, 0]) <= {0.0, 1.0, 2.0, 3.0}


# ---- faults of data


def test_misaligned_targets_are_the_same_targets_on_other_rows():
    whole, rows = moons(0), of(moons, targets_misaligned)(0)
    np.testing.assert_array_equal(rows.x, whole.x)
    assert rows.y.sum() == whole.y.sum()
    assert (rows.y == whole.y).mean() < 0.6


def test_wrong_labels_are_wrong_and_as_many_as_asked_for():
    share = (of(moons, some_targets_wrong(0.3, 2))(0).y != moons(0).y).mean()
    assert share == pytest.approx(0.3, abs=0.05)


def test_a_leak_tells_the_target_of_training_rows_and_nothing_of_new_ones():
    rows = of(wine, target_among_inputs(0.01))(0)
    assert np.corrcoef(rows.x[:, -1], rows.y)[0, 1] > 0.999
    assert rows.held_x[:, -1].std() < 0.05


def test_the_answer_is_the_last_value_of_a_window_that_is_too_long():
    rows = of(demand, next_value_among_inputs)(0)
    np.testing.assert_array_equal(rows.x[:, -1, 0], rows.y)
    assert np.corrcoef(rows.held_x[:, -1, 0], rows.held_y)[0, 1] < 0.999
    assert rows.x.shape[1:] == rows.held_x.shape[1:] == demand(0).x.shape[1:]


def test_rows_that_are_validated_on_were_trained_on():
    rows = of(moons, validated(0.2), validation_from_training(0.9))(0)
    assert rows.validation is not None
    known = {tuple(point) for point in rows.x}
    assert np.mean([tuple(point) in known for point in rows.validation[0]]) == pytest.approx(0.9, abs=0.01)


def test_a_rare_class_is_rare_in_training_and_not_in_new_rows():
    rows = of(moons, rare(1, 0.05))(0)
    assert rows.y.mean() < 0.1
    assert rows.held_y.mean() == 0.5


def test_validation_at_the_end_takes_the_last_rows():
    rows = of(demand, validated_at_the_end(0.2))(0)
    assert rows.validation is not None
    np.testing.assert_array_equal(rows.validation[1], demand(0).y[-len(rows.validation[1]) :])


# ---- scores


def program_of(**settings: Any) -> Program:
    return Program("made up", "none", lambda: None, moons, epochs=1, **settings)


def test_one_output_is_read_at_its_threshold():
    answers = np.array([[-1.0], [0.2], [0.7]])
    assert score_of(program_of(), answers, np.array([0, 0, 1])) == 1.0
    assert score_of(program_of(threshold=0.0), answers, np.array([0, 1, 1])) == 1.0


def test_rare_classes_are_scored_by_balanced_accuracy():
    truth, answers = np.array([0, 0, 0, 1]), np.zeros((4, 1))
    assert score_of(program_of(), answers, truth) == 0.75
    assert score_of(program_of(answers="rare"), answers, truth) == 0.5


def test_numbers_are_scored_by_r2_with_a_floor():
    truth = np.array([1.0, 2.0, 3.0])
    assert score_of(program_of(answers="numbers"), truth[:, None], truth) == 1.0
    assert score_of(program_of(answers="numbers"), truth[:, None] * 0 + 2, truth) == 0.0
    assert score_of(program_of(answers="numbers"), truth[:, None] * 1e6, truth) == -1.0
    assert score_of(program_of(answers="numbers"), truth[:, None] * np.nan, truth) == 0.0


def line_of(program: Program, *said: tuple[str, str], seed: int = 0) -> dict[str, Any]:
    return {
        "program": program.name,
        "seed": seed,
        "seconds": 1.0,
        "findings": [{"code": "TF000", "fault": fault, "severity": severity} for fault, severity in said],
    }


def test_tips_do_not_count_and_accepted_names_do():
    faulty = next(program for program in MUTANTS if program.also_acceptable)
    other = next(fault for fault in FAULTS if fault not in faulty.accepted)
    lines = [
        line_of(faulty, (other, "tip"), (str(faulty.fault), "warning")),
        line_of(faulty, (other, "error"), (faulty.also_acceptable[0], "warning"), seed=1),
        line_of(faulty, (str(faulty.fault), "tip"), seed=2),
        line_of(SOUND[0], (other, "tip")),
        line_of(SOUND[1], (other, "warning"), (other, "error")),
    ]
    found = summary(everything(), lines)
    assert (found["named"], found["first"]) == pytest.approx((2 / 3, 1 / 3), abs=1e-4)
    assert found["own_name"] == pytest.approx(1 / 3, abs=1e-4)
    assert (found["false_findings"], found["false_alarms"]) == (1.0, 0.5)
    assert found["faults"][faulty.fault]["first_names"] == {str(faulty.fault): 1, other: 1, "nothing": 1}
    assert found["false_names"] == {other: 2}


def test_an_interval_is_wider_when_the_seeds_of_a_program_agree():
    together = share_interval([[True] * 10, [False] * 10] * 5)
    apart = share_interval([[True, False] * 5] * 10)
    assert together[1] - together[0] > 0.4
    assert apart == (0.5, 0.5)


# ---- results


def test_the_page_is_made_from_the_results(tmp_path: Path):
    write_page(RESULTS, tmp_path / "diagnosis.md")
    assert (tmp_path / "diagnosis.md").read_text() == (ROOT / "docs" / "diagnosis.md").read_text()


def test_every_fault_hurts():
    scores = json.loads((RESULTS / "harm.json").read_text())["scores"]
    harmless = {}
    for program in MUTANTS:
        known = [score for score in scores[program.name] if score is not None]
        harm = np.mean(scores[program.twin]) - np.mean(known) if known else np.inf
        if program.fault not in NOT_IN_THE_NETWORK and harm < 0.04:
            harmless[program.name] = harm
    assert harmless == {}


# ---- beginners


def module_of(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_there_are_twenty_beginners_and_each_has_a_first_cause():
    assert sorted(EXPECTED) == sorted(path.name for path in BEGINNERS.glob("*.py"))
    assert len(EXPECTED) == 20
    for cause in EXPECTED.values():
        assert {cause["first"], *cause["also_acceptable"]} <= set(FAULTS)
        assert cause["second"] is None or cause["second"] in FAULTS


@pytest.mark.parametrize("name", sorted(EXPECTED)[::4])
def test_a_beginners_program_gives_a_compiled_model_and_rows_that_fit(name: str):
    module = module_of(BEGINNERS / name)
    model, (x, y, *validation) = module.build(), module.data()
    assert model.compiled
    assert model.input_shape[1:] == x.shape[1:]
    assert len(x) == len(y)
    assert len(validation) <= 1
    assert module.EPOCHS > 0
    assert module.BATCH_SIZE > 0
