"""Memory: members of a wave fit the budget, and a thousand trials leave nothing behind."""

import gc
from pathlib import Path

import keras
import numpy as np
import pytest

from engine.models import dense, numbers, sequential
from engine.oracle import ragged_folds
from tenfold.engine.arrays import first_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.memory import member_bytes, members_per_wave, step_bytes
from tenfold.engine.network import Network
from tenfold.engine.population import train_population
from tenfold.errors import MachineError

X, Y = numbers(22, 5), numbers(22, 1, seed=1)


def network() -> Network:
    model = sequential(dense(4), dense(1), optimizer=lambda: keras.optimizers.SGD(0.1, momentum=0.9))()
    return Network(model, first_rows(to_arrays(X, Y), 4))


def test_a_member_is_counted_as_weights_slots_gradients_and_best_weights():
    weights, slots = 4 * (5 * 4 + 4 + 4 + 1), 4 * (5 * 4 + 4 + 4 + 1) + 4 + 4  # float32; iterations, learning rate
    shapes = network().state_shapes()
    assert member_bytes(shapes, keeps_weights=False) == 2 * (weights + slots) + weights
    assert member_bytes(shapes, keeps_weights=True) == 2 * (weights + slots) + 2 * weights


def test_a_step_is_counted_by_its_activations():
    assert step_bytes(network(), 8) == 3 * 8 * (5 + 4 + 1) * 4


@pytest.mark.parametrize(("budget", "expected"), [(10_000, 7), (600 + 2 * 50, 6), (350 + 2 * 50, 3), (100 + 2 * 50, 1)])
def test_as_many_members_train_at_a_time_as_fit(budget: int, expected: int):
    assert members_per_wave(7, each=100, running=50, side_by_side=2, budget=budget) == expected


def test_a_member_that_does_not_fit_is_refused_in_a_sentence():
    with pytest.raises(MachineError, match=r"needs about 3 MiB of memory.* at most 1 MiB"):
        members_per_wave(7, each=2 * 2**20, running=2**20, side_by_side=2, budget=2**20)


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads what Linux tells of a process")
def test_a_thousand_trials_leave_no_memory_behind():
    build = sequential(dense(512, activation="relu", name="hidden", kernel_regularizer="l2"), dense(1))
    rows = ragged_folds(22, 3)[0]

    def fifty_trials(first: int) -> None:
        settings = [{"hidden.kernel_regularizer.l2": 1e-4 * (1 + trial)} for trial in range(first, first + 50)]
        members = [
            Member(rows.train_rows, rows.validation_rows, trial=first + number, settings=own)
            for number, own in enumerate(settings)
        ]
        result = train_population(build, X, Y, members, epochs=2, batch_size=8, mode="map")
        assert np.isfinite(result.history["val_loss"]).all()

    resident = []
    for call in range(40):
        fifty_trials(50 * call)
        gc.collect()
        resident.append(resident_bytes())
    # The allocator settles over the first thousand. Results kept alive would then add 2 MB a call, 40 MB in all.
    assert resident[-1] - resident[19] < 16 * 2**20
