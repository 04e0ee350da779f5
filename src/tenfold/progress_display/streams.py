"""Streams as they are: encodings without our glyphs, terminals without a cursor, pipes that close.

Words carry every meaning; the glyphs only help the eye. Where a stream cannot write one (a Windows code page, `LANG=C`)
an ASCII character of the same width stands for it, so that columns stay aligned and no result is lost to a spinner.
"""

import codecs
import io
from collections.abc import Mapping
from typing import IO, Protocol, cast, runtime_checkable

from rich.console import Console

__all__ = ["Stream", "can_redraw", "console_for", "write_any_glyph"]


@runtime_checkable
class Stream(Protocol):
    """Standard output and error as Python opens them, or as notebooks and tests replace them."""

    def write(self, text: str, /) -> int:
        """Write text; returns the number of characters."""

    def flush(self) -> None:
        """Hand over what was written."""

    def isatty(self) -> bool:
        """Whether a person looks at it."""


_ASCII = str.maketrans("✓→±·×●○━╸─…▁▂▃▄▅▆▇█▓░“”‘’–—", "+>~-xo.=>-~__.-=+*##.\"\"''--")  # noqa: RUF001 (meant)


def _ascii_for(error: UnicodeError) -> tuple[str | bytes, int]:
    """Error handler of a codec: the ASCII character that stands for a glyph, `?` where none does."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    replaced = error.object[error.start : error.end].translate(_ASCII)
    return replaced.encode("ascii", errors="replace").decode("ascii"), error.end


codecs.register_error("tenfold.ascii", _ascii_for)


def write_any_glyph(stream: Stream) -> None:
    """Let a stream replace glyphs that its encoding lacks, instead of failing.

    Args:
        stream: Standard output or standard error; changed in place. Streams of other kinds stay as they are.
    """
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="tenfold.ascii")


def can_redraw(stream: Stream, environment: Mapping[str, str]) -> bool:
    """Whether lines on this stream can be drawn again: a terminal with a cursor, and nobody's log.

    Args:
        stream: Where progress goes.
        environment: `os.environ`; `TERM` and `CI` are read.
    """
    return stream.isatty() and environment.get("TERM") not in {"dumb", "unknown"} and not environment.get("CI")


def console_for(stream: Stream, *, color: bool = True) -> Console:
    """A rich console that writes to one stream and takes no text for markup.

    Args:
        stream: Where to write.
        color: False for none at all; True where the stream and `NO_COLOR` allow it.

    Returns:
        The console.
    """
    no_color = None if color else True
    file = cast("IO[str]", stream)
    return Console(file=file, no_color=no_color, highlight=False, markup=False, emoji=False, force_jupyter=False)
