"""Rules that read the probe trainings: each has numbers that trigger it and a twin that does not."""

from dataclasses import replace

import numpy as np
import pytest

from judged import contrast, is_quiet, only, probe
from tenfold.checks.facts import (
    DataFacts,
    Evidence,
    LayerFacts,
    LayerSigns,
    ModelFacts,
    OptimizerFacts,
    OutputFacts,
    PrecisionFacts,
    TargetFacts,
)

BAD, MIDDLING, GOOD = [0.48, 0.5, 0.49], [0.25, 0.26, 0.24], [0.02, 0.01, 0.03]
TARGET = TargetFacts("y", "two classes", (), (0.0, 1.0), (50, 50), 0.0, 1.0, 0.5, 0.5, are_whole=True)


def ways(own, **others):
    named = [
        contrast(name.replace("_", " ").replace("rate x 0 1", "rate x 0.1"), error) for name, error in others.items()
    ]
    return probe(contrast("as it is", own), *named)


def signs(name="hidden", **values):
    shape = (3, 2)
    base = {"dead": 0.0, "saturated": np.nan, "spread": 1.0, "gradient": 1.0, "weights": 1.0, "update": 0.01}
    return LayerSigns(
        name, **{key: np.broadcast_to(np.asarray(value, float), shape) for key, value in (base | values).items()}
    )


def facts(kind="adam", rate=0.001, default=0.001, activation="relu", **more):
    layers = (
        LayerFacts("hidden", "Dense", activation, 8), LayerFacts("second", "Dense", activation, 8),
        LayerFacts("last", "Dense", "sigmoid", 1, rate=more.pop("dropout", None)),
    )  # fmt: skip
    output = OutputFacts("y", "last", ("sigmoid",), 1, (1,), "binary_crossentropy")
    return ModelFacts(layers, (output,), OptimizerFacts(kind, rate, default, **more), 100)


def said(code, found, model=None, **more):
    data = DataFacts(100, (), (TARGET,), measures={"learnable": 0.9})
    return only(code, Evidence(model or facts(), data, found, **more))


def test_a_first_loss_far_beyond_a_guess_is_a_tip():
    assert said("TF301", probe(contrast("as it is", GOOD), start_loss=np.full(3, 9.0))).severity == "tip"
    assert is_quiet(said("TF301", probe(contrast("as it is", GOOD), start_loss=np.full(3, 1.2))))


def test_a_batch_that_is_not_learnt_by_heart_is_a_tip():
    assert said("TF302", probe(contrast("as it is", BAD), batch_error=np.full(3, 0.4))).fault == "capacity"
    assert is_quiet(said("TF302", probe(contrast("as it is", BAD), batch_error=np.zeros(3))))


@pytest.mark.parametrize(("dead", "own", "is_found"), [(0.9, BAD, True), (0.9, GOOD, False), (0.3, BAD, False)])
def test_dead_units_count_where_the_network_does_not_learn(dead, own, is_found):
    found = probe(contrast("as it is", own), signs=(signs(dead=dead),))
    assert is_quiet(said("TF303", found)) != is_found


def test_small_answers_are_not_dead_ones():
    fading = tuple(
        signs(name, dead=0.9, spread=spread) for name, spread in (("hidden", 1.0), ("second", 1e-3), ("x", 1e-5))
    )
    layers = (*facts().layers, LayerFacts("x", "Dense", "relu", 8))
    model = replace(facts(), layers=layers)
    assert is_quiet(said("TF303", probe(contrast("as it is", BAD), signs=fading), model))


@pytest.mark.parametrize(("saturated", "own", "is_found"), [(0.8, BAD, True), (0.8, GOOD, False), (0.2, BAD, False)])
def test_saturation_counts_where_the_network_does_not_learn(saturated, own, is_found):
    found = probe(contrast("as it is", own), signs=(signs(saturated=saturated),))
    assert is_quiet(said("TF304", found)) != is_found


@pytest.mark.parametrize(("first", "own", "is_found"), [(1e-5, BAD, True), (1e-5, GOOD, False), (0.1, BAD, False)])
def test_a_gradient_that_fades_counts_where_the_network_does_not_learn(first, own, is_found):
    layers = (signs("hidden", gradient=first), signs("second", gradient=0.5), signs("last", gradient=1.0))
    assert is_quiet(said("TF305", probe(contrast("as it is", own), signs=layers))) != is_found


def test_a_fading_gradient_that_learns_late_is_told():
    layers = (signs("hidden", gradient=1e-5), signs("second"), signs("last"))
    found = probe(contrast("as it is", [0.15] * 3), contrast("longer", GOOD), signs=layers)
    assert said("TF305", found).fault == "vanishing_gradient"


def test_a_loss_that_is_no_number_is_told_by_its_cause():
    own = replace(contrast("as it is", [np.nan] * 3), is_finite=np.zeros(3, bool))
    exploding = probe(own, contrast("rate x 0.01", GOOD), signs=(signs(gradient=1e6),))
    numeric = probe(own, signs=(signs(gradient=np.nan),), start_loss=np.full(3, np.nan))
    assert said("TF306", exploding).fault == "exploding_gradient"
    assert said("TF306", numeric).fault == "numeric"
    assert is_quiet(said("TF306", ways(GOOD)))


def test_a_rate_is_too_high_where_a_smaller_one_comes_further():
    assert said("TF307", ways(BAD, rate_x_0_1=GOOD)).severity == "error"
    assert said("TF307", ways(MIDDLING, rate_x_0_1=GOOD)).severity == "warning"
    assert is_quiet(said("TF307", ways(GOOD, rate_x_0_1=GOOD)))


def test_a_smaller_rate_is_a_tip_where_scaled_inputs_come_further():
    assert said("TF307", ways(BAD, rate_x_0_1=MIDDLING, scaled_inputs=GOOD)).severity == "tip"


def test_a_rate_is_too_low_where_a_larger_one_comes_further():
    assert said("TF308", ways(BAD, rate_x_100=GOOD), facts(rate=1e-6)).severity == "error"
    assert is_quiet(said("TF308", ways(GOOD, rate_x_100=GOOD), facts(rate=1e-6)))


def test_a_usual_rate_that_only_needs_time_is_a_tip():
    assert said("TF308", ways(MIDDLING, rate_x_10=GOOD, longer=GOOD)).severity == "tip"


def test_an_optimizer_that_no_rate_helps_is_told():
    found = ways(BAD, adam=GOOD, rate_x_10=BAD)
    assert said("TF309", found, facts("ftrl")).fault == "optimizer"
    assert is_quiet(said("TF309", ways(BAD, adam=BAD), facts("ftrl")))


def test_rows_behind_the_wall_are_an_error_where_logits_help():
    behind = probe(contrast("as it is", BAD), contrast("fused", GOOD), clipped_share=0.3)
    assert said("TF310", behind).severity == "error"
    assert is_quiet(said("TF310", probe(contrast("as it is", GOOD), clipped_share=0.0)))


def test_no_gradient_at_all_is_a_clipped_loss():
    flat = probe(contrast("as it is", BAD), signs=(signs(gradient=0.0),))
    assert said("TF311", flat).fault == "clipped_loss"
    assert is_quiet(said("TF311", probe(contrast("as it is", BAD), signs=(signs(gradient=0.1),))))


def test_digits_lost_are_told_by_how_many():
    lost, kept = PrecisionFacts(0.01, 0.02), PrecisionFacts(1e-7, 1e-6)
    assert said("TF312", ways(GOOD), precision=lost).severity == "warning"
    assert is_quiet(said("TF312", ways(GOOD), precision=kept))


def test_a_rare_class_that_is_never_answered_is_told():
    rare = DataFacts(100, (), (replace(TARGET, counts=(180, 10)),))
    missed, found = (probe(contrast("as it is", GOOD), recall=(1.0, share)) for share in (0.0, 0.8))
    assert only("TF313", Evidence(facts(), rare, missed)).fault == "imbalance"
    assert is_quiet(only("TF313", Evidence(facts(), rare, found)))


def test_dropout_hurts_where_the_network_comes_further_without():
    model = facts(dropout=0.8)
    assert said("TF314", ways(BAD, no_dropout=GOOD), model).fault == "dropout"
    assert is_quiet(said("TF314", ways(GOOD, no_dropout=GOOD), model))


def test_float16_gradients_that_vanish_are_told():
    assert said("TF315", ways(GOOD), precision=PrecisionFacts(underflow=0.3, overflow=0.0)).severity == "warning"
    assert said("TF315", ways(GOOD), precision=PrecisionFacts(underflow=0.0, overflow=0.1)).severity == "error"
    assert is_quiet(said("TF315", ways(GOOD), precision=PrecisionFacts(underflow=0.01, overflow=0.0)))


def test_a_single_lucky_seed_is_no_gain():
    lucky = ways(BAD, rate_x_0_1=[0.01, 0.5, 0.49])
    assert is_quiet(said("TF307", lucky))
