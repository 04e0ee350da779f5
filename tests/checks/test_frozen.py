"""Frozen losses are recognised by their number alone."""

import math

import pytest

from tenfold.checks.frozen import CEILINGS, frozen_loss, recognise_frozen
from tenfold.precision.walls import wall


def test_the_ceilings_are_those_that_follow_from_the_format():
    found = wall("float32", "binary_crossentropy")

    assert CEILINGS["positive"] == pytest.approx(found.ceiling_positive, rel=1e-7)
    assert CEILINGS["negative"] == pytest.approx(found.ceiling_negative, rel=1e-7)


@pytest.mark.parametrize(
    ("loss", "known", "share"),
    [
        (14.5063, {"num_classes": 10}, 0.9),
        (8.0792, {"num_rows": 800}, 0.50125),
        (8.0792, {"label_shares": (0.49875, 0.50125)}, 0.50125),
        (7.9785, {"num_rows": 200}, 0.495),
        (8.0590, {"num_classes": 2}, 0.5),
        (10.7454, {"num_classes": 3}, 2 / 3),
    ],
)
def test_published_losses_are_explained(loss, known, share):
    found = recognise_frozen(loss, **known)

    assert found.share == pytest.approx(share)
    assert found.label == "positive"
    assert f"{found.share:.5g} x 16.1181" in str(found)


def test_a_network_that_always_answers_one_sits_at_the_other_ceiling():
    found = recognise_frozen(7.719, label_shares=(0.48417, 0.51583))

    assert found is None or found.label == "negative"
    assert recognise_frozen(frozen_loss(0.48417, "negative"), label_shares=(0.48417, 0.51583)).label == "negative"


@pytest.mark.parametrize("loss", [0.6931, 2.3026, 0.05, 14.4, math.nan, math.inf, 0.0])
def test_ordinary_losses_are_left_alone(loss):
    assert recognise_frozen(loss, num_classes=10, label_shares=[0.1] * 10) is None


def test_rows_are_not_counted_where_every_loss_would_fit():
    assert recognise_frozen(8.0792, num_rows=50_000) is None


def test_of_random_losses_few_fit_a_number_of_rows():
    losses = [0.5 + 0.00137 * step for step in range(2000)]

    hits = sum(recognise_frozen(loss, num_rows=1000) is not None for loss in losses)

    assert hits / len(losses) < 0.04
