"""Callbacks in `tenfold.fit`: on the device where they have a rule, else on the host after each epoch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np
import pandas as pd
import pytest

import tenfold
from engine.models import dense, numbers, sequential
from engine.oracle import precision
from fit.both import fit_both

X, Y = numbers(21, 5), numbers(21, 1, seed=1)


def sgd(rate: float) -> Callable[[], Any]:
    return lambda: keras.optimizers.SGD(rate)


NETWORK = sequential(dense(4, activation="tanh"), dense(1), optimizer=sgd(0.3), metrics=lambda: ["mae"])


def fit(model: Any, **arguments: Any) -> Any:
    return tenfold.fit(model, X, Y, verbose=0, shuffle=False, **arguments)


def test_early_stopping_leaves_model_and_callback_as_keras_does():
    made: list[Any] = []

    def callbacks() -> list[Any]:
        made.append(keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True, min_delta=1e-3))
        return made[-1:]

    with precision("float64"):
        pair = fit_both(NETWORK, X, Y, epochs=40, batch_size=4, validation_split=0.3, callbacks=callbacks)
    pair.assert_equal()
    assert len(pair.ours.epoch) < 40
    theirs, ours = made
    assert ours.stopped_epoch == theirs.stopped_epoch > 0
    assert ours.best_epoch == theirs.best_epoch
    assert ours.wait == theirs.wait
    np.testing.assert_allclose(ours.best, theirs.best, rtol=1e-10)
    np.testing.assert_allclose(ours.best_weights[0], theirs.best_weights[0], rtol=1e-10)
    assert pair.ours.model.stop_training == pair.keras.model.stop_training is True


def test_a_plateau_lowers_the_rate_where_keras_does_and_logs_it():
    def callbacks() -> list[Any]:
        return [keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.3, cooldown=1, min_delta=0.05, min_lr=1e-3)]

    with precision("float64"):
        pair = fit_both(NETWORK, X, Y, epochs=8, batch_size=4, validation_split=0.3, callbacks=callbacks)
    pair.assert_equal()
    assert list(pair.ours.history)[-1] == "learning_rate"
    assert len(set(pair.ours.history["learning_rate"])) > 2


def test_a_schedule_by_epoch_sees_the_rate_of_the_epoch_before():
    def callbacks() -> list[Any]:
        return [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.7 if epoch % 2 else rate)]

    with precision("float64"):
        fit_both(NETWORK, X, Y, epochs=5, initial_epoch=1, batch_size=4, callbacks=callbacks).assert_equal()


def test_an_old_schedule_of_the_epoch_alone_works():
    def callbacks() -> list[Any]:
        return [keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 / (1 + epoch))]

    with precision("float64"):
        fit_both(NETWORK, X, Y, epochs=3, batch_size=4, callbacks=callbacks).assert_equal()


def test_training_ends_at_the_first_batch_without_a_number():
    build = sequential(dense(1), optimizer=sgd(1e200))
    with precision("float64"):
        pair = fit_both(build, X, Y, epochs=4, batch_size=4, callbacks=lambda: [keras.callbacks.TerminateOnNaN()])
    assert pair.ours.epoch == pair.keras.epoch == [0]


def test_a_diverged_model_trains_on_as_in_keras():
    build = sequential(dense(1), optimizer=sgd(1e200))
    with precision("float64"):
        pair = fit_both(build, X, Y, epochs=3, batch_size=4)
    assert len(pair.ours.history["loss"]) == 3
    assert np.isnan(pair.ours.history["loss"][-1])


@pytest.mark.parametrize("restores", [False, True])
def test_moving_averages_take_the_place_of_weights_before_the_best_are_restored(restores: bool):
    def optimizer() -> keras.optimizers.Optimizer:
        return keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=4)

    def callbacks() -> list[Any]:
        return [keras.callbacks.EarlyStopping(patience=1, restore_best_weights=True)] if restores else []

    build = sequential(dense(1), optimizer=optimizer)
    # Keras multiplies weights by an integer there, which strict promotion refuses.
    with precision("float64"), jax.numpy_dtype_promotion("standard"):
        fit_both(build, X, Y, epochs=6, batch_size=8, validation_split=0.3, callbacks=callbacks).assert_equal()


class SetsRate(keras.callbacks.Callback):
    """Sets a number of its own at a moment of its own."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        setattr(self, moment, self.set_rate)

    def set_rate(self, epoch: Any, logs: Any = None) -> None:
        del logs
        self.model.optimizer.learning_rate = 0.2 / (1 + epoch) if isinstance(epoch, int) else 0.05


@pytest.mark.parametrize("moment", ["on_train_begin", "on_epoch_begin", "on_epoch_end"])
def test_what_a_callback_sets_counts_from_that_moment(moment: str):
    with precision("float64"):
        pair = fit_both(NETWORK, X, Y, epochs=4, batch_size=8, callbacks=lambda: [SetsRate(moment)])
    pair.assert_equal()
    theirs, ours = (float(history.model.optimizer.learning_rate.value) for history in pair)
    assert ours == theirs


def test_weights_that_a_callback_changes_after_the_last_epoch_stay_changed():
    def zero(epoch: int, logs: dict[str, float]) -> None:
        del epoch, logs
        model.set_weights([0 * weight for weight in model.get_weights()])

    model = NETWORK()
    fit(model, epochs=2, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=zero)])
    assert all((weight == 0).all() for weight in model.get_weights())


def test_a_callback_stops_training_after_its_epoch():
    def stop(epoch: int, logs: dict[str, float]) -> None:
        del logs
        model.stop_training = epoch == 1

    model = NETWORK()
    history = fit(model, epochs=5, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=stop)])
    assert history.epoch == [0, 1]


def test_files_written_after_each_epoch_hold_that_epoch(tmp_path: Path):
    model = NETWORK()
    callbacks = [
        keras.callbacks.CSVLogger(str(tmp_path / "log.csv")),
        keras.callbacks.ModelCheckpoint(str(tmp_path / "{epoch}.weights.h5"), save_weights_only=True),
    ]
    history = fit(model, epochs=3, callbacks=callbacks)
    log = pd.read_csv(tmp_path / "log.csv")
    np.testing.assert_allclose(log["loss"], history.history["loss"])
    copies = [NETWORK() for _ in range(2)]
    for copy, epochs in zip(copies, (1, 3), strict=True):
        copy.load_weights(tmp_path / f"{epochs}.weights.h5")
    np.testing.assert_array_equal(copies[1].get_weights()[0], model.get_weights()[0])
    assert np.abs(copies[0].get_weights()[0] - model.get_weights()[0]).max() > 0


def test_the_history_belongs_to_the_model():
    model = NETWORK()
    history = fit(model, epochs=2)
    assert isinstance(history, keras.callbacks.History)
    assert model.history is history
    assert all(isinstance(value, float) for value in history.history["loss"])


class CountsBatches(keras.callbacks.Callback):
    """Acts on batches, which only Keras' own loop shows."""

    batches = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        del batch, logs
        self.batches += 1


def test_a_callback_that_acts_on_batches_runs_in_keras_loop_and_says_so():
    callback = CountsBatches()
    with pytest.warns(tenfold.errors.KerasLoopWarning, match=r"CountsBatches` acts on batches \(on_train_batch_end\)"):
        fit(NETWORK(), epochs=2, batch_size=8, callbacks=[callback])
    assert callback.batches == 6


def test_an_error_asked_for_at_nan_is_raised():
    build = sequential(dense(1), optimizer=sgd(1e30))
    with (
        pytest.warns(tenfold.errors.KerasLoopWarning, match="TerminateOnNaN` acts on batches"),
        pytest.raises(RuntimeError, match="NaN or Inf loss encountered"),
    ):
        fit(build(), epochs=9, callbacks=[keras.callbacks.TerminateOnNaN(raise_error=True)])
