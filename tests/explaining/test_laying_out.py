"""The way of a row: stops in order, slopes beside what they belong to, every layer that can be opened."""

import numpy as np
import pytest

from tenfold.explaining.laying_out import _KINDS, lay_out
from tenfold.scratch import reading
from tenfold.scratch.layer import AbstractLayer
from tenfold.scratch.tracing import trace
from traced_models import MODELS, one_weight

NAMES = [make.__name__ for make in MODELS]


def test_every_layer_that_can_be_opened_can_be_laid_out():
    opened = {one for one in vars(reading).values() if isinstance(one, type) and issubclass(one, AbstractLayer)}
    assert {one.__name__ for one in opened} - {"AbstractLayer"} == set(_KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_stops_go_forward_to_the_loss_back_and_to_the_update(worksheets, name):
    sheet = worksheets[name]
    forward, back = ([stop.layer for stop in sheet.stops if stop.phase == phase] for phase in ("forward", "backward"))
    assert forward == [layer.name for layer in sheet.trace.layers]
    assert back == forward[::-1]
    phases = list(dict.fromkeys(stop.phase for stop in sheet.stops))
    assert phases == ["forward", "loss", "backward", "update"]
    for stop in sheet.stops:
        assert stop.main in [shown.id for shown in stop.shown]


@pytest.mark.parametrize("name", NAMES)
def test_a_slope_has_the_shape_of_what_it_belongs_to(worksheets, name):
    quantities = worksheets[name].quantities
    linked = [(one, quantities[one.slope]) for one in quantities.values() if one.slope]
    assert all(one.values.shape == slope.values.shape for one, slope in linked)
    weights = [one for one in quantities.values() if one.is_weight]
    assert all(one.slope for one in weights)


def test_the_numbers_are_those_of_the_trace(worksheets):
    sheet = worksheets["reviews"]
    for layer in sheet.trace.layers:
        of = {one.name: one for one in sheet.quantities.values() if one.layer == layer.name}
        np.testing.assert_array_equal(of["a"].values, layer.outputs[0])
        for weight, name in {"kernel": "W", "recurrent_kernel": "U", "bias": "b", "embeddings": "E"}.items():
            if weight in layer.weights:
                np.testing.assert_array_equal(of[f"g_{name}"].values, layer.weight_slopes[weight])
                np.testing.assert_array_equal(of[f"new_{name}"].values, layer.new_weights[weight])


def test_three_becomes_six_with_a_slope_of_minus_24_and_a_weight_of_2_24():
    sheet = lay_out(trace(one_weight(), np.array([[3.0]]), np.array([[10.0]])))
    numbers = {key: one.values.item() for key, one in sheet.quantities.items()}
    assert (numbers["input.x"], numbers["only.W"], numbers["only.a"]) == (3, 2, 6)
    assert (numbers["loss.error"], numbers["loss.L"], numbers["loss.g_p"]) == (-4, 16, -8)
    assert (numbers["only.g_W"], round(numbers["only.new_W"], 6)) == (-24, 2.24)
    assert sheet.quantities["only.z"].text == "z[j] = Σ_i x[i] · W[i, j]"
    assert sheet.quantities["only.z"].code == "sum(x[i] * W[i, {0}] for i in range(1))"
