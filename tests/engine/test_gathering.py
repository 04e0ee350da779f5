"""Inputs that rows look up: the same training as with the rows laid out, without laying them out."""

import keras
import numpy as np
import pytest

from tenfold.engine.member import Member
from tenfold.engine.population import train_population
from tenfold.lookup import Lookup

GENERATOR = np.random.default_rng(3)
PHOTOS = GENERATOR.integers(0, 256, (9, 6, 6, 3), dtype=np.uint8)
SERIES = GENERATOR.normal(size=(40, 2)).astype(np.float32)


def photo_network() -> keras.Model:
    inputs = keras.Input((6, 6, 3), name="photos", dtype="uint8")
    hidden = keras.layers.Rescaling(1 / 255)(inputs)
    hidden = keras.layers.Conv2D(4, 3, activation="relu")(hidden)
    model = keras.Model({"photos": inputs}, keras.layers.Dense(1)(keras.layers.Flatten()(hidden)))
    model.compile("adam", "mse")
    return model


def window_network() -> keras.Model:
    inputs = keras.Input((5, 2), name="history")
    model = keras.Model({"history": inputs}, keras.layers.Dense(1)(keras.layers.SimpleRNN(3)(inputs)))
    model.compile("adam", "mse")
    return model


CASES = {
    "photos that rows share": (photo_network, "photos", Lookup(PHOTOS, np.arange(24, dtype=np.int32) % 9)),
    "windows": (window_network, "history", Lookup(SERIES, np.arange(4, 28, dtype=np.int32), length=5)),
}


@pytest.mark.parametrize("case", CASES)
def test_looked_up_rows_train_as_the_same_rows_laid_out(case: str):
    build, name, lookup = CASES[case]
    laid_out = lookup[np.arange(24)]
    y = GENERATOR.normal(size=(24, 1)).astype(np.float32)
    members = [Member(np.arange(15), np.arange(15, 24), fold=0), Member(np.arange(9, 24), np.arange(9), fold=1)]
    results = [
        train_population(build, {name: x}, y, members, epochs=3, batch_size=4, seed=1) for x in (lookup, laid_out)
    ]
    looked, plain = results
    np.testing.assert_array_equal(looked.history["val_loss"], plain.history["val_loss"])
    rows = [np.array([23, 0, 7]), np.array([1])]
    for one, other in zip(looked.predict_rows(rows), plain.predict_rows(rows), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(looked.out_of_fold_predictions(), plain.out_of_fold_predictions())
    assert looked.model(0).predict({name: laid_out[:3]}, verbose=0).shape == (3, 1)


def test_a_window_is_the_lines_that_end_at_its_place():
    lookup = Lookup(SERIES, np.array([4, 39], dtype=np.int32), length=5)
    assert lookup.shape == (2, 5, 2)
    np.testing.assert_array_equal(lookup[1], SERIES[35:40])
    np.testing.assert_array_equal(lookup[np.array([0])][0], SERIES[:5])


def test_values_are_held_once_whatever_the_rows():
    lookup = Lookup(PHOTOS, np.zeros(100_000, np.int32))
    assert lookup.nbytes == PHOTOS.nbytes + 400_000
    assert lookup[:3].shape == (3, 6, 6, 3)


def test_a_lookup_is_not_iterated_by_mistake():
    with pytest.raises(TypeError, match="by rows"):
        list(Lookup(SERIES, np.arange(3, dtype=np.int32)))
