"""One model trained twice from the same random numbers: with `Model.fit` and with `tenfold.fit(fuse=False)`."""

from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np

import tenfold


class Pair(NamedTuple):
    """What both trainings left behind."""

    keras: Any
    ours: Any

    def assert_equal(self, allowed: float = 1e-10) -> None:
        """Every logged number and every weight, and the keys in Keras' order."""
        theirs, ours = self.keras.history, self.ours.history
        assert list(ours) == list(theirs)
        assert self.ours.epoch == self.keras.epoch
        for name, values in theirs.items():
            np.testing.assert_allclose(ours[name], values, rtol=allowed, atol=allowed, err_msg=name)
        for ours_weight, weight in zip(self.ours.model.get_weights(), self.keras.model.get_weights(), strict=True):
            np.testing.assert_allclose(ours_weight, weight, rtol=allowed, atol=allowed)


def fit_both(
    build: Callable[[], Any], x: Any, y: Any = None, *, callbacks: Callable[[], list[Any]] = list, **arguments: Any
) -> Pair:
    """Train a model of `build` with each.

    Args:
        build: Returns a compiled model.
        x: Inputs.
        y: Targets.
        callbacks: Makes fresh callbacks.
        arguments: Further arguments that both `fit` have.
    """
    keras.utils.set_random_seed(3)
    theirs = build().fit(x, y, callbacks=callbacks(), verbose=0, **arguments)
    keras.utils.set_random_seed(3)
    ours = tenfold.fit(build(), x, y, callbacks=callbacks(), verbose=0, fuse=False, **arguments)
    return Pair(theirs, ours)
