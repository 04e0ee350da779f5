"""Shuffled weights: the same values elsewhere, and the model afterwards as it was."""

import keras
import numpy as np
import pytest

from tenfold.views.shuffling import shuffled


def model() -> keras.Model:
    layers = keras.layers
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(6), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(3)]
    )


@pytest.mark.parametrize("what", ["last", "all"])
def test_kernels_keep_their_values_but_not_their_places(what):
    network = model()
    before = network.get_weights()
    with shuffled(network, what):
        within = network.get_weights()
    for place, (own, other) in enumerate(zip(before, within, strict=True)):
        np.testing.assert_array_equal(np.sort(own, axis=None), np.sort(other, axis=None))
        is_meant = own.ndim == 2 and (what == "all" or place == len(before) - 2)
        assert np.array_equal(own, other) != is_meant
    for own, after in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(own, after)


def test_also_where_something_goes_wrong_within():
    network = model()
    before = network.get_weights()
    with pytest.raises(KeyboardInterrupt), shuffled(network, "all"):
        raise KeyboardInterrupt
    np.testing.assert_array_equal(before[0], network.get_weights()[0])
