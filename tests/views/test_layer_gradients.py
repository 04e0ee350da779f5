"""Gradients by layer as told and drawn."""

import numpy as np
import pytest

from legibility import stumbles
from tenfold.views.layer_gradients import SMALLEST, LayerGradients, plot_layer_gradients, sentence_of_layer_gradients


def seen(*, slope: float = 0.1, depths: tuple[int, ...] = (2, 5)) -> LayerGradients:
    """Two seeds; the gradient of sigmoid shrinks by `slope` a layer, that of relu stays."""
    gradient = np.full((2, len(depths), 2, depths[-1] + 1), np.nan)
    for place, depth in enumerate(depths):
        gradient[0, place, :, : depth + 1] = slope ** np.arange(depth, -1, -1)
        gradient[1, place, :, : depth + 1] = 0.5
    loss = np.stack([np.full((2, 4), 0.69), np.full((2, 4), 0.02)])
    return LayerGradients(("sigmoid", "relu"), depths, gradient, loss)


def test_first_over_last_is_taken_at_each_networks_own_last_layer():
    ratios = seen().first_over_last()

    assert ratios[0, :, 0] == pytest.approx([1e-2, 1e-5])
    assert ratios[1].tolist() == [[1, 1], [1, 1]]


def test_a_last_layer_without_gradient_has_no_ratio():
    one = seen()
    one.gradient[0, 1] = 0.0

    assert np.isnan(one.first_over_last()[0, 1]).all()


def test_the_sentence_sets_the_one_that_fades_beside_the_one_that_learns():
    assert sentence_of_layer_gradients(seen()) == (
        "Before the first of 5 hidden layers the gradient of sigmoid has faded to 1e-5 times that of the last, and its "
        "loss ends at 0.69; relu keeps 1 and ends at 0.02"
    )


def test_where_nothing_fades_the_sentence_says_so():
    assert sentence_of_layer_gradients(seen(slope=0.5)) == (
        "The gradient reaches the first of 5 hidden layers with every activation: it is at least 0.031 times that of "
        "the last (sigmoid)"
    )


def test_a_single_depth_needs_no_panel_of_depths():
    assert len(plot_layer_gradients(seen(depths=(5,))).axes) == 2
    assert len(plot_layer_gradients(seen()).axes) == 3


def test_a_gradient_of_exactly_zero_stands_at_the_end_of_the_axis():
    one = seen()
    one.gradient[0, 1, :, 0] = 0.0

    assert plot_layer_gradients(one).axes[0].lines[0].get_ydata()[0] == SMALLEST


def test_nothing_lies_on_anything():
    assert stumbles(plot_layer_gradients(seen())) == []
