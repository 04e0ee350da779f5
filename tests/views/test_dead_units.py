"""Dead units as told and drawn."""

import numpy as np
import pytest

from legibility import stumbles
from tenfold.views.dead_units import MOST_NAMED, DeadUnits, plot_dead_units, sentence_of_dead_units


def seen(*, hit: float = 0.8, end: float = 0.8, leaky: float = 0.0, layers: int = 2) -> DeadUnits:
    """Three seeds, six epochs, the rate put right after two; all layers alike."""
    dead = np.zeros((3, 3, 7, layers))
    dead[1, :, 1:3], dead[1, :, 3:], dead[2] = hit, end, leaky
    loss = np.full((3, 3, 6), 0.01)
    loss[1] = 0.69
    names = tuple(f"hidden_{number + 1}" for number in range(layers))
    return DeadUnits(("relu", "relu, too large", "leaky"), names, (16,) * layers, 50.0, 2, dead, loss)


def test_the_sentence_says_how_many_died_and_that_they_stay_dead():
    assert sentence_of_dead_units(seen()) == (
        "A rate 50 times too large leaves 80% of the ReLU units dead, and they stay dead when it is put right: the "
        "loss ends at 0.69. Of leaky ReLUs 0% end dead, at a loss of 0.01"
    )


def test_units_that_come_back_are_told():
    assert "80% of the ReLU units dead, of which 30% are left when" in sentence_of_dead_units(seen(end=0.3))


def test_where_nothing_dies_nothing_is_claimed():
    assert "kills no more units here: 5% are dead, 0%" in sentence_of_dead_units(seen(hit=0.05, end=0.05))


def test_a_loss_that_is_lost_says_nothing_of_units():
    assert "not finite within 2 epochs" in sentence_of_dead_units(seen(hit=np.nan, end=np.nan))
    assert sentence_of_dead_units(seen(leaky=np.nan)).endswith("With leaky ReLUs the loss is not finite")


def test_a_share_counts_units_and_not_layers():
    one = seen()
    one.dead[1, :, -1] = [0.5, 1.0]
    wide = DeadUnits(one.ways, one.layers, (30, 10), one.factor, one.turn, one.dead, one.loss)

    assert wide.share(1) == pytest.approx((0.5 * 30 + 1.0 * 10) / 40)


@pytest.mark.parametrize("layers", [1, MOST_NAMED, MOST_NAMED + 6])
def test_nothing_lies_on_anything(layers: int):
    assert stumbles(plot_dead_units(seen(layers=layers))) == []


def test_many_layers_are_named_by_the_first_and_the_last():
    figure = plot_dead_units(seen(layers=MOST_NAMED + 1))

    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["hidden_1 (first)", "hidden_7 (last)"]


def test_each_way_shows_the_share_of_each_layer_before_training_and_after_each_epoch():
    axes = plot_dead_units(seen()).axes[1]

    assert axes.lines[0].get_xydata().tolist() == [[0, 0], [1, 0.8], [2, 0.8], [3, 0.8], [4, 0.8], [5, 0.8], [6, 0.8]]
