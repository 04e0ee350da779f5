"""How long a probe may train: as long as the user's own `fit` where that is short, else as long as there is time for.

The cost of a step is estimated from the operations that XLA counts in it, before anything is compiled.
"""

import math
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from tenfold.engine.network import Batch, Network

__all__ = ["ProbePlan", "plan_probe", "seconds_a_step"]

_OPERATIONS_A_SECOND = 6e9
"""Floating-point operations a second of one core in small steps. Measured on an AMD EPYC: 5 to 20e9."""

_SECONDS_A_STEP = 1e-5
"""What a step costs whatever is in it."""

_ROWS = 4096
"""Training rows of a probe at most. Arbitrary; enough for an error within 1 %."""

_HELD_OUT = 1024
"""Held-out rows of a probe at most."""

_BYTES = 2**28
"""Size of one copy of a probe's inputs at most, 256 MiB."""

_LEAST_STEPS = 60
"""Steps below which a training says nothing of a learning rate."""


@dataclass(frozen=True)
class ProbePlan:
    """The size of the probe trainings.

    Attributes:
        train_rows: Positions of the rows to train on.
        held_out_rows: Positions of rows to score on, among the rows given or the user's validation rows.
        epochs: Epochs of the ordinary probe.
        batch_size: Rows of a step.
        seeds: Repetitions with other initial weights.
        longer: How many times as long the long probe trains.
        covers: The probe's steps over those of the user's own `fit`, 1 at most.
    """

    train_rows: np.ndarray
    held_out_rows: np.ndarray
    epochs: int
    batch_size: int
    seeds: int
    longer: int
    covers: float

    @property
    def steps_an_epoch(self) -> int:
        """Training steps of an epoch."""
        return math.ceil(len(self.train_rows) / self.batch_size)


def plan_probe(
    num_rows: int,
    num_validation: int | None,
    bytes_a_row: int,
    *,
    epochs: int,
    batch_size: int,
    step_seconds: float,
    budget_seconds: float,
    trainings: float,
    seed: int,
) -> ProbePlan:
    """The size of the probe trainings.

    Args:
        num_rows: The user's training rows.
        num_validation: The user's validation rows; None where there are none: then a fifth of the rows is held out.
        bytes_a_row: Size of a row's inputs.
        epochs: The user's epochs.
        batch_size: The user's batch size.
        step_seconds: What a training step costs on one device.
        budget_seconds: Time for all trainings, over all devices.
        trainings: How many trainings of the ordinary length there are for each seed.
        seed: Seed of the choice of rows.
    """
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(num_rows)
    most = max(batch_size, min(_ROWS, _BYTES // max(1, bytes_a_row)))
    num_held_out = min(_HELD_OUT, most, num_rows // 5 if num_validation is None else num_validation)
    held_out = (
        shuffled[:num_held_out] if num_validation is None else generator.permutation(num_validation)[:num_held_out]
    )
    rest = shuffled[num_held_out:] if num_validation is None else shuffled
    user_steps = epochs * math.ceil(max(1, len(rest)) / batch_size)
    affordable = budget_seconds * len(jax.devices()) / (trainings * step_seconds)
    seeds = int(np.clip(affordable // min(user_steps, 400), 1, 3))
    steps = int(min(user_steps, max(_LEAST_STEPS, affordable / seeds)))
    rows = min(len(rest), most)
    if steps < epochs * math.ceil(rows / batch_size):  # fewer rows rather than fewer epochs, down to some batches
        wanted = max(1, min(epochs, 10))
        rows = min(rows, max(steps * batch_size // wanted, min(rows, 8 * batch_size)))
    steps_an_epoch = math.ceil(rows / batch_size)
    count = max(1, round(steps / steps_an_epoch))
    return ProbePlan(
        np.sort(rest[:rows]), held_out, count, batch_size, seeds, 4, min(1.0, count * steps_an_epoch / user_steps)
    )


def seconds_a_step(network: Network, sample: Batch) -> float:
    """What a training step costs on one core of this machine, from XLA's count of its operations; a rough number."""
    state = network.state_shapes()
    shapes = jax.eval_shape(lambda batch: batch, sample)

    def step(state: Any, batch: Any) -> Any:
        return network.train_step(state, list(network.metric_start), {}, batch)

    counted = jax.jit(step).lower(state, shapes).cost_analysis() or {}
    operations = float((counted if isinstance(counted, dict) else counted[0]).get("flops", 0.0))
    return _SECONDS_A_STEP + operations / _OPERATIONS_A_SECOND
