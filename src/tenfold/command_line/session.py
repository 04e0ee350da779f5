"""One command at work: its streams, its display, its signals, and what it says when it is stopped.

The answer goes to standard output, everything else to standard error, so that `tenfold run ... | tee log` keeps the
live display and logs the answer. `-q` and `--json` change what is said, never what is done.
"""

import contextlib
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.command_line.capture import Streams, captured
from tenfold.command_line.interruption import Interrupted, stopping_on_signals
from tenfold.errors import TenfoldError
from tenfold.progress import Event, ProgressListener, RunStarted, StepStarted, Stopping
from tenfold.progress_display.choice import ProgressMode, open_display
from tenfold.progress_display.words import clock
from tenfold.run_folder.ledger import read_looks

__all__ = ["CommandFailedError", "Manner", "Session", "working"]


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
        streams: The copies of standard output and error.
        display: Where events are drawn.
    """

    def __init__(self, streams: Streams, display: ProgressListener) -> None:
        self.streams = streams
        self._display = display
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

    def say(self, answer: str) -> None:
        """Write the answer; a reader that went away (`| head`) is no error."""
        with contextlib.suppress(BrokenPipeError):
            self.streams.answer.write(answer.rstrip("\n") + "\n")
            self.streams.answer.flush()

    def farewell(self, seconds: float, arguments: Sequence[str]) -> str:
        """What a stopped command says: where it was, what was not looked at, how to go on."""
        where = f" in step {self._step.number} of 7" if self._step else ""
        sentence = f"Stopped{where} after {clock(seconds)}"
        if self._folder is None:
            return f"{sentence}; nothing was written."
        sealed = [look for look in read_looks(self._folder / "ledger.jsonl") if look.part == "sealed"]
        looked = "were looked at" if sealed else "were not looked at"
        return f"{sentence}; the sealed rows {looked}.\ncontinue   {shlex.join(['tenfold', *arguments])}"


@contextlib.contextmanager
def working(manner: Manner, title: str, arguments: Sequence[str]) -> Iterator[Session]:
    """Run the body of a command with everything around it.

    Args:
        manner: How it speaks.
        title: The first line, on the screen before anything heavy is imported.
        arguments: As typed, to be typed again.

    Yields:
        The session.

    Raises:
        Interrupted: After the farewell was said.
        CommandFailedError: Around anything that is not a `TenfoldError`.
    """
    began = time.monotonic()
    with captured() as streams:
        if manner.mode != "none":
            streams.progress.write(title + "\n")
            streams.progress.flush()
        try:
            with open_display(manner.mode, streams.progress, began=began, color=manner.color) as display:
                session = Session(streams, display)
                with stopping_on_signals(lambda: display(Stopping()), lambda: _show_cursor(streams)):
                    yield session
        except Interrupted:
            if manner.mode != "none":
                streams.progress.write(session.farewell(time.monotonic() - began, arguments) + "\n")
            raise
        except TenfoldError:
            raise
        except Exception as error:
            streams.keeps_log = True
            raise CommandFailedError(streams.log) from error


def _show_cursor(streams: Streams) -> None:
    if streams.progress.isatty():
        streams.progress.write("\x1b[?25h\n")
        streams.progress.flush()
