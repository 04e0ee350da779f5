"""How much memory members need, estimated before anything is compiled, and how many fit at a time.

A member in training holds its weights and optimizer slots twice (the state before and after an epoch), gradients, and
the weights to restore where a callback keeps them; a member whose step is running also holds the activations of a
batch.
"""

import math
import os
from pathlib import Path
from typing import Any

import jax
import numpy as np

from tenfold.engine.network import Network, State
from tenfold.errors import MachineError

__all__ = ["budget_bytes", "member_bytes", "members_per_wave", "step_bytes"]

SHARE_OF_FREE_MEMORY = 0.6
"""Part of the free memory that members may take. Arbitrary; leaves room for the data, XLA's buffers and the user."""

ACTIVATION_COPIES = 3
"""Activations kept for the gradient, their gradients, and temporary values. Arbitrary, on the safe side."""


def member_bytes(state: State, *, keeps_weights: bool) -> int:
    """Bytes of one member between its steps.

    Args:
        state: Values of one member, or their shapes and types.
        keeps_weights: Whether a second set of weights is kept to restore.
    """
    weights = sum(_bytes(leaf) for leaf in [*state.trainable, *state.frozen])
    slots = sum(_bytes(leaf) for leaf in state.optimizer)
    return int(2 * (weights + slots) + weights * (1 + keeps_weights))


def _bytes(leaf: Any) -> int:
    return int(math.prod(leaf.shape) * np.dtype(leaf.dtype).itemsize)


def step_bytes(network: Network, batch_size: int) -> int:
    """Bytes that the activations of one member's running step take, from the shapes of the layers' outputs."""
    operations = getattr(getattr(network.model, "_functional", None) or network.model, "operations", [])
    values = 0
    for operation in operations:
        for shape in _output_shapes(operation):
            values += int(np.prod([size or 1 for size in shape[1:]], dtype=np.int64))
    return ACTIVATION_COPIES * batch_size * values * np.dtype(np.float32).itemsize


def _output_shapes(operation: Any) -> list[tuple[int | None, ...]]:
    output = getattr(operation, "output", None)
    return [tuple(tensor.shape) for tensor in jax.tree.leaves(output)]


def budget_bytes() -> int:
    """Bytes that members may take on this machine's devices."""
    device = jax.devices()[0]
    statistics = device.memory_stats() if device.platform != "cpu" else None
    if statistics:
        free = statistics["bytes_limit"] - statistics.get("bytes_in_use", 0)
        return int(free * len(jax.devices()) * SHARE_OF_FREE_MEMORY)
    return int(_free_bytes() * SHARE_OF_FREE_MEMORY)


def members_per_wave(num_members: int, each: int, running: int, side_by_side: int, budget: int) -> int:
    """How many members fit at a time.

    Args:
        num_members: Members to train.
        each: Bytes of a member between steps.
        running: Bytes of a running step.
        side_by_side: Members whose steps run at the same time, at most.
        budget: Bytes to stay under.

    Raises:
        MachineError: Not even one member fits.
    """
    room = budget - running * min(side_by_side, num_members)
    if room < each and budget < each + running:
        raise MachineError(
            "memory",
            f"One member of this model needs about {_readable(each + running)} of memory",
            expected=f"at most {_readable(budget)}, the part of the free memory that training may take",
            hint="use a smaller batch size or a smaller model",
        )
    return max(1, min(num_members, room // max(each, 1)))


def _free_bytes() -> int:
    try:
        pages, size = os.sysconf("SC_AVPHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):  # a system that does not tell: assume a small machine
        return 4 * 2**30
    return max(pages * size, _available_from_kernel())


def _available_from_kernel() -> int:
    """Memory that Linux would free on demand; 0 elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return 0


def _readable(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:  # noqa: PLR2004  # the units are powers of it
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
