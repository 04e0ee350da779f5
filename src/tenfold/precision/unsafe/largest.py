"""What is known of the largest entry of each primitive's result, from what is known of its operands'.

After x - max(x) the largest entry of every row is 0; after exp, 1; so the sum of the row is at least 1 and its
logarithm is safe. A class number compared with all class numbers hits one of them. Whatever has no rule is not known.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from tenfold.precision.unsafe.ranged import Expressions, Largest, Ranged
from tenfold.precision.unsafe.transfer import exponential

__all__ = ["largest_after"]

Rule = Callable[[Expressions, Any, Sequence[Ranged]], Largest | None]


def largest_after(known: Expressions, equation: Any, operands: Sequence[Ranged]) -> Largest | None:
    """What is known of the largest entry of the result."""
    rule = _RULES.get(equation.primitive.name)
    return None if rule is None else rule(known, equation, operands)


def _kept(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Largest | None:
    return operands[0].largest


def _laid_out(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Largest | None:
    """Axes of size 1 come and go; other axes keep their order."""
    before, after = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
    if operands[0].largest is None or [n for n in before if n > 1] != [n for n in after if n > 1]:
        return None
    old, new = ([axis for axis, size in enumerate(shape) if size > 1] for shape in (before, after))
    places = dict(zip(old, new, strict=True))
    axes = frozenset(places[axis] for axis in operands[0].largest.axes if axis in places)
    return Largest(axes, operands[0].largest.least)


def _turned(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Largest | None:
    largest, order = operands[0].largest, equation.params["permutation"]
    return largest and Largest(frozenset(order.index(axis) for axis in largest.axes), largest.least)


def _mapped(function: Callable[[float], float]) -> Rule:
    def rule(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Largest | None:
        largest = operands[0].largest
        return largest and Largest(largest.axes, function(largest.least))

    return rule


def _of_difference(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Largest | None:
    """After x - max(x) the largest entry is 0."""
    a, b = operands
    maximum = known.made_by(b, "reduce_max")
    if maximum is None or known.root(maximum.operands[0]) != known.root(a):
        return None
    return Largest(frozenset(maximum.params["axes"]), 0.0)


def _of_product(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Largest | None:
    a, b = operands
    for peaked, other in ((a, b), (b, a)):
        if peaked.largest and peaked.largest.least >= 0 and a.interval.low >= 0 and b.interval.low >= 0:
            return Largest(peaked.largest.axes, peaked.largest.least * max(other.interval.low, 0.0))
    return None


def _of_sum(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Largest | None:
    a, b = operands
    for peaked, other in ((a, b), (b, a)):
        if peaked.largest and math.isfinite(other.interval.low):
            return Largest(peaked.largest.axes, peaked.largest.least + other.interval.low)
    return None


def _of_share(known: Expressions, equation: Any, operands: Sequence[Ranged]) -> Largest | None:
    """Of x / sum(x) for x >= 0 the largest entry is at least 1 / (number of entries)."""
    a, b = operands
    total = known.made_by(b, "reduce_sum")
    if total is None or known.root(total.operands[0]) != known.root(a) or a.interval.low < 0:
        return None
    axes = frozenset(total.params["axes"])
    number = math.prod(equation.outvars[0].aval.shape[axis] for axis in axes)
    return Largest(axes, 1 / max(number, 1)) if b.interval.low > 0 else None


def _of_equality(known: Expressions, equation: Any, operands: Sequence[Ranged]) -> Largest | None:
    """A class number against the list of all class numbers: one hit in each row."""
    for number, listed in (operands, operands[::-1]):
        counting = known.made_by(listed, "iota")
        shape = equation.outvars[0].aval.shape
        if counting is None or not shape:
            continue
        size = counting.params["shape"][counting.params["dimension"]]
        axes = [axis for axis, length in enumerate(shape) if length == size]
        if axes and number.interval.low >= 0 and number.interval.high <= size - 1:
            return Largest(frozenset({axes[-1]}), 1.0)
    return None


_RULES: dict[str, Rule] = {
    **dict.fromkeys(("convert_element_type", "copy", "stop_gradient", "reduce_precision"), _kept),
    **dict.fromkeys(("broadcast_in_dim", "expand_dims", "reshape", "squeeze"), _laid_out),
    "transpose": _turned, "exp": _mapped(exponential), "sub": _of_difference,
    "mul": _of_product, "add": _of_sum, "div": _of_share, "eq": _of_equality,
    "max": lambda _, __, o: o[0].largest and Largest(o[0].largest.axes, max(o[0].largest.least, o[1].interval.low)),
    "min": lambda _, __, o: o[0].largest and Largest(o[0].largest.axes, min(o[0].largest.least, o[1].interval.low)),
    "clamp": lambda _, __, o: o[1].largest
    and Largest(o[1].largest.axes, min(max(o[1].largest.least, o[0].interval.low), o[2].interval.low)),
}  # fmt: skip
