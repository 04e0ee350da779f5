"""Capacity as told and drawn."""

import numpy as np

from legibility import stumbles
from tenfold.views.capacities import Capacities, plot_capacities, sentence_of_capacities

SIZES = (1, 4, 1024)


def seen(training: tuple[float, ...], outside: tuple[float, ...]) -> Capacities:
    """Three seeds, five epochs, losses that stand still."""
    losses = [np.repeat(np.array(one)[:, None, None], 3, axis=1).repeat(5, axis=2) for one in (training, outside)]
    return Capacities("width", SIZES, (7, 37, 1_054_721), *losses)


def test_the_sentence_tells_too_small_best_and_learnt_by_heart():
    assert sentence_of_capacities(seen((0.69, 0.3, 0.01), (0.7, 0.4, 1.5))) == (
        "A width of 4 does best on rows not trained on: a loss of 0.4. 1 is too small (0.69 even in training); 1,024 "
        "learns by heart: 0.01 in training, 1.5 outside"
    )


def test_the_largest_being_the_best_asks_for_larger_ones():
    assert sentence_of_capacities(seen((0.69, 0.3, 0.1), (0.7, 0.4, 0.2))).endswith("; larger ones may do better yet")


def test_a_larger_one_that_does_as_well_is_not_called_overfit():
    found = sentence_of_capacities(seen((0.69, 0.3, 0.1), (0.7, 0.4, 0.41)))

    assert found.endswith("; 1,024 does hardly worse (0.41)")


def test_the_smallest_being_the_best_is_not_called_too_small():
    found = sentence_of_capacities(seen((0.3, 0.2, 0.1), (0.4, 0.6, 0.9)))

    assert found == (
        "A width of 1 does best on rows not trained on: a loss of 0.4. 1,024 learns by heart: 0.1 in training, "
        "0.9 outside"
    )


def test_a_lost_training_is_not_the_best():
    found = seen((0.69, 0.3, 0.1), (0.7, 0.4, np.nan))

    assert found.best == 1
    assert stumbles(plot_capacities(found)) == []


def test_the_smallest_the_best_and_the_largest_have_a_panel_each():
    figure = plot_capacities(seen((0.69, 0.3, 0.01), (0.7, 0.4, 1.5)))

    assert [axes.get_title(loc="left") for axes in figure.axes[1:]] == ["width 1", "width 4", "width 1,024"]
    assert stumbles(figure) == []
