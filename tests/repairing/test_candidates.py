"""Every fault has candidates that apply to a program with it, or a word why it is only reported."""

from typing import Any

import numpy as np
import pytest

from repairing.faulty import FAULTY
from tenfold.checks.finding import FAULTS
from tenfold.checks.judging import all_checks
from tenfold.engine.arrays import to_arrays
from tenfold.engine.starts import deferring_initializers
from tenfold.repairing.candidates import BY_FAULT, FAMILIES, ONLY_REPORTED, candidates_for
from tenfold.repairing.outputs import targets_of
from tenfold.repairing.program import Case, FitArguments, Program
from tenfold.repairing.program_code import program_code
from tenfold.repairing.proposal import Asked


def faulty(fault: str) -> tuple[Program, Case]:
    build, rows, fit = FAULTY[fault]
    data, model = to_arrays(*rows()), build()
    return Program(model, FitArguments(**fit)), Case(data.x, data.y, targets_of(model, data.x, data.y))


def repaired(fault: str) -> list[Program]:
    program, case = faulty(fault)
    changes = candidates_for(program, case, Asked("TF999", fault))
    return [new for change in changes if (new := program.with_change(change, case)) is not None]


def test_every_fault_has_candidates_or_is_only_reported():
    assert set(BY_FAULT) | set(ONLY_REPORTED) == set(FAULTS)
    assert not set(BY_FAULT) & set(ONLY_REPORTED)
    assert {name for names in BY_FAULT.values() for name in names} <= set(FAMILIES)
    assert set(FAULTY) == set(BY_FAULT)


@pytest.mark.parametrize("fault", FAULTY)
def test_a_candidate_changes_the_program_and_its_code_runs(fault: str):
    program, case = faulty(fault)
    before = program_code(program)
    found = repaired(fault)
    assert found
    for new in found:
        code = program_code(new)
        assert code != before
        names: dict[str, Any] = {}
        exec(compile(code, "written", "exec"), names)  # noqa: S102  # written from a program of this test
        arguments = (case.x, case.y) if "build_model(x, y)" in code else ()
        with deferring_initializers():  # nothing is trained: weights need not be drawn
            built = names["build_model"](*arguments)
        assert built.count_params() == new.model.count_params()


def test_the_untouched_program_stays_as_it_is():
    program, case = faulty("unscaled_input")
    before = program.model.get_config(), program.model.get_compile_config()
    for change in candidates_for(program, case, Asked("", "saturation")):
        program.with_change(change, case)
    assert (program.model.get_config(), program.model.get_compile_config()) == before


def test_a_repair_that_is_there_already_changes_nothing():
    program, case = faulty("unscaled_input")
    change = candidates_for(program, case, Asked("", "unscaled_input"))[0]
    scaled = program.with_change(change, case)
    assert scaled is not None
    assert scaled.with_change(change, case) is None


def test_scaled_inputs_have_mean_0_and_deviation_1_before_the_first_layer():
    program, case = faulty("unscaled_input")
    scaled = repaired("unscaled_input")[0]
    inside = np.asarray(scaled.model.layers[0](case.x))
    np.testing.assert_allclose(inside.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(inside.std(axis=0), 1, rtol=1e-4)
    del program


def test_a_scaled_target_trains_as_a_standardised_one():
    """One step of SGD on the target's unit, and one on standardised targets: the same weights."""
    program, case = faulty("exploding_gradient")
    y = np.asarray(case.y) * 30 + 100
    case = Case(case.x, y, targets_of(program.model, case.x, y))
    change = candidates_for(program, case, Asked("", "unscaled_target"))[0]
    scaled = program.with_change(change, case)
    assert scaled is not None
    inner, whole = program.build(), scaled.build()
    whole.set_weights(inner.get_weights())
    inner.train_on_batch(case.x, (y - y.mean()) / y.std())
    whole.train_on_batch(case.x, y)
    for one, other in zip(whole.get_weights(), inner.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=1e-5)
    in_the_unit = inner.predict(case.x, verbose=0) * y.std() + y.mean()
    np.testing.assert_allclose(whole.predict(case.x, verbose=0), in_the_unit, rtol=1e-3, atol=1e-3 * y.std())


@pytest.mark.filterwarnings("ignore:.*You are using a softmax over axis")
@pytest.mark.parametrize(
    ("labels", "loss", "last", "activation", "units", "repaired_loss"),
    [
        ((0, 1), "mse", 1, "softmax", 1, "binary_crossentropy"),
        ((-1, 1), "binary_crossentropy", 1, "sigmoid", 1, "squared_hinge"),
        ((0, 1, 2), "mse", 3, "softmax", 3, "sparse_categorical_crossentropy"),
        ((1, 2, 3), "sparse_categorical_crossentropy", 3, "softmax", 4, "sparse_categorical_crossentropy"),
        ((0.5, 1.7, 2.2, 9.1), "mse", 1, "relu", 1, "mean_squared_error"),
        ((0.5, 1.7, 2.2, 9.1), "binary_crossentropy", 1, "sigmoid", 1, "mean_squared_error"),
    ],
)
def test_head_and_loss_are_made_to_fit_the_labels_as_they_are(labels, loss, last, activation, units, repaired_loss):
    from keras import layers

    from repairing.programs import network

    model = network(2, layers.Dense(4, "relu"), head=layers.Dense(last, activation), loss=loss)
    y = np.resize(np.array(labels), 24)
    if repaired_loss == "mean_squared_error":
        y = y + np.random.default_rng(0).normal(size=24)
    x = np.zeros((24, 2), "float32")
    case = Case(x, y, targets_of(model, x, y))
    program = Program(model, FitArguments(2))
    change = candidates_for(program, case, Asked("", "head_loss_mismatch"))[0]
    new = program.with_change(change, case)
    assert new is not None
    assert new.model.loss == repaired_loss
    assert new.model.output_shape == (None, units)
    assert new.build().fit(x, y, epochs=1, verbose=0)


def test_a_flatten_or_a_last_state_is_put_where_the_head_answers_for_every_place():
    import keras
    from keras import layers

    y = np.array([0, 1] * 6)
    for before in (layers.Conv1D(4, 2), layers.LSTM(4, return_sequences=True)):
        model = keras.Sequential([keras.Input((5, 2)), before, layers.Dense(1, "sigmoid")])
        model.compile("adam", "binary_crossentropy")
        program, case = Program(model, FitArguments(2)), Case(np.zeros((12, 5, 2), "float32"), y, ())
        case = Case(case.x, y, targets_of(model, case.x, y))
        change = candidates_for(program, case, Asked("", "head_loss_mismatch"))[0]
        new = program.with_change(change, case)
        assert new is not None
        assert new.model.output_shape == (None, 1)


def test_labels_that_were_divided_by_255_are_class_numbers_again():
    program, case = faulty("label_error")
    change = candidates_for(program, case, Asked("", "label_error"))[0]
    new = program.with_change(change, case)
    assert new is not None
    assert new.steps[0].code == "y = np.round(y * 255).astype(int)"
    assert np.unique(new.rows(case.x, case.y)[1]).tolist() == [0, 1, 2, 3]


def test_what_checks_name_as_repairs_are_candidates_of_their_faults():
    for check in all_checks():
        tried = {name for fault in check.faults for name in BY_FAULT.get(fault, ())}
        assert set(check.repairs) <= tried, check.code
