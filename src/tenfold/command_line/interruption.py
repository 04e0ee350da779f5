"""Ctrl-C and its relatives: answered at once, obeyed at the next safe moment, and obeyed at once the second time.

Python runs a signal handler only between two of its own instructions, and one dispatch to the device may take a second.
So a thread waits at the other end of a pipe into which Python's C code writes the number of each signal the moment it
arrives: the first is answered by that thread and raised in the main thread as soon as the dispatch returns, the second
ends the process from that thread. That is safe, because files are renamed into place when they are whole.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

__all__ = ["Interrupted", "stopping_on_signals"]

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Interrupted(KeyboardInterrupt):
    """The user or the system asks the command to end.

    Args:
        number: Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"signal {number}")
        self.exit_code = 128 + number


@contextlib.contextmanager
def stopping_on_signals(answer: Callable[[], None], give_up: Callable[[], None]) -> Iterator[None]:
    """Raise `Interrupted` here at the first signal, and end the process at the second.

    Args:
        answer: Called once, at once, in another thread: tells the user that the signal was heard.
        give_up: Called in another thread right before the process ends: gives the cursor back.
    """
    heard, written = os.pipe()
    os.set_blocking(written, False)
    before = {number: signal.signal(number, _raise_once()) for number in SIGNALS}
    wakeup_before = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(heard, answer, give_up), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup_before)
        os.close(written)  # the watcher reads the end of the pipe
        watcher.join()
        os.close(heard)
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_once() -> Callable[[int, FrameType | None], None]:
    """A handler that raises the first time; later signals belong to the watcher."""
    seen: list[int] = []

    def handle(number: int, _: FrameType | None) -> None:
        if not seen:
            seen.append(number)
            raise Interrupted(number)

    return handle


def _watch(heard: int, answer: Callable[[], None], give_up: Callable[[], None]) -> None:
    num_heard = 0
    while number := os.read(heard, 1):
        if number[0] not in SIGNALS:
            continue
        num_heard += 1
        if num_heard == 1:
            answer()
        else:
            _leave(number[0], give_up)


def _leave(number: int, give_up: Callable[[], None]) -> NoReturn:
    try:
        give_up()
    finally:
        os._exit(128 + number)
