"""Files that are whole or not there, and what the operating system says as sentences."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from tenfold.errors import MachineError, RunFolderError

__all__ = ["machine_errors", "writing"]

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENOTDIR, errno.EEXIST, errno.EISDIR,
                 errno.ENAMETOOLONG, errno.ELOOP}  # fmt: skip


@contextlib.contextmanager
def writing(target: Path) -> Iterator[Path]:
    """A temporary path that becomes `target` when the block ends without an error, and vanishes otherwise.

    Args:
        target: The file to write; its folders are made.

    Yields:
        Where to write: a new file with the same ending in the same folder.

    Raises:
        MachineError: The disk is full or the folder cannot be written.
    """
    temporary = target.with_name(f".{target.stem}.partial{target.suffix}")
    with machine_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            _flush_to_disk(temporary)
            temporary.replace(target)
        except FileNotFoundError as error:  # the folder is there, and yet no file can be made in it: `/proc`
            if str(error.filename) != str(temporary):
                raise
            raise PermissionError(errno.EACCES, "nothing can be made there") from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()


@contextlib.contextmanager
def machine_errors(path: Path) -> Iterator[None]:
    """Turn an error of the operating system while writing into a sentence about the machine.

    Args:
        path: The file or folder that is written.

    Raises:
        MachineError: The disk is full, or the path cannot be written.
    """
    try:
        yield
    except (MachineError, RunFolderError):  # errors of the operating system by their kind, but with a sentence already
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _NO_ROOM:
            what = f"There is no room to write `{path}`: {reason}"
            raise MachineError("disk_full", what, hint="make room; the same command continues") from error
        if error.errno in _NOT_WRITABLE:
            what = f"`{path}` cannot be written: {reason}"
            raise MachineError("not_writable", what, hint="choose another place") from error
        raise


def _flush_to_disk(path: Path) -> None:
    """Wait until the content is on the disk: a rename that survives a power cut must not name an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
