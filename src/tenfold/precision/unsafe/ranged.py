"""What is known of one array while a function is walked through: its range, where it came from, its largest entry.

A range alone calls every softmax unsafe: the sum of its exponentials could be 0. Three more facts settle that and the
other forms that numerical code is written in. *Where it came from*: an expression (its primitive and operands), the
same number for the same expression, so that `x * x` is known as a square and `where(x > 0, x, 1)` as positive. *Its
largest entry*: after the maximum is subtracted, one entry of each row is exactly 0, its exponential 1, and the sum at
least 1. *Whether gradients pass*: an infinite slope matters only where a gradient flows.
"""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np

from tenfold.precision.unsafe.interval import Interval

__all__ = ["Expression", "Expressions", "Largest", "Ranged"]

_SAME_NUMBERS = ("broadcast_in_dim", "convert_element_type", "copy", "expand_dims", "reshape", "squeeze",
                 "stop_gradient", "reduce_precision")  # fmt: skip
"""Primitives that lay the same numbers out otherwise."""


class Largest(NamedTuple):
    """Along `axes` taken together, wherever one looks along the other axes, some entry is at least `least`."""

    axes: frozenset[int]
    least: float


class Ranged(NamedTuple):
    """What is known of an array.

    Attributes:
        interval: Holds every entry.
        key: Number of the expression.
        largest: What is known of its largest entry, or None.
        array: The entries, where they are known; None elsewhere.
        passes_gradient: Whether a gradient flows back through it.
    """

    interval: Interval
    key: int
    largest: Largest | None = None
    array: np.ndarray | None = None
    passes_gradient: bool = False


class Expression(NamedTuple):
    """A primitive applied to operands."""

    name: str
    operands: tuple[Ranged, ...]
    params: dict[str, Any]


class Expressions:
    """All expressions met so far, numbered; equal expressions have one number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, Expression] = {}

    def new(self) -> int:
        """A number for what has no expression: an input."""
        return self.number(("input", len(self._numbers)))

    def number(self, identity: Hashable) -> int:
        """The number of an identity."""
        return self._numbers.setdefault(identity, len(self._numbers))

    def note(self, name: str, operands: Sequence[Ranged], params: dict[str, Any], output: int) -> int:
        """The number of an expression's output."""
        identity = (name, tuple(operand.key for operand in operands), _described(params), output)
        key = self.number(identity)
        self._known.setdefault(key, Expression(name, tuple(operands), params))
        return key

    def of(self, value: Ranged | int) -> Expression | None:
        """The expression behind a value, through changes of layout and type; None for an input."""
        return self._known.get(self.root(value))

    def root(self, value: Ranged | int) -> int:
        """The number of the expression that a value only lays out otherwise."""
        key = value if isinstance(value, int) else value.key
        while (found := self._known.get(key)) is not None and found.name in _SAME_NUMBERS:
            key = found.operands[0].key
        return key

    def made_by(self, value: Ranged | int, *names: str) -> Expression | None:
        """The expression behind a value if it is one of these primitives."""
        found = self.of(value)
        return found if found is not None and found.name in names else None


def _described(params: dict[str, Any]) -> str:
    return repr(sorted((name, str(value)) for name, value in params.items()))
