"""Compiled programs of this process, and those that are being compiled ahead of their use.

Compiling keeps one core busy for seconds and needs nothing from Python meanwhile. What is known to be wanted later (the
next size of network, the trials) is traced and handed to a thread, while the members before it train.
"""

import atexit
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from tenfold.engine.program import TracedWave, Wave

__all__ = ["PROGRAMS", "Programs"]

_MOST_PROGRAMS = 24
"""A bound on memory, not on speed."""


@dataclass
class Programs:
    """Programs by what makes them differ, the least recently used first."""

    _ready: OrderedDict[Hashable, Wave] = field(default_factory=OrderedDict)
    _coming: dict[Hashable, "Future[Wave]"] = field(default_factory=dict)
    _compiler: ThreadPoolExecutor | None = None

    def get(self, key: Hashable, trace: Callable[[], TracedWave]) -> tuple[Wave, float]:
        """A program, compiled now unless it is there or coming.

        Args:
            key: What makes it differ from others.
            trace: Traces it.

        Returns:
            The program, and the seconds that this call had to wait for it: 0 where it was used before.
        """
        if key in self._ready:
            self._ready.move_to_end(key)
            return self._ready[key], 0.0
        start = time.perf_counter()
        coming = self._coming.pop(key, None)
        wave = trace().compile() if coming is None else coming.result()
        self._ready[key] = wave
        while len(self._ready) > _MOST_PROGRAMS:
            self._ready.popitem(last=False)
        return wave, time.perf_counter() - start

    def ahead(self, key: Hashable, trace: Callable[[], TracedWave]) -> None:
        """Begin to compile a program that will be asked for later; one at a time, in the order of the calls.

        Args:
            key: What makes it differ from others.
            trace: Traces it, at once: Keras is not to be traced in two threads.
        """
        if key in self._ready or key in self._coming:
            return
        if self._compiler is None:
            self._compiler = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compiler")
            atexit.register(self._compiler.shutdown, wait=False, cancel_futures=True)
        self._coming[key] = self._compiler.submit(trace().compile)

    def forget(self) -> None:
        """Let go of all programs, and of what is still to be compiled."""
        for coming in self._coming.values():
            coming.cancel()
        self._coming.clear()
        self._ready.clear()


PROGRAMS = Programs()
"""Those of this process."""
