"""The compiled program of a wave: members around the training of one.

    devices of the wave            each has its own members
      groups, one after another    so that their weights stay in the cache
        epochs of a group          a loop that ends when its last member has stopped: from then on it costs nothing
          members side by side     `width` of them

Tracing asks Keras, so it waits its turn; compiling does not, so `programs.py` does it ahead, in a thread.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from tenfold.engine.many_members import OverGroup, over_members
from tenfold.engine.network import Batch
from tenfold.engine.program import Carry, MemberInputs, Plan, run_group

__all__ = ["TracedWave", "Wave", "trace_wave"]


@dataclass
class Wave:
    """A compiled program for a number of members.

    Attributes:
        compiled: Takes (data, held-out data, member inputs, carry, first epoch, count); the carry is given away.
            Returns the new carry and the logs in the order of `Plan.logs`; names may differ from build to build.
        size: Members it takes, over all devices.
        width: Members that run side by side on a device.
        compile_seconds: Time it took to trace and compile.
        temporary_bytes: Memory that a dispatch needs beside its arguments and results, as the compiler reports it.
    """

    compiled: Callable[..., tuple[Carry, list[Any]]]
    size: int
    width: int
    compile_seconds: float
    temporary_bytes: int


@dataclass
class TracedWave:
    """A program that is traced and not yet compiled; compiling it needs nothing from Keras.

    Attributes:
        lowered: What JAX traced.
        size: Members it takes, over all devices.
        width: Members side by side on a device.
        trace_seconds: Time it took to trace.
    """

    lowered: Any
    size: int
    width: int
    trace_seconds: float

    def compile(self) -> Wave:
        """The program."""
        start = time.perf_counter()
        compiled = self.lowered.compile()
        seconds = self.trace_seconds + time.perf_counter() - start
        return Wave(compiled, self.size, self.width, seconds, _temporary_bytes(compiled))


def trace_wave(plan: Plan, devices: Sequence[Any], width: int, arguments: tuple[Any, ...]) -> TracedWave:
    """Trace the program of one wave shape.

    Args:
        plan: The static part.
        devices: Devices that share the members evenly.
        width: Members side by side; divides the members of a device.
        arguments: Example arguments of the compiled function, placed as they will be; only shapes are used.

    Returns:
        The program, to be compiled.
    """
    start = time.perf_counter()

    def of_group(over: OverGroup, shared: tuple[Any, ...], own: tuple[MemberInputs, Carry]) -> Any:
        return run_group(plan, over, shared, *own)

    spread = over_members(of_group, devices, width)

    def wave(
        data: Batch, held_out: Batch, members: MemberInputs, carry: Carry, first: Any, count: Any
    ) -> tuple[Carry, list[Any]]:
        carry, history = spread((data, held_out, first, count), (members, carry))
        return carry, [history[name] for name in plan.logs]

    lowered = jax.jit(wave, donate_argnums=(3,)).lower(*arguments)
    size = int(np.shape(arguments[2].num_train)[0])
    return TracedWave(lowered, size, width, time.perf_counter() - start)


def _temporary_bytes(compiled: Any) -> int:
    analysis = compiled.memory_analysis()
    return int(getattr(analysis, "temp_size_in_bytes", 0) or 0)
