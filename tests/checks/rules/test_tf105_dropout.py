"""Dropout that takes away too much, or stands where nothing may be taken away."""

import keras
import pytest

from judged import CLASSES, X, contrast, evidence, network, only, probe
from tenfold.checks.finding import Passed, Silent

Dense, Dropout = keras.layers.Dense, keras.layers.Dropout


def said(*parts, **more):
    return only("TF105", evidence(network(*parts, loss="sparse_categorical_crossentropy"), X, CLASSES, **more))


def between(rate, units=16):
    return Dense(units, activation="relu"), Dropout(rate), Dense(3, activation="softmax")


@pytest.mark.parametrize(("rate", "severity"), [(0.6, "tip"), (0.8, "warning"), (0.95, "error")])
def test_strong_dropout(rate, severity):
    found = said(*between(rate))
    assert (found.fault, found.severity) == ("dropout", severity)


def test_the_usual_rates_pass():
    assert isinstance(said(*between(0.5)), Passed)
    assert isinstance(said(*between(0.2, units=4)), Passed)


@pytest.mark.parametrize("behind", [(), (keras.layers.Activation("softmax"),)])
def test_dropout_behind_the_last_weights_is_an_error(behind):
    found = said(Dense(8, activation="relu"), Dense(3), Dropout(0.2), *behind)
    assert (found.severity, "behind the last weights" in found.message) == ("error", True)


def test_few_inputs_cannot_spare_any():
    found = said(Dropout(0.4), Dense(8, activation="relu"), Dense(3, activation="softmax"))
    assert (found.severity, "4 inputs" in found.message) == ("warning", True)


def test_few_units_cannot_spare_half():
    assert said(*between(0.5, units=4)).severity == "warning"
    assert said(*between(0.3, units=4)).severity == "tip"


def test_the_probe_decides_where_it_trained_without():
    as_it_is, better, equal = contrast("as it is", [0.4, 0.4, 0.4]), [0.1, 0.1, 0.1], [0.4, 0.4, 0.4]
    assert said(*between(0.8), probe=probe(as_it_is, contrast("no dropout", better))).severity == "warning"
    assert said(*between(0.8), probe=probe(as_it_is, contrast("no dropout", equal))).severity == "tip"


def test_a_network_without_dropout_is_not_judged():
    assert isinstance(said(Dense(3, activation="softmax")), Silent)
