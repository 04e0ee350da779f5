"""Rewriting a traced function so that XLA's CPU backend trains convolutional networks fast.

XLA's CPU convolution and pooling are slow, and inside a loop (an epoch is one) far slower. `lower` traces a function to
its jaxpr before it is differentiated and puts calls of `convolve` and of the folds in `pooling.py` in the place of the
primitives. What it does not know passes through unchanged. Inner jaxprs (of `jit`, `scan`, `while_loop`, `cond`,
`checkpoint`, `custom_jvp`, ...) are rewritten where they stand, so each call keeps its own rules of differentiation and
batching; the forward and backward rules of a `custom_vjp` stay as they were written.

Source for walking a jaxpr: "Writing custom Jaxpr interpreters in JAX", in JAX's documentation.
"""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import jax
from jax import Array
from jax.core import ShapedArray
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Primitive, jaxpr_as_fun, jaxprs_in_params
from jax.extend.core.primitives import (
    conv_general_dilated_p,
    reduce_window_max_p,
    reduce_window_min_p,
    reduce_window_p,
    reduce_window_sum_p,
)

from tenfold.engine.convolution import Convolution, convolve
from tenfold.engine.pooling import Window, pool, pool_maximum, pool_minimum, pool_sum

__all__ = ["lower", "needs_lowering"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def lower(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The same function with convolutions and pooling in a form that is fast on CPU.

    Args:
        function: Takes and returns pytrees of arrays; it may close over arrays and be traced under `jit`, `vmap`,
            `grad`, `scan` and `shard_map`.

    Returns:
        A function with the same arguments and, up to rounding, the same values and derivatives. Each call traces
        `function` once; if nothing in it can be rewritten, it is then called as it is.
    """

    @functools.wraps(function)
    def lowered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        traced, shapes = jax.make_jaxpr(function, return_shape=True)(*args, **kwargs)
        if not needs_lowering(traced.jaxpr):
            return function(*args, **kwargs)
        leaves = jax.core.eval_jaxpr(_rewrite(traced.jaxpr), traced.consts, *jax.tree.leaves((args, kwargs)))
        result: Result = jax.tree.unflatten(jax.tree.structure(shapes), leaves)
        return result

    return lowered


def needs_lowering(jaxpr: Jaxpr) -> bool:
    """Whether the jaxpr holds, at any depth, a convolution or pooling that can be rewritten."""
    return any(
        _replacement(equation) is not None or any(needs_lowering(inner) for inner in jaxprs_in_params(equation.params))
        for equation in jaxpr.eqns
    )


def _rewrite(jaxpr: Jaxpr) -> Jaxpr:
    """The jaxpr with every equation rewritten that can be; the same object where there is none."""
    if not needs_lowering(jaxpr):
        return jaxpr
    equations = [_rewrite_equation(equation) for equation in jaxpr.eqns]
    return cast("Jaxpr", jaxpr.replace(eqns=equations))  # type: ignore[no-untyped-call] # JAX annotates it nowhere


def _rewrite_equation(equation: JaxprEqn) -> JaxprEqn:
    """A call of the replacement, or the same call with its inner jaxprs rewritten."""
    replacement = _replacement(equation)
    if replacement is None:
        params = {name: _rewrite_parameter(value) for name, value in equation.params.items()}
        return cast("JaxprEqn", equation.replace(params=params))
    (call,) = jax.make_jaxpr(jax.jit(replacement))(*(operand.aval for operand in equation.invars)).jaxpr.eqns
    return cast("JaxprEqn", equation.replace(primitive=call.primitive, params=call.params))


def _rewrite_parameter(value: Any) -> Any:
    """A parameter of an equation: jaxprs rewritten, alone or in a tuple as the branches of `cond`."""
    if isinstance(value, Jaxpr):
        return _rewrite(value)
    if isinstance(value, ClosedJaxpr):
        return value.replace(jaxpr=_rewrite(value.jaxpr))  # type: ignore[no-untyped-call] # JAX annotates it nowhere
    return tuple(_rewrite_parameter(part) for part in value) if type(value) is tuple else value


def _replacement(equation: JaxprEqn) -> Callable[..., Any] | None:
    """The function of the equation's operands that takes its place, if there is one that pays."""
    find = _REPLACEMENTS.get(equation.primitive)
    return None if find is None else find(equation)


def _replace_convolution(equation: JaxprEqn) -> Callable[[Array, Array], Array] | None:
    convolution = Convolution(**{name: equation.params[name] for name in Convolution._fields})
    inputs, kernel = (cast("ShapedArray", operand.aval) for operand in equation.invars)
    pays = convolution.pays(inputs.shape, kernel.shape, inputs.dtype)
    return functools.partial(convolve, convolution=convolution) if pays else None


def _replace_pooling(equation: JaxprEqn, function: Callable[..., Any]) -> Callable[..., Any] | None:
    window = Window(**{name: equation.params[name] for name in Window._fields})
    operand = cast("ShapedArray", equation.invars[0].aval)
    return functools.partial(function, window=window) if window.pays(operand.shape, operand.dtype) else None


def _replace_reduction(equation: JaxprEqn) -> Callable[..., Any] | None:
    """Any other reduction of one operand over windows."""
    if len(equation.outvars) > 1:
        return None
    combine = jaxpr_as_fun(ClosedJaxpr(equation.params["jaxpr"], equation.params["consts"]))
    return _replace_pooling(equation, functools.partial(pool, combine=combine))


_REPLACEMENTS: dict[Primitive, Callable[[JaxprEqn], Callable[..., Any] | None]] = {
    conv_general_dilated_p: _replace_convolution,
    reduce_window_max_p: functools.partial(_replace_pooling, function=pool_maximum),
    reduce_window_min_p: functools.partial(_replace_pooling, function=pool_minimum),
    reduce_window_sum_p: functools.partial(_replace_pooling, function=pool_sum),
    reduce_window_p: _replace_reduction,
}
