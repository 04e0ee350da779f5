"""Columns whose cells are arrays: pandas moves them about without copying their values."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.copies import find_copies
from tenfold.data.lookup_column import LookupArray, is_lookup_column
from tenfold.lookup import Lookup

PHOTOS = np.random.default_rng(0).integers(0, 256, (4, 2, 3, 3), dtype=np.uint8)
PHOTOS[3] = PHOTOS[1]


def frame() -> pd.DataFrame:
    photos = pd.Series(LookupArray(Lookup(PHOTOS, np.arange(4, dtype=np.int32))))
    return pd.DataFrame({"photo": photos, "label": ["a", "b", "c", "b"]})


def test_rows_move_and_values_stay():
    some = frame().iloc[[2, 0]].reset_index(drop=True)
    assert is_lookup_column(some["photo"])
    lookup = some["photo"].array.lookup
    assert lookup.source is PHOTOS
    np.testing.assert_array_equal(lookup[np.arange(2)], PHOTOS[[2, 0]])
    np.testing.assert_array_equal(some["photo"].iloc[1], PHOTOS[0])
    both = pd.concat([some, frame()], ignore_index=True)
    assert both["photo"].array.lookup.source is PHOTOS
    assert len(both) == 6
    assert "2 x 3 x 3" in str(both)


def test_copies_of_photos_are_found_as_copies_of_rows_are():
    assert frame().duplicated().tolist() == [False, False, False, True]
    assert frame()["photo"].nunique() == 3
    first, again = (pd.util.hash_pandas_object(frame(), index=False) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert first[1] == first[3] != first[0]


def test_no_cell_is_ever_missing():
    assert not frame()["photo"].isna().any()
    assert len(frame()["photo"].dropna()) == 4
    with pytest.raises(ValueError, match="no missing cells"):
        frame()["photo"].array.take([0, -1], allow_fill=True)


def test_windows_are_columns_too():
    series = np.arange(12, dtype=np.float32).reshape(6, 2)
    values = pd.Series(LookupArray(Lookup(series, np.array([2, 5], dtype=np.int32), length=3)))
    np.testing.assert_array_equal(values.iloc[1], series[3:])
    assert values.iloc[::-1].iloc[1].shape == (3, 2)


def test_copies_of_photos_beside_a_label_are_no_chance():
    photos = np.random.default_rng(0).integers(0, 256, (40, 2, 2, 3), dtype=np.uint8)
    places = np.array([*range(40), 3, 4], dtype=np.int32)
    labels = ["a", "b"] * 20 + ["b", "a"]
    cells = pd.DataFrame({"photo": LookupArray(Lookup(photos, places)), "label": labels})
    copies = find_copies(cells)
    assert (copies.num_repeated, copies.num_by_chance) == (2, 0)
    assert cells["photo"].duplicated().sum() == 2
