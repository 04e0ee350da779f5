"""What a reader of a figure would stumble over: words that lie on each other or outside of the sheet."""

from itertools import combinations
from typing import Any
from unittest import mock

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


def words_of(figure: Figure) -> list[Text]:
    """All words that are drawn, in the order in which they are."""
    drawn: list[Text] = []
    own = Text.draw

    def noting(text: Text, renderer: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            drawn.append(text)
        own(text, renderer)

    with mock.patch.object(Text, "draw", noting):
        FigureCanvasAgg(figure).draw()
    assert drawn, "a figure without words"
    return drawn


def stumbles(figure: Figure) -> list[str]:
    """Pairs of words that overlap by more than a pixel, and words that are cut off."""
    boxes = [(one.get_text(), one.get_window_extent()) for one in words_of(figure)]
    sheet = figure.bbox
    found = [f"{text!r} is cut off" for text, box in boxes if box.x0 < sheet.x0 - 1 or box.x1 > sheet.x1 + 1
             or box.y0 < sheet.y0 - 1 or box.y1 > sheet.y1 + 1]  # fmt: skip
    for (one, box), (other, its) in combinations(boxes, 2):
        across = min(box.x1, its.x1) - max(box.x0, its.x0)
        if across > 1 and min(box.y1, its.y1) - max(box.y0, its.y0) > 1:
            found.append(f"{one!r} lies on {other!r}")
    return found
