"""Bands over seeds, and a sentence that keeps clear of the panels."""

import numpy as np
import pytest

from legibility import stumbles
from tenfold.views.drawing import draw_band, middle, new_sheet, say, write_in_corner


def test_a_band_reaches_from_the_smallest_to_the_largest_seed_and_its_line_is_the_median():
    _, panels = new_sheet(1, 1, (4, 3))
    draw_band(panels[0, 0], [1, 2], np.array([[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]]), "blue")

    assert panels[0, 0].lines[0].get_ydata().tolist() == [2, 20]
    heights = panels[0, 0].collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (1, 30)


def test_a_seed_that_was_lost_leaves_the_others():
    _, panels = new_sheet(1, 1, (4, 3))
    draw_band(panels[0, 0], [1, 2, 3], np.array([[1.0, np.nan, np.inf], [3.0, 5.0, np.nan]]), "blue")

    assert panels[0, 0].lines[0].get_xydata().tolist() == [[1, 2], [2, 5]]


def test_where_all_seeds_were_lost_nothing_is_drawn():
    _, panels = new_sheet(1, 1, (4, 3))
    draw_band(panels[0, 0], [1, 2], np.full((2, 2), np.nan), "blue")

    assert not panels[0, 0].lines


def test_the_middle_of_nothing_finite_is_no_number():
    assert middle(np.array([3.0, np.inf, 1.0, np.nan])) == 2.0
    assert np.isnan(middle(np.array([np.nan])))


@pytest.mark.parametrize("words", [5, 60])
def test_a_sentence_of_any_length_keeps_clear_of_the_panels(words: int):
    figure, panels = new_sheet(1, 2, (8, 4))
    for axes in panels[0]:
        axes.plot([0, 1], [0, 1], label="a line")
        axes.set_title("a panel", loc="left")
        axes.set_xlabel("epoch")
    write_in_corner(panels[0, 0], "here", "blue", "upper left")
    say(figure, "word " * words, "note " * words, panels[0, 0].get_legend_handles_labels())

    assert stumbles(figure) == []
