"""A view: a figure, the sentence that it shows, and the numbers that it was drawn from.

    view = tenfold.views.dying_units()
    view.save("dying.svg")

The sentence stands above the figure and serves as its text for those who do not see it: it is made from the numbers.
"""

import dataclasses
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from tenfold.errors import OptionError
from tenfold.writing import writing

__all__ = ["View"]

DOTS_PER_INCH = 110
"""Of figures saved as pixels: about 1,100 wide, twice the width of a page of text."""


FORMATS = ("svg", "png", "pdf")


@dataclass(frozen=True)
class View:
    """What is seen.

    Attributes:
        figure: The figure.
        sentence: What it shows, in words, from the numbers.
        numbers: What was measured: a dataclass of plain arrays.
    """

    figure: Figure
    sentence: str
    numbers: Any

    def as_dict(self) -> dict[str, Any]:
        """Sentence and numbers as JSON values; numbers with 5 significant digits, None where there is none."""
        fields = dataclasses.fields(self.numbers)
        return {"sentence": self.sentence} | {one.name: _plain(getattr(self.numbers, one.name)) for one in fields}

    def save(self, path: Path | str) -> Path:
        """Write the figure into a file.

        Args:
            path: Its ending decides the format: `.svg`, `.png` or `.pdf`.

        Returns:
            The path. The same numbers give the same bytes of SVG.

        Raises:
            OptionError: Another ending.
            MachineError: The file cannot be written.
        """
        path = Path(path)
        kind = path.suffix.removeprefix(".").lower()
        if kind not in FORMATS:
            raise OptionError(
                "figure_format", f"A figure cannot be written as `{path.suffix}`", expected=f".{', .'.join(FORMATS)}",
                received=path.name,
            )  # fmt: skip
        with mpl.rc_context({"svg.hashsalt": "tenfold"}), writing(path) as temporary:
            metadata = {"Date": None} if kind == "svg" else {"CreationDate": None} if kind == "pdf" else {}
            self.figure.savefig(temporary, format=kind, dpi=DOTS_PER_INCH, metadata=metadata)
        return path

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        pixels = io.BytesIO()
        self.figure.savefig(pixels, format="png", dpi=DOTS_PER_INCH)
        return pixels.getvalue()

    def __repr__(self) -> str:
        return f"View({self.sentence!r})"


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else None
    return value
