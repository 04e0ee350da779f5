"""Figures of precision: what is drawn is what was handed in, and every panel says what it shows."""

import numpy as np
import pytest

from tenfold.views.precision import (
    LOGIT,
    PROBABILITY,
    Curves,
    plot_errors,
    plot_formats,
    plot_inverses,
    plot_losses,
    plot_round_trip,
)
from tenfold.views.precision_training import plot_frozen, plot_missing_sigmoid, plot_pairs, plot_starts

POINTS = np.linspace(-50, 50, 101)
CURVES = Curves(POINTS, np.clip(-POINTS, 1e-7, 16), np.clip(-POINTS, 1e-9, 50), np.clip(-POINTS, 1e-9, 50))


def lines_of(axes, colour):
    return [line for line in axes.lines if line.get_color() == colour]


def test_the_loss_is_shown_whole_and_at_both_ends():
    figure = plot_losses(CURVES, ceiling=16.118095, floor=1.19e-7)

    whole, left, right = figure.axes
    assert whole.get_yscale() == "log"
    assert left.get_xlim() == (-30, -12)
    assert right.get_xlim() == (14, 20)
    np.testing.assert_array_equal(lines_of(left, PROBABILITY)[0].get_ydata(), CURVES.probability)
    assert [text.get_text() for text in left.texts] == ["never above 16.1181"]
    assert [text.get_text() for text in right.texts] == ["never below 1.19"]


def test_the_round_trip_ends_at_a_dashed_line():
    errors = np.where(POINTS < 16, 0.0, np.inf)
    figure = plot_round_trip(POINTS, errors, accurate_until=14.0, finite_until=15.0, dtype="float32")

    axes = figure.axes[0]
    assert lines_of(axes, PROBABILITY)[0].get_xdata() == [15.0, 15.0]
    assert np.isfinite(lines_of(axes, LOGIT)[0].get_ydata()).all()


def test_the_inverses_have_their_formulas():
    texts = [text.get_text() for axes in plot_inverses().axes for text in axes.texts]

    assert len(texts) == 2
    assert "sigma" in texts[0]
    assert "logit" in texts[1]


def test_formats_stand_in_columns_and_what_is_not_finite_is_named():
    broken = Curves(POINTS, np.where(POINTS > 7, np.inf, 1), CURVES.from_logits, CURVES.exact)
    curves = {"float16": broken, "float32": CURVES, "float64": CURVES}
    figure = plot_formats(curves, curves, dict.fromkeys(curves, 7.0), span=(-5, 25))

    assert len(figure.axes) == 6
    assert [text.get_text() for text in figure.axes[0].texts] == ["infinite"]
    assert not figure.axes[1].texts
    assert len(figure.legends) == 1


def test_an_error_of_zero_is_left_out_of_a_logarithmic_axis():
    errors = Curves(POINTS, np.where(POINTS > 0, 0.0, 1e-3), CURVES.from_logits, CURVES.exact)

    drawn = lines_of(plot_errors({"float32": errors}, quantity="loss", span=(-40, 40)).axes[0], PROBABILITY)[0]

    assert np.isnan(drawn.get_ydata()[-1])


def test_each_pair_is_a_dot_and_the_interval_a_bar():
    values = np.array([0.1, -0.2, 0.3])
    axes = plot_pairs({"accuracy": values}, {"accuracy": (0.07, -0.5, 0.6)}, "digits").axes[0]

    np.testing.assert_array_equal(axes.lines[0].get_xdata(), values)
    assert len(axes.containers) == 1


def test_every_training_from_every_start_is_a_dot():
    accuracy = {"from_logits": np.full((4, 3), 0.9), "probability": np.full((4, 3), 0.5)}
    axes = plot_starts([0, 10, 17, 20], accuracy, 16.64).axes[0]

    assert len(lines_of(axes, LOGIT)) == len(lines_of(axes, PROBABILITY)) == 1 + 3


@pytest.mark.parametrize("level", [14.5063, 8.0792])
def test_what_stands_still_is_counted(level):
    loss = np.full((3, 5), level)
    figure = plot_frozen(loss, loss / 100, np.array([True, True, False]), level=level, title="Ten classes")

    assert figure.axes[0].texts[0].get_text() == f"2 of 3 stand at {level:.4f}"


def test_both_rules_of_counting_are_in_every_panel():
    lines = {"none": np.linspace(0.5, 0.9, 12).reshape(3, 4), "sigmoid": np.full((3, 4), 0.8)}
    figure = plot_missing_sigmoid(
        {"none": "no sigmoid", "sigmoid": "sigmoid"}, lines, lines, np.array([True, False, True])
    )

    for axes in figure.axes:
        assert len(lines_of(axes, LOGIT)) == len(lines_of(axes, PROBABILITY)) == 2 + 1
