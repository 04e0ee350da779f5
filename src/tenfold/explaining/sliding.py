"""How a window's places, cells and pixels are written in formulas, forward and backward."""

from tenfold.scratch.windows import Windows

__all__ = ["Sliding"]


class Sliding:
    """The indices of a window that slides over a line or a picture.

    Args:
        windows: The window.
        space: Size of the line or picture.

    Attributes:
        places: Where the window stands: `"p, q"`.
        cells: Its cells: `"u, v"`.
        pixels: Places of the picture: `"r, s"`.
        seen: Which pixel a cell sees: `"2*p + u - 1, 2*q + v - 1"`.
        seeing: Where a window stands whose cell sees a pixel: `"(r - u + 1) / 2, ..."`.
        number: A cell's number, as pooling counts its winners: `"3*u + v"`.
        sizes: How many cells along each axis.

    >>> Sliding(Windows((2, 3), (2, 1)), (8, 8)).seen
    '2*p + u, q + v'
    """

    def __init__(self, windows: Windows, space: tuple[int, ...]) -> None:
        p, u, r = "pq"[: len(space)], "uv"[: len(space)], "rs"[: len(space)]
        margins = [before for before, _ in windows.margins(space)]
        parts = list(zip(p, u, r, windows.strides, windows.dilation, margins, strict=False))
        self.places, self.cells, self.pixels = ", ".join(p), ", ".join(u), ", ".join(r)
        self.seen = ", ".join(
            f"{_times(stride, at)} + {_times(apart, cell)}{f' - {margin}' if margin else ''}"
            for at, cell, _, stride, apart, margin in parts
        )
        self.seeing = ", ".join(
            _over(f"{pixel}{f' + {margin}' if margin else ''} - {_times(apart, cell)}", stride)
            for _, cell, pixel, stride, apart, margin in parts
        )
        self.sizes = dict(zip(u, windows.size, strict=True))
        self.number = u[0] if len(u) == 1 else f"{windows.size[1]}*u + v"


def _times(factor: int, axis: str) -> str:
    return axis if factor == 1 else f"{factor}*{axis}"


def _over(above: str, divisor: int) -> str:
    return above if divisor == 1 else f"({above}) / {divisor}"
