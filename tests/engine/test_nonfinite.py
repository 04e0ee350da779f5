"""Contract 5: a member whose loss is not finite is frozen and reported; the others go on as if it were not there."""

import keras
import numpy as np

from engine.models import dense, numbers, sequential
from engine.population import assert_same
from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population

X, Y = numbers(22, 5), numbers(22, 1, seed=1)
DIVERGES = 1e12


def train(rates: list[float], x: np.ndarray = X) -> PopulationResult:
    build = sequential(dense(4), dense(1), optimizer=lambda: keras.optimizers.SGD(0.1))
    members = [
        Member(np.arange(15), np.arange(15, 22), seed=int(rate != DIVERGES), settings={"optimizer.learning_rate": rate})
        for rate in rates
    ]
    return train_population(build, x, Y, members, epochs=5, batch_size=8, mode="vmap")


def test_a_diverged_member_is_frozen_with_its_last_sound_weights():
    result = train([0.1, DIVERGES, 0.05])
    assert result.outcomes == ["ran", "nonfinite_loss", "ran"]
    assert result.epochs_trained.tolist() == [5, 1, 5]
    assert all(np.isfinite(weights).all() for weights in result.states.trainable)
    assert not np.isfinite(result.history["loss"][1]).any()
    assert np.isfinite(result.validation_predictions[1]).all()


def test_the_others_train_as_if_it_were_not_there():
    assert_same(train([0.1, 0.05]), train([0.1, DIVERGES, 0.05]), [0, 2], allowed=1e-6)


def test_a_loss_that_is_infinite_on_validation_rows_alone_counts_as_well():
    x = X.copy()
    x[18] = np.inf
    result = train([0.1, 0.05], x)
    assert result.outcomes == ["nonfinite_loss"] * 2
