"""Numbers as readers see them: four digits, a real minus, and no needless zeros."""

import math

__all__ = ["exact", "short"]

DIGITS = 4
_SMALL, _LARGE = 1e-4, 1e6


def short(value: float) -> str:
    """Four digits of a number.

    >>> short(-0.41312), short(16.0), short(0.0000012345), short(2.24), short(-24)
    ('−0.4131', '16', '1.234e−6', '2.24', '−24')
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    if _SMALL <= abs(value) < _LARGE:
        text = f"{value:.{max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, power = f"{value:.{DIGITS - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(power)}"
    return text.replace("-", "−")


def exact(value: float) -> str:
    """All digits of a number."""
    return repr(value).replace("-", "−")
