"""The live block on a terminal: finished steps scroll away, the current one is drawn again eight times a second.

    ✓ 5 baseline     mean 6.64 · linear 3.39 · boosted trees 2.58                2 s
      6 scale up     width 64-64                                                0:12
                     epoch 61/100 ━━━━━━━━━━━━━━━━╸──────────  0:09, about 5 s left
                     loss 1.02 ▇▅▃▂▁▁    validation loss 2.55 ▇▅▃▂▂▃
                     ●●●●●●●●●●●●○○×  12 of 15 training, 2 stopped, 1 not finite
      Ctrl-C stops safely; the same command continues.

At most six lines, because rich cannot draw again what has scrolled off the screen, and a bar a member would.
"""

import contextlib
import threading
import time
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

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
from tenfold.progress_display.streams import Stream, console_for
from tenfold.progress_display.training import TrainingWatch
from tenfold.progress_display.words import STOPPING, clock, printable, spent

__all__ = ["LiveBlock", "live_block", "progress_bar", "warning_lines"]

FRAMES_PER_SECOND = 8
BAR = 27
"""Characters of the bar in 80 columns; narrower terminals get less."""


class LiveBlock:
    """A listener that draws events on a terminal; `live_block` starts and stops the drawing.

    Args:
        stream: A terminal, usually standard error.
        color: False for none.
        keeps_notes: Whether notes scroll away like finished steps; else each is gone when the next comes.
    """

    def __init__(self, stream: Stream, *, color: bool = True, keeps_notes: bool = False) -> None:
        self._keeps_notes = keeps_notes
        self._console = console_for(stream, color=color)
        self._guard = threading.Lock()  # the drawing thread reads what the working thread writes
        self._step: StepStarted | None = None
        self._step_began = time.monotonic()
        self._watch = TrainingWatch()
        self._note = ""
        self.live = Live(
            get_renderable=self._draw,
            console=self._console,
            refresh_per_second=FRAMES_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            vertical_overflow="crop",
        )

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        with self._guard:
            line = self._take(event)
        if line is not None:
            self._console.print(line)

    def _take(self, event: Event) -> RenderableType | None:
        """Change what is drawn; returns what scrolls away above it."""
        match event:
            case TrainingProgress():
                self._watch.see(event)
            case Note():
                self._note = printable(event.text)
                self._watch.events.clear()
                return indented(Text(self._note, "dim")) if self._keeps_notes else None
            case StepStarted():
                self._step, self._step_began = event, time.monotonic()
                self._watch.events.clear()
                self._note = ""
            case StepFinished():
                self._step = None
                return step_line(Text("✓", "green"), event.number, event.name, event.text, spent(event.seconds))
            case RunStarted():
                return Text(opening(event))
            case Warned():
                return warning_lines(event)
            case Stopping():
                return Text(STOPPING)
        return None

    def _draw(self) -> RenderableType:
        with self._guard:
            return Group(*self._lines())

    def _lines(self) -> list[RenderableType]:
        lines: list[RenderableType] = []
        if self._step is not None:
            ticking = clock(time.monotonic() - self._step_began)
            doing = self._note or self._step.text
            lines.append(step_line(Text(" "), self._step.number, self._step.name, doing, ticking, wrap=False))
        elif self._note:
            lines.append(indented(Text(self._note, "dim")))
        if self._watch.events:
            lines += [indented(line) for line in training_lines(self._watch, self._console.width)]
        return [*lines, Text("  Ctrl-C stops safely; the same command continues.", "dim", no_wrap=True)]


@contextlib.contextmanager
def live_block(stream: Stream, *, color: bool = True, keeps_notes: bool = False) -> Iterator[ProgressListener]:
    """Draw events on a terminal while the block runs; the cursor is back at its end, whatever happened.

    Args:
        stream: A terminal, usually standard error.
        color: False for none.
        keeps_notes: Whether notes stay on the screen.

    Yields:
        The listener.
    """
    block = LiveBlock(stream, color=color, keeps_notes=keeps_notes)
    with block.live:
        yield block


def opening(event: RunStarted) -> str:
    """The line below the title: how large the table is and where the run goes.

    >>> opening(RunStarted("houses.csv", 506, 14, "houses-run"))
    '  506 rows, 14 columns -> houses-run'
    """
    size = f"{event.num_rows:,} rows, {event.num_columns:,} columns"
    continued = " (continues)" if event.is_continued else ""
    return f"  {size} -> {printable(event.folder)}{continued}"


def step_line(mark: Text, number: int, name: str, text: str, time_text: str, *, wrap: bool = True) -> Table:
    """One step: its mark, number and name, what it is about, how long it took.

    Args:
        mark: A check mark, or a space while the step goes on.
        number: 1 to 7.
        name: One or two words.
        text: A phrase.
        time_text: At the right edge; empty for none.
        wrap: Whether a long phrase goes on below itself; else it is cut.
    """
    grid = Table.grid(padding=(0, 1, 0, 0), expand=True)
    grid.add_column(width=1)
    grid.add_column(width=1)
    grid.add_column(width=12, no_wrap=True)
    grid.add_column(ratio=1, no_wrap=not wrap, overflow="fold" if wrap else "ellipsis")
    grid.add_column(justify="right", no_wrap=True)
    grid.add_row(mark, str(number), printable(name), printable(text), time_text)
    return grid


def warning_lines(event: Warned) -> Text:
    """A warning and its hint, as they scroll away."""
    line = Text.assemble(("warning:", "yellow"), f" {event.code} {printable(event.text)}")
    if event.hint:
        line.append_text(Text.assemble("\n  ", ("hint:", "cyan"), f" {printable(event.hint)}"))
    return line


def training_lines(watch: TrainingWatch, width: int) -> list[Text]:
    """Bar, losses and members of the population that trains, for a terminal of so many columns."""
    epochs = Text(f"epoch {watch.now.epoch}/{watch.now.epochs} ")
    bar = progress_bar(watch.fraction, max(6, min(BAR, width - 56)))
    return [epochs + bar + Text(f"  {watch.time}"), Text(watch.losses), Text(watch.members)]


def progress_bar(fraction: float, width: int) -> Text:
    """A bar of `width` characters, thick as far as the work is done."""
    full = round(fraction * width)
    return Text.assemble(("━" * full, "green"), ("─" * (width - full), "dim"))


def indented(line: Text) -> Text:
    """A line below a step's phrase, cut at the edge of the screen."""
    shifted = Text(" " * 17) + line
    shifted.no_wrap, shifted.overflow = True, "ellipsis"
    return shifted
