"""There and back: the study's two numbers, and what happens in other formats."""

import numpy as np
import pytest

from tenfold.precision.round_trip import round_trip
from tenfold.precision.walls import wall


def test_float32_has_the_numbers_of_the_study():
    found = round_trip()

    assert f"{found.accurate_until:.9f}" == "14.639639854"
    assert f"{found.finite_until:.9f}" == "16.591590881"


def test_the_error_is_on_the_positive_side_alone():
    found = round_trip()
    before = found.logits < 0

    assert np.abs(found.errors[before]).max() < 2e-6
    assert np.nanmax(found.errors[np.isfinite(found.errors)]) == pytest.approx(0.026, abs=0.0005)
    assert np.nanmin(found.errors[np.isfinite(found.errors)]) == pytest.approx(-0.039, abs=0.0005)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_the_way_back_ends_at_the_wall_of_sigmoid(dtype):
    found = round_trip(dtype, bound=25, num_points=4000)

    assert found.finite_until == pytest.approx(wall(dtype, "sigmoid").upper, abs=0.05)


def test_float64_comes_back():
    found = round_trip("float64")

    assert found.accurate_until == found.finite_until == 25
