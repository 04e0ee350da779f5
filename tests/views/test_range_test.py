"""Learning rates as told and drawn."""

import numpy as np

from legibility import stumbles, words_of
from tenfold.views.range_test import RangeTest, plot_range_test, sentence_of_range_test

RATES = np.array([1e-4, 1e-3, 1e-2, 1e-1, 1.0])


def seen(*ends: float, rates: np.ndarray = RATES) -> RangeTest:
    """Three seeds that start at 2 and end at the given losses."""
    loss = np.full((len(ends), 3, 4), 2.0)
    loss[:, :, -1] = np.array(ends)[:, None]
    return RangeTest("Adam", rates, loss, np.full(3, 2.0))


def test_what_comes_near_the_best_is_right_and_the_rest_lies_on_its_sides():
    found = seen(1.9, 0.05, 0.01, 0.4, 2.5)

    assert found.best == 2
    assert found.verdicts() == ("too small", "right", "right", "too large", "too large")


def test_a_rate_between_two_right_ones_is_right():
    assert seen(1.9, 0.01, 0.5, 0.02, 2.5).verdicts() == ("too small", "right", "right", "right", "too large")


def test_a_rate_that_loses_half_of_its_seeds_is_not_the_best():
    found = seen(1.9, 0.05, 0.01, 0.4, 2.5)
    found.loss[2, :2, -1] = np.nan

    assert found.last_losses()[2] == np.inf
    assert found.best == 1


def test_the_sentence_names_the_range_the_best_and_both_ends():
    assert sentence_of_range_test(seen(1.9, 0.05, 0.01, 0.4, 2.5)) == (
        "Adam learns at rates between 0.001 and 0.01, best at 0.01: a loss of 0.01 after 4 epochs. At 0.0001 it stays "
        "at 1.9; at 1 it ends at 2.5"
    )


def test_a_training_that_is_lost_is_told_and_crossed():
    found = seen(1.9, 0.5, 0.01, 0.4, np.nan)

    assert sentence_of_range_test(found).endswith("At 0.0001 it stays at 1.9; at 1 it is lost")
    assert any(
        "Crosses: rates at which 3 of 15 trainings" in word.get_text() for word in words_of(plot_range_test(found))
    )


def test_the_best_at_the_end_of_the_range_leaves_no_side():
    found = seen(0.9, 0.01, rates=RATES[:2])

    assert sentence_of_range_test(found) == (
        "Adam learns at a rate of 0.001, best at 0.001: a loss of 0.01 after 4 epochs. At 0.0001 it stays at 0.9"
    )
    assert stumbles(plot_range_test(found)) == []


def test_nothing_lies_on_anything():
    assert stumbles(plot_range_test(seen(1.9, 0.05, 0.01, 0.4, 2.5))) == []
    assert stumbles(plot_range_test(seen(1.9, 0.5, 0.01, 0.4, np.nan))) == []
