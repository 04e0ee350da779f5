"""Where one cell's number comes from: the one explainer for every quantity of every kind of layer.

    found = explain_cell(worksheet.quantities, "dense_1.z", (17,))
    for term in found.terms[:8]:                 # the largest first
        print(term.value, [factor.value for factor in term.factors])
    found.total - found.value                    # rounding, and nothing else

`page.js` does the same in a browser; a test holds the two against each other.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.errors import OptionError
from tenfold.explaining.formula import Factor, Formula, Index, Product, Spot
from tenfold.explaining.functions import FUNCTIONS
from tenfold.explaining.telling import num_free_axes
from tenfold.explaining.worksheet import Quantity

__all__ = ["SHORT_SUM", "CellExplained", "Source", "Term", "explain_cell"]

SHORT_SUM = 3
"""Terms that stay in the formula's order; more are shown from the largest to the smallest."""


@dataclass(frozen=True)
class Source:
    """A cell that another one is computed from.

    Args:
        quantity: Its quantity's id.
        index: Where it stands in it.
        value: Its number.
    """

    quantity: str
    index: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class Term:
    """One term of a cell's sum.

    Args:
        value: The term.
        sign: 1, or -1 where it is taken away.
        numbers: Values of its constants.
        factors: Cells that are multiplied.
    """

    value: float
    sign: int
    numbers: tuple[float, ...]
    factors: tuple[Source, ...]


@dataclass(frozen=True)
class CellExplained:
    """Where a cell's number comes from.

    Args:
        quantity: Its quantity.
        index: Where it stands in it.
        value: Its number.
        terms: What is added, the largest contribution first where there are more than three; the cells that are
            compared, for a maximum; the one cell that is looked at, for a function or another shape. Empty where the
            number is given.
        total: The number again, from the terms; the value itself where it is given.
    """

    quantity: Quantity
    index: tuple[int, ...]
    value: float
    terms: tuple[Term, ...]
    total: float

    def rest(self, shown: int) -> float:
        """What all terms but the first ones add up to."""
        return math.fsum(term.value for term in self.terms[shown:])


def explain_cell(quantities: Mapping[str, Quantity], key: str, index: Sequence[int]) -> CellExplained:
    """Where a cell's number comes from.

    Args:
        quantities: All quantities by id.
        key: Id of the cell's quantity.
        index: Its place along each axis, from 0.

    Raises:
        OptionError: There is no such quantity or cell.
    """
    quantity, place = quantities.get(key), tuple(index)
    if quantity is None:
        raise OptionError("no_such_quantity", f"There is no quantity `{key}` in this model", received=key)
    shape = quantity.values.shape
    if len(place) != len(shape) or not all(0 <= one < size for one, size in zip(place, shape, strict=False)):
        raise OptionError(
            "no_such_cell", f"`{key}` has no cell {list(place)}",
            expected=f"{len(shape)} whole numbers below {', '.join(map(str, shape))}" if shape else "no index",
        )  # fmt: skip
    value, formula = float(quantity.values[place]), quantity.formula
    if formula is None:
        return CellExplained(quantity, place, value, (), value)
    if formula.kind in ("same", "join"):
        source = _same_cell(quantities, quantity, formula, place)
        return CellExplained(quantity, place, value, (Term(source.value, 1, (), (source,)),), source.value)
    numbers = {name: constant for name, (_, constant) in quantity.numbers.items()}
    terms = [term for product in formula.products for term in _terms(quantities, formula, product, place, numbers)]
    total = _total(formula, terms, numbers)
    if formula.kind == "sum" and len(terms) > SHORT_SUM:
        terms.sort(key=lambda term: -abs(term.value))
    elif formula.kind == "max":
        terms.sort(key=lambda term: -term.value)
    return CellExplained(quantity, place, value, tuple(terms), total)


def _total(formula: Formula, terms: Sequence[Term], numbers: Mapping[str, float]) -> float:
    if formula.kind == "max":
        return max(term.value for term in terms)
    if formula.kind == "function":
        constants = [numbers[name] for name in formula.numbers]
        return float(FUNCTIONS[formula.function].of(np.array([terms[0].value]), *constants)[0])
    return math.fsum(term.value for term in terms)


def _same_cell(
    quantities: Mapping[str, Quantity], quantity: Quantity, formula: Formula, place: tuple[int, ...]
) -> Source:
    """The cell of which a reshaped or joined one is a copy."""
    if formula.kind == "same":
        source = quantities[formula.sources[0]]
        flat = int(np.ravel_multi_index(place, quantity.values.shape)) if place else 0
        index = tuple(int(one) for one in np.unravel_index(flat, source.values.shape))
        return Source(source.id, index, float(source.values[index]))
    *before, last = place
    for key in formula.sources:
        size = quantities[key].values.shape[-1]
        if last < size:
            break
        last -= size
    index = (*before, last)
    return Source(key, index, float(quantities[key].values[index]))


def _terms(
    quantities: Mapping[str, Quantity], formula: Formula, product: Product, place: tuple[int, ...],
    numbers: Mapping[str, float],
) -> Iterator[Term]:  # fmt: skip
    """The terms of one product for one cell: all values of the summed axes that lead to cells that exist."""
    axes = [0] * len(formula.axes)
    axes[: num_free_axes(formula)] = place
    constants = tuple(numbers[name] for name in product.numbers)
    for values in itertools.product(*(range(formula.sizes[axis]) for axis in product.summed)):
        for axis, where in zip(product.summed, values, strict=True):
            axes[axis] = where
        holds = all(
            _place(quantities, one.left, axes) == _place(quantities, one.right, axes) is not None
            for one in product.conditions
        )
        factors = [_source(quantities, factor, axes) for factor in product.factors] if holds else [None]
        if None not in factors:
            found = tuple(one for one in factors if one is not None)
            value = float(product.sign) * math.prod(constants) * math.prod(one.value for one in found)
            yield Term(value, product.sign, constants, found)


def _source(quantities: Mapping[str, Quantity], factor: Factor, axes: Sequence[int]) -> Source | None:
    """The cell that a factor means, or None where there is no such place."""
    values = quantities[factor.quantity].values
    index = []
    for one, size in zip(factor.index, values.shape, strict=True):
        place = _place(quantities, one, axes)
        if place is None or not 0 <= place < size:
            return None
        index.append(place)
    return Source(factor.quantity, tuple(index), float(values[tuple(index)]))


def _place(quantities: Mapping[str, Quantity], index: Index, axes: Sequence[int]) -> int | None:
    if isinstance(index, Spot):
        above = index.offset + sum(factor * axes[axis] for axis, factor in index.axes)
        return None if above % index.divisor else above // index.divisor
    source = _source(quantities, index, axes)
    return None if source is None else int(source.value)
