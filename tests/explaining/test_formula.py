"""The language of formulas."""

import pytest

from tenfold.explaining.formula import Condition, Factor, Spot, parse_formula


def test_a_sum_runs_over_what_is_not_on_the_left():
    found = parse_formula(
        "z[j] = x[i] * W[i, j] + b[j]", {"x": "x", "W": "W", "b": "b"}, {"x": (3,), "W": (3, 2), "b": (2,)}
    )
    first, second = found.products
    assert found.axes == ("j", "i")
    assert (first.summed, found.sizes[1], second.summed) == ((1,), 3, ())
    assert first.factors == (Factor("x", (Spot(0, ((1, 1),)),)), Factor("W", (Spot(0, ((1, 1),)), Spot(0, ((0, 1),)))))


def test_an_axis_of_one_product_is_another_axis_in_the_next():
    found = parse_formula("z[j] = x[k] * W[k, j] + h[k] * U[k, j]",
                          {"x": "x", "W": "W", "h": "h", "U": "U"},
                          {"x": (3,), "W": (3, 2), "h": (5,), "U": (5, 2)})  # fmt: skip
    assert [[found.sizes[axis] for axis in product.summed] for product in found.products] == [[3], [5]]


def test_places_are_moved_multiplied_and_divided():
    names, shapes = {"x": "x", "winner": "w"}, {"x": (9,), "w": (9,)}
    found = parse_formula("g[r] = x[(r + 1 - 2*u) / 3] * (winner[r] == u)", names, shapes, {"u": 2})
    (product,) = found.products
    assert product.factors[0].index == (Spot(1, ((0, 1), (1, -2)), 3),)
    assert product.conditions == (Condition(Factor("w", (Spot(0, ((0, 1),)),)), Spot(0, ((1, 1),))),)


def test_signs_and_constants():
    found = parse_formula("L = -n1 * e[j] + rate * e[j]", {"e": "e"}, {"e": (2,)})
    assert [(one.sign, one.numbers) for one in found.products] == [(-1, ("n1",)), (1, ("rate",))]


def test_a_formula_that_does_not_fit_its_arrays_is_refused():
    with pytest.raises(ValueError, match=r"1 indices for `W` of shape \(3, 2\)"):
        parse_formula("z[j] = W[j]", {"W": "W"}, {"W": (3, 2)})
    with pytest.raises(TypeError, match="no whole number"):
        parse_formula("z[j] = W[j / 2.5]", {"W": "W"}, {"W": (3,)})
