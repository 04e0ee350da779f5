"""Contract 4: early stopping, plateaus and schedules act on each member exactly as in its lone Keras fit."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras.callbacks import EarlyStopping, LearningRateScheduler, ReduceLROnPlateau, TerminateOnNaN

from engine.models import dense, numbers, sequential
from engine.oracle import assert_members_equal_lone_fits, precision
from tenfold.engine.population import PopulationResult

X, Y = numbers(22, 5), numbers(22, 1, seed=1)

BUILD = sequential(
    dense(4, activation="tanh"), dense(1), optimizer=lambda: keras.optimizers.SGD(0.4), metrics=lambda: ["mae"]
)


def assert_as_in_keras(callbacks: Callable[[], list[Any]], *, epochs: int = 12, mode: str = "map") -> PopulationResult:
    with precision("float64"):
        return assert_members_equal_lone_fits(
            BUILD, X, Y, kind="float64", epochs=epochs, batch_size=4, callbacks=callbacks, mode=mode
        )


def test_each_member_stops_at_its_own_epoch_and_keeps_its_best_weights():
    result = assert_as_in_keras(lambda: [EarlyStopping(patience=2, restore_best_weights=True)], mode="vmap")
    assert len(set(result.epochs_trained.tolist())) == 3
    best = [int(np.nanargmin(line)) for line in result.history["val_loss"]]
    assert result.best_epochs.tolist() == best
    assert result.outcomes == ["stopped_early"] * 3


STOPPINGS: dict[str, Callable[[], list[Any]]] = {
    "without patience": lambda: [EarlyStopping(patience=0)],
    "with a smallest change and a baseline": lambda: [
        EarlyStopping("val_mae", patience=3, min_delta=0.05, baseline=0.75, restore_best_weights=True)
    ],
    "of a quantity to rise": lambda: [EarlyStopping("val_mae", mode="max", patience=1, restore_best_weights=True)],
    "after a warm-up": lambda: [EarlyStopping("loss", patience=1, start_from_epoch=3, restore_best_weights=True)],
    "that never begins": lambda: [EarlyStopping(patience=1, start_from_epoch=50, restore_best_weights=True)],
    "twice, the last restoring": lambda: [
        EarlyStopping(patience=3, restore_best_weights=True),
        EarlyStopping("loss", patience=4, min_delta=0.05, restore_best_weights=True),
    ],
}


@pytest.mark.parametrize("name", STOPPINGS)
def test_early_stopping(name: str):
    assert_as_in_keras(STOPPINGS[name])


def test_a_plateau_lowers_each_members_own_learning_rate():
    def callbacks() -> list[Any]:
        return [ReduceLROnPlateau(patience=1, factor=0.3, cooldown=1, min_delta=0.02, min_lr=0.01)]

    result = assert_as_in_keras(callbacks, epochs=9)
    rates = result.history["learning_rate"]
    assert len({rate.tobytes() for rate in rates}) > 1
    assert rates.min() >= 0.01


def test_a_schedule_by_epoch_multiplies_each_members_own_learning_rate():
    result = assert_as_in_keras(lambda: [LearningRateScheduler(lambda _, rate: rate * 0.8)], epochs=4)
    np.testing.assert_allclose(result.history["learning_rate"][0], 0.4 * 0.8 ** np.arange(1, 5))


def test_a_plateau_and_early_stopping_work_together():
    def callbacks() -> list[Any]:
        return [ReduceLROnPlateau(patience=1, factor=0.5), EarlyStopping(patience=3, restore_best_weights=True)]

    assert_as_in_keras(callbacks)


def test_a_member_whose_loss_is_no_number_ends_within_its_epoch_as_in_keras():
    with precision("float64"):
        build = sequential(dense(1), optimizer=lambda: keras.optimizers.SGD(1e120))
        result = assert_members_equal_lone_fits(
            build, X, Y, kind="float64", callbacks=lambda: [TerminateOnNaN()], compares_weights=False
        )
    assert result.outcomes == ["nonfinite_loss"] * 3
    assert result.epochs_trained.tolist() == [1] * 3
