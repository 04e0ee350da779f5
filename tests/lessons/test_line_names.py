"""Names stand beside the ends of lines, and never on one another."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from tenfold.lessons import name_lines


def drawn(ends):
    axes = Figure(figsize=(5, 3), layout="constrained").subplots()
    for name, end in ends.items():
        axes.plot([1, 2, 3], [0.0, 0.5, end], label=name)
    axes.set_ylim(0, 1)
    name_lines(axes)
    axes.figure.draw_without_rendering()
    return axes


def middle(text):
    extent = text.get_window_extent()
    return (extent.y0 + extent.y1) / 2 * 72 / text.figure.dpi


def test_each_name_stands_at_the_end_of_its_line_in_its_colour():
    axes = drawn({"high": 0.9, "low": 0.1})
    for text, line, end in zip(axes.texts, axes.lines, (0.9, 0.1), strict=True):
        place = axes.transData.transform((3, end))
        assert (text.get_text(), text.get_color()) == (line.get_label(), line.get_color())
        assert text.get_window_extent().x0 > place[0]
        assert middle(text) == pytest.approx(place[1] * 72 / axes.figure.dpi, abs=1)


@pytest.mark.parametrize("ends", [(0.5, 0.5), (0.52, 0.5), (0.5, 0.51, 0.49, 0.9), (0.0, 0.0, 0.0)])
def test_names_that_would_meet_are_moved_apart_in_the_order_of_their_ends(ends):
    axes = drawn({f"line {place}": end for place, end in enumerate(ends)})
    heights = [middle(text) for text in axes.texts]
    by_height = np.sort(heights)
    assert np.diff(by_height).min() >= 10.5
    order = np.argsort(ends, kind="stable")
    assert (np.diff(np.array(heights)[order]) > 0).all()


def test_a_line_without_label_or_without_points_has_no_name():
    axes = Figure().subplots()
    axes.plot([1, 2], [1, 2])
    axes.plot([1, 2], [np.nan, np.nan], label="nothing")
    axes.plot([1, 2, 3], [0.0, 4.0, np.nan], label="stops")
    name_lines(axes)
    assert [(text.get_text(), text.xy) for text in axes.texts] == [("stops", (2.0, 4.0))]


def test_without_lines_nothing_happens():
    axes = Figure().subplots()
    name_lines(axes)
    assert not axes.texts
