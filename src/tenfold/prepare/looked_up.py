"""Columns whose cells are arrays, as networks take them: photos as the bytes that they are.

Nothing is fitted on photos: a network brings bytes to -1 to 1 itself, whatever the fold, so that all folds share one
copy.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.lookup import Lookup
from tenfold.prepare.unfamiliar import Unfamiliar

__all__ = ["PhotoColumn", "stack_lookups"]


@dataclass(frozen=True)
class PhotoColumn:
    """A column of photos.

    Args:
        name: Of the column.
        height: Pixels.
        width: Pixels.
        channels: 3, or 1 for grey ones.
    """

    kind: ClassVar[Literal["photo"]] = "photo"
    array: ClassVar[Literal["photos"]] = "photos"
    input_names: ClassVar[tuple[str, ...]] = ()
    name: str
    height: int
    width: int
    channels: int

    @classmethod
    def fit(cls, values: pd.Series) -> "PhotoColumn":
        """Only the size is read, which all photos of a column share."""
        return cls(str(values.name), *values.array.lookup.shape[1:])

    @property
    def treatment(self) -> str:
        """What is done with it, as a phrase."""
        return f"{self.height} x {self.width} pixels, bytes brought to -1 to 1 in the network"

    def transform(self, values: pd.Series) -> Float[np.ndarray, "row feature"]:
        """No inputs beside the photos."""
        return np.zeros((len(values), 0))

    def lookup(self, values: pd.Series) -> Lookup:
        """The photos, uint8 `(row, height, width, channel)`."""
        found: Lookup = values.array.lookup
        return found

    def compare(self, values: pd.Series) -> Unfamiliar:
        """Photos are never unfamiliar: all are brought to one size."""
        del values
        return Unfamiliar(self.name)


def stack_lookups(blocks: list[Lookup]) -> Lookup:
    """One lookup for several blocks of rows, one below the other; the same source is kept once.

    Args:
        blocks: With sources of one shape but for their length.
    """
    first = blocks[0]
    places = [one.places for one in blocks]
    if all(one.source is first.source for one in blocks):
        return Lookup(first.source, np.concatenate(places).astype(np.int32), first.length)
    starts = np.cumsum([0, *(len(one.source) for one in blocks[:-1])])
    moved = [own + start for own, start in zip(places, starts, strict=True)]
    source = np.concatenate([one.source for one in blocks])
    return Lookup(source, np.concatenate(moved).astype(np.int32), first.length)
