"""A worksheet as data for the page: formulas as lists, numbers as one compressed block that the browser unpacks.

What a formula without a sum gives (steps of the optimizer, a dense layer's weight slopes) is not kept: the page
computes it. Numbers are kept in double precision where all fits, the largest arrays in single precision otherwise; and
what is too large even then keeps only the part of its weights that this row uses most, unless everything is asked for.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from tenfold.errors import OptionError
from tenfold.explaining.formula import Factor, Formula, Index, Product
from tenfold.explaining.functions import FUNCTIONS, curve_of
from tenfold.explaining.worksheet import Quantity, Worksheet

__all__ = ["BUDGET", "Packed", "pack"]

BUDGET = 2_600_000
"""Letters of the block; with the page around it, that stays under 3 MB."""

_DOUBLE, _SINGLE = 8, 4
"""Bytes of a number."""

_KEPT_UNITS = 32
"""Units of a layer whose weights a page keeps when it cannot keep all."""

_LEAST = 500_000
"""Letters that are no reason to refuse a page, however small the budget."""

_Parts: TypeAlias = dict[str, tuple[int, list[int]]]
"""By id of an array: the axis of which a part is kept, and the places that are."""

_COMPUTED = {"one_over_root", "one_over_root_then"}
"""Functions that the page computes itself."""


@dataclass(frozen=True)
class Packed:
    """A worksheet as the page's script reads it.

    Args:
        data: Quantities, stops and curves, as JSON knows them.
        block: All numbers, compressed, in base 64.
        is_single: Whether some numbers are in single precision.
        is_partial: Whether some weights are not in it.
    """

    data: Mapping[str, Any]
    block: str
    is_single: bool
    is_partial: bool


def pack(worksheet: Worksheet, *, budget: int | None = BUDGET) -> Packed:
    """A worksheet as data for the page.

    Args:
        worksheet: The row.
        budget: How many letters the block may have; None keeps everything in double precision.

    Raises:
        OptionError: The numbers of the row alone are too many.
    """
    quantities = worksheet.quantities
    kept = [one for one in quantities.values() if not _is_computed(one, quantities)]
    sizes = dict.fromkeys((one.id for one in kept), _DOUBLE)
    parts: _Parts = {}
    block = _block(kept, sizes, parts)
    if budget is not None and len(block) > budget:
        block, parts = _within(budget, kept, sizes, quantities)
    places = {one.id: place for place, one in enumerate(quantities.values())}
    entries = [_entry(one, places, sizes, parts) for one in quantities.values()]
    functions = {one.formula.function for one in quantities.values() if one.formula and one.formula.kind == "function"}
    curves = {name: curve_of(name) for name in sorted(functions) if name in FUNCTIONS and _has_curve(name)}
    stops = [
        {"phase": stop.phase, "layer": stop.layer, "kind": stop.kind, "formula": stop.formula,
         "main": places[stop.main], "shown": [[places[one.id], one.symbol] for one in stop.shown]}
        for stop in worksheet.stops
    ]  # fmt: skip
    data = {"quantities": entries, "stops": stops, "curves": curves, "labels": worksheet.labels}
    return Packed(data, block, _SINGLE in sizes.values(), bool(parts))


def _within(
    budget: int, kept: Sequence[Quantity], sizes: dict[str, int], quantities: Mapping[str, Quantity]
) -> tuple[str, _Parts]:
    """A block that fits: the largest arrays in single precision, then of weights only the part that is used most."""
    for one in sorted(kept, key=lambda one: -one.values.size):
        sizes[one.id] = _SINGLE
        if _estimate(kept, sizes) <= budget and len(block := _block(kept, sizes, {})) <= budget:
            return block, {}
    if len(block := _block(kept, sizes, {})) <= budget:
        return block, {}
    large = _weight_slopes(quantities)
    parts = {one.id: _part(one, quantities) for one in kept if one.is_weight or one.id in large}
    if len(block := _block(kept, sizes, parts)) > max(budget, _LEAST):
        raise OptionError(
            "page_too_large",
            f"The page of this row would have {len(block) / 1e6:.0f} MB",
            expected=f"at most {budget / 1e6:.1f} MB of numbers",
            hint="write it with --full, or print parts with --layer NAME and --cell CELL",
        )
    return block, parts


def _is_computed(one: Quantity, quantities: Mapping[str, Quantity]) -> bool:
    """Whether the page computes it from others, which it does for what has the size of weights."""
    formula = one.formula
    if formula is None or any(product.summed for product in formula.products):
        return False
    of_update = one.name.startswith(("new_", "m_", "v_", "root_"))
    if formula.kind == "function":
        return of_update and formula.function in _COMPUTED
    return formula.kind == "sum" and (of_update or one.id in _weight_slopes(quantities))


def _weight_slopes(quantities: Mapping[str, Quantity]) -> set[str]:
    return {one.slope for one in quantities.values() if one.is_weight and one.slope}


def _has_curve(name: str) -> bool:
    from tenfold.scratch.activations import ACTIVATIONS  # noqa: PLC0415

    return name.removeprefix("slope_of_") in ACTIVATIONS


def _estimate(kept: Iterable[Quantity], sizes: Mapping[str, int]) -> int:
    """Letters of the block if nothing can be compressed, less a fifth: zeros of relu and of slopes vanish."""
    return int(sum(one.values.size * sizes[one.id] for one in kept if np.any(one.values)) * 4 / 3 * 0.8)


def _block(kept: Sequence[Quantity], sizes: Mapping[str, int], parts: _Parts) -> str:
    """All arrays, those in double precision first, so that each begins where its numbers may."""
    raw = b"".join(_numbers(one, sizes[one.id], parts) for one in _in_order(kept, sizes))
    return base64.b64encode(zlib.compress(raw, 6)).decode()


def _in_order(kept: Iterable[Quantity], sizes: Mapping[str, int]) -> list[Quantity]:
    return sorted(kept, key=lambda one: -sizes[one.id])


def _numbers(one: Quantity, size: int, parts: _Parts) -> bytes:
    values = one.values
    if one.id in parts:
        axis, places = parts[one.id]
        values = np.take(values, places, axis=axis)
    return np.ascontiguousarray(values, dtype=f"<f{size}").tobytes()


def _part(one: Quantity, quantities: Mapping[str, Quantity]) -> tuple[int, list[int]]:
    """The part of large weights that is kept: words that were looked up, or the units that this row moves most."""
    slopes = one if one.id in _weight_slopes(quantities) else quantities[one.slope] if one.slope else one
    axis = 0 if one.name in ("E", "g_E") else one.values.ndim - 1
    others = tuple(place for place in range(one.values.ndim) if place != axis)
    moved = np.abs(slopes.values).sum(axis=others)
    most = np.argsort(-moved, kind="stable")[: max(_KEPT_UNITS, int((moved > 0).sum()) if axis == 0 else _KEPT_UNITS)]
    return axis, sorted(int(place) for place in most)


def _entry(one: Quantity, places: Mapping[str, int], sizes: Mapping[str, int], parts: _Parts) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "symbol": one.symbol, "what": one.what, "shape": list(one.values.shape)}
    if one.id in sizes:
        entry["bytes"] = sizes[one.id]
    if one.id in parts:
        entry["part"] = list(parts[one.id])
    if one.slope:
        entry["slope"] = places[one.slope]
    if one.formula is not None:
        entry |= {"text": one.text, "formula": _formula(one.formula, places)}
        entry["called"] = {places[key]: symbol for key, symbol in one.called.items()}
        if one.numbers:
            entry["numbers"] = {name: list(pair) for name, pair in one.numbers.items()}
        if one.code:
            entry["code"] = one.code
    return entry


def _formula(formula: Formula, places: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": formula.kind, "axes": list(formula.axes)}
    if formula.sources:
        found["sources"] = [places[source] for source in formula.sources]
    if formula.products:
        found["sizes"] = [formula.sizes.get(axis, 0) for axis in range(len(formula.axes))]
        found["products"] = [_product(one, places) for one in formula.products]
    if formula.function:
        found |= {"function": formula.function, "constants": list(formula.numbers)}
    return found


def _product(product: Product, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "sign": product.sign,
        "numbers": list(product.numbers),
        "factors": [_factor(one, places) for one in product.factors],
        "conditions": [[_index(one.left, places), _index(one.right, places)] for one in product.conditions],
        "summed": list(product.summed),
    }


def _factor(factor: Factor, places: Mapping[str, int]) -> dict[str, Any]:
    return {"of": places[factor.quantity], "at": [_index(one, places) for one in factor.index]}


def _index(index: Index, places: Mapping[str, int]) -> dict[str, Any] | list[Any]:
    """A place as [offset, divisor, [axis, factor], ...], or the factor in which it is looked up."""
    if isinstance(index, Factor):
        return _factor(index, places)
    return [index.offset, index.divisor, *([axis, factor] for axis, factor in index.axes)]
