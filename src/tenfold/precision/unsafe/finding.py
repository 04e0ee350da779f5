"""Operations of a function that can become inf or NaN, found by ranges and confirmed by evaluation.

    for found in find_unsafe(my_loss, Argument(y_true.shape, ...), Argument(y_pred.shape, ...)):
        print(found)      # log of [0, 1] in my_loss, line 12: the logarithm of 0 is -inf. Write ...

The function is traced to a jaxpr and walked with ranges (`walking.py`); every operation whose operand's range holds a
bad point (`hazards.py`) is found. Then concrete numbers from the ranges of the inputs, their ends first, are tried: an
operation is `confirmed` where its bad point was reached and the function's value or gradient really was not finite.
"""

import dataclasses
import linecache
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import jax
import keras
import numpy as np
from jax.extend.core import ClosedJaxpr, JaxprEqn

import tenfold
from tenfold.precision.unsafe.extremes import Argument, Outcome, arguments_to_try, operands_of, outcome_of
from tenfold.precision.unsafe.hazards import Hazard, advice_for, hazard_of, is_hit
from tenfold.precision.unsafe.ranged import Largest, Ranged
from tenfold.precision.unsafe.walking import Walk

__all__ = ["Searched", "UnsafeOperation", "find_unsafe"]


@dataclasses.dataclass(frozen=True)
class UnsafeOperation:
    """An operation that can become inf or NaN.

    Attributes:
        operation: `"log"`, `"log1p"`, `"division"`, `"sqrt"`, `"rsqrt"`, `"pow"` or `"exp"`.
        low: Smallest number that can reach it.
        high: Largest number that can reach it.
        function: Name of the user's function, or of Keras' loss.
        file: File of the function; empty for Keras' own.
        line: Line of the file, from 1; 0 for Keras' own.
        source: That line.
        effect: `"value"` or `"gradient"`: what becomes inf or NaN.
        what: What happens where.
        advice: What to write instead.
        confirmed: Whether an input from the ranges was found that brought a non-finite number out.
    """

    operation: str
    low: float
    high: float
    function: str
    file: str
    line: int
    source: str
    effect: str
    what: str
    advice: str
    confirmed: bool

    def __str__(self) -> str:
        """One sentence."""
        where = f"`{self.function}`" + (f", line {self.line} of {Path(self.file).name}" if self.line else "")
        seen = "seen" if self.confirmed else "possible, not seen"
        return (
            f"{self.operation} of numbers in [{self.low:.4g}, {self.high:.4g}] in {where}: {self.what} "
            f"({self.effect} not finite: {seen}). Write {self.advice}."
        )


class Searched(NamedTuple):
    """What a search found.

    Attributes:
        operations: Unsafe operations, confirmed ones first.
        unknown: How often each JAX primitive was met whose range is not known; it was taken for anything.
    """

    operations: list[UnsafeOperation]
    unknown: Counter[str]


class _Suspect(NamedTuple):
    hazard: Hazard
    equation: JaxprEqn
    calls: tuple[JaxprEqn, ...]
    operands: tuple[Ranged, ...]


def find_unsafe(
    function: Callable[..., Any], arguments: Sequence[Argument], *, name: str = "", only_user_code: bool = False
) -> Searched:
    """Unsafe operations of a function.

    Args:
        function: Takes arrays, returns arrays; traceable by JAX.
        arguments: Shape, type and range of each argument.
        name: What to call code that is no file of the user's.
        only_user_code: Leave out what Keras' and JAX' own code does where no line of the user's calls it.

    Returns:
        The operations and the primitives that are not known.
    """
    shapes = [cast("Any", jax.ShapeDtypeStruct)(one.shape, one.dtype) for one in arguments]
    closed = _traced(function, shapes)
    suspects, walk = _suspects(closed, arguments)
    places = [_place(suspect, name) for suspect in suspects]
    kept = [(suspect, place) for suspect, place in zip(suspects, places, strict=True)
            if place.line or not only_user_code]  # fmt: skip
    seen = _tried(function, closed, arguments, [suspect for suspect, _ in kept])
    found = [
        _finding(*one, tried.effect, walk)
        for one, tried in zip(kept, seen, strict=True)
        if tried.effect or not tried.absorbed
    ]
    return Searched(sorted(dict.fromkeys(found), key=lambda one: not one.confirmed), walk.unknown)


def _traced(function: Callable[..., Any], shapes: Sequence[Any]) -> ClosedJaxpr:
    """The function's jaxpr; the name of this function marks in its tracebacks where the user's code begins."""
    closed: ClosedJaxpr = jax.make_jaxpr(function)(*shapes)
    return closed


def _suspects(closed: ClosedJaxpr, arguments: Sequence[Argument]) -> tuple[list[_Suspect], Walk]:
    found: dict[tuple[int, ...], _Suspect] = {}

    def visit(equation: JaxprEqn, operands: Sequence[Ranged], walk: Walk) -> None:
        aval: Any = equation.outvars[0].aval if equation.outvars else None
        hazard = aval is not None and hazard_of(equation.primitive.name, equation.params, operands, aval.dtype)
        if hazard and not (hazard.effect == "gradient" and walk.has_own_gradient):
            calls = tuple(walk.calls)
            found[(*map(id, calls), id(equation))] = _Suspect(hazard, equation, calls, tuple(operands))

    walk = Walk(visit)
    inputs = [walk.input(one.interval, largest=_largest(one), passes_gradient=one.passes_gradient)
              for one in arguments]  # fmt: skip
    walk.through(closed.jaxpr, [walk.constant(one) for one in closed.consts], inputs)
    return list(found.values()), walk


def _largest(argument: Argument) -> Largest | None:
    """Of probabilities that sum to 1, the largest is at least 1 / classes; of targets, what was observed."""
    last = len(argument.shape) - 1
    if argument.sums_to_one:
        return Largest(frozenset({last}), 1 / argument.shape[-1])
    if (
        argument.observed is None
        or argument.passes_gradient
        or last < 1
        or not np.issubdtype(argument.observed.dtype, np.number)
    ):
        return None
    return Largest(frozenset({last}), float(argument.observed.max(axis=-1).min()))


class _Place(NamedTuple):
    function: str
    file: str
    line: int
    source: str


def _place(suspect: _Suspect, name: str) -> _Place:
    """The user's line: of the outermost call that has one, since JAX traces its own inner functions once for all."""
    for equation in (*suspect.calls, suspect.equation):
        traceback: Any = equation.source_info.traceback
        for frame in traceback.frames if traceback else ():
            if frame.file_name == __file__ and frame.function_name == "_traced":
                break
            if _is_users(frame.file_name):
                line = linecache.getline(frame.file_name, frame.line_num).strip()
                return _Place(frame.function_name.split(".")[-1], frame.file_name, frame.line_num, line)
    return _Place(name, "", 0, "")


_OTHERS = tuple(str(Path(str(module.__file__)).parent) + os.sep for module in (jax, keras, np, tenfold))


def _is_users(file: str) -> bool:
    return not file.startswith((*_OTHERS, "<frozen")) and os.sep + "contextlib.py" not in file


class _Seen(NamedTuple):
    """What trying inputs showed of a suspect.

    Attributes:
        effect: `"value"` or `"gradient"`, what was not finite when its bad point was reached; None where that was
            never seen.
        absorbed: Whether the bad point was reached and all that came out was finite.
    """

    effect: str | None = None
    absorbed: bool = False


def _tried(
    function: Callable[..., Any], closed: ClosedJaxpr, arguments: Sequence[Argument], suspects: Sequence[_Suspect]
) -> list[_Seen]:
    """What each suspect does at extreme inputs."""
    seen = [_Seen()] * len(suspects)
    if not suspects:
        return seen
    outcome = outcome_of(function, arguments)
    operands_at = operands_of(closed, {id(suspect.equation) for suspect in suspects})
    for values in arguments_to_try(arguments):
        came_out, reached = outcome(values), operands_at(values)
        for number, suspect in enumerate(suspects):
            operands = reached.get(id(suspect.equation))
            if is_hit(suspect.hazard, operands) if operands is not None else not came_out.is_finite:
                seen[number] = _after(seen[number], came_out)
    return seen


def _after(seen: _Seen, came_out: Outcome) -> _Seen:
    """The worst that was seen."""
    if came_out.is_finite:
        return seen._replace(absorbed=True)
    worst = "value" if not came_out.finite_value or seen.effect == "value" else "gradient"
    return seen._replace(effect=worst)


def _finding(suspect: _Suspect, place: _Place, effect: str | None, walk: Walk) -> UnsafeOperation:
    hazard = suspect.hazard
    advice = advice_for(walk.known, hazard, suspect.operands, only_gradient=effect == "gradient")
    return UnsafeOperation(
        hazard.operation, hazard.interval.low, hazard.interval.high, *place, effect or hazard.effect, hazard.what,
        advice, confirmed=effect is not None,
    )  # fmt: skip
