"""Progress for logs: a line a step, and a sign of life every half minute, with no character that moves a cursor.

[   0.2 s] 1/7 problem: price is a number, 5.0 to 50.0: linear output, squared error
[  35.0 s] 6/7 scale up: epoch 60/100, loss 1.02, 12 of 15 training, about 5 s left
"""

import contextlib
import math
import threading
import time
from collections.abc import Iterator

from tenfold.progress import (
    Event,
    Note,
    ProgressListener,
    RunStarted,
    StepFinished,
    StepStarted,
    Stopping,
    TrainingProgress,
    Warned,
)
from tenfold.progress_display.streams import Stream
from tenfold.progress_display.training import TrainingWatch
from tenfold.progress_display.words import STOPPING, about, number, printable

__all__ = ["PlainLines", "describe_training"]

HEARTBEAT = 30.0
"""Seconds after which a silent log gets a line."""


class PlainLines:
    """A listener that writes events as lines; while `beating` it also gives signs of life.

    Args:
        stream: Where to write, usually standard error.
        began: When the command began, on `time.monotonic`'s clock.
        heartbeat: Seconds of silence after which it says what goes on.
    """

    def __init__(self, stream: Stream, *, began: float, heartbeat: float = HEARTBEAT) -> None:
        self._stream = stream
        self._began = began
        self._heartbeat = heartbeat
        self._spoke = began
        self._doing = ""
        self._watch = TrainingWatch()
        self._guard = threading.Lock()  # the heart beats in a thread of its own
        self._is_over = threading.Event()

    @contextlib.contextmanager
    def beating(self) -> Iterator[ProgressListener]:
        """Let the heart beat while the block runs; its value is the listener."""
        heart = threading.Thread(target=self._beat, daemon=True)
        heart.start()
        try:
            yield self
        finally:
            self._is_over.set()
            heart.join()

    def __call__(self, event: Event) -> None:
        """Write the lines of one event."""
        with self._guard:
            for line in self._take(event):
                self._say(line)

    def _take(self, event: Event) -> list[str]:
        """Remember what goes on, for the heartbeat; returns the lines to write now."""
        if isinstance(event, TrainingProgress):
            self._watch.see(event)
        if isinstance(event, StepStarted):
            self._doing = f"{event.number}/7 {event.name}"
            self._watch.events.clear()
        lines = lines_of(event)
        return [f"{self._doing}: {line}" for line in lines] if isinstance(event, Note) and self._doing else lines

    def _say(self, line: str) -> None:
        self._spoke = time.monotonic()
        self._stream.write(f"[{self._spoke - self._began:6.1f} s] {printable(line)}\n")
        self._stream.flush()

    def _beat(self) -> None:
        while not self._is_over.wait(self._heartbeat / 10):
            with self._guard:
                if time.monotonic() - self._spoke >= self._heartbeat:
                    training = describe_training(self._watch) if self._watch.events else "at work"
                    self._say(f"{self._doing}: {training}" if self._doing else training)


def lines_of(event: Event) -> list[str]:
    """The lines that a log gets for an event; none for most."""
    lines: list[str] = []
    match event:
        case RunStarted():
            continued = " (continues)" if event.is_continued else ""
            lines = [f"{event.num_rows:,} rows, {event.num_columns:,} columns -> {event.folder}{continued}"]
        case StepFinished():
            lines = [f"{event.number}/7 {event.name}: {event.text}"]
        case Note():
            lines = [event.text]
        case Warned():
            lines = [f"warning: {event.code} {event.text}", *([f"hint: {event.hint}"] if event.hint else [])]
        case Stopping():
            lines = [STOPPING]
    return lines


def describe_training(watch: TrainingWatch) -> str:
    """`epoch 60/100, loss 1.02, validation loss 2.55, 12 of 15 training, about 5 s left`."""
    event = watch.now
    parts = [f"epoch {event.epoch}/{event.epochs}"]
    losses = {"loss": event.loss if event.epoch else None, "validation loss": event.validation_loss}
    parts += [f"{name} {number(loss)}" for name, loss in losses.items() if loss is not None and math.isfinite(loss)]
    parts += [watch.counts] if event.num_members > 1 else []
    parts += [f"{about(watch.seconds_left)} left"] if watch.seconds_left is not None else []
    return ", ".join(parts)
