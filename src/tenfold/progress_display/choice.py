"""Which display suits: the stream, the environment and the user's wish decide."""

import contextlib
import os
import sys
from typing import Literal, TypeAlias

from tenfold.errors import OptionError
from tenfold.progress import ProgressListener, silence
from tenfold.progress_display.epoch_line import EpochLine, EpochLines
from tenfold.progress_display.live_block import live_block
from tenfold.progress_display.plain_lines import HEARTBEAT, PlainLines
from tenfold.progress_display.streams import Stream, can_redraw

__all__ = ["ProgressMode", "display_for", "open_display"]

ProgressMode: TypeAlias = Literal["auto", "plain", "none"]


def display_for(verbose: int | str) -> ProgressListener:
    """The listener behind `verbose=` of `fit` and `cross_validate`, with the values that Keras gives it.

    Args:
        verbose: 0 for silence, 1 for one line that is drawn over itself, 2 for a line at each event, `"auto"` for 1 on
            a terminal or in a notebook and a line every half minute in a log.

    Returns:
        A listener; it writes to standard error, in a notebook to standard output (which is not red there).

    Raises:
        OptionError: Another value.
    """
    stream = sys.stdout if _is_notebook() else sys.stderr
    if verbose == 0:
        return silence
    if verbose == 2:  # noqa: PLR2004 (Keras' own value)
        return EpochLines(stream, seconds_between=0.0)
    if verbose not in {1, "auto"}:
        raise OptionError("verbose", "`verbose` is unknown", expected="0, 1, 2 or 'auto'", received=repr(verbose))
    if _is_notebook() or can_redraw(stream, os.environ):
        return EpochLine(stream)
    return EpochLines(stream, seconds_between=HEARTBEAT)


def open_display(
    mode: ProgressMode, stream: Stream, *, began: float, color: bool = True, keeps_notes: bool = False
) -> contextlib.AbstractContextManager[ProgressListener]:
    """The display of a command.

    Args:
        mode: `"auto"` draws a live block where the stream can be drawn again, else lines; `"plain"` writes lines;
            `"none"` is silent.
        stream: Where progress goes, usually standard error.
        began: When the command began, on `time.monotonic`'s clock.
        color: False for none.
        keeps_notes: Whether a live block leaves the engine's notes on the screen; lines always do.

    Returns:
        A context whose value is the listener.
    """
    if mode == "none":
        return contextlib.nullcontext(silence)
    if mode == "auto" and can_redraw(stream, os.environ):
        return live_block(stream, color=color, keeps_notes=keeps_notes)
    return PlainLines(stream, began=began).beating()


def _is_notebook() -> bool:
    """Whether a notebook's kernel runs this process (IPython's terminal does not count)."""
    return "ipykernel" in sys.modules
