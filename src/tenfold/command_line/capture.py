"""Keeps what libraries print away from the answer and from the display: it goes into a log.

XLA, absl and warnings write to standard output and standard error by number, beneath Python. So the two numbers are
pointed at the log while a command works, and the command writes to copies of what they were.
"""

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tenfold.progress_display.streams import write_any_glyph

__all__ = ["Streams", "captured", "open_missing_streams"]

STDOUT, STDERR = 1, 2


class Streams:
    """The streams of a command and the log behind them.

    Args:
        answer: Standard output as it was: the answer and nothing else.
        progress: Standard error as it was.
        log: Where everything else goes.
    """

    def __init__(self, answer: io.TextIOWrapper, progress: io.TextIOWrapper, log: Path) -> None:
        self.answer = answer
        self.progress = progress
        self.log = log
        self.keeps_log = False

    def move_log(self, log: Path) -> None:
        """Go on with the log in another place, where even a crash leaves it to be found."""
        _flush()
        shutil.copyfile(self.log, log)
        _point_at(log)
        self.log.unlink()
        self.log, self.keeps_log = log, True


@contextlib.contextmanager
def captured() -> Iterator[Streams]:
    """Point standard output and error at a log while the block runs; the log goes at the end if nobody keeps it."""
    handle, name = tempfile.mkstemp(prefix="tenfold-", suffix=".log")
    os.close(handle)
    _flush()
    answer, progress = _copy(STDOUT, sys.stdout), _copy(STDERR, sys.stderr)
    streams = Streams(answer, progress, Path(name))
    _point_at(streams.log)
    try:
        yield streams
    finally:
        _flush()
        for number, stream in ((STDOUT, answer), (STDERR, progress)):
            os.dup2(stream.fileno(), number)
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        if not streams.keeps_log or (streams.log.exists() and not streams.log.stat().st_size):
            streams.log.unlink(missing_ok=True)


def open_missing_streams() -> None:
    """Give a process that was started without standard streams (`2>&-`) ones that lead nowhere."""
    for number, name, mode in ((0, "stdin", "r"), (STDOUT, "stdout", "w"), (STDERR, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (a number)


def _copy(number: int, like: object) -> io.TextIOWrapper:
    encoding = getattr(like, "encoding", None) or "utf-8"
    stream = open(os.dup(number), "w", encoding=encoding, newline=None)  # noqa: PTH123, SIM115 (a number)
    write_any_glyph(stream)
    return stream


def _point_at(log: Path) -> None:
    file = os.open(log, os.O_WRONLY | os.O_APPEND)
    for number in (STDOUT, STDERR):
        os.dup2(file, number)
    os.close(file)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BrokenPipeError, ValueError):
            stream.flush()
