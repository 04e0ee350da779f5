"""The range of each primitive's result from the ranges of its operands: interval arithmetic over JAX's primitives.

Every rule is sound up to rounding: the true result lies inside, for any inputs inside. What has no rule may be
anything. Relations between operands that plain intervals lose are put back where numerical code relies on them:
x - max(x) <= 0, x / sum(x) in [0, 1], t * a + (1 - t) * b between a and b, x * x >= 0.

Source: Moore, Kearfott and Cloud (2009), "Introduction to Interval Analysis", chapters 2 and 5.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tenfold.precision.unsafe.interval import ANYTHING, Interval
from tenfold.precision.unsafe.ranged import Expressions, Ranged

__all__ = ["exponential", "range_after"]

Rule = Callable[[Expressions, Any, Sequence[Ranged]], Interval]

BOOLEAN, ZERO, ONE = Interval(0.0, 1.0), Interval(0.0, 0.0), Interval(1.0, 1.0)


def range_after(known: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval | None:
    """Range of the equation's result, or None where its primitive has no rule."""
    rule = _RULES.get(equation.primitive.name)
    return None if rule is None else rule(known, equation, operands)


def _plain(function: Callable[..., Interval]) -> Rule:
    """A rule that needs nothing but the operands' intervals."""
    return lambda _, __, operands: function(*(operand.interval for operand in operands))


def _increasing(function: Callable[[float], float]) -> Rule:
    return _plain(lambda x: x.mapped(function))


def exponential(x: float) -> float:
    """exp(x), infinite where float64 ends."""
    return math.inf if x > 709.7 else math.exp(x)  # noqa: PLR2004  # beyond, float64 overflows


def _log(x: float) -> float:
    return -math.inf if x <= 0 else math.inf if math.isinf(x) else math.log(x)


def _log1p(x: float) -> float:
    return -math.inf if x <= -1 else math.inf if math.isinf(x) else math.log1p(x)


def _logistic(x: float) -> float:
    return 1 / (1 + exponential(-x)) if x > 0 else exponential(x) / (1 + exponential(x))


def _square_root(x: float) -> float:
    return math.sqrt(max(x, 0.0)) if x < math.inf else math.inf


def _root(x: Interval) -> Interval:
    return Interval(_square_root(x.low), _square_root(x.high), 0 not in x)


def _add(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Interval:
    a, b = operands
    mixed = _mixture(known, a, b)
    return a.interval.plus(b.interval) if mixed is None else mixed


def _mixture(known: Expressions, a: Ranged, b: Ranged) -> Interval | None:
    """Range of t * a + (1 - t) * b for t in [0, 1], if it is one."""
    left, right = known.made_by(a, "mul"), known.made_by(b, "mul")
    if left is None or right is None:
        return None
    for share, value in (left.operands, left.operands[::-1]):
        for rest, other in (right.operands, right.operands[::-1]):
            for one, two in ((share, rest), (rest, share)):
                if _completes(known, two, one) and one.interval.low >= 0 and one.interval.high <= 1:
                    return value.interval.joined(other.interval)
    return None


def _completes(known: Expressions, rest: Ranged, share: Ranged) -> bool:
    """Whether `rest` is 1 - `share`; also where both are known numbers."""
    if rest.interval.is_point and share.interval.is_point:
        return math.isclose(rest.interval.low + share.interval.low, 1.0, rel_tol=1e-6)
    made = known.made_by(rest, "sub")
    return (
        made is not None
        and made.operands[0].interval.is_exactly(1)
        and known.root(made.operands[1]) == known.root(share)
    )


def _subtract(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Interval:
    a, b = operands
    if known.root(a) == known.root(b):
        return ZERO
    plain = a.interval.plus(b.interval.negated())
    maximum = known.made_by(b, "reduce_max")
    if maximum is not None and known.root(maximum.operands[0]) == known.root(a):
        return Interval(min(plain.low, 0.0), 0.0)
    least = known.made_by(b, "reduce_min")
    if least is not None and known.root(least.operands[0]) == known.root(a):
        return Interval(0.0, max(plain.high, 0.0))
    return plain


def _multiply(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Interval:
    a, b = operands
    if known.root(a) == known.root(b):
        return a.interval.power(2)
    return a.interval.times(b.interval)


def _divide(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Interval:
    a, b = operands
    total = known.made_by(b, "reduce_sum")
    if total is not None and known.root(total.operands[0]) == known.root(a) and a.interval.low >= 0:
        return Interval(0.0, 1.0)
    return a.interval.times(b.interval.inverted())


def _power(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Interval:
    base, exponent = operands[0].interval, operands[1].interval
    if exponent.is_point and float(exponent.low).is_integer():
        return base.power(int(exponent.low))
    if base.low < 0:
        return ANYTHING
    ends = [_float_power(x, y) for x in (base.low, base.high) for y in (exponent.low, exponent.high)]
    return Interval(min(ends), max(ends), 0 not in base)


def _float_power(base: float, exponent: float) -> float:
    if base == 0:
        return math.inf if exponent < 0 else 1.0 if exponent == 0 else 0.0
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf


def _whole_power(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    return operands[0].interval.power(equation.params["y"])


def _maximum(x: Interval, y: Interval) -> Interval:
    low, high = max(x.low, y.low), max(x.high, y.high)
    return Interval(low, high, low > 0 or high < 0 or (low == 0 and (x.low > 0 or y.low > 0)) or _both_skip(x, y))


def _minimum(x: Interval, y: Interval) -> Interval:
    return _maximum(x.negated(), y.negated()).negated()


def _both_skip(x: Interval, y: Interval) -> bool:
    return 0 not in x and 0 not in y


def _clamp(low: Interval, x: Interval, high: Interval) -> Interval:
    return _minimum(_maximum(x, low), high)


def _sign(x: Interval) -> Interval:
    return Interval(-1.0 if x.low < 0 else 0.0 if 0 in x else 1.0, 1.0 if x.high > 0 else 0.0 if 0 in x else -1.0,
                    0 not in x)  # fmt: skip


def _sum(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    (x,) = operands
    axes, shape = equation.params["axes"], equation.invars[0].aval.shape
    total = x.interval.repeated(math.prod(shape[axis] for axis in axes))
    peaks = x.largest is not None and x.largest.axes <= set(axes) and x.interval.low >= 0
    return total._replace(low=max(total.low, x.largest.least)) if peaks and x.largest else total


def _largest_entry(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    (x,) = operands
    if x.largest is None or not x.largest.axes <= set(equation.params["axes"]):
        return x.interval
    return x.interval._replace(low=min(max(x.interval.low, x.largest.least), x.interval.high))


def _product(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    """Of a matrix product: by the entries of a known side, else by the number of terms."""
    a, b = operands
    ((of_a, of_b), _batch) = equation.params["dimension_numbers"]
    terms = math.prod(equation.invars[0].aval.shape[axis] for axis in of_a)
    if b.array is not None:
        return _weighted(a.interval, b.array, tuple(of_b))
    if a.array is not None:
        return _weighted(b.interval, a.array, tuple(of_a))
    once = a.interval.power(2) if a.key == b.key and tuple(of_a) == tuple(of_b) else a.interval.times(b.interval)
    return once.repeated(terms)


def _weighted(x: Interval, weights: np.ndarray, axes: tuple[int, ...]) -> Interval:
    """Of sums of x times weights along axes of the weights."""
    if weights.size == 0:
        return ZERO
    up = np.maximum(weights, 0.0).astype(np.float64).sum(axis=axes)
    down = np.minimum(weights, 0.0).astype(np.float64).sum(axis=axes)
    low = _scaled(up, x.low) + _scaled(down, x.high)
    high = _scaled(up, x.high) + _scaled(down, x.low)
    return Interval(float(low.min()), float(high.max()))


def _scaled(sums: np.ndarray, end: float) -> np.ndarray:
    return np.where(sums == 0, 0.0, np.multiply(sums, end, where=sums != 0, out=np.zeros_like(sums)))


def _convolution(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    x, kernel = operands
    with_padding = x.interval.joined(ZERO)
    layout = equation.params["dimension_numbers"].rhs_spec
    if kernel.array is not None:
        return _weighted(with_padding, kernel.array, tuple(layout[1:]))
    terms = math.prod(equation.invars[1].aval.shape[axis] for axis in layout[1:])
    return with_padding.times(kernel.interval).repeated(terms)


def _joined(*intervals: Interval) -> Interval:
    together = intervals[0]
    for one in intervals[1:]:
        together = together.joined(one)
    return together


def _window_sum(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    number = math.prod(equation.params["window_dimensions"])
    return operands[0].interval.joined(ZERO).repeated(number)


def _running_sum(_: Expressions, equation: Any, operands: Sequence[Ranged]) -> Interval:
    (x,) = operands
    length = equation.invars[0].aval.shape[equation.params["axis"]]
    return x.interval.joined(x.interval.repeated(length))


def _counted(_: Expressions, equation: Any, __: Sequence[Ranged]) -> Interval:
    return Interval(0.0, max(0.0, equation.params["shape"][equation.params["dimension"]] - 1.0))


def _position(_: Expressions, equation: Any, __: Sequence[Ranged]) -> Interval:
    return Interval(0.0, float(max(equation.invars[0].aval.shape, default=1)))


def _first(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Interval:
    return operands[0].interval


def _padded(x: Interval, value: Interval) -> Interval:
    return x.joined(value)


def _not_equal(known: Expressions, _: Any, operands: Sequence[Ranged]) -> Interval:
    """X != x asks for NaN, which inputs are not."""
    return ZERO if known.root(operands[0]) == known.root(operands[1]) else BOOLEAN


def _compared(decide: Callable[[Interval, Interval], bool | None]) -> Rule:
    def rule(_: Expressions, __: Any, operands: Sequence[Ranged]) -> Interval:
        answer = decide(operands[0].interval, operands[1].interval)
        return BOOLEAN if answer is None else ONE if answer else ZERO

    return rule


def _is_greater(x: Interval, y: Interval) -> bool | None:
    return True if x.low > y.high else False if x.high <= y.low else None


def _is_at_least(x: Interval, y: Interval) -> bool | None:
    return True if x.low >= y.high else False if x.high < y.low else None


def _negation(x: Interval) -> Interval:
    return Interval(1 - x.high, 1 - x.low) if x.low >= 0 and x.high <= 1 else ANYTHING


_SAME = (
    "broadcast_in_dim", "convert_element_type", "copy", "copy_p", "cumlogsumexp", "cummax", "cummin", "expand_dims",
    "gather", "dynamic_slice", "optimization_barrier", "pbroadcast", "real", "reduce_and", "reduce_min", "reduce_or",
    "reduce_precision", "reduce_window_max", "reduce_window_min", "reshape", "rev", "sharding_constraint", "slice",
    "sort", "split", "squeeze", "stop_gradient", "top_k", "transpose",
)  # fmt: skip
"""Primitives whose results hold only numbers of their first operand."""

_RULES: dict[str, Rule] = {
    **dict.fromkeys(_SAME, _first),
    "add": _add, "add_any": _add, "sub": _subtract, "mul": _multiply, "div": _divide, "pow": _power,
    "integer_pow": _whole_power, "square": _plain(lambda x: x.power(2)), "neg": _plain(Interval.negated),
    "abs": _plain(Interval.magnitude), "sign": _plain(_sign), "max": _plain(_maximum), "min": _plain(_minimum),
    "clamp": _plain(_clamp), "exp": _increasing(exponential),
    "exp2": _increasing(lambda x: exponential(x * math.log(2))),
    "expm1": _increasing(lambda x: exponential(x) - 1), "log": _increasing(_log), "log1p": _increasing(_log1p),
    "logistic": _increasing(_logistic), "tanh": _increasing(math.tanh), "erf": _increasing(math.erf),
    "erfc": _plain(lambda _: Interval(0.0, 2.0)), "atan": _increasing(math.atan), "sqrt": _plain(_root),
    "rsqrt": _plain(lambda x: _root(x).inverted()), "cbrt": _increasing(math.cbrt),
    "sin": _plain(lambda _: Interval(-1.0, 1.0)), "cos": _plain(lambda _: Interval(-1.0, 1.0)),
    "floor": _increasing(lambda x: x if math.isinf(x) else float(math.floor(x))),
    "ceil": _increasing(lambda x: x if math.isinf(x) else float(math.ceil(x))),
    "round": _increasing(lambda x: x if math.isinf(x) else float(round(x))),
    "reduce_sum": _sum, "reduce_max": _largest_entry, "cumsum": _running_sum, "reduce_window_sum": _window_sum,
    "dot_general": _product, "conv_general_dilated": _convolution, "concatenate": _plain(_joined),
    "pad": _plain(_padded), "dynamic_update_slice": lambda _, __, o: o[0].interval.joined(o[1].interval),
    "scatter": lambda _, __, o: o[0].interval.joined(o[2].interval), "iota": _counted, "argmax": _position,
    "argmin": _position, "is_finite": _plain(lambda _: ONE), "ne": _not_equal, "gt": _compared(_is_greater),
    "ge": _compared(_is_at_least), "lt": _compared(lambda x, y: _is_greater(y, x)),
    "le": _compared(lambda x, y: _is_at_least(y, x)), "eq": _plain(lambda *_: BOOLEAN),
    "not": _plain(_negation), "and": _plain(_minimum), "or": _plain(_maximum), "xor": _plain(lambda *_: BOOLEAN),
}  # fmt: skip
