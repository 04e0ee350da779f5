"""Inputs that are looked up instead of laid out: windows of a series, and photos that several folds share.

An array of inputs has a line a row. A `Lookup` has the values once and, for each row, the place where it finds its own:

    Lookup(photos, np.arange(len(photos)))     # row r is photos[r]; two rows may share one photo
    Lookup(series, ends, length=240)           # row r is the 240 lines of the series that end with line ends[r]

The engine gathers a batch inside the compiled step, so that 26,000 windows of 240 hours take the memory of the hours,
and photos stay the bytes that they are on disk. A row costs four bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Lookup"]


@dataclass(frozen=True, eq=False)
class Lookup:
    """Values that rows look up.

    Args:
        source: The values, once; leading axis `place`.
        places: int32 [row]: the line of each row, or the last line of its window.
        length: Lines of a row's window; 0 for one line without an axis of its own.
        meaning: What the values are, for whoever prepares them.
    """

    source: Any
    places: Any
    length: int = 0
    meaning: Any = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the array that it stands for: `(row, ...)`, or `(row, length, ...)`."""
        window = (self.length,) if self.length else ()
        return (len(self.places), *window, *self.source.shape[1:])

    @property
    def dtype(self) -> Any:
        """Type of the values."""
        return self.source.dtype

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, the places included."""
        return int(self.source.nbytes + self.places.nbytes)

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("a `Lookup` is read by rows: lookup[rows]")

    def __getitem__(self, rows: Any) -> np.ndarray:
        """The rows laid out.

        Args:
            rows: Positions or a slice.

        Returns:
            A new array with a line a row.
        """
        return np.asarray(self.source[self.lines(self.places[rows])])

    def lines(self, places: Any) -> Any:
        """Positions in `source` of what is found at some places: `[row]`, or `[row, length]`.

        >>> Lookup(np.arange(9), np.array([4, 8]), length=3).lines(np.array([4, 8]))
        array([[2, 3, 4],
               [6, 7, 8]])
        """
        if not self.length:
            return places
        return places[..., None] + np.arange(1 - self.length, 1, dtype=np.int32)
