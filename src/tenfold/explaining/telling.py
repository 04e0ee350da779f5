"""Formulas as readers see them: sums with Σ, products with ·, indices in brackets as NumPy has them."""

from collections.abc import Iterator, Mapping

from tenfold.explaining.formula import Factor, Formula, Index, Product, Spot
from tenfold.explaining.functions import FUNCTIONS

__all__ = ["as_code", "num_free_axes", "readable", "used_in"]


def readable(
    formula: Formula, symbol: str, symbols: Mapping[str, str], numbers: Mapping[str, tuple[str, float]]
) -> str:
    """A formula as readers see it.

    Args:
        formula: The formula.
        symbol: What the quantity on the left is called.
        symbols: What quantities are called, by id.
        numbers: What constants are called, by name, and their values.

    Returns:
        One line, such as `"z[j] = Σ_i x[i] · W[i, j] + b[j]"`.
    """
    free = num_free_axes(formula)
    left = f"{symbol}[{', '.join(formula.axes[:free])}]" if free else symbol
    return f"{left} = {_right_side(formula, symbols, numbers)}"


def num_free_axes(formula: Formula) -> int:
    """How many axes the quantity on the left has."""
    return min((place for product in formula.products for place in product.summed), default=len(formula.axes))


def _right_side(formula: Formula, symbols: Mapping[str, str], numbers: Mapping[str, tuple[str, float]]) -> str:
    if formula.kind == "same":
        return f"{symbols[formula.sources[0]]}, the same numbers in another shape"
    if formula.kind == "join":
        return " | ".join(symbols[source] for source in formula.sources)
    products = [_product(one, formula, symbols, numbers) for one in formula.products]
    if formula.kind == "max":
        over = ", ".join(formula.axes[place] for place in formula.products[0].summed)
        return f"largest over {over} of {products[0].split(' ', 1)[-1] if over else products[0]}"
    if formula.kind == "function":
        name = formula.function.removeprefix("slope_of_")
        dash = "′" if FUNCTIONS[formula.function].is_slope else ""
        return f"{name}{dash}({products[0]})" if formula.function in _NAMED else f"{_as_text(formula, products[0])}"
    text = ""
    for one, product in zip(formula.products, products, strict=True):
        text += (f" {'+' if one.sign > 0 else '−'} " if text else "" if one.sign > 0 else "−") + product
    return text


_NAMED = {name for name in FUNCTIONS if not name.startswith("one_over")}


def _as_text(formula: Formula, argument: str) -> str:
    texts = {
        "one_over": f"1 / {argument}",
        "one_over_root": f"1 / √({argument} + ε)",
        "one_over_root_then": f"1 / (√{argument} + ε)",
    }
    return texts[formula.function]


def _product(
    product: Product, formula: Formula, symbols: Mapping[str, str], numbers: Mapping[str, tuple[str, float]]
) -> str:
    parts = [numbers[name][0] if name in numbers else name for name in product.numbers]
    parts += [_factor(one, formula, symbols) for one in product.factors]
    parts += [
        f"[{_index(one.left, formula, symbols)} = {_index(one.right, formula, symbols)}]" for one in product.conditions
    ]
    over = ",".join(formula.axes[place] for place in product.summed)
    return (f"Σ_{over} " if over else "") + " · ".join(parts)


def _factor(factor: Factor, formula: Formula, symbols: Mapping[str, str]) -> str:
    inside = ", ".join(_index(one, formula, symbols) for one in factor.index)
    return f"{symbols[factor.quantity]}[{inside}]" if inside else symbols[factor.quantity]


def _index(index: Index, formula: Formula, symbols: Mapping[str, str]) -> str:
    if isinstance(index, Factor):
        return _factor(index, formula, symbols)
    return _spot(index, formula)


def _spot(spot: Spot, formula: Formula) -> str:
    text = ""
    for place, factor in spot.axes:
        name = formula.axes[place] if abs(factor) == 1 else f"{abs(factor)}{formula.axes[place]}"
        text += (f" {'+' if factor > 0 else '−'} " if text else "" if factor > 0 else "−") + name
    if spot.offset or not text:
        text += f" {'+' if spot.offset > 0 else '−'} {abs(spot.offset)}" if text else f"{spot.offset}"
    return f"({text})/{spot.divisor}" if spot.divisor > 1 else text


def used_in(formula: Formula) -> set[str]:
    """Ids of all quantities that a formula names."""
    found = set(formula.sources)
    for product in formula.products:
        for one in product.factors:
            found |= set(_named(one))
        for condition in product.conditions:
            found |= {*_named(condition.left), *_named(condition.right)}
    return found


def _named(index: Index) -> Iterator[str]:
    if isinstance(index, Factor):
        yield index.quantity
        for one in index.index:
            yield from _named(one)


def as_code(formula: Formula, names: Mapping[str, str], numbers: Mapping[str, tuple[str, float]]) -> str:
    """One line of Python that computes a cell from arrays by the names of the formula.

    Args:
        formula: The formula.
        names: What quantities are called, by id.
        numbers: Constants: what they are called and their value, by name.

    Returns:
        The line with the cell's own place in braces, `"sum(x[i] * W[i, {0}] for i in range(13)) + b[{0}]"`; empty for
        what is no sum, and where a place may lie outside its array.
    """
    plain = all(
        isinstance(one, Spot) and not one.offset and one.divisor == 1 and [factor for _, factor in one.axes] == [1]
        for product in formula.products for factor in product.factors for one in factor.index
    )  # fmt: skip
    if formula.kind != "sum" or not plain or any(product.conditions for product in formula.products):
        return ""
    free, text = num_free_axes(formula), ""
    for product in formula.products:
        parts = [repr(numbers[name][1]) for name in product.numbers]
        for factor in product.factors:
            axes = [one.axes[0][0] for one in factor.index if isinstance(one, Spot)]
            inside = ", ".join(f"{{{axis}}}" if axis < free else formula.axes[axis] for axis in axes)
            name = names[factor.quantity]
            name = f"dL_d{name.removeprefix('g_')}" if name.startswith("g_") else name
            parts.append(f"{name}[{inside}]" if inside else name)
        over = "".join(f" for {formula.axes[axis]} in range({formula.sizes[axis]})" for axis in product.summed)
        term = f"sum({' * '.join(parts)}{over})" if over else " * ".join(parts)
        text += (" + " if product.sign > 0 else " - ") + term
    return text.removeprefix(" + ").removeprefix(" ")
