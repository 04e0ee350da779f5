"""Networks whose weights are shuffled: what a picture of a network must not look like, if it shows what was learnt.

Every kernel keeps its values and their spread, but not their places; biases and statistics of normalisations stay. A
picture that looks the same before and after shows the photo, or the layout of the network, and nothing that was learnt.

Source: Adebayo et al. (2018), "Sanity checks for saliency maps"; they draw new weights, we shuffle those that are
there, so that answers keep their size.
"""

import contextlib
from collections.abc import Iterator
from typing import Literal

import keras
import numpy as np

__all__ = ["shuffled"]


@contextlib.contextmanager
def shuffled(model: keras.Model, what: Literal["last", "all"], seed: int = 0) -> Iterator[None]:
    """Shuffle weights of a model while it is looked at; afterwards it is as it was.

    Args:
        model: Any built Keras model.
        what: The kernel of the last layer that has one, or all kernels.
        seed: Of the shuffling.
    """
    kernels = [one for one in model.trainable_variables + model.non_trainable_variables if _is_kernel(one)]
    chosen = kernels[-1:] if what == "last" else kernels
    own, rng = [np.asarray(one) for one in chosen], np.random.default_rng(seed)
    try:
        for one, values in zip(chosen, own, strict=True):
            one.assign(rng.permutation(values.ravel()).reshape(values.shape))
        yield
    finally:
        for one, values in zip(chosen, own, strict=True):
            one.assign(values)


def _is_kernel(variable: keras.Variable) -> bool:
    """Whether a variable is a matrix or more, of numbers with fractions: a seed is none."""
    return len(variable.shape) > 1 and "float" in str(variable.dtype)
