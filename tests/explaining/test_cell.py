"""Every cell of every kind of layer is what its formula says: against the numbers of the layers from scratch."""

import math

import numpy as np
import pytest

from tenfold.errors import OptionError
from tenfold.explaining.cell import explain_cell
from tenfold.explaining.formula import parse_formula
from tenfold.explaining.functions import FUNCTIONS
from tenfold.explaining.worksheet import Quantity
from traced_models import MODELS

CLOSE = 1e-10
NAMES = [make.__name__ for make in MODELS]


def some_cells(one, most=15):
    cells = list(np.ndindex(one.values.shape))
    return [cells[place] for place in np.random.default_rng(0).permutation(len(cells))[:most]]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_what_its_formula_says(worksheets, name):
    quantities = worksheets[name].quantities
    wrong = [
        (one.id, cell, found.value, found.total)
        for one in quantities.values()
        for cell in some_cells(one)
        if not math.isclose((found := explain_cell(quantities, one.id, cell)).total, found.value, abs_tol=CLOSE)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_the_terms_that_are_shown_and_the_rest_are_the_value(worksheets, name):
    quantities = worksheets[name].quantities
    for one in quantities.values():
        if one.formula is None or one.formula.kind != "sum":
            continue
        found = explain_cell(quantities, one.id, some_cells(one)[0])
        shown = math.fsum(term.value for term in found.terms[:8])
        assert shown + found.rest(8) == pytest.approx(found.value, abs=CLOSE)
        for term in found.terms:
            product = term.sign * math.prod(term.numbers) * math.prod(factor.value for factor in term.factors)
            assert product == pytest.approx(term.value, abs=1e-14)


def test_every_kind_of_formula_and_nearly_every_function_is_among_them(worksheets):
    formulas = [one.formula for sheet in worksheets.values() for one in sheet.quantities.values() if one.formula]
    assert {formula.kind for formula in formulas} == {"sum", "max", "function", "same", "join"}
    used = {formula.function for formula in formulas if formula.kind == "function"}
    assert {name for name in FUNCTIONS if "one_over" in name} <= used
    assert {"relu", "slope_of_relu", "tanh", "slope_of_sigmoid", "exp", "log", "clipped", "softplus", "sign"} <= used


def test_a_formula_that_is_wrong_is_seen(worksheets):
    quantities = dict(worksheets["signals"].quantities)
    one = quantities["conv1d.z"] if "conv1d.z" in quantities else next(q for q in quantities.values() if q.name == "z")
    names = {"x": "input.x", "K": f"{one.layer}.K", "b": f"{one.layer}.b"}
    shapes = {key: value.values.shape for key, value in quantities.items()}
    shifted = parse_formula("z[p, k] = x[p + 2*u - 3, c] * K[u, c, k] + b[k]", names, shapes)  # the margin is 4
    quantities[one.id] = Quantity(**{**vars(one), "formula": shifted})
    found = explain_cell(quantities, one.id, (5, 1))
    assert abs(found.total - found.value) > 1e-3


def test_a_pixel_of_the_margin_is_no_term(worksheets):
    quantities = worksheets["digits"].quantities
    sums = next(one for one in quantities.values() if one.name == "z" and one.values.ndim == 3)
    corner, middle = (len(explain_cell(quantities, sums.id, cell).terms) for cell in ((0, 0, 0), (1, 1, 0)))
    assert (corner, middle) == (2 * 2 * 2 + 1, 3 * 3 * 2 + 1)


def test_the_largest_term_comes_first(worksheets):
    quantities = worksheets["house_prices"].quantities
    sums = next(one for one in quantities.values() if one.name == "z")
    sizes = [abs(term.value) for term in explain_cell(quantities, sums.id, (3,)).terms]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 14


def test_a_cell_that_is_not_there_is_refused(worksheets):
    quantities = worksheets["house_prices"].quantities
    with pytest.raises(OptionError, match=r"`input.x` has no cell \[13\]. Expected: 1 whole numbers below 13"):
        explain_cell(quantities, "input.x", (13,))
    with pytest.raises(OptionError, match=r"There is no quantity `dense\.q`"):
        explain_cell(quantities, "dense.q", ())
