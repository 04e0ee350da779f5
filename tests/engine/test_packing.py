"""Members that have stopped are packed away without a change in anybody's numbers."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from engine.models import dense, numbers, sequential
from engine.population import assert_same
from tenfold.engine import training
from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population
from tenfold.engine.waves import WaveRun

X, Y = numbers(22, 5), numbers(22, 1, seed=1)
STANDS_STILL, LEARNS = 1e-9, 0.02
Pack = Callable[[WaveRun, int, float], None]


def train(rates: list[float], mode: str) -> PopulationResult:
    """A member for each learning rate; one that stands still stops after two epochs."""
    build = sequential(dense(4, activation="tanh"), dense(1), optimizer=lambda: keras.optimizers.SGD(0.1))
    members = [
        Member(np.arange(15 - number % 2), np.arange(15, 22), seed=number, settings={"optimizer.learning_rate": rate})
        for number, rate in enumerate(rates)
    ]
    callbacks = [keras.callbacks.EarlyStopping("loss", patience=1, min_delta=1e-7, restore_best_weights=True)]
    return train_population(build, X, Y, members, epochs=7, batch_size=4, callbacks=callbacks, mode=mode)


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Seats of a wave before and after each move; one epoch a dispatch, and compiling counts for nothing."""
    noted: list[tuple[int, int]] = []
    pack: Pack = WaveRun.pack

    def watched(wave: WaveRun, epochs_left: int, seconds_an_epoch: float) -> None:
        del seconds_an_epoch
        before, moves = wave.seats.size, wave.repacked
        pack(wave, epochs_left, 1e9)
        if wave.repacked > moves:
            noted.append((before, wave.seats.size))

    monkeypatch.setattr(training, "SECONDS_A_DISPATCH", 0.0)
    monkeypatch.setattr(WaveRun, "pack", watched)
    return noted


def without_packing(rates: list[float], mode: str) -> PopulationResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WaveRun, "pack", lambda *_: None)
        return train(rates, mode)


def test_living_members_are_shared_between_the_devices_again(moves: list[tuple[int, int]]):
    rates = [LEARNS, STANDS_STILL, LEARNS, STANDS_STILL, LEARNS]  # the second device has the two that stop
    packed = train(rates, "map")
    assert moves == [(6, 6)]
    assert packed.epochs_trained.tolist() == [7, 2, 7, 2, 7]
    assert_same(packed, without_packing(rates, "map"), range(5))


def test_few_living_members_go_on_in_a_smaller_program(moves: list[tuple[int, int]]):
    rates = [STANDS_STILL, LEARNS, *[STANDS_STILL] * 4, LEARNS]
    packed = train(rates, "vmap")
    assert moves == [(8, 2)]
    assert packed.num_programs >= 1
    assert packed.outcomes == ["stopped_early", "ran", *["stopped_early"] * 4, "ran"]
    assert_same(packed, without_packing(rates, "vmap"), range(7), allowed=1e-6)


def test_the_last_living_member_goes_on_alone(moves: list[tuple[int, int]]):
    rates: list[Any] = [STANDS_STILL, STANDS_STILL, STANDS_STILL, LEARNS]
    packed = train(rates, "vmap")
    assert moves
    assert moves[-1][1] == 2
    assert packed.epochs_trained.tolist() == [2, 2, 2, 7]
    assert_same(packed, without_packing(rates, "vmap"), range(4), allowed=1e-6)


def test_a_wave_whose_members_have_all_stopped_ends(moves: list[tuple[int, int]]):
    result = train([STANDS_STILL] * 3, "map")
    assert not moves
    assert result.epochs_trained.tolist() == [2, 2, 2]
    assert np.isnan(result.history["loss"][:, 2:]).all()
