"""One command at work: its streams, its display, its signals, and what it says when it is stopped.

The answer goes to standard output, everything else to standard error, so that `tenfold run ... | tee log` keeps the
live display and logs the answer. `-q` and `--json` change what is said, never what is done.
"""

import contextlib
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

import tenfold
from tenfold.command_line.capture import Streams, captured
from tenfold.command_line.interruption import Interrupted, stopping_on_signals
from tenfold.errors import TenfoldError
from tenfold.progress import Event, ProgressListener, RunStarted, StepStarted, Stopping, Warned
from tenfold.progress_display.choice import ProgressMode, open_display
from tenfold.progress_display.words import clock, printable
from tenfold.run_folder.ledger import read_looks

__all__ = ["TYPED", "CommandFailedError", "CommandStoppedError", "Manner", "Session", "working"]

TYPED: ContextVar[Sequence[str]] = ContextVar("TYPED", default=())
"""What was typed after `tenfold`; set once by `cli.main`."""

WIDTH, WIDEST = 80, 100
"""Columns of an answer: what it is laid out for, and beyond which lines are hard to read."""


class CommandStoppedError(Exception):
    """A signal ended the command, and the farewell was said.

    Args:
        exit_code: 128 + number of the signal.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"exit code {exit_code}")
        self.exit_code = exit_code


class CommandFailedError(Exception):
    """Something that no user should see was raised while a command worked; it is the cause of this one.

    Args:
        log: What libraries printed, for whoever looks into it.
    """

    def __init__(self, log: Path) -> None:
        super().__init__(f"see {log}")
        self.log = log


@dataclass(frozen=True)
class Manner:
    """How a command speaks.

    Args:
        quiet: 0 says all, 1 the headline and the report's path, 2 nothing but errors.
        as_json: Whether the answer is one JSON object.
        color: False for none; True where the stream and `NO_COLOR` allow it.
        progress: Live block, lines or nothing.
        verbose: Whether notes of the engine stay on the screen.
        opens: Whether a browser shows the report at the end.
    """

    quiet: int = 0
    as_json: bool = False
    color: bool = True
    progress: ProgressMode = "auto"
    verbose: bool = False
    opens: bool = False

    @property
    def mode(self) -> ProgressMode:
        """Silence is one switch: `-q` leaves no progress; `--json` keeps it on a terminal only."""
        if self.quiet or (self.as_json and not sys.stderr.isatty()):
            return "none"
        return self.progress


class Session:
    """What the body of a command sees: a listener for the work, and a place for the answer.

    Args:
        manner: How the command speaks.
        streams: The copies of standard output and error.
        display: Where events are drawn.
    """

    def __init__(self, manner: Manner, streams: Streams, display: ProgressListener) -> None:
        self.manner = manner
        self.streams = streams
        self._display = display
        self._answer = ""
        self._step: StepStarted | None = None
        self._folder: Path | None = None

    def listen(self, event: Event) -> None:
        """Pass an event on, and remember what a stopped run has to say."""
        if isinstance(event, StepStarted):
            self._step = event
        if isinstance(event, RunStarted):
            self._folder = Path(event.folder)
            self.streams.move_log(self._folder / "log.txt")
        self._display(event)

    @property
    def width(self) -> int:
        """Columns for the answer: the terminal's, at most 100, and 80 where it is none or does not know."""
        try:
            columns = os.get_terminal_size(self.streams.answer.fileno()).columns
        except OSError:
            columns = 0
        return min(columns or WIDTH, WIDEST)

    def say(self, answer: str) -> None:
        """Keep the answer until the display is gone from the screen."""
        self._answer = answer

    def deliver(self) -> None:
        """Write the answer; a reader that went away (`| head`) is no error."""
        with contextlib.suppress(BrokenPipeError):
            self.streams.answer.write(self._answer.rstrip("\n") + "\n" if self._answer else "")
            self.streams.answer.flush()

    def tell(self, line: str) -> None:
        """Write a line beside the answer, such as where a file went; `-q` leaves it out."""
        if not self.manner.quiet:
            self.streams.progress.write(line + "\n")
            self.streams.progress.flush()

    def listen_for_warnings(self, event: Event) -> None:
        """Let only warnings through, for commands that are over in seconds."""
        if isinstance(event, Warned):
            self.tell(
                f"warning: {printable(event.text)}" + (f"\n  hint: {printable(event.hint)}" if event.hint else "")
            )

    def farewell(self, seconds: float) -> str:
        """What a stopped command says: where it was, what was not looked at, how to go on."""
        where = f" in step {self._step.number} of 7" if self._step else ""
        sentence = f"Stopped{where} after {clock(seconds)}"
        if self._folder is None:
            return f"{sentence}; nothing was written."
        sealed = [look for look in read_looks(self._folder / "ledger.jsonl") if look.part == "sealed"]
        looked = "were looked at" if sealed else "were not looked at"
        return f"{sentence}; the sealed rows {looked}.\ncontinue   {_typed()}"


@contextlib.contextmanager
def working(manner: Manner) -> Iterator[Session]:
    """Run the body of a command with everything around it.

    Args:
        manner: How it speaks. Its first line is on the screen before anything heavy is imported.

    Yields:
        The session.

    Raises:
        CommandStoppedError: A signal came, and the farewell was said.
        CommandFailedError: Around anything that is not a `TenfoldError`.
    """
    began = time.monotonic()
    with captured() as streams:
        if manner.mode != "none":
            streams.progress.write(f"tenfold {tenfold.__version__} · {_typed()[8:]}\n")
            streams.progress.flush()
        try:
            wishes = {"color": manner.color, "keeps_notes": manner.verbose}
            with open_display(manner.mode, streams.progress, began=began, **wishes) as display:
                session = Session(manner, streams, display)
                with stopping_on_signals(lambda: display(Stopping()), lambda: _show_cursor(streams)):
                    yield session
            session.deliver()
        except Interrupted as interrupted:
            if manner.mode != "none":
                streams.progress.write(session.farewell(time.monotonic() - began) + "\n")
            raise CommandStoppedError(interrupted.exit_code) from None
        except TenfoldError:
            raise
        except Exception as error:
            streams.keeps_log = True
            raise CommandFailedError(streams.log) from error


def _typed() -> str:
    """The command, to be typed again."""
    return printable(shlex.join(["tenfold", *TYPED.get()]))


def _show_cursor(streams: Streams) -> None:
    if streams.progress.isatty():
        streams.progress.write("\x1b[?25h\n")
        streams.progress.flush()
