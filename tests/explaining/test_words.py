"""The row as text."""

import keras
import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.explaining.laying_out import lay_out
from tenfold.explaining.words import cell_as_text, cell_named, layer_as_text, sum_line, tell
from tenfold.scratch.tracing import trace
from traced_models import one_weight


@pytest.fixture(scope="module")
def seed():
    return lay_out(trace(one_weight(), np.array([[3.0]]), np.array([[10.0]])))


def test_the_text_has_the_slope_and_the_new_weight(seed):
    told = tell(seed)
    assert told.startswith("Row 0 through `three_to_six`: prediction 6, truth 10, loss 16.")
    assert "∂L/∂W[0, 0] = 3 · (−8) = −24" in told
    assert "W[0, 0]   2 → 2.24   (slope −24)" in told
    assert "slopes agree with JAX in double precision" in told


def test_one_cell_to_its_last_term(seed):
    told = cell_as_text(seed, cell_named(seed, "only/new_W/0,0"))
    assert "new W[0, 0] = 2 − 0.01 · (−24) = 2.24" in told
    weight = cell_as_text(seed, cell_named(seed, "only/W/0,0"))
    assert "W[0, 0] = 2.0 (given)" in weight


def test_a_sum_of_many_terms_names_three_and_the_rest(worksheets):
    sheet = worksheets["house_prices"]
    sums = next(one for one in sheet.quantities.values() if one.name == "z")
    line = sum_line(sheet, sums.id, (0,))
    assert " + 11 more (" in line
    told = cell_as_text(sheet, cell_named(sheet, f"{sums.layer}/z/0"))
    assert "the other 6 terms together" in told
    assert "rounding" in told


def test_a_class_is_named(worksheets):
    assert "truth class 0, loss" in tell(worksheets["digits"])


def test_one_layer_with_all_its_quantities(worksheets):
    sheet = worksheets["reviews"]
    name = sheet.trace.layers[1].name
    told = layer_as_text(sheet, name)
    for what in ("forget gate", "carried state", "slope by the carried state", "the weight after the step"):
        assert what in told


def test_what_is_not_there_is_refused(seed):
    with pytest.raises(OptionError, match=r"There is no layer `onyl` .* Hint: did you mean `only`"):
        layer_as_text(seed, "onyl")
    for named in ("only", "only/z", "only/q/0", "only/z/a"):
        with pytest.raises(OptionError, match=r"names no cell .* such as "):
            cell_named(seed, named)
    with pytest.raises(OptionError, match="has no cell"):
        cell_named(seed, "only/z/5")


def test_a_row_that_the_clip_silences_is_named():
    model = one_weight()
    model.layers[0].activation = keras.activations.sigmoid
    model.layers[0].set_weights([np.array([[-20.0]])])
    model.compile("sgd", "binary_crossentropy")
    sheet = lay_out(trace(model, np.array([[1.0]]), np.array([[1.0]])))
    assert "every slope is 0, and the row teaches the network nothing" in tell(sheet)
    assert sheet.quantities["only.g_W"].values.item() == 0
    right = lay_out(trace(model, np.array([[0.1]]), np.array([[1.0]])))
    assert "teaches the network nothing" not in tell(right)
