"""Photos and windows of series as columns of a frame: each cell is an array, and all share one copy of the values.

    frame["photo"] = LookupArray(Lookup(photos, np.arange(len(photos))))
    frame["photo"].iloc[3]                 # uint8 (height, width, 3)
    frame.iloc[rows]["photo"].array.lookup # the same photos, other places

pandas moves rows about by their places (four bytes a row). Two cells are the same where their values are, so that
copies of a photo are found as copies of rows are.
"""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray, ExtensionDtype, register_extension_dtype

from tenfold.lookup import Lookup

__all__ = ["LookupArray", "LookupDtype", "is_lookup_column"]


@register_extension_dtype
class LookupDtype(ExtensionDtype):  # type: ignore[misc]  # pandas' base class is not annotated
    """The type of a column whose cells are arrays."""

    name = "lookup"
    type = np.ndarray
    na_value = None

    @classmethod
    def construct_array_type(cls) -> Any:
        """The array of this type."""
        return LookupArray


class LookupArray(ExtensionArray):  # type: ignore[misc]
    """A column of arrays that are looked up.

    Args:
        lookup: The values, and where each cell finds its own. No cell is missing.
    """

    dtype = LookupDtype()

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    @classmethod
    def _from_sequence(cls, scalars: Sequence[Any], *, dtype: Any = None, copy: bool = False) -> "LookupArray":
        del dtype, copy
        if isinstance(scalars, cls):
            return scalars
        return cls(Lookup(np.stack(list(scalars)), np.arange(len(scalars), dtype=np.int32)))

    @classmethod
    def _concat_same_type(cls, to_concat: Sequence["LookupArray"]) -> "LookupArray":
        first = to_concat[0].lookup
        if not all(one.lookup.source is first.source for one in to_concat):
            raise ValueError("columns of photos or windows are joined only where they share their values")
        return cls(replace(first, places=np.concatenate([one.lookup.places for one in to_concat])))

    def __len__(self) -> int:
        return len(self.lookup)

    def __getitem__(self, item: Any) -> Any:
        item = pd.api.indexers.check_array_indexer(self, item)
        places = self.lookup.places[item]
        if np.ndim(places) == 0:
            return self.lookup[int(item)]
        return LookupArray(replace(self.lookup, places=places))

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, LookupArray):
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.keys() == other.keys())

    def __hash__(self) -> int:
        raise TypeError("a column of arrays has no hash")

    @property
    def nbytes(self) -> int:
        """Bytes of the values and the places."""
        return self.lookup.nbytes

    def isna(self) -> np.ndarray:
        """No cell is missing."""
        return np.zeros(len(self), dtype=bool)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> "LookupArray":
        """Cells at positions; a missing one (-1 where `allow_fill`) cannot be made.

        Raises:
            ValueError: One is asked for.
        """
        del fill_value
        wanted = np.asarray(indices)
        if allow_fill and (wanted < 0).any():
            raise ValueError("a column of photos or windows has no missing cells")
        return LookupArray(replace(self.lookup, places=self.lookup.places[wanted]))

    def copy(self) -> "LookupArray":
        """The same values, places of its own."""
        return LookupArray(replace(self.lookup, places=self.lookup.places.copy()))

    def keys(self) -> np.ndarray:
        """A number a cell; the same for cells of the same content."""
        places, back = np.unique(self.lookup.places, return_inverse=True)
        own = [_key(np.ascontiguousarray(self.lookup.source[self.lookup.lines(place)])) for place in places]
        return np.array(own, dtype=np.uint64)[back]

    def duplicated(self, keep: Any = "first") -> np.ndarray:
        """Whether each cell repeats another's content; as pandas' own."""
        return np.asarray(pd.Series(self.keys()).duplicated(keep))

    def unique(self) -> "LookupArray":
        """The first of each content."""
        return self.take(np.sort(np.unique(self.keys(), return_index=True)[1]))

    def _values_for_factorize(self) -> tuple[np.ndarray, Any]:
        return self.keys(), np.uint64(0)

    @classmethod
    def _from_factorized(cls, values: Any, original: "LookupArray") -> "LookupArray":
        keys = original.keys()
        return original.take(np.array([int(np.flatnonzero(keys == value)[0]) for value in values], dtype=np.int64))

    def _hash_pandas_object(self, *, encoding: str, hash_key: str, categorize: bool) -> np.ndarray:
        del encoding, hash_key, categorize
        return self.keys()

    def _formatter(self, boxed: bool = False) -> Any:  # noqa: FBT001, FBT002  # as pandas calls it
        del boxed
        return functools.partial(_described)


def is_lookup_column(values: pd.Series) -> bool:
    """Whether the cells of a column are arrays that are looked up."""
    return isinstance(values.dtype, LookupDtype)


def _key(content: np.ndarray) -> int:
    return int.from_bytes(hashlib.blake2b(content.tobytes(), digest_size=8).digest(), "little")


def _described(cell: np.ndarray) -> str:
    return f"<{' x '.join(map(str, np.shape(cell)))}>"
