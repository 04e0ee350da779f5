"""Both ways to the loss against exact values: what each keeps and loses."""

import numpy as np
import pytest
from scipy.special import expit, log1p

from tenfold.precision.paths import follow_paths
from tenfold.precision.reference import exact_gradient, exact_loss

LOGITS = np.linspace(-30, 30, 241)
ACCURACY = {"bfloat16": 2**-5, "float32": 1e-6, "float64": 1e-14}
"""Largest relative error of the way from the logit: a few steps of the format."""


@pytest.mark.parametrize("label", [0, 1])
def test_exact_values_agree_with_float64_where_that_is_exact(label):
    sign = 1 if label == 0 else -1

    np.testing.assert_allclose(exact_loss(LOGITS, label), log1p(np.exp(sign * LOGITS)), rtol=1e-13)
    np.testing.assert_allclose(exact_gradient(LOGITS, label), sign * expit(sign * LOGITS), rtol=1e-13)


def test_exact_values_go_on_where_80_bits_end():
    assert exact_loss(np.array([50.0]), 1)[0] == pytest.approx(np.exp(-50.0), rel=1e-14)


def test_the_exact_gradient_is_the_slope_of_the_exact_loss():
    step = 1e-5
    slope = (exact_loss(LOGITS + step, 1) - exact_loss(LOGITS - step, 1)) / (2 * step)

    np.testing.assert_allclose(slope, exact_gradient(LOGITS, 1), atol=1e-9)


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("dtype", ACCURACY)
def test_the_way_from_the_logit_is_right_everywhere(dtype, label):
    found = follow_paths(LOGITS, label, dtype)

    assert found.loss_errors("from_logits").max() < ACCURACY[dtype]
    assert found.gradient_errors("from_logits").max() < ACCURACY[dtype]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_way_through_a_probability_loses_the_wrong_rows(dtype):
    found = follow_paths(np.array([-16.2, -50.0]), 1, dtype)

    assert np.all(found.probability.gradients == 0)
    np.testing.assert_allclose(found.exact.gradients, -1, atol=1e-7)
    assert found.probability.losses[0] == found.probability.losses[1] == pytest.approx(16.1181, abs=1e-4)


def test_the_right_end_of_float32_is_a_staircase():
    found = follow_paths(np.linspace(14.5, 16, 1001), 1, "float32")

    steps = np.unique(np.round(found.probability.losses / 2**-23).astype(int))
    assert steps.tolist() == [1, 2, 3, 4]


def test_between_the_last_step_and_the_wall_half_of_the_gradient_is_left():
    found = follow_paths(np.array([15.0, 16.0, 17.0]), 0, "float32")

    np.testing.assert_allclose(found.probability.gradients, [1, 0.5, 0], atol=1e-6)
