"""A target is told if the network cannot reach it in its steps, or if the probe says that scaling helps."""

import keras
import pytest

from judged import NUMBERS, TWO_CLASSES, X, contrast, evidence, is_quiet, network, only, probe, regressor
from tenfold.checks.finding import Silent

PRICES = 200_000 + 50_000 * NUMBERS
HOUSES = 22 + 9 * NUMBERS  # thousand dollars, as in Boston


def said(y, model=None, **more):
    return only("TF203", evidence(model or regressor(), X, y, **{"epochs": 50, **more}))


def test_a_price_that_adam_cannot_reach_is_an_error():
    found = said(PRICES)
    assert (found.fault, found.severity) == ("unscaled_target", "error")
    assert found.evidence["reach"] == pytest.approx(0.001 * 100 * 6)  # 60 rows in batches of 32, 5 units and a bias


def test_what_is_reached_in_its_steps_is_no_more_than_a_tip():
    assert said(HOUSES, epochs=2_000).severity == "tip"
    assert said(HOUSES, epochs=10).severity == "error"


def test_numbers_of_about_one_pass():
    assert is_quiet(said(NUMBERS))


def test_with_sgd_a_wide_target_is_a_warning():
    assert said(PRICES, regressor(optimizer="sgd")).severity == "warning"


def test_a_model_that_scales_back_is_not_judged():
    last = keras.layers.Dense(1), keras.layers.Rescaling(50_000, offset=200_000)
    assert isinstance(said(PRICES, network(*last, loss="mse")), Silent)


def test_classes_are_no_numbers():
    assert isinstance(said(TWO_CLASSES), Silent)


def test_the_probe_decides():
    as_it_is = contrast("as it is", [0.4] * 3)
    better, equal = (contrast("scaled targets", [error] * 3) for error in (0.1, 0.4))
    assert said(HOUSES, epochs=2_000, probe=probe(as_it_is, better)).severity == "warning"
    assert said(PRICES, probe=probe(as_it_is, equal)).severity == "tip"


def test_a_tiny_target_is_a_tip():
    assert said(1e-5 * NUMBERS).severity == "tip"
