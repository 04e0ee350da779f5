"""Convolution as one matrix product over shifted slices.

XLA's CPU convolution is slow, and inside a loop it leaves all but one core idle: a small convnet takes 170 ms a step in
a scan. Here the input is padded, the slice that each tap of the kernel sees is cut out, the slices are laid side by
side along the channels ("im2col"), and one matrix product with the kernel does the rest (`products.py`); the gradients
become matrix products too. A transposed convolution becomes several small ones (`taps.py`), so that nothing is
multiplied with the zeros between its input's elements.

The patches of a 3 x 3 kernel are nine times its input. A loop over chunks of the batch keeps them in the cache of a
core and computes them again for the gradient instead of keeping them: 9.6 instead of 11.8 ms a step on one core of an
AMD Zen 5, and 16 instead of 35 MB.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.typing import DTypeLike

from tenfold.engine.products import Product, depthwise_product, grouped_product
from tenfold.engine.taps import Phase, SlidingAxis

__all__ = ["Convolution", "convolve"]

CHUNK_BYTES = 1_200_000
"""Patches held at a time, bytes: a core's second-level cache (1 MiB). Measured best of 0.6, 1.2, 2.4 and 4.8 MB."""

MOST_SLICES = 256
"""Slices (taps times groups) up to which a convolution is rewritten. Arbitrary: it bounds the time to compile."""


class Convolution(NamedTuple):
    """What is known of a convolution before its numbers: the parameters of XLA's `ConvGeneralDilated`."""

    window_strides: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    lhs_dilation: tuple[int, ...]
    rhs_dilation: tuple[int, ...]
    dimension_numbers: lax.ConvDimensionNumbers
    feature_group_count: int
    batch_group_count: int
    precision: Any
    preferred_element_type: DTypeLike | None

    def axes(self, inputs: tuple[int, ...], kernel: tuple[int, ...]) -> tuple[SlidingAxis, ...]:
        """The spatial axes, for inputs and a kernel of these shapes."""
        sizes = (inputs[axis] for axis in self.dimension_numbers.lhs_spec[2:])
        kernel_sizes = (kernel[axis] for axis in self.dimension_numbers.rhs_spec[2:])
        columns = (sizes, kernel_sizes, self.window_strides, self.padding, self.lhs_dilation, self.rhs_dilation)
        return tuple(
            SlidingAxis(size, kernel_size, stride, low, high, input_dilation, kernel_dilation)
            for size, kernel_size, stride, (low, high), input_dilation, kernel_dilation in zip(*columns, strict=True)
        )

    def is_depthwise(self, kernel: tuple[int, ...]) -> bool:
        """Whether each input channel is a group of its own."""
        return self.feature_group_count > 1 and kernel[self.dimension_numbers.rhs_spec[1]] == 1

    def pays(self, inputs: tuple[int, ...], kernel: tuple[int, ...], dtype: DTypeLike) -> bool:
        """Whether `convolve` knows this convolution and is worth while: real numbers, nothing empty, few slices."""
        axes = self.axes(inputs, kernel)
        num_products = 1 if self.is_depthwise(kernel) else self.feature_group_count
        return (
            self.batch_group_count == 1
            and jnp.issubdtype(dtype, jnp.floating)
            and all(size > 0 for size in (*inputs, *kernel, *(axis.output_size for axis in axes)))
            and num_products * math.prod(axis.kernel_size for axis in axes) <= MOST_SLICES
        )


def convolve(inputs: Array, kernel: Array, convolution: Convolution) -> Array:
    """The convolution that `lax.conv_general_dilated` computes, by slices and matrix products.

    Args:
        inputs: Examples with channels and spatial axes, in the order of `dimension_numbers.lhs_spec`.
        kernel: Weights, in the order of `dimension_numbers.rhs_spec`.
        convolution: Strides, padding, dilations, groups and number formats, for which it `pays`.

    Returns:
        The outputs, in the order of `dimension_numbers.out_spec`; equal to XLA's up to rounding, gradients too.
    """
    axes = convolution.axes(inputs.shape, kernel.shape)
    examples = _channels_last(inputs, convolution.dimension_numbers.lhs_spec)
    weights = jnp.moveaxis(_channels_last(kernel, convolution.dimension_numbers.rhs_spec), 0, -1)
    slide = partial(_slide, weights=weights, axes=axes, product=_product(convolution, kernel.shape, inputs.dtype))
    outputs = slide(examples) if convolution.is_depthwise(kernel.shape) else _in_chunks(slide, examples, axes)
    return _channels_back(outputs, convolution.dimension_numbers.out_spec)


def _product(convolution: Convolution, kernel: tuple[int, ...], dtype: DTypeLike) -> Product:
    """How slices and weights are multiplied."""
    groups, dtype = convolution.feature_group_count, convolution.preferred_element_type or dtype
    if convolution.is_depthwise(kernel):
        return partial(depthwise_product, num_groups=groups, dtype=dtype)
    return partial(grouped_product, num_groups=groups, precision=convolution.precision, dtype=dtype)


def _channels_last(array: Array, spec: Sequence[int]) -> Array:
    """From XLA's specification (example, channel, *spatial) to the order example, *spatial, channel."""
    return array.transpose(spec[0], *spec[2:], spec[1])


def _channels_back(array: Array, spec: Sequence[int]) -> Array:
    """The inverse of `_channels_last`."""
    places = (spec[0], *spec[2:], spec[1])
    return array.transpose(*(places.index(axis) for axis in range(array.ndim)))


def _in_chunks(slide: Callable[[Array], Array], examples: Array, axes: Sequence[SlidingAxis]) -> Array:
    """Slides over a few examples at a time, so that their patches stay in the cache."""
    num_taps = math.prod(axis.kernel_size for axis in axes)
    num_positions = math.prod(axis.phase_size for axis in axes)
    example_bytes = num_positions * num_taps * examples.shape[-1] * examples.dtype.itemsize
    num_examples = examples.shape[0]
    if num_taps == 1 or num_examples * example_bytes <= 2 * CHUNK_BYTES:
        return slide(examples)
    num_chunks = -(-num_examples // max(1, CHUNK_BYTES // example_bytes))
    chunk_size = -(-num_examples // num_chunks)
    filled = _pad(examples, [(0, num_chunks * chunk_size - num_examples)] + [(0, 0)] * (examples.ndim - 1))
    chunks = filled.reshape(num_chunks, chunk_size, *examples.shape[1:])
    outputs: Array = lax.map(jax.checkpoint(slide, prevent_cse=False), chunks)
    return outputs.reshape(-1, *outputs.shape[2:])[:num_examples]


def _slide(examples: Array, weights: Array, axes: Sequence[SlidingAxis], product: Product) -> Array:
    """Outputs of (example, *spatial, channel) and (*spatial, channel, output), phase by phase."""
    padded = _pad(examples, [(0, 0), *(axis.margins for axis in axes), (0, 0)])
    outputs = [
        _slide_phase(padded, weights, axes, phases, product)
        for phases in itertools.product(*(axis.phases for axis in axes))
    ]
    return outputs[0] if len(outputs) == 1 else _interleave(outputs, axes)


def _slide_phase(
    padded: Array, weights: Array, axes: Sequence[SlidingAxis], phases: Sequence[Phase], product: Product
) -> Array:
    """The outputs of one phase of each axis; zeros where its outputs meet no element."""
    slices = [_slice(padded, axes, offsets) for offsets in itertools.product(*(phase.offsets for phase in phases))]
    if not slices:
        return jnp.zeros((padded.shape[0], *(axis.phase_size for axis in axes), weights.shape[-1]), padded.dtype)
    for position, phase in enumerate(phases):
        step = phase.taps[1] - phase.taps[0] if len(phase.taps) > 1 else 1
        weights = lax.slice_in_dim(weights, phase.taps[0], phase.taps[-1] + 1, step, position)
    return product(slices, weights.reshape(len(slices), *weights.shape[-2:]))


def _slice(padded: Array, axes: Sequence[SlidingAxis], offsets: Sequence[int]) -> Array:
    """What one tap sees at every output."""
    starts = [axis.margins[0] + offset for axis, offset in zip(axes, offsets, strict=True)]
    limits = [start + (axis.phase_size - 1) * axis.step + 1 for start, axis in zip(starts, axes, strict=True)]
    steps = [axis.step for axis in axes]
    return lax.slice(padded, (0, *starts, 0), (padded.shape[0], *limits, padded.shape[-1]), (1, *steps, 1))


def _interleave(outputs: Sequence[Array], axes: Sequence[SlidingAxis]) -> Array:
    """The phases' outputs in the order of their positions."""
    sizes = outputs[0].shape
    counts = [axis.num_phases for axis in axes]
    stacked = jnp.stack(outputs).reshape(*counts, *sizes)
    num_axes = len(axes)
    pairs = [place for axis in range(num_axes) for place in (num_axes + 1 + axis, axis)]
    joined = stacked.transpose(num_axes, *pairs, 2 * num_axes + 1)
    lengths = [axis.phase_size * axis.num_phases for axis in axes]
    whole = joined.reshape(sizes[0], *lengths, sizes[-1])
    return whole[(slice(None), *(slice(axis.output_size) for axis in axes))]


def _pad(array: Array, margins: Sequence[tuple[int, int]]) -> Array:
    """The array with zeros around it, or itself where there are none to add."""
    if not any(low or high for low, high in margins):
        return array
    return lax.pad(array, jnp.zeros((), array.dtype), [(low, high, 0) for low, high in margins])
