"""One process at a time: a lock file that the operating system holds.

The lock belongs to the open file, so a killed process leaves none behind, whatever stands in the file. The number of
the process and the time are only written for the message to the one who has to wait.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from tenfold.errors import RunFolderError

__all__ = ["hold_lock"]

_LOCKED_BYTE = 1 << 20
"""Windows locks a range of bytes and hides it from readers: a place far behind the text."""


@contextlib.contextmanager
def hold_lock(path: Path, held: Path) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: The lock file; made here and removed at the end.
        held: What it guards, for the message.

    Raises:
        RunFolderError: Another process holds it.
    """
    with _open_locked(path, held) as file:
        file.write(f"{os.getpid()} {datetime.now().astimezone():%H:%M}")
        file.flush()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # Windows keeps a file that is open
                path.unlink()


def _open_locked(path: Path, held: Path) -> IO[str]:
    while True:
        file = path.open("a+", encoding="utf-8")
        if not _try_lock(file):
            raise _in_use(file, held)
        if _is_still_there(path, file):
            file.truncate(0)
            return file
        file.close()  # the process before us removed it between our two calls


def _is_still_there(path: Path, file: IO[str]) -> bool:
    return path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))


def _in_use(file: IO[str], held: Path) -> RunFolderError:
    with file:
        file.seek(0)
        process, _, since = file.read().partition(" ")
    by = f" by process {process} since {since}" if since else ""
    return RunFolderError("in_use", f"`{held}` is in use{by}", hint="wait, or choose another folder with --out")


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True
else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
