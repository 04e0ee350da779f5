"""Intervals of real numbers, as they bound what an array can hold.

An infinite end means "finite, but as large as you like": inputs are numbers, so infinity times zero is zero here. An
interval can leave out 0 although it reaches across it, which is what `where(x == 0, 1, x)` promises.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["ANYTHING", "Interval"]


class Interval(NamedTuple):
    """All numbers from `low` to `high`.

    Attributes:
        low: Smallest number.
        high: Largest number.
        leaves_out_zero: Whether 0 is certainly not among them.
    """

    low: float
    high: float
    leaves_out_zero: bool = False

    def __contains__(self, number: object) -> bool:
        """Whether the number lies inside."""
        if not isinstance(number, int | float):
            return False
        return self.low <= number <= self.high and not (number == 0 and self.leaves_out_zero)

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only."""
        return self.low == self.high

    def is_exactly(self, number: float) -> bool:
        """Whether it holds this number only."""
        return self.low == number == self.high

    def negated(self) -> "Interval":
        """Of -x."""
        return Interval(-self.high, -self.low, self.leaves_out_zero)

    def joined(self, other: "Interval") -> "Interval":
        """The smallest interval around both."""
        no_zero = 0 not in self and 0 not in other
        return Interval(min(self.low, other.low), max(self.high, other.high), no_zero)

    def plus(self, other: "Interval") -> "Interval":
        """Of x + y."""
        low, high = self.low + other.low, self.high + other.high
        one_sided = (self.low >= 0 and other.low >= 0) or (self.high <= 0 and other.high <= 0)
        return Interval(low, high, one_sided and (0 not in self or 0 not in other))

    def times(self, other: "Interval") -> "Interval":
        """Of x * y."""
        ends = [_product(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends), 0 not in self and 0 not in other)

    def inverted(self) -> "Interval":
        """Of 1 / x; unbounded on the side from which x comes close to 0."""
        low = -math.inf if self.low < 0 <= self.high else _inverse(self.high, beside=self.low)
        high = math.inf if self.low <= 0 < self.high else _inverse(self.low, beside=self.high)
        return Interval(min(low, high), max(low, high), leaves_out_zero=True)

    def magnitude(self) -> "Interval":
        """Of |x|."""
        smallest = 0.0 if self.low <= 0 <= self.high else min(abs(self.low), abs(self.high))
        return Interval(smallest, max(abs(self.low), abs(self.high)), 0 not in self)

    def power(self, exponent: int) -> "Interval":
        """Of x ** exponent, for a whole exponent."""
        if exponent < 0:
            return self.power(-exponent).inverted()
        base = self.magnitude() if exponent % 2 == 0 else self
        ends = Interval(_power(base.low, exponent), _power(base.high, exponent), 0 not in self)
        return ends if exponent else Interval(1.0, 1.0, leaves_out_zero=True)

    def repeated(self, number: int) -> "Interval":
        """Of a sum of `number` such numbers."""
        return Interval(_product(self.low, number), _product(self.high, number),
                        (self.low >= 0 or self.high <= 0) and 0 not in self)  # fmt: skip

    def mapped(self, function: Callable[[float], float]) -> "Interval":
        """Of an increasing function of x."""
        low, high = function(self.low), function(self.high)
        return Interval(low, high)

    def bounded(self, low: float, high: float) -> "Interval":
        """The part between two numbers."""
        least = min(max(self.low, low), high)
        return Interval(least, max(least, min(self.high, high)), self.leaves_out_zero)

    def without_zero(self) -> "Interval":
        """The same interval, 0 left out."""
        return self._replace(leaves_out_zero=True)

    def __str__(self) -> str:
        """Such as [0, 1], (0, inf) or (-inf, inf)."""
        is_open = self.leaves_out_zero and self.low == 0
        left = "(" if math.isinf(self.low) or is_open else "["
        right = ")" if math.isinf(self.high) or (self.leaves_out_zero and self.high == 0) else "]"
        return f"{left}{self.low:.6g}, {self.high:.6g}{right}"


ANYTHING = Interval(-math.inf, math.inf)
"""Every number."""


def _product(a: float, b: float) -> float:
    return 0.0 if 0 in (a, b) else a * b


def _inverse(end: float, *, beside: float) -> float:
    if end == 0:
        return math.copysign(math.inf, beside)
    return 1 / end


def _power(base: float, exponent: int) -> float:
    try:
        return base**exponent
    except OverflowError:
        return math.inf if base > 0 or exponent % 2 == 0 else -math.inf
