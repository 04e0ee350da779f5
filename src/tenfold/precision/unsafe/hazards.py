"""Where each primitive breaks, for ranges and for concrete numbers, and what to write instead.

An operation breaks in its *value* (the logarithm of 0, a division by 0, an exponential above the largest number) or
only in its *gradient* (the square root of 0 is 0, its slope is infinite).

Source of the operations: DEBAR (Zhang et al. 2020), GRIST (Yan et al. 2022). Source of the rewrites: Blanchard, Higham
and Higham (2021), "Accurately computing the log-sum-exp and softmax functions"; Goldberg (1991) for log1p and expm1;
JAX's FAQ, "Gradients contain NaN where using where", for the safe `where`.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from tenfold.precision.unsafe.interval import Interval
from tenfold.precision.unsafe.ranged import Expressions, Ranged

__all__ = ["Hazard", "advice_for", "hazard_of", "is_hit"]


class Hazard(NamedTuple):
    """An operation that its operand's range lets break.

    Attributes:
        operation: `"log"`, `"log1p"`, `"division"`, `"sqrt"`, `"rsqrt"`, `"pow"` or `"exp"`.
        place: Which operand breaks it.
        interval: Range of that operand.
        effect: `"value"` or `"gradient"`: what can become inf or NaN.
        what: What happens where, as a clause.
    """

    operation: str
    place: int
    interval: Interval
    effect: str
    what: str


def hazard_of(name: str, params: dict[str, Any], operands: Sequence[Ranged], dtype: Any) -> Hazard | None:
    """The hazard of a primitive applied to such operands, if there is one.

    Args:
        name: Name of the JAX primitive.
        params: Its parameters.
        operands: What is known of its operands.
        dtype: Type of its result; only floating-point operations break.
    """
    if not jnp.issubdtype(dtype, jnp.floating):
        return None
    if name in _EXPONENTIALS:
        return _exponential(operands[0].interval, dtype)
    if name == "integer_pow":
        return _division(0, operands[0].interval) if params["y"] < 0 else None
    judge = _JUDGES.get(name)
    return None if judge is None else judge(operands)


def is_hit(hazard: Hazard, operands: Sequence[Any]) -> bool:
    """Whether concrete operands reach the bad point."""
    x = np.asarray(operands[hazard.place], dtype=np.float64)
    hits = {
        "log": x <= 0,
        "log1p": x <= -1,
        "division": x == 0,
        "sqrt": x <= 0,
        "rsqrt": x <= 0,
        "pow": x < 0 if hazard.interval.low < 0 else x <= 0,
        "exp": x > _largest_exponent(np.asarray(operands[hazard.place]).dtype),
    }
    return bool(np.any(hits[hazard.operation]))


def advice_for(known: Expressions, hazard: Hazard, operands: Sequence[Ranged], *, only_gradient: bool) -> str:
    """What to write instead, by what the operand is made of.

    Args:
        known: All expressions of the function.
        hazard: The hazard.
        operands: What is known of the operands.
        only_gradient: Whether evaluation showed finite values with a gradient that is not: the sign of a `where` that
            guards the result but not the argument.
    """
    operand = operands[hazard.place]
    for made_of, advice in _REWRITES.get(hazard.operation, ()):
        if made_of(known, operand):
            return advice
    plain = _ADVICE[hazard.operation]
    if only_gradient and hazard.effect == "value":
        return f"{_GUARD[hazard.operation]}: a guard of the result alone does not stop the gradient"
    return plain


_EXPONENTIALS = ("exp", "expm1", "exp2")


def _largest_exponent(dtype: Any) -> float:
    """log(largest number): 11.09 in float16, 88.72 in bfloat16 and float32, 709.78 in float64."""
    return math.log(float(jnp.finfo(dtype).max))  # type: ignore[no-untyped-call]  # JAX annotates it nowhere


def _exponential(x: Interval, dtype: Any) -> Hazard | None:
    limit = _largest_exponent(dtype)
    if x.high <= limit:
        return None
    return Hazard("exp", 0, x, "value", f"above {limit:.2f} the exponential is infinite")


def _logarithm(operands: Sequence[Ranged]) -> Hazard | None:
    x = operands[0].interval
    if x.low > 0 or (x.low == 0 and 0 not in x):
        return None
    what = "the logarithm of 0 is -inf" if x.low == 0 else "the logarithm is -inf at 0 and NaN below"
    return Hazard("log", 0, x, "value", what)


def _logarithm_plus_one(operands: Sequence[Ranged]) -> Hazard | None:
    x = operands[0].interval
    return None if x.low > -1 else Hazard("log1p", 0, x, "value", "log1p is -inf at -1 and NaN below")


def _division(place: int, x: Interval) -> Hazard | None:
    return Hazard("division", place, x, "value", "division by 0 is inf, and 0 / 0 is NaN") if 0 in x else None


def _square_root(operands: Sequence[Ranged]) -> Hazard | None:
    x = operands[0].interval
    if x.low < 0:
        return Hazard("sqrt", 0, x, "value", "the root of a negative number is NaN")
    if 0 in x and operands[0].passes_gradient:
        return Hazard("sqrt", 0, x, "gradient", "at 0 the slope of the root is infinite")
    return None


def _inverse_root(operands: Sequence[Ranged]) -> Hazard | None:
    x = operands[0].interval
    if x.low > 0 or (x.low == 0 and 0 not in x):
        return None
    return Hazard("rsqrt", 0, x, "value", "1 / sqrt is inf at 0 and NaN below")


def _power(operands: Sequence[Ranged]) -> Hazard | None:
    base, exponent = operands[0].interval, operands[1].interval
    is_whole = exponent.is_point and float(exponent.low).is_integer()
    if base.low < 0 and not is_whole:
        return Hazard("pow", 0, base, "value", "a negative number to a power that is not whole is NaN")
    if 0 in base and exponent.low < 0:
        return Hazard("pow", 0, base, "value", "0 to a negative power is inf")
    steep = 0 in base and exponent.low < 1 and not is_whole and operands[0].passes_gradient
    return Hazard("pow", 0, base, "gradient", "at 0 the slope of a power below 1 is infinite") if steep else None


_JUDGES: dict[str, Callable[[Sequence[Ranged]], Hazard | None]] = {
    "log": _logarithm,
    "log1p": _logarithm_plus_one,
    "div": lambda operands: _division(1, operands[1].interval),
    "sqrt": _square_root,
    "rsqrt": _inverse_root,
    "pow": _power,
}


def _is(*names: str) -> Callable[[Expressions, Ranged], bool]:
    return lambda known, operand: known.made_by(operand, *names) is not None


def _is_share(known: Expressions, operand: Ranged) -> bool:
    """Whether it is x / sum(x)."""
    made = known.made_by(operand, "div")
    total = made and known.made_by(made.operands[1], "reduce_sum")
    return bool(made and total and known.root(total.operands[0]) == known.root(made.operands[0]))


def _is_sum_of(*names: str) -> Callable[[Expressions, Ranged], bool]:
    def judge(known: Expressions, operand: Ranged) -> bool:
        made = known.made_by(operand, "reduce_sum")
        return made is not None and known.made_by(made.operands[0], *names) is not None

    return judge


def _is_one_and(*names: str) -> Callable[[Expressions, Ranged], bool]:
    """Whether it is 1 + f(x), for f among the names or anything."""

    def judge(known: Expressions, operand: Ranged) -> bool:
        made = known.made_by(operand, "add")
        if made is None or not any(one.interval.is_exactly(1) for one in made.operands):
            return False
        return not names or any(known.made_by(one, *names) for one in made.operands)

    return judge


def _is_complement_of(*names: str) -> Callable[[Expressions, Ranged], bool]:
    """Whether it is 1 - f(x)."""

    def judge(known: Expressions, operand: Ranged) -> bool:
        made = known.made_by(operand, "sub")
        return made is not None and made.operands[0].interval.is_exactly(1) and bool(
            known.made_by(made.operands[1], *names)
        )  # fmt: skip

    return judge


_REWRITES: dict[str, tuple[tuple[Callable[[Expressions, Ranged], bool], str], ...]] = {
    "log": (
        (_is("logistic"), "keras.ops.log_sigmoid(logits)"),
        (_is_complement_of("logistic"), "keras.ops.log_sigmoid(-logits)"),
        (_is_share, "keras.ops.log_softmax(logits)"),
        (_is_sum_of("exp"), "keras.ops.logsumexp(x)"),
        (_is_one_and("exp"), "keras.ops.softplus(x)"),
        (_is_one_and(), "keras.ops.log1p(x), with x kept above -1"),
    ),
    "log1p": ((_is("exp"), "keras.ops.softplus(x)"),),
    "division": (
        (_is_sum_of("exp"), "keras.ops.softmax(x), which subtracts the maximum first"),
        (_is_one_and("exp"), "keras.ops.sigmoid(x)"),
        (_is("sqrt"), "x * keras.ops.rsqrt(sum of squares + 1e-12), or keras.ops.normalize(x)"),
    ),
    "sqrt": ((_is("reduce_sum"), "keras.ops.sqrt(sum + 1e-12): the epsilon stands inside the root"),),
}

_ADVICE = {
    "log": "keras.ops.log(keras.ops.maximum(x, 1e-7)), or count it from logits (log_sigmoid, log_softmax, logsumexp)",
    "log1p": "keras.ops.log1p(keras.ops.maximum(x, -1 + 1e-7))",
    "division": "x / (y + 1e-7) for y >= 0, or keras.ops.divide_no_nan(x, y)",
    "sqrt": "keras.ops.sqrt(keras.ops.maximum(x, 0) + 1e-12): the epsilon stands inside the root",
    "rsqrt": "keras.ops.rsqrt(keras.ops.maximum(x, 0) + 1e-12)",
    "pow": "keras.ops.power(keras.ops.maximum(x, 1e-7), a)",
    "exp": "keras.ops.exp(keras.ops.minimum(x, 80)), or the form that never leaves the logarithm (softplus, logsumexp, "
    "sigmoid, softmax)",
}

_GUARD = {
    "log": "where(x > 0, log(where(x > 0, x, 1)), 0)",
    "log1p": "where(x > -1, log1p(where(x > -1, x, 0)), 0)",
    "division": "where(y == 0, 0, x / where(y == 0, 1, y)), which is keras.ops.divide_no_nan(x, y)",
    "sqrt": "where(x > 0, sqrt(where(x > 0, x, 1)), 0)",
    "rsqrt": "where(x > 0, rsqrt(where(x > 0, x, 1)), 0)",
    "pow": "where(x > 0, power(where(x > 0, x, 1), a), 0)",
    "exp": "where(x < 80, exp(where(x < 80, x, 0)), 0)",
}
