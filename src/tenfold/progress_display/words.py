"""Numbers, times and histories as a few characters of text."""

import math
from collections.abc import Sequence

__all__ = ["STOPPING", "about", "clock", "number", "printable", "sparkline", "spent"]

LEVELS = "▁▂▃▄▅▆▇█"

STOPPING = "Stopping after this piece of work (about 1 s). Ctrl-C again stops now."
"""The answer to the first Ctrl-C, on the screen while the device still computes."""


def printable(text: str) -> str:
    r"""Text that moves no cursor: names of columns and files come from strangers.

    Args:
        text: Any text.

    Returns:
        The text on one line, with characters that are not printable replaced.

    >>> printable("price\x1b[2J\n")
    'price?[2J?'
    """
    return "".join(character if character.isprintable() else "?" for character in text)


def number(value: float) -> str:
    """A loss or score with three significant digits.

    >>> number(1.0249), number(0.00012345), number(float("nan"))
    ('1.02', '0.000123', 'nan')
    """
    return f"{value:.3g}"


def clock(seconds: float) -> str:
    """Time that has passed, as on a stop watch.

    Args:
        seconds: At least 0.

    >>> clock(9.4), clock(61), clock(3725)
    ('0:09', '1:01', '1:02:05')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def spent(seconds: float) -> str:
    """How long something took; nothing for less than half a second.

    Args:
        seconds: At least 0.

    >>> spent(0.2), spent(2.4), spent(83)
    ('', '2 s', '1:23')
    """
    if seconds < 0.5:
        return ""
    return f"{seconds:.0f} s" if seconds < 59.5 else clock(round(seconds))


def about(seconds: float) -> str:
    """An estimate of time, rounded so that it promises no more than it knows.

    Args:
        seconds: At least 0.

    >>> about(0.2), about(47), about(170), about(5000)
    ('about 1 s', 'about 50 s', 'about 3 min', 'about 1 h')
    """
    if seconds < 10:
        return f"about {max(1, round(seconds))} s"
    if seconds < 60:
        return f"about {round(seconds, -1):.0f} s"
    if seconds < 3600:
        return f"about {max(1, round(seconds / 60))} min"
    return f"about {round(seconds / 3600)} h"


def sparkline(values: Sequence[float], width: int) -> str:
    """A history as one line of bars, from the smallest (lowest bar) to the largest value.

    Args:
        values: In order; numbers that are not finite leave a gap.
        width: Bars at most; of a longer history evenly spaced values are shown, first and last among them.

    Returns:
        Text of at most `width` characters.

    >>> sparkline([3.0, 2.0, 1.0, 1.0], 8), sparkline([1.0, float("nan"), 1.0], 8)
    ('█▅▁▁', '▁ ▁')
    """
    shown = [value / 2 for value in values]  # so that the largest less the smallest is finite
    if len(shown) > width:
        shown = [shown[round(place * (len(shown) - 1) / (width - 1))] for place in range(width)]
    finite = [value for value in shown if math.isfinite(value)]
    if not finite:
        return ""
    low, spread = min(finite), max(finite) - min(finite)
    top = len(LEVELS) - 1
    return "".join(
        LEVELS[round((value - low) / spread * top) if spread else 0] if math.isfinite(value) else " " for value in shown
    )
