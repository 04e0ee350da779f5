"""A traced function walked through with ranges in the place of arrays.

Equation by equation of a jaxpr, as `engine/lowering.py` walks it: calls are entered, branches of `cond` are joined,
loops are repeated until their ranges stand still (an end that keeps moving is moved to infinity). A visitor sees every
equation once with the ranges of its operands; a primitive without a rule may give anything and is counted.

Source: Cousot and Cousot (1977), "Abstract Interpretation" (widening); JAX's documentation, "Writing custom Jaxpr
interpreters in JAX".
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal

from tenfold.precision.unsafe.interval import ANYTHING, Interval
from tenfold.precision.unsafe.largest import largest_after
from tenfold.precision.unsafe.ranged import Expression, Expressions, Ranged
from tenfold.precision.unsafe.transfer import range_after

__all__ = ["Visit", "Walk", "range_of_array"]

Visit = Callable[[JaxprEqn, Sequence[Ranged], "Walk"], None]

_CALLS = ("jit", "pjit", "closed_call", "core_call", "custom_jvp_call", "custom_vjp_call", "remat", "remat2",
          "checkpoint", "custom_vjp_call_jaxpr")  # fmt: skip
_NO_GRADIENT = ("stop_gradient", "sign", "floor", "ceil", "round", "argmax", "argmin", "is_finite", "iota", "eq", "ne",
                "gt", "ge", "lt", "le")  # fmt: skip
_PATIENCE = 3
"""Rounds of a loop before an end of a range that still moves is moved to infinity."""

_OPPOSITE = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt", "eq": "ne", "ne": "eq"}
_MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge", "eq": "eq", "ne": "ne"}


def range_of_array(array: Any) -> Interval:
    """Range of the finite numbers of an array; of none, everything."""
    numbers = np.asarray(array)
    numbers = numbers.astype(np.float64) if numbers.dtype != np.bool_ else numbers.astype(np.int8)
    finite = numbers[np.isfinite(numbers)]
    if finite.size < numbers.size or numbers.size == 0:
        only = float(numbers.reshape(-1)[0]) if numbers.size == 1 else math.nan
        return ANYTHING if math.isnan(only) else Interval(only, only)
    return Interval(float(finite.min()), float(finite.max()), bool((finite != 0).all()))


class Walk:
    """One walk through a function.

    Args:
        visit: Called for each equation with its operands, before its result is known.

    Attributes:
        known: All expressions met.
        unknown: How often each primitive without a rule was met.
        calls: Equations whose inner jaxprs are being walked, outermost first.
    """

    def __init__(self, visit: Visit) -> None:
        self.known = Expressions()
        self.unknown: Counter[str] = Counter()
        self.calls: list[JaxprEqn] = []
        self._visit = visit
        self._is_rehearsal = False

    @property
    def has_own_gradient(self) -> bool:
        """Whether the code being walked is differentiated by a rule of its own, not step by step."""
        return any(call.primitive.name.startswith(("custom_jvp", "custom_vjp")) for call in self.calls)

    def input(self, interval: Interval, **facts: Any) -> Ranged:
        """A fresh input."""
        return Ranged(interval, self.known.new(), **facts)

    def constant(self, array: Any) -> Ranged:
        """A known array."""
        numbers = np.asarray(array)
        numbers = numbers.astype(np.float64) if "float" in str(numbers.dtype) else numbers
        interval = range_of_array(numbers)
        identity = ("number", interval) if numbers.ndim == 0 else ("constant", id(array))
        return Ranged(interval, self.known.number(identity), array=numbers)

    def through(self, jaxpr: Jaxpr, constants: Sequence[Ranged], inputs: Sequence[Ranged]) -> list[Ranged]:
        """Ranges of the outputs of a jaxpr."""
        values = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*constants, *inputs], strict=True))

        def read(operand: Any) -> Ranged:
            return self.constant(operand.val) if isinstance(operand, Literal) else values[operand]

        for equation in jaxpr.eqns:
            operands = [read(operand) for operand in equation.invars]
            if not self._is_rehearsal:
                self._visit(equation, operands, self)
            values.update(zip(equation.outvars, self._results(equation, operands), strict=True))
        return [read(output) for output in jaxpr.outvars]

    def _results(self, equation: JaxprEqn, operands: list[Ranged]) -> list[Ranged]:
        name = equation.primitive.name
        if name in _CALLS:
            return self._enter(equation, _inner(equation.params), operands)
        if name in ("cond", "scan", "while"):
            walk = {"cond": self._branches, "scan": self._scan, "while": self._while}[name]
            return walk(equation, operands)
        if name == "select_n":
            return [self._select(equation, operands)]
        if name == "max" and any(one.interval.high == -math.inf for one in operands):
            return [next((one for one in operands if one.interval.high > -math.inf), operands[0])]
        return self._primitive(equation, operands)

    def _select(self, equation: JaxprEqn, operands: list[Ranged]) -> Ranged:
        """Of `where`; a condition that can only come out one way picks its case."""
        condition = operands[0].interval
        if condition.is_point and 0 <= condition.low < len(operands) - 1:
            return operands[1 + int(condition.low)]
        return self._finish(equation, 0, operands, self._selected(operands))

    def _primitive(self, equation: JaxprEqn, operands: list[Ranged]) -> list[Ranged]:
        interval = range_after(self.known, equation, operands)
        if interval is None:
            self.unknown[equation.primitive.name] += 1
            interval = ANYTHING
        return [self._finish(equation, place, operands, interval) for place in range(len(equation.outvars))]

    def _finish(self, equation: JaxprEqn, place: int, operands: list[Ranged], interval: Interval) -> Ranged:
        """A result: rounded to its type, numbered, with what is known of its largest entry."""
        name, aval = equation.primitive.name, equation.outvars[place].aval
        is_float = jnp.issubdtype(aval.dtype, jnp.floating)  # type: ignore[attr-defined]
        largest = largest_after(self.known, equation, operands)
        flows = is_float and name not in _NO_GRADIENT and any(one.passes_gradient for one in operands)
        return Ranged(
            _rounded(interval, aval.dtype) if is_float else _without_nan(interval),  # type: ignore[attr-defined]
            self.known.note(name, operands, _plain(equation.params), place),
            largest,
            _array_after(equation, operands),
            flows,
        )

    def _enter(self, equation: JaxprEqn, inner: Any, operands: list[Ranged]) -> list[Ranged]:
        self.calls.append(equation)
        try:
            jaxpr = inner.jaxpr if isinstance(inner, ClosedJaxpr) else inner
            constants = [self.constant(one) for one in getattr(inner, "consts", ())]
            return self.through(jaxpr, constants, operands)
        finally:
            self.calls.pop()

    def _branches(self, equation: JaxprEqn, operands: list[Ranged]) -> list[Ranged]:
        found = [self._enter(equation, branch, operands[1:]) for branch in equation.params["branches"]]
        return [self._either(values) for values in zip(*found, strict=True)]

    def _either(self, values: Sequence[Ranged]) -> Ranged:
        together = values[0].interval
        for one in values[1:]:
            together = together.joined(one.interval)
        return self.input(together, passes_gradient=any(one.passes_gradient for one in values))

    def _scan(self, equation: JaxprEqn, operands: list[Ranged]) -> list[Ranged]:
        params = equation.params
        first, second = params["num_consts"], params["num_consts"] + params["num_carry"]
        constants, carry, rows = operands[:first], operands[first:second], operands[second:]
        rows = [self.input(one.interval, passes_gradient=one.passes_gradient) for one in rows]

        def body(state: list[Ranged]) -> list[Ranged]:
            return self._enter(equation, params["jaxpr"], [*constants, *state, *rows])

        carry = self._settled(lambda state: body(state)[: params["num_carry"]], carry)
        results = body(carry)
        after = [self._either(pair) for pair in zip(carry, results, strict=False)]
        return [*after, *results[params["num_carry"] :]]

    def _while(self, equation: JaxprEqn, operands: list[Ranged]) -> list[Ranged]:
        params = equation.params
        skipped, num_constants = params["cond_nconsts"], params["body_nconsts"]
        constants = operands[skipped : skipped + num_constants]

        def body(state: list[Ranged]) -> list[Ranged]:
            return self._enter(equation, params["body_jaxpr"], [*constants, *state])

        carry = self._settled(body, operands[skipped + num_constants :])
        return [self._either(pair) for pair in zip(carry, body(carry), strict=True)]

    def _settled(self, body: Callable[[list[Ranged]], list[Ranged]], carry: Sequence[Ranged]) -> list[Ranged]:
        """The carried ranges once no further round widens them."""
        before, self._is_rehearsal = self._is_rehearsal, True
        state = [self.input(one.interval, passes_gradient=one.passes_gradient) for one in carry]
        for number in range(2 * _PATIENCE):
            wider = [self._either(pair) for pair in zip(state, body(state), strict=True)]
            if all(new.interval == old.interval for new, old in zip(wider, state, strict=True)):
                break
            state = wider if number < _PATIENCE else [
                self.input(_widened(old.interval, new.interval), passes_gradient=new.passes_gradient)
                for old, new in zip(state, wider, strict=True)
            ]  # fmt: skip
        self._is_rehearsal = before
        return state

    def _selected(self, operands: list[Ranged]) -> Interval:
        """Of `where`: each case as far as its side of the condition lets it reach."""
        condition, *cases = operands
        reached = [self._where(case, condition, holds=bool(place)) for place, case in enumerate(cases)]
        together = reached[0]
        for one in reached[1:]:
            together = together.joined(one)
        return together

    def _where(self, value: Ranged, condition: Ranged, *, holds: bool) -> Interval:
        """The range of a value where a condition holds, or does not."""
        made = self.known.of(condition)
        if made is None:
            return value.interval
        if made.name == "not":
            return self._where(value, made.operands[0], holds=not holds)
        if made.name == ("and" if holds else "or"):
            once = value._replace(interval=self._where(value, made.operands[0], holds=holds))
            return self._where(once, made.operands[1], holds=holds)
        return self._compared(value, made, holds=holds) if made.name in _OPPOSITE else value.interval

    def _compared(self, value: Ranged, made: Expression, *, holds: bool) -> Interval:
        left, right = made.operands
        name = made.name if holds else _OPPOSITE[made.name]
        interval, root = value.interval, self.known.root(value)
        if self.known.root(left) == root:
            return _on_side(interval, name, right.interval)
        if self.known.root(right) == root:
            return _on_side(interval, _MIRRORED[name], left.interval)
        magnitude = self.known.made_by(left, "abs")
        if magnitude is not None and self.known.root(magnitude.operands[0]) == root and right.interval.low >= 0:
            away = name == "gt" or (name == "ge" and right.interval.low > 0)
            return interval.without_zero() if away else interval
        return interval


def _on_side(x: Interval, name: str, bound: Interval) -> Interval:
    """The part of x that compares so with numbers of the bound."""
    if name in ("gt", "ge"):
        low = max(x.low, bound.low)
        above = bound.low > 0 or (name == "gt" and bound.low >= 0)
        return Interval(low, max(low, x.high), x.leaves_out_zero or above)
    if name in ("lt", "le"):
        return _on_side(x.negated(), {"lt": "gt", "le": "ge"}[name], bound.negated()).negated()
    if name == "ne" and bound.is_point and bound.low == 0:
        return x.without_zero()
    return x.bounded(bound.low, bound.high) if name == "eq" else x


def _inner(params: dict[str, Any]) -> Any:
    return next(params[name] for name in ("jaxpr", "call_jaxpr", "fun_jaxpr") if name in params)


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name not in ("sharding", "out_sharding", "jaxpr")}


def _widened(old: Interval, new: Interval) -> Interval:
    return Interval(old.low if new.low == old.low else -math.inf, old.high if new.high == old.high else math.inf,
                    new.leaves_out_zero)  # fmt: skip


def _without_nan(interval: Interval) -> Interval:
    low = -math.inf if math.isnan(interval.low) else interval.low
    return interval._replace(low=low, high=math.inf if math.isnan(interval.high) else interval.high)


def _rounded(interval: Interval, dtype: Any) -> Interval:
    """The ends as the type holds them: 1 - 1e-9 is 1 in float32."""
    interval = _without_nan(interval)
    with np.errstate(over="ignore", under="ignore"):
        low, high = (float(np.asarray(end, dtype=dtype)) for end in (interval.low, interval.high))
    return Interval(low, high, interval.leaves_out_zero)


def _array_after(equation: JaxprEqn, operands: list[Ranged]) -> np.ndarray | None:
    """Known entries stay known where they are only laid out or cast."""
    array = operands[0].array if operands else None
    if array is None or len(operands) != 1:
        return None
    if equation.primitive.name in ("convert_element_type", "copy", "stop_gradient"):
        return array
    if equation.primitive.name == "transpose":
        return array.transpose(equation.params["permutation"])
    return array.reshape(equation.params["new_sizes"]) if equation.primitive.name == "reshape" else None
