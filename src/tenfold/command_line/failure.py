"""From an exception to what the user reads, and to the exit code.

Bad input is a sentence with what was expected and received, never a traceback. A mistake of ours is one sentence too,
with the path of a log that holds the traceback.
"""

import json
import sys
import tempfile
import traceback
from pathlib import Path

import typer

from tenfold.command_line.exit_code import ExitCode
from tenfold.command_line.session import CommandFailedError, CommandStoppedError
from tenfold.errors import MachineError, OptionError, TenfoldError

__all__ = ["report_failure"]


def report_failure(error: Exception, *, as_json: bool) -> ExitCode:
    """Say what went wrong.

    Args:
        error: What was raised.
        as_json: Whether to say it as one JSON object on standard output, for a program.

    Returns:
        The exit code.
    """
    if isinstance(error, CommandStoppedError):
        return ExitCode(error.exit_code)
    log = error.log if isinstance(error, CommandFailedError) else None
    cause = error.__cause__ if isinstance(error, CommandFailedError) and error.__cause__ else error
    known = _as_tenfold_error(cause) or _mistake_of_ours(cause, log)
    if as_json:
        content = {"code": known.code, "message": known.what, "expected": known.expected, "received": known.received}
        sys.stdout.write(json.dumps({"error": {**content, "hint": known.hint}}) + "\n")
    else:
        sys.stderr.write(known.lines + "\n")
    return ExitCode(known.exit_code)


def _as_tenfold_error(error: BaseException) -> TenfoldError | None:
    """What is no mistake of ours, as one of our errors."""
    if isinstance(error, TenfoldError):
        return error
    if isinstance(error, typer.TyperException):
        what = error.format_message().rstrip(".").replace("Value error, ", "")
        return OptionError("bad_arguments", what, hint="see tenfold --help")
    if isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error):
        hint = "close other programs, or use --budget quick; the same command continues"
        return MachineError("out_of_memory", "The machine has no memory left", hint=hint)
    return None


def _mistake_of_ours(error: BaseException, log: Path | None) -> TenfoldError:
    if log is None:
        with tempfile.NamedTemporaryFile("w", prefix="tenfold-", suffix=".log", delete=False) as file:
            log = Path(file.name)
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(traceback.format_exception(error))
    last_line = traceback.format_exception_only(error)[-1].strip().splitlines()[0]
    return TenfoldError(
        "internal_error",
        f"Tenfold made a mistake: {last_line[:200]}",
        hint=f"please report it with the log {log}; your data is not in it, but names of columns may be",
    )
