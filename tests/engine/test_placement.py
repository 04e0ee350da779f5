"""Data on their way to the devices: shapes at once, numbers when they are asked for, the same either way."""

import jax
import numpy as np
import pytest

from tenfold.engine.arrays import Placement
from tenfold.engine.devices import devices_for
from tenfold.engine.network import Batch
from tenfold.lookup import Lookup

RNG = np.random.default_rng(0)


def batch(rows: int) -> Batch:
    photos = RNG.integers(0, 255, (5, 4, 4, 3), np.uint8)
    x = {"numbers": RNG.normal(size=(rows, 3)), "photos": Lookup(photos, RNG.integers(0, 5, rows))}
    return Batch(x, RNG.integers(0, 2, rows), None)


@pytest.mark.parametrize("rows", [40, 400_000], ids=["little", "much, by a thread"])
@pytest.mark.parametrize("num_members", [1, 2])
def test_shapes_are_those_of_the_arrays_that_come(rows: int, num_members: int):
    data = batch(rows)
    placement = Placement(data, devices_for(num_members))
    placement.begin()
    shapes, arrays = jax.tree.leaves(placement.shapes), jax.tree.leaves(placement.arrays())
    for shape, array, given in zip(shapes, arrays, jax.tree.leaves(data), strict=True):
        assert (shape.shape, shape.dtype, shape.sharding) == (array.shape, array.dtype, array.sharding)
        np.testing.assert_array_equal(np.asarray(array), given.astype(array.dtype))
    assert placement.arrays() is placement.arrays()


def test_where_only_shapes_are_asked_for_nothing_is_copied(monkeypatch: pytest.MonkeyPatch):
    placement = Placement(batch(40), devices_for(1))
    monkeypatch.setattr(jax, "device_put", lambda *_: pytest.fail("copied"))
    assert placement.shapes.y.shape == (40,)


def test_what_goes_wrong_in_the_thread_is_raised_where_the_numbers_are_wanted(monkeypatch: pytest.MonkeyPatch):
    def full(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(jax, "device_put", full)
    placement = Placement(batch(400_000), devices_for(1))
    placement.begin()
    with pytest.raises(MemoryError, match="no room"):
        placement.arrays()
