"""Only absurd learning rates are told without a probe."""

import keras
import pytest

from judged import CLASSES, X, classifier, contrast, evidence, is_quiet, only, probe
from tenfold.checks.finding import Silent

optimizers = keras.optimizers


def said(optimizer, **more):
    return only("TF107", evidence(classifier(optimizer=optimizer), X, CLASSES, **{"epochs": 100, **more}))


@pytest.mark.parametrize(("optimizer", "fault", "severity"), [
    (optimizers.Adam(5.0), "lr_too_high", "error"),
    (optimizers.RMSprop(0.2), "lr_too_high", "warning"),
    (optimizers.SGD(20.0), "lr_too_high", "error"),
    (optimizers.Adam(-0.001), "lr_too_high", "error"),
    (optimizers.SGD(0.0), "lr_too_low", "error"),
    (optimizers.SGD(1e-7), "lr_too_low", "warning"),
    (optimizers.Adam(1e-9), "lr_too_low", "error"),
])  # fmt: skip
def test_an_absurd_rate(optimizer, fault, severity):
    found = said(optimizer)
    assert (found.fault, found.severity) == (fault, severity)


@pytest.mark.parametrize("optimizer", [
    "adam", "sgd", "rmsprop", "adadelta", optimizers.SGD(1.0), optimizers.Adam(0.05), optimizers.Adadelta(1.0),
    optimizers.Adam(1e-4),
])  # fmt: skip
def test_what_people_use_passes(optimizer):
    assert is_quiet(said(optimizer))


def test_a_rate_that_gets_nowhere_in_the_steps_of_the_training():
    found = said(optimizers.Adam(1e-5), epochs=2)  # 60 rows in batches of 32: 4 steps
    assert (found.fault, found.evidence["steps"]) == ("lr_too_low", 4)
    assert is_quiet(said(optimizers.Adam(1e-5), epochs=1000))


def test_keras_own_rate_is_never_blamed_for_few_steps():
    assert is_quiet(said("adam", epochs=1))


def test_the_probe_decides_below_the_absurd():
    as_it_is = contrast("as it is", [0.4, 0.4, 0.4])
    better, equal = (contrast("rate x 0.1", [error] * 3) for error in (0.1, 0.4))
    assert said(optimizers.Adam(0.2), probe=probe(as_it_is, better)).severity == "warning"
    assert said(optimizers.Adam(0.2), probe=probe(as_it_is, equal)).severity == "tip"
    assert said(optimizers.Adam(2.0), probe=probe(as_it_is, equal)).severity == "error"


def test_a_schedule_is_left_to_its_author():
    assert isinstance(said(optimizers.Adam(optimizers.schedules.CosineDecay(5.0, 10))), Silent)
