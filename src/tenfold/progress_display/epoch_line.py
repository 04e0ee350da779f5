"""One line of progress for the Python interface: `fit(verbose=1)`, `cross_validate(verbose=1)`.

    epoch 61/100 ━━━━━━──── loss 1.02  val_loss 2.55  12/15 training  0:09, about 5 s left
    trials 20/60  best mae 2.21  4 pruned  epoch 31/100 of 45 members  0:09, about 20 s left

It is drawn over itself with a carriage return alone: no thread, no hidden cursor, nothing to clean up when a cell or a
script is interrupted. Logs get lines instead.
"""

import time

from rich.text import Text

from tenfold.progress import Event, Note, Noticed, TrainingProgress, TrialsProgress, Warned
from tenfold.progress_display.live_block import progress_bar, warning_lines
from tenfold.progress_display.plain_lines import describe_training
from tenfold.progress_display.streams import Stream, console_for
from tenfold.progress_display.training import TrainingWatch
from tenfold.progress_display.trials import describe_trials
from tenfold.progress_display.words import number, printable

__all__ = ["EpochLine", "EpochLines"]

BAR = 10


class EpochLine:
    """A listener that draws one line over itself; the last event of a population leaves it and begins a new one.

    Args:
        stream: A terminal or a notebook's output.
    """

    def __init__(self, stream: Stream) -> None:
        self._console = console_for(stream)
        self._watch = TrainingWatch()

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        match event:
            case TrainingProgress():
                self._watch.see(event)
                self._draw(self._line(), is_last=self._watch.is_over)
            case TrialsProgress():
                self._draw(Text(describe_trials(event)), is_last=event.num_told == event.num_trials)
            case Note():
                self._draw(Text(printable(event.text)), is_last=False)
            case Noticed():
                self._draw(Text(printable(event.text)), is_last=True)
            case Warned():
                self._draw(Text(), is_last=False)
                self._console.print(warning_lines(event))

    def _line(self) -> Text:
        event = self._watch.now
        parts = [f"loss {number(event.loss)}"] if event.epoch else ["compiling"]
        parts += [f"val_loss {number(event.validation_loss)}"] if event.validation_loss is not None else []
        members = self._watch.counts if self._watch.is_over else f"{event.num_training}/{event.num_members} training"
        parts += [members] if event.num_members > 1 else []
        text = "  ".join([*parts, self._watch.time])
        return Text(f"epoch {event.epoch}/{event.epochs} ") + progress_bar(self._watch.fraction, BAR) + f" {text}"

    def _draw(self, line: Text, *, is_last: bool) -> None:
        line.truncate(self._console.width - 1, overflow="ellipsis", pad=True)
        self._console.print(Text("\r"), end="")
        self._console.print(line, end="\n" if is_last else "\r", no_wrap=True)
        self._console.file.flush()


class EpochLines:
    """A listener that writes a line for events that are some seconds apart, and for the last one.

    Args:
        stream: A log.
        seconds_between: Least time between two lines; 0 for a line an event.
    """

    def __init__(self, stream: Stream, *, seconds_between: float) -> None:
        self._stream = stream
        self._seconds_between = seconds_between
        self._spoke = time.monotonic()
        self._watch = TrainingWatch()

    def __call__(self, event: Event) -> None:
        """Write the line of one event, or none."""
        match event:
            case TrainingProgress():
                self._watch.see(event)
                if self._watch.is_over or time.monotonic() - self._spoke >= self._seconds_between:
                    self._say(describe_training(self._watch))
            case TrialsProgress():
                is_over = event.num_told == event.num_trials
                if is_over or time.monotonic() - self._spoke >= self._seconds_between:
                    self._say(describe_trials(event))
            case Noticed():
                self._say(event.text)
            case Warned():
                self._say(f"warning: {event.code} {event.text}" + (f" (hint: {event.hint})" if event.hint else ""))

    def _say(self, line: str) -> None:
        self._spoke = time.monotonic()
        self._stream.write(printable(line) + "\n")
        self._stream.flush()
