"""What the checks say of a `tenfold.fit`: beside the history, for milliseconds, and without a trace in the training."""

from typing import Any

import keras
import numpy as np
import pytest

import tenfold
from tenfold.checks.judging import Findings
from tenfold.errors import ChecksWarning, OptionError
from tenfold.observation import watching

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 4)).astype("float32")
Y = (X @ RNG.normal(size=4)).astype("float32")


def build(rate: float = 0.01) -> keras.Model:
    keras.utils.set_random_seed(7)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), "mse")
    return model


def fit(model: keras.Model, x: Any = X, y: Any = Y, **arguments: Any) -> Any:
    return tenfold.fit(model, x, y, **({"epochs": 3, "batch_size": 20, "verbose": 0} | arguments))


def codes(findings: Findings) -> set[str]:
    return {one.code for one in [*findings.errors, *findings.warnings]}


def test_a_sound_training_has_a_history_of_keras_and_nothing_but_tips():
    history = fit(build(), validation_split=0.2)
    assert type(history) is keras.callbacks.History
    assert codes(history.findings) == set()
    assert len(history.findings.outcomes) > 30


def test_inputs_without_a_scale_and_a_loss_that_is_no_number_are_found_the_cause_first():
    history = fit(build(rate=10.0), 1e4 * X, 1e4 * Y, epochs=30)
    assert not np.isfinite(history.history["loss"][-1])
    assert history.findings[0].fault == "unscaled_input"
    broken = next(one for one in history.findings if one.code == "TF406")
    assert broken.evidence["explained_by"] == history.findings[0].code


def test_a_network_that_learns_its_rows_by_heart_is_found_unless_its_best_epoch_is_kept():
    noise = np.random.default_rng(1).normal(size=60).astype("float32")
    wide = keras.Sequential([keras.Input((4,)), keras.layers.Dense(256, activation="relu"), keras.layers.Dense(1)])
    for kept in (False, True):
        wide.compile(keras.optimizers.Adam(0.02), "mse")
        stops = [keras.callbacks.EarlyStopping(patience=1000, restore_best_weights=True)] if kept else None
        history = fit(wide, X, noise, epochs=200, validation_split=0.5, callbacks=stops)
        assert ("TF401" in codes(history.findings)) is not kept


def test_a_check_or_a_fault_that_is_muted_is_not_told():
    asked = {"x": 1e4 * X, "epochs": 1}
    assert "TF201" in codes(fit(build(), **asked).findings)
    assert "TF201" not in codes(fit(build(), **asked, mute=["TF201"]).findings)
    assert "TF201" not in codes(fit(build(), **asked, mute=["unscaled_input"]).findings)


def test_a_wrong_name_to_mute_is_refused_before_anything_is_trained():
    model = build()
    before = model.get_weights()[0].copy()
    with pytest.raises(OptionError, match=r"`mute` names `TF999`, which is neither"):
        fit(model, mute=["TF999"])
    np.testing.assert_array_equal(model.get_weights()[0], before)


def test_the_training_is_the_same_with_and_without_checks():
    results = []
    for checks in (True, False):
        model = build()
        history = fit(model, validation_split=0.2, checks=checks)
        results.append((history.history, model.get_weights(), np.random.random()))  # noqa: NPY002
    (history, weights, drawn), (other, others, drawn_too) = results
    assert history == other
    assert drawn == drawn_too  # Keras' own stream of random numbers stands where it would
    for one, another in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, another)
    assert len(fit(build(), 1e4 * X, checks=False).findings) == 0


def test_the_model_is_seen_as_it_starts_and_not_as_it_ends():
    findings = fit(build(rate=0.1), epochs=20).findings
    assert [one.code for one in findings if one.fault == "bad_init"] == []
    zeros = build()
    zeros.set_weights([np.zeros_like(one) for one in zeros.get_weights()])
    assert "bad_init" in {one.fault for one in fit(zeros).findings}


def test_what_was_found_is_said_on_one_line(capsys: pytest.CaptureFixture[str]):
    fit(build(), 1e4 * X, verbose=2, epochs=1)
    assert "TF201 unscaled_input" in capsys.readouterr().err.splitlines()[-1]
    fit(build(), 1e4 * X, verbose=0, epochs=1)
    assert capsys.readouterr().err == ""
    fit(build(), verbose=2, epochs=1)
    assert "findings" not in capsys.readouterr().err


def test_a_training_never_fails_because_it_is_watched(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
):
    def fails(*_: Any) -> None:
        raise RuntimeError("a layer of its own")

    monkeypatch.setattr(watching, "network_facts", fails)
    history = fit(build(), epochs=3)
    told = [str(one.message) for one in recwarn if one.category is ChecksWarning]
    assert told == [
        "The checks could not look at this training (RuntimeError: a layer of its own). It is trained all the same."
    ]
    assert len(history.history["loss"]) == 3
    assert len(history.findings) == 0


def test_in_keras_own_loop_the_history_is_judged():
    class Batches(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            pass

    with pytest.warns(tenfold.errors.KerasLoopWarning, match="acts on batches"):
        history = fit(build(rate=1e8), epochs=4, callbacks=[Batches()])
    assert codes(history.findings) == {"TF406"}
