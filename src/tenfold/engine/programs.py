"""Compiled programs of this process, and those that are being compiled ahead of their use.

Compiling keeps one core busy for seconds and needs nothing from Python meanwhile. What is known to be wanted later (the
next size of network, the trials) is traced and handed to a thread, while the members before it train.
"""

import atexit
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field

from tenfold.engine.wave_program import TracedWave, Wave

__all__ = ["PROGRAMS", "Compiler", "Programs"]

_MOST_PROGRAMS = 24
"""A bound on memory, not on speed."""


class Compiler:
    """A thread that compiles, in the order of the calls.

    Where the process ends it waits for the program at hand only, never for those in the queue, as an executor of
    `concurrent.futures` would.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[Future[Wave], Callable[[], Wave]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="compiler", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def submit(self, work: Callable[[], Wave]) -> "Future[Wave]":
        """Begin it when those before it are done."""
        future = Future[Wave]()
        self._waiting.put((future, work))
        return future

    def stop(self) -> None:
        """Give up what has not begun, and wait for the rest."""
        while not self._waiting.empty():
            item = self._waiting.get()
            if item is not None:
                item[0].cancel()
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            future, work = item
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 (raised where the program is wanted)
                    future.set_exception(error)


@dataclass
class Programs:
    """Programs by what makes them differ, the least recently used first."""

    _ready: OrderedDict[Hashable, Wave] = field(default_factory=OrderedDict)
    _coming: dict[Hashable, "Future[Wave]"] = field(default_factory=dict)
    _compiler: Compiler | None = None

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
            self._compiler = Compiler()
        self._coming[key] = self._compiler.submit(trace().compile)

    def forget(self) -> None:
        """Let go of all programs, and of what is still to be compiled."""
        for coming in self._coming.values():
            coming.cancel()
        self._coming.clear()
        self._ready.clear()


PROGRAMS = Programs()
"""Those of this process."""
