"""Contract 2: a member's numbers follow from its rows, settings and seeds, never from who trains beside it."""

from collections.abc import Callable

import jax
import numpy as np
import pytest

from engine.population import assert_same, five_members, train
from tenfold.engine import memory, training
from tenfold.engine.population import PopulationResult

ROUNDING = 1e-6


@pytest.fixture(scope="module")
def together() -> PopulationResult:
    return train(five_members())


def test_members_together_equal_members_alone(together: PopulationResult):
    members = five_members()
    for number in (0, 4):
        assert_same(train([members[number]]), together, [number], ROUNDING)


def test_a_permutation_of_the_members_permutes_the_results_bit_for_bit(together: PopulationResult):
    members, order = five_members(), [3, 0, 4, 2, 1]
    assert_same(train([members[number] for number in order]), together, order)


def test_side_by_side_and_one_after_another_agree(together: PopulationResult):
    vmapped = train(five_members(), mode="vmap")
    assert (together.mode, vmapped.mode) == ("map", "vmap")
    assert_same(vmapped, together, range(5), ROUNDING)


def test_members_on_one_device_equal_members_on_two(together: PopulationResult, monkeypatch: pytest.MonkeyPatch):
    assert len(jax.devices()) == 2
    one_device: Callable[[int], list[jax.Device]] = lambda _: jax.devices()[:1]  # noqa: E731
    monkeypatch.setattr(training, "devices_for", one_device)
    assert_same(train(five_members()), together, range(5), ROUNDING)


def test_a_population_larger_than_memory_runs_in_waves_with_the_same_numbers(
    together: PopulationResult, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(memory, "members_per_wave", lambda *_: 2)
    in_waves = train(five_members())
    assert (together.num_waves, in_waves.num_waves) == (1, 3)
    assert_same(in_waves, together, range(5), ROUNDING)


def test_epochs_of_a_dispatch_do_not_matter(together: PopulationResult, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(training, "SECONDS_A_DISPATCH", 0.0)
    one_by_one = train(five_members())
    monkeypatch.setattr(training, "SECONDS_A_DISPATCH", 1e9)
    assert_same(one_by_one, together, range(5))
    assert_same(train(five_members()), together, range(5))


def test_another_seed_gives_other_numbers_and_the_same_seed_the_same(together: PopulationResult):
    assert_same(train(five_members()), together, range(5))
    other = train(five_members(), seed=12)
    assert np.abs(other.history["loss"] - together.history["loss"]).min() > 0


def test_folds_seeds_and_trials_have_randomness_of_their_own(together: PopulationResult):
    kernels = together.states.trainable[0]
    assert len({kernel.tobytes() for kernel in kernels}) == 5
