"""Extreme inputs, tried: does a non-finite number really come out, and did the operation under suspicion get there?

Numbers are taken from each argument's range: its ends, 0, numbers close to 0, and large ones where there is no end.
Rows of probabilities stay rows of probabilities: one class certain, or all alike. The function is evaluated with its
gradient, and its jaxpr once more to see which numbers reached the operations in question.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal

from tenfold.precision.unsafe.interval import ANYTHING, Interval

__all__ = ["Argument", "Outcome", "arguments_to_try", "operands_of", "outcome_of"]

_SIZES = (1e-30, 1e-8, 1e-3, 1.0, 10.0, 100.0, 1e3, 1e4)
"""Magnitudes tried inside a range. Arbitrary: on both sides of the limits of exponentials and of Keras' clip."""

_MIXTURES = 4
"""Arrays tried whose entries differ from each other. Arbitrary."""

_ENTERED = ("jit", "pjit", "closed_call", "custom_jvp_call", "custom_vjp_call", "remat", "remat2", "checkpoint")


class Argument(NamedTuple):
    """What a function is called with.

    Attributes:
        shape: Shape of the array.
        interval: Holds every entry.
        dtype: Its type.
        observed: Rows as they occur, of this shape; None where there are none.
        sums_to_one: Whether the last axis holds probabilities that sum to 1.
        passes_gradient: Whether the gradient with respect to it counts.
    """

    shape: tuple[int, ...]
    interval: Interval = ANYTHING
    dtype: str = "float32"
    observed: np.ndarray | None = None
    sums_to_one: bool = False
    passes_gradient: bool = True


class Outcome(NamedTuple):
    """What came out: whether the value, and whether the gradient, was finite."""

    finite_value: bool
    finite_gradient: bool

    @property
    def is_finite(self) -> bool:
        """Whether both were."""
        return self.finite_value and self.finite_gradient


def arguments_to_try(arguments: Sequence[Argument]) -> Iterator[list[np.ndarray]]:
    """Sets of arguments: first those that a gradient flows to at their extremes, then the others."""
    resting = [_resting(argument) for argument in arguments]
    for passes_gradient in (True, False):
        moved = [place for place, one in enumerate(arguments) if one.passes_gradient == passes_gradient]
        fillings = {place: list(_fillings(arguments[place])) for place in moved}
        for number in range(max((len(filling) for filling in fillings.values()), default=0)):
            turn = {place: filling[number % len(filling)] for place, filling in fillings.items()}
            yield [turn.get(place, rest) for place, rest in enumerate(resting)]


def outcome_of(
    function: Callable[..., Any], arguments: Sequence[Argument]
) -> Callable[[Sequence[np.ndarray]], Outcome]:
    """A compiled function from concrete arguments to what came out."""
    moving = tuple(place for place, one in enumerate(arguments) if one.passes_gradient and "float" in one.dtype)

    def total(*values: Any) -> Any:
        leaves = jax.tree.leaves(function(*values))
        return sum((jnp.sum(leaf.astype(jnp.float32)) for leaf in leaves), jnp.zeros(()))

    evaluate = jax.jit(jax.value_and_grad(total, argnums=moving) if moving else lambda *values: (total(*values), ()))

    def outcome(values: Sequence[np.ndarray]) -> Outcome:
        value, gradients = evaluate(*values)
        finite = all(bool(jnp.isfinite(one).all()) for one in jax.tree.leaves(gradients))
        return Outcome(bool(jnp.isfinite(value)), finite)

    return outcome


def operands_of(closed: ClosedJaxpr, watched: set[int]) -> Callable[[Sequence[np.ndarray]], dict[int, list[Any]]]:
    """A compiled function from concrete arguments to the operands of the watched equations (by `id`).

    Equations inside loops are not looked into.
    """

    def evaluated(*values: Any) -> dict[int, list[Any]]:
        reached: dict[int, list[Any]] = {}
        _evaluate(closed.jaxpr, closed.consts, values, watched, reached)
        return reached

    compiled = jax.jit(evaluated)
    return lambda values: compiled(*values)


def _evaluate(
    jaxpr: Jaxpr, constants: Sequence[Any], inputs: Sequence[Any], watched: set[int], reached: dict[int, list[Any]]
) -> list[Any]:
    values = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*constants, *inputs], strict=True))

    def read(operand: Any) -> Any:
        return operand.val if isinstance(operand, Literal) else values[operand]

    for equation in jaxpr.eqns:
        operands = [read(operand) for operand in equation.invars]
        if id(equation) in watched:
            reached[id(equation)] = operands
        values.update(zip(equation.outvars, _results(equation, operands, watched, reached), strict=True))
    return [read(output) for output in jaxpr.outvars]


def _results(equation: JaxprEqn, operands: list[Any], watched: set[int], reached: dict[int, list[Any]]) -> list[Any]:
    if equation.primitive.name in _ENTERED:
        inner = next(equation.params[name] for name in ("jaxpr", "call_jaxpr") if name in equation.params)
        jaxpr = inner.jaxpr if isinstance(inner, ClosedJaxpr) else inner
        return _evaluate(jaxpr, getattr(inner, "consts", ()), operands, watched, reached)
    primitive: Any = equation.primitive  # JAX annotates neither method
    bound = primitive.get_bind_params(equation.params)
    functions, params = bound if isinstance(bound, tuple) else ([], bound)  # the form changed within JAX 0.10
    results = primitive.bind(*functions, *operands, **params)
    return list(results) if primitive.multiple_results else [results]


def _resting(argument: Argument) -> np.ndarray:
    """The argument as observed, or in the middle of its range."""
    if argument.observed is not None:
        return np.asarray(argument.observed, dtype=argument.dtype)
    numbers = list(_numbers(argument.interval))
    return np.full(argument.shape, numbers[len(numbers) // 2], dtype=argument.dtype)


def _fillings(argument: Argument) -> Iterator[np.ndarray]:
    if argument.sums_to_one:
        classes = argument.shape[-1]
        for certain in range(classes):
            yield np.broadcast_to(np.eye(classes)[certain], argument.shape).astype(argument.dtype)
        yield np.full(argument.shape, 1 / classes, dtype=argument.dtype)
        return
    numbers = list(_numbers(argument.interval))
    for number in numbers:
        yield np.full(argument.shape, number, dtype=argument.dtype)
    random = np.random.default_rng(0)
    for _ in range(_MIXTURES):
        yield random.choice(numbers, size=argument.shape).astype(argument.dtype)
    if argument.observed is not None:
        yield np.asarray(argument.observed, dtype=argument.dtype)


def _numbers(interval: Interval) -> Iterator[float]:
    """Numbers of a range: its ends first, then magnitudes on both sides of 0."""
    ends = [end for end in (interval.low, interval.high) if math.isfinite(end)]
    inner = [0.0, *(sign * size for size in _SIZES for sign in (-1.0, 1.0))]
    yield from dict.fromkeys([*ends, *(number for number in inner if number in interval)])
