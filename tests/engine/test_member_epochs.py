"""A member with fewer epochs than its call ends as if the call had had so few."""

import keras
import numpy as np
import pytest

from engine.models import dense, numbers, sequential
from engine.oracle import ragged_folds, weights_of
from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.errors import OptionError

X, Y = numbers(22, 5), numbers(22, 1, seed=1)
BUILD = sequential(dense(4, activation="tanh"), dense(1), optimizer=lambda: keras.optimizers.Adam(0.05))


def members(*epochs: int | None) -> list[Member]:
    return [
        Member(one.train_rows, one.validation_rows, fold=one.fold, epochs=own)
        for one, own in zip(ragged_folds(22, 3), epochs, strict=True)
    ]


@pytest.mark.parametrize("mode", ["map", "vmap"])
def test_a_member_trains_its_own_number_of_epochs(mode: str):
    together = train_population(BUILD, X, Y, members(3, None, 5), epochs=7, batch_size=8, mode=mode)
    assert together.epochs_trained.tolist() == [3, 7, 5]
    assert together.best_epochs.tolist() == [2, 6, 4]
    assert together.outcomes == ["ran"] * 3
    for number, epochs in enumerate((3, 7, 5)):
        alone = train_population(BUILD, X, Y, [members(None, None, None)[number]], epochs=epochs, batch_size=8)
        np.testing.assert_allclose(together.history["loss"][number, :epochs], alone.history["loss"][0], rtol=1e-5)
        assert np.isnan(together.history["loss"][number, epochs:]).all()
        for ours, theirs in zip(weights_of(together, number), weights_of(alone, 0), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_more_epochs_than_the_call_has_change_nothing():
    result = train_population(BUILD, X, Y, members(9, 2, None), epochs=4, batch_size=8)
    assert result.epochs_trained.tolist() == [4, 2, 4]


def test_early_stopping_comes_first():
    stopping = keras.callbacks.EarlyStopping("val_loss", patience=1, min_delta=10.0, restore_best_weights=True)
    result = train_population(BUILD, X, Y, members(6, 1, None), epochs=7, batch_size=8, callbacks=[stopping])
    assert result.epochs_trained.tolist() == [2, 1, 2]
    assert result.outcomes == ["stopped_early", "ran", "stopped_early"]
    assert result.best_epochs.tolist() == [0, 0, 0]


def test_a_member_without_epochs_is_refused():
    with pytest.raises(OptionError, match="A member trains at least one epoch"):
        train_population(BUILD, X, Y, members(0, 1, 1), epochs=2, batch_size=8)
