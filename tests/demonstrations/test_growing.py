"""Sizes side by side: each seed holds out rows of its own, the same for every size."""

import keras
import numpy as np
import pytest

from tenfold import views
from tenfold.demonstrations.examples import circles
from tenfold.demonstrations.growing import _members
from tenfold.errors import OptionError, SplitError

X, Y = circles(40, noise=0.1, seed=0)


def of_width(width: int) -> keras.Model:
    layers = [keras.layers.Dense(width, "relu"), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("adam", "binary_crossentropy")
    return model


def test_each_size_is_trained_and_scored_with_every_seed():
    seen = views.capacity(of_width, X, Y, widths=(3, 1), measure="units", epochs=2, seeds=2).numbers

    assert (seen.measure, seen.sizes) == ("units", (1, 3))
    assert seen.parameters == (2 * 1 + 1 + 1 + 1, 2 * 3 + 3 + 3 + 1)
    assert seen.loss.shape == seen.validation_loss.shape == (2, 2, 2)
    assert np.isfinite(seen.validation_loss).all()


def test_seeds_hold_out_other_rows_and_lose_none():
    one, other = _members(10, 0.3, 2, seed=0)

    assert sorted([*one.train_rows, *one.validation_rows]) == list(range(10))
    assert len(one.validation_rows) == 3
    assert set(one.validation_rows) != set(other.validation_rows)


@pytest.mark.parametrize("widths", [(4,), (0, 4), (True, 4), (4, 4)])
def test_sizes_that_compare_nothing_are_refused(widths: tuple[int, ...]):
    with pytest.raises(OptionError, match="`widths` must be different whole numbers"):
        views.capacity(of_width, X, Y, widths=widths)


@pytest.mark.parametrize("share", [0.0, 1.0, 0.001])
def test_a_side_without_rows_is_refused(share: float):
    with pytest.raises(SplitError, match="leaves nothing on one side"):
        views.capacity(of_width, X, Y, widths=(1, 2), validation_share=share)


def test_a_function_without_rows_is_refused():
    with pytest.raises(OptionError, match="A model of your own needs the rows"):
        views.capacity(of_width)
