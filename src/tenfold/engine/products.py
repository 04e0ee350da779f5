"""The products between the shifted slices of an input and the taps of a kernel.

`slices` holds one array (example, *spatial, channel) a tap, and `weights` is (tap, channel, output), as in a kernel
whose spatial axes were made one.
"""

import functools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import jax.numpy as jnp
from jax import Array, lax
from jax.typing import DTypeLike

__all__ = ["Product", "depthwise_product", "grouped_product", "sum_dtype"]


Product: TypeAlias = Callable[[Sequence[Array], Array], Array]
"""From slices and weights to the outputs (example, *spatial, output)."""


def grouped_product(
    slices: Sequence[Array], weights: Array, *, num_groups: int, precision: Any, dtype: DTypeLike
) -> Array:
    """One matrix product for each group of channels.

    Args:
        slices: What each tap sees, all channels.
        weights: (tap, channel of a group, output); the outputs of a group are neighbours.
        num_groups: Into how many groups channels and outputs fall; 1 in most convolutions.
        precision: As `lax.dot_general` takes it.
        dtype: The outputs' number format.

    Returns:
        The outputs, groups in order.
    """
    product = partial(_matrix_product, precision=precision, dtype=dtype)
    if num_groups == 1:
        return product(slices, weights)
    slices_per_group = zip(*(jnp.split(channels, num_groups, axis=-1) for channels in slices), strict=True)
    weights_per_group = jnp.split(weights, num_groups, axis=-1)
    groups = zip(slices_per_group, weights_per_group, strict=True)
    return jnp.concatenate([product(*group) for group in groups], axis=-1)


def _matrix_product(slices: Sequence[Array], weights: Array, *, precision: Any, dtype: DTypeLike) -> Array:
    """The slices side by side, times the kernel as a matrix.

    Examples and positions become the rows of one matrix: with a single contracted axis no gradient needs a copy.
    """
    patches = jnp.concatenate(slices, axis=-1)
    rows = patches.reshape(-1, patches.shape[-1])
    matrix = weights.reshape(rows.shape[-1], -1)
    contracted = 0
    if _turning_pays(rows.shape[0], *matrix.shape):
        matrix = lax.optimization_barrier(matrix.T)  # type: ignore[no-untyped-call] # JAX annotates it nowhere
        contracted = 1
    dimensions = (((1,), (contracted,)), ((), ()))
    outputs = lax.dot_general(rows, matrix, dimensions, precision=precision, preferred_element_type=dtype)
    return outputs.reshape(*patches.shape[:-1], -1)


def _turning_pays(num_rows: int, num_taps: int, num_outputs: int) -> bool:
    """Whether the weights' gradient is computed faster as (output, tap).

    So JAX computes it, and then transposes, which XLA takes as a reason to exchange the factors. That product runs at
    101 instead of 174 GFLOP/s for 7,744 rows, 288 taps and 64 outputs on one core; turned weights behind a barrier keep
    it from happening. Turning costs a copy of the weights: it pays from about twice as many rows as outputs, and for
    fewer taps than outputs not at all (measured for 27 to 2,304 taps, 32 to 256 outputs, 64 to 2,048 rows).
    """
    return num_outputs <= num_taps and num_rows >= 2 * num_outputs


def depthwise_product(slices: Sequence[Array], weights: Array, *, num_groups: int, dtype: DTypeLike) -> Array:
    """Every channel with its own kernels: the slices times numbers, added.

    A product of matrices would be mostly zeros. Measured with gradients on 26 x 26 x 32 and a 3 x 3 kernel: 2.8 ms,
    against 14 ms as one matrix product and 337 ms as XLA's convolution.

    Args:
        slices: What each tap sees.
        weights: (tap, 1, output); the outputs of a channel are neighbours.
        num_groups: Number of channels.
        dtype: The outputs' number format; half-precision numbers are added in single precision.

    Returns:
        The outputs, those of the first channel first.
    """
    wide = sum_dtype(dtype)
    kernels = weights.reshape(len(slices), num_groups, -1).astype(wide)
    channels = [array.astype(wide) for array in slices]
    outputs = [_weighted_sum(channels, kernels[..., place]) for place in range(kernels.shape[-1])]
    stacked = jnp.stack(outputs, axis=-1)
    return stacked.reshape(*stacked.shape[:-2], -1).astype(dtype)


def _weighted_sum(channels: Sequence[Array], kernel: Array) -> Array:
    """The slices, each times its tap's weight a channel."""
    total: Array = functools.reduce(lax.add, (array * weight for array, weight in zip(channels, kernel, strict=True)))
    return total


def sum_dtype(dtype: DTypeLike) -> DTypeLike:
    """The number format in which numbers of this one are added up: at least single precision, as XLA does on CPU."""
    return jnp.float32 if jnp.dtype(dtype).itemsize < jnp.dtype(jnp.float32).itemsize else dtype
