"""Numbers as a reader should see them: no more digits than their uncertainty carries.

The half-width of an interval decides: two significant digits of it where the first is 1 or 2, else one, and the value
and both ends to the same decimals. Thousands are grouped by commas; very small numbers take an exponent; a share may be
shown in percent.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from tenfold.report.evidence import Interval

__all__ = [
    "ScoreFormat",
    "count",
    "decimals_for",
    "duration",
    "moment",
    "number",
    "percent",
    "rounded",
    "score_format",
    "significant",
]

UNKNOWN = "not known"

SECOND_DIGIT_BELOW = 3
"""A second digit of 0.26 says 4 % of it, of 0.83 not 1 %. Near the Particle Data Group's rule (Review of Particle
Physics, Introduction, 5.3), which changes at 355 of 1,000; 3 is rounder."""

MOST_DECIMALS = 4
"""Beyond this an exponent reads better than zeros; arbitrary."""


def decimals_for(half_width: float, value: float = math.nan) -> int:
    """Decimals that show one or two significant digits of a half-width; negative = rounded to tens, hundreds, ...

    Args:
        half_width: Half of an interval's width; where it is 0 or NaN, three significant digits of `value` decide.
        value: The number itself.

    Returns:
        Decimals.

    >>> decimals_for(0.26), decimals_for(0.31), decimals_for(13.0), decimals_for(2300.0), decimals_for(0.0, 0.5)
    (2, 1, 0, -2, 3)
    """
    if math.isfinite(half_width) and half_width > 0:
        first_digit = int(f"{half_width:.1e}"[0])
        return _place(half_width, 2 if first_digit < SECOND_DIGIT_BELOW else 1)
    return _place(abs(value), 3) if math.isfinite(value) and value != 0 else 2


def number(value: float, decimals: int) -> str:
    """A number with so many decimals.

    >>> number(2.309, 2), number(123456.7, -2), number(-0.001, 2), number(0.0000123, 7)
    ('2.31', '123,500', '0.00', '1.23e-05')
    """
    if not math.isfinite(value):
        return UNKNOWN
    if value != 0 and decimals > MOST_DECIMALS and abs(value) < 10**-MOST_DECIMALS:
        return f"{value:.{max(0, decimals + math.floor(math.log10(abs(value))))}e}"
    text = f"{round(value, decimals):,.{max(0, decimals)}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def significant(value: float, digits: int = 2) -> str:
    """A number with so many significant digits; whole parts are kept whole up to 9,999.

    >>> significant(1.634), significant(0.04321), significant(48.2), significant(1234.0), significant(123456.0)
    ('1.6', '0.043', '48', '1,234', '120,000')
    """
    if not math.isfinite(value) or value == 0:
        return number(value, 0)
    decimals = _place(abs(value), digits)
    return number(value, 0 if -2 <= decimals < 0 else decimals)  # noqa: PLR2004 - 1,234 reads better than 1,200


def rounded(value: float) -> str:
    """A whole number that is only roughly known: two significant digits.

    >>> rounded(134.7), rounded(7.2)
    ('130', '7')
    """
    return number(value, min(0, _place(value, 2)))


def count(value: int) -> str:
    """A whole number.

    >>> count(49082)
    '49,082'
    """
    return f"{value:,}"


def percent(share: float) -> str:
    """A share in whole percent, without claiming 0 or 100 that are not exact.

    >>> percent(0.654), percent(0.0004), percent(0.9996), percent(0.0)
    ('65 %', 'under 1 %', 'over 99 %', '0 %')
    """
    if not math.isfinite(share):
        return UNKNOWN
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1 %"
    if whole == 100 and share < 1:  # noqa: PLR2004 - percent
        return "over 99 %"
    return f"{whole} %"


def duration(seconds: float) -> str:
    """Seconds as a reader says them.

    >>> duration(0.04), duration(2.01), duration(31.4), duration(125.0), duration(7300.0)
    ('under 0.1 s', '2 s', '31 s', '2 min 5 s', '2 h 2 min')
    """
    if not math.isfinite(seconds):
        return UNKNOWN
    if seconds < 9.95:  # noqa: PLR2004 - one decimal below ten seconds, none above
        return f"{f'{seconds:.1f}'.removesuffix('.0')} s" if seconds >= 0.1 else "under 0.1 s"  # noqa: PLR2004
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min"


def moment(text: str) -> str:
    """A time in UTC, to the minute.

    >>> moment("2026-11-20T16:41:05Z")
    '2026-11-20 16:41 UTC'
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if found.tzinfo else text


@dataclass(frozen=True)
class ScoreFormat:
    """How scores of one measure are printed here: the same decimals throughout.

    >>> form = ScoreFormat(decimals=1, as_percent=True)
    >>> form.value(0.873), form.span(0.841, 0.905), form.gain(0.021)
    ('87.3 %', '84.1 to 90.5', '2.1 points')
    """

    decimals: int
    as_percent: bool = False

    def bare(self, value: float) -> str:
        """The number alone, for a table whose head names the unit."""
        return number(100 * value if self.as_percent else value, self.decimals)

    def value(self, value: float) -> str:
        """The number with its percent sign, where it has one."""
        return f"{self.bare(value)} %" if self.as_percent else self.bare(value)

    def span(self, low: float, high: float) -> str:
        """Two ends of an interval."""
        return f"{self.bare(low)} to {self.bare(high)}"

    def gain(self, value: float) -> str:
        """The size of a difference, without its sign; of percents in points."""
        size = self.bare(abs(value))
        if not self.as_percent:
            return size
        return f"{size} point" if size == "1" else f"{size} points"


def score_format(interval: Interval, *, as_percent: bool = False) -> ScoreFormat:
    """The format that an interval's half-width asks for.

    Args:
        interval: Value and ends.
        as_percent: Whether the score is a share to be shown in percent.

    Returns:
        The format.

    >>> score_format(Interval(2.309, 2.05, 2.57)).value(2.309)
    '2.31'
    """
    factor = 100 if as_percent else 1
    half_width = factor * (interval.high - interval.low) / 2
    return ScoreFormat(decimals_for(half_width, factor * interval.value), as_percent)


def _place(size: float, digits: int) -> int:
    """Decimals that show so many significant digits of a size above 0, once it is rounded to them."""
    exponent = int(f"{size:.{digits - 1}e}".split("e")[1])
    return digits - 1 - exponent
