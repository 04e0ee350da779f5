"""Where a small window stands while it slides over a line or a picture: for convolutions and for pooling.

Instead of walking from place to place, the window's cells are walked: cell (0, 1) of a window sees, over all places at
once, the picture shifted by one and thinned out by the stride. A convolution is then one matrix product for each cell
of its kernel, pooling one comparison, and the way back adds into the same shifted views.

Source of the paddings: Keras' and TensorFlow's "same": as many places as ceil(size / stride), the odd cell at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tenfold.scratch.layer import Numbers

__all__ = ["Places", "Windows"]

Places: TypeAlias = tuple[slice, ...]
"""What one cell of the window sees of the padded rows: all rows, then a slice for each axis of the picture."""


@dataclass(frozen=True)
class Windows:
    """A window and how it moves.

    Args:
        size: Cells along each axis of the picture: one number for a line, two for a picture.
        strides: How far it moves from place to place.
        padding: `"valid"` (only places inside), `"same"` or, on a line, `"causal"` (only what came before).
        dilation: How far apart neighbouring cells of the window lie.
    """

    size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str = "valid"
    dilation: tuple[int, ...] = (1, 1)

    def num_places(self, space: tuple[int, ...]) -> tuple[int, ...]:
        """How many places the window has along each axis of a picture of that size."""
        margins = self.margins(space)
        sizes = zip(space, margins, self._spans(), self.strides, strict=True)
        return tuple((cells + sum(margin) - span) // stride + 1 for cells, margin, span, stride in sizes)

    def margins(self, space: tuple[int, ...]) -> list[tuple[int, int]]:
        """Cells added before and after the picture, along each axis."""
        if self.padding == "valid":
            return [(0, 0) for _ in space]
        if self.padding == "causal":
            return [(span - 1, 0) for span in self._spans()]
        missing = [
            max((-(-cells // stride) - 1) * stride + span - cells, 0)
            for cells, span, stride in zip(space, self._spans(), self.strides, strict=True)
        ]
        return [(total // 2, total - total // 2) for total in missing]

    def padded(self, pictures: Numbers, value: float = 0.0) -> Numbers:
        """The pictures (row, space, channel) with their margins, filled with the value."""
        margins = [(0, 0), *self.margins(pictures.shape[1:-1]), (0, 0)]
        return np.pad(pictures, margins, constant_values=value)

    def cut(self, padded: Numbers, space: tuple[int, ...]) -> Numbers:
        """The pictures without their margins."""
        margins = zip(self.margins(space), space, strict=True)
        return padded[:, *(slice(before, before + cells) for (before, _), cells in margins)]

    def cells(self, space: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Places]]:
        """Each cell of the window, and what it sees of the padded pictures over all places."""
        counts = self.num_places(space)
        for cell in np.ndindex(self.size):
            starts = (index * dilation for index, dilation in zip(cell, self.dilation, strict=False))
            seen = zip(starts, counts, self.strides, strict=True)
            yield (
                cell,
                (slice(None), *(slice(start, start + (count - 1) * step + 1, step) for start, count, step in seen)),
            )

    def _spans(self) -> list[int]:
        return [(cells - 1) * dilation + 1 for cells, dilation in zip(self.size, self.dilation, strict=False)]
