"""Two functions compared by their values and by every derivative that training uses."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


def values_and_gradients(function: Callable[..., Any], operands: tuple[Any, ...], direction: Any) -> Any:
    """The value, and the gradient of its inner product with `direction` in every operand."""

    def project(*operands: Any) -> Any:
        value = function(*operands)
        return jnp.vdot(value, direction.astype(value.dtype)), value

    positions = tuple(range(len(operands)))
    (_, value), gradients = jax.jit(jax.value_and_grad(project, positions, has_aux=True))(*operands)
    return value, *gradients


def assert_same_derivatives(
    function: Callable[..., Any], oracle: Callable[..., Any], operands: tuple[Any, ...], tolerance: float = 1e-12
) -> None:
    """Values and gradients in every operand agree, relative to the largest number of each array."""
    shape = jax.eval_shape(oracle, *operands).shape
    direction = jnp.asarray(np.random.default_rng(1).normal(size=shape))
    found = values_and_gradients(function, operands, direction)
    expected = values_and_gradients(oracle, operands, direction)
    for name, ours, theirs in zip(("value", *map(gradient_name, range(len(operands)))), found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert ours.dtype == theirs.dtype
        theirs64 = np.asarray(theirs, np.float64)
        scale = np.abs(theirs64).max(initial=1e-300)
        np.testing.assert_allclose(np.asarray(ours, np.float64) / scale, theirs64 / scale, 0, tolerance, err_msg=name)


def gradient_name(position: int) -> str:
    """How a failing comparison names the gradient."""
    return f"gradient in operand {position}"


def draw(*shape: int, seed: int = 0, dtype: Any = None) -> Any:
    """Normal numbers."""
    return jnp.asarray(np.random.default_rng(seed).normal(size=shape), dtype)
