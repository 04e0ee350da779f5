"""Rules that read the course of a training: each has a course that triggers it and a twin that does not."""

from dataclasses import replace

import numpy as np
import pytest

from judged import contrast, is_quiet, only, probe
from tenfold.checks.facts import (
    DataFacts,
    Evidence,
    HistoryFacts,
    LayerFacts,
    ModelFacts,
    OptimizerFacts,
    OutputFacts,
    TargetFacts,
)

BAD, GOOD = [0.48, 0.5, 0.49], [0.02, 0.01, 0.03]
EPOCHS = np.arange(30)
FALLING = np.exp(-EPOCHS / 10)
TEN = TargetFacts("y", "classes", (), tuple(map(float, range(10))), (100,) * 10, 0, 9, 4.5, 2.9, are_whole=True)


def model(units=10, loss="sparse_categorical_crossentropy", *, narrow=8, rate=0.001):
    from tenfold.checks.facts import KernelFacts

    kernel = KernelFacts("GlorotUniform", 0.0, 0.1, 0.1, 4, 4)
    layers = (
        LayerFacts("hidden", "Dense", "relu", narrow, kernel=kernel),
        LayerFacts("last", "Dense", "softmax", units),
    )
    output = OutputFacts("y", "last", ("softmax",), units, (units,), loss)
    return ModelFacts(layers, (output,), OptimizerFacts("adam", rate, 0.001), 100)


def said(code, found=None, history=None, *, learnable=0.9, of=None, **more):
    data = DataFacts(1000, (), (TEN,), measures={"learnable": learnable})
    return only(code, Evidence(of or model(), data, found, history, **more))


def history(loss, validation=None, **more):
    logs = {"loss": np.tile(loss, (3, 1))} | ({} if validation is None else {"val_loss": np.tile(validation, (3, 1))})
    return HistoryFacts(logs, len(loss), **more)


def test_a_validation_loss_that_turns_up_is_overfitting():
    turning = 0.4 + 0.1 * np.abs(EPOCHS - 8) / 2
    apart = probe(contrast("as it is", GOOD, [0.3, 0.3, 0.3]))
    assert said("TF401", apart, history(FALLING, turning)).fault == "overfitting"
    assert is_quiet(said("TF401", apart, history(FALLING, 0.4 + 0.5 * FALLING)))


def test_a_loss_that_rises_without_costing_answers_is_no_overfitting():
    turning = 0.4 + 0.1 * np.abs(EPOCHS - 8) / 2
    assert is_quiet(said("TF401", probe(contrast("as it is", GOOD)), history(FALLING, turning)))


def test_a_training_that_keeps_its_best_epoch_does_not_overfit():
    turning = 0.4 + 0.1 * np.abs(EPOCHS - 8) / 2
    apart = probe(contrast("as it is", GOOD, [0.3, 0.3, 0.3]))
    assert is_quiet(said("TF401", apart, history(FALLING, turning, keeps_best=True)))


def test_epochs_are_too_few_where_four_times_as_many_come_further():
    found = probe(contrast("as it is", BAD), contrast("longer", GOOD))
    assert said("TF402", found, epochs=2).fault == "too_few_epochs"
    assert is_quiet(said("TF402", probe(contrast("as it is", GOOD), contrast("longer", GOOD)), epochs=2))


def test_a_probe_shorter_than_the_training_says_nothing_of_epochs():
    short = probe(contrast("as it is", BAD), contrast("longer", GOOD), covers=0.2)
    assert is_quiet(said("TF402", short, epochs=50))


def test_a_network_behind_a_quick_model_is_too_small():
    assert said("TF403", probe(contrast("as it is", [0.3] * 3))).fault == "capacity"
    assert is_quiet(said("TF403", probe(contrast("as it is", GOOD))))
    assert is_quiet(said("TF403", probe(contrast("as it is", [0.3] * 3)), learnable=0.4))


def test_a_layer_of_one_unit_is_named():
    found = said("TF403", probe(contrast("as it is", [0.1] * 3)), of=model(narrow=1))
    assert found.subject == "hidden"


@pytest.mark.parametrize(("units", "is_narrow"), [(2, True), (4, True), (5, False)])
def test_ten_classes_do_not_pass_through_a_few_units_however_long_they_train(units, is_narrow):
    found = probe(contrast("as it is", [0.3] * 3), contrast("longer", [0.12] * 3))
    assert said("TF402", found, epochs=40, of=model(narrow=units)).severity == ("tip" if is_narrow else "warning")
    assert (said("TF403", found, of=model(narrow=units)).subject == "hidden") == is_narrow


def test_averages_of_batch_normalisation_that_lag_are_no_lack_of_units():
    behind = probe(contrast("as it is", [0.3] * 3))
    normalised = replace(model(), layers=(*model().layers, LayerFacts("normal", "BatchNormalization")))
    few, many = (replace(behind, epochs=5, steps_an_epoch=steps) for steps in (10, 100))
    assert said("TF403", few, of=normalised).severity == "tip"
    assert said("TF403", many, of=normalised).severity == "warning"
    assert said("TF403", few).severity == "warning"


def test_a_loss_that_goes_up_and_down_is_a_tip():
    zigzag = 1 + 0.3 * (-1.0) ** EPOCHS
    assert said("TF404", None, history(zigzag)).severity == "tip"
    assert is_quiet(said("TF404", None, history(FALLING)))


@pytest.mark.parametrize(("stands_at", "is_found"), [(14.5063, True), (2.302, False), (14.2, False)])
def test_a_loss_frozen_at_nine_tenths_of_the_ceiling_is_recognised(stands_at, is_found):
    frozen = np.concatenate([[16.0], np.full(9, stands_at)])
    assert is_quiet(said("TF405", None, history(frozen))) != is_found


def test_a_loss_that_only_happens_to_fit_is_not_frozen_where_no_row_is_clipped():
    frozen = np.full(10, 14.5063)
    assert is_quiet(said("TF405", probe(contrast("as it is", BAD), clipped_share=0.0), history(frozen)))
