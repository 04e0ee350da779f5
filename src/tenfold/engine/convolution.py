"""Convolution as one matrix product over shifted slices.

XLA's CPU convolution is slow, and inside a loop it leaves all but one core idle: a small convnet takes 196 ms a step in
a scan. Here the input is padded, the slice that each tap of the kernel sees is cut out, the slices are laid side by
side along the channels ("im2col"), and one matrix product with the kernel does the rest; the gradients are matrix
products too.

What made it fast, measured on an AMD Zen 5 (XLA's CPU backend of jaxlib 0.10):

* *Rows in chunks that fit the cache.* The patches of a 3 x 3 kernel are nine times its input. A loop over chunks of
  rows keeps them in the second-level cache; they are computed again for the gradient instead of being kept.
* *The weight gradient's orientation.* `product` turns it into (outputs x taps), 174 instead of 101 GFLOP/s.
* *A transposed convolution as several small ones.* Between the zeros that a stride of 2 puts into the input, only every
  second tap meets a number: each residue of the output position has its own, smaller kernel, without zeros.
* *One channel a group* (depthwise) needs no product: the slices are multiplied and added.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax
from jax.typing import DTypeLike

from tenfold.engine.taps import Phase, SlidingAxis, phases_of, sliding_axes

__all__ = ["Convolution", "convolve"]

CHUNK_BYTES = 1_200_000
"""Patches computed at a time, bytes: what the second-level cache of a core holds (1 MiB), measured best of 0.6 to 4.8 MB."""


class Convolution(NamedTuple):
    """What is known of a convolution before its numbers: the parameters of XLA's `ConvGeneralDilated`."""
