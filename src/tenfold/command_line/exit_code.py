"""What a command's exit code means."""

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """Exit codes of the command `tenfold`."""

    DONE = 0
    """The command did its work, whatever the verdict: "no network beats the baseline" is a result."""
    GATE_FAILED = 1
    """A condition that was asked for does not hold."""
    BAD_INPUT = 2
    """Bad input or bad arguments; nothing was written."""
    INTERNAL_ERROR = 3
    """A mistake in Tenfold; the path of a log is printed."""
    MACHINE = 4
    """The disk is full, memory is short, a folder is locked or read-only; what was kept can be continued."""
    HUNG_UP = 129
    """The terminal went away; the run can be continued."""
    INTERRUPTED = 130
    """Ctrl-C; the run can be continued."""
    TERMINATED = 143
    """Somebody asked the process to end; the run can be continued."""
