"""`tenfold.repair`: repairs that work on each fault, and nothing changed where nothing helps."""

import json
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from repairing.faulty import FAULTY
from repairing.programs import circles, clouds, finding, network, sound_circles
from tenfold.errors import OptionError
from tenfold.repairing.repair import repair
from tenfold.repairing.repaired import Repair

UNSCALED, ROWS_OF_UNSCALED, FIT_OF_UNSCALED = FAULTY["unscaled_input"]


def repaired(model: keras.Model, x: Any, y: Any, *faults: str, **named: Any) -> Repair:
    given = {"seeds": 3, "verbose": 0, "findings": [finding(fault) for fault in faults], **named}
    return repair(model, x, y, **given)


@pytest.fixture(scope="module")
def unscaled() -> Repair:
    return repaired(UNSCALED(), *ROWS_OF_UNSCALED(), "unscaled_input", **FIT_OF_UNSCALED)


@pytest.mark.slow
@pytest.mark.parametrize("fault", [fault for fault in FAULTY if fault != "unscaled_input"])
def test_a_repair_of_each_fault_works(fault: str):
    build, rows, fit = FAULTY[fault]
    found = repaired(build(), *rows(), fault, **fit)
    assert found.changes, found.evidence
    final = found.evidence["final"]
    assert np.mean(final["after"]) > np.mean(final["before"])


def test_what_was_changed_stands_in_table_diff_and_code(unscaled: Repair):
    assert [change.candidate for change in unscaled.changes] == ["scale_inputs"]
    assert "inputs standardised inside the model" in repr(unscaled)
    assert "+            layers.Normalization(mean=np.mean(x, axis=0), variance=np.var(x, axis=0))," in unscaled.diff
    assert "Normalization" in unscaled.code


def test_the_repaired_model_takes_the_same_rows_and_learns(unscaled: Repair):
    x, y = ROWS_OF_UNSCALED()
    model = unscaled.model
    assert model.compiled
    model.fit(x, y, verbose=0, **unscaled.fit_arguments)
    assert (model.predict(x, verbose=0).argmax(-1) == y).mean() > 0.9
    assert (unscaled.trained.predict(x, verbose=0).argmax(-1) == y).mean() > 0.9


def test_the_code_that_is_given_trains_the_repaired_program(unscaled: Repair):
    names: dict[str, Any] = {}
    exec(compile(unscaled.code, "written", "exec"), names)  # noqa: S102  # written from a program of this test
    x, y = ROWS_OF_UNSCALED()
    assert (names["train_model"](x, y).predict(x, verbose=0).argmax(-1) == y).mean() > 0.9


def test_the_evidence_tells_every_score_and_is_json(unscaled: Repair):
    evidence = json.loads(json.dumps(unscaled.evidence))
    assert evidence["measure"] == "accuracy"
    assert len(evidence["untouched"]) == 3
    kept = [one for one in evidence["candidates"] if one["kept"]]
    assert kept[0]["changes"][0]["candidate"] == "scale_inputs"
    assert kept[0]["low"] > 0
    assert evidence["final"]["low"] > 0


def test_sealed_rows_take_no_part_in_choosing(unscaled: Repair):
    rows = unscaled.evidence["rows"]
    assert rows["sealed"] == 48
    assert (rows["open"], rows["trained_on"]) == (192, 128)


def test_nothing_found_means_nothing_changed():
    model = sound_circles()
    before = model.get_weights()
    for findings in ([], [finding("dropout", "tip")]):
        found = repair(model, *circles(), epochs=5, findings=findings, verbose=0)
        assert found.model is model
        assert (found.changes, found.diff) == ((), "")
        assert "nothing was found" in repr(found)
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_muted_findings_are_left_aside():
    model = sound_circles()
    assert repair(model, *circles(), epochs=5, findings=[finding("bad_init")], mute=["TF999"], verbose=0).model is model


def test_a_finding_that_nothing_cures_changes_nothing():
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(80, 2)).astype("float32"), generator.integers(0, 2, 80)
    model = network(2, head=layers.Dense(1, "sigmoid"))
    found = repaired(model, x, y, "unscaled_input", epochs=2, budget_seconds=0.001)
    assert found.model is model
    assert found.diff == ""
    assert "nothing was changed" in found.verdict


def test_a_fault_that_is_only_reported_says_why():
    found = repaired(sound_circles(), *circles(), "misaligned_xy", epochs=2, budget_seconds=0.001)
    assert "nobody but the user knows" in found.evidence["only_reported"]["TF999"]


def test_a_truth_table_is_judged_by_its_own_rows():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
    model = network(2, layers.Dense(32, "relu"), head=layers.Dense(1, "sigmoid"), optimizer=keras.optimizers.SGD(1e-4))
    found = repaired(model, x, np.array([0, 1, 1, 0]), "lr_too_low", epochs=200, batch_size=4)
    assert found.evidence["rows"]["held_out"] is False
    assert found.changes


def test_fewer_than_three_seeds_are_refused():
    with pytest.raises(OptionError, match="`seeds` must be a whole number of at least 3"):
        repaired(sound_circles(), *circles(), "bad_init", epochs=2, seeds=2)
    with pytest.raises(OptionError, match="`budget_seconds` must be above 0"):
        repaired(sound_circles(), *clouds(), "bad_init", epochs=2, budget_seconds=0)
