"""The row's numbers as tables that stand in the page without any script, so that it is a report, too."""

from collections.abc import Iterator

import numpy as np

from tenfold.explaining.cell import explain_cell
from tenfold.explaining.figures_in_text import short
from tenfold.explaining.words import direction, sum_line
from tenfold.explaining.worksheet import Quantity, Worksheet
from tenfold.report.tables import Table

__all__ = ["tables_of"]

MOST_INPUTS = 40
"""Numbers of the row that are listed; of a longer row those farthest from 0. Arbitrary."""

MOST_CELLS = 5
"""Cells of each layer in a table: those farthest from 0."""

MOST_MOVES = 5


def tables_of(worksheet: Worksheet) -> list[tuple[str, Table]]:
    """Captions and tables, in the order of the phases."""
    return [
        ("The row that goes in", _inputs(worksheet)),
        ("Forward: the layers", _layers(worksheet)),
        (
            "Forward: the cells of each layer that are farthest from 0, and what they are made of",
            _cells(worksheet, "forward"),
        ),
        ("Loss: how wrong the prediction is", _cells(worksheet, "loss")),
        ("Backward: slopes of the loss", _cells(worksheet, "backward")),
        ("Update: the weights that move most", _moves(worksheet)),
    ]


def _inputs(worksheet: Worksheet) -> Table:
    one = worksheet.quantities["input.x"]
    slope = worksheet.quantities[one.slope] if one.slope else None
    rows = []
    for at in sorted(_farthest(one.values, MOST_INPUTS)):
        by = float(slope.values[at]) if slope else 0.0
        label = f" {worksheet.labels[at[0]]}" if worksheet.labels else ""
        told = short(by) if slope else "none: a place in a table"
        rows.append((f"{_cell('x', at)}{label}", short(float(one.values[at])), told, direction(by) if slope else ""))
    return Table(("number", "value", "slope of the loss by it", "so"), tuple(rows), (0, 3))


def _layers(worksheet: Worksheet) -> Table:
    rows = []
    for layer in worksheet.trace.layers:
        num = sum(weight.size for weight in layer.weights.values())
        outputs, slope = layer.outputs, layer.output_slope
        rows.append((
            layer.name, layer.kind, str(layer.input_shape), str(layer.output_shape), f"{num:,}",
            _span(outputs), f"{float((outputs == 0).mean()):.0%}",
            short(float(np.abs(slope).max())) if slope is not None else "",
        ))  # fmt: skip
    head = ("layer", "kind", "in", "out", "weights", "outputs", "zeros", "steepest slope")
    return Table(head, tuple(rows), (0, 1))


def _cells(worksheet: Worksheet, phase: str) -> Table:
    rows = []
    for stop in worksheet.stops:
        if stop.phase != phase:
            continue
        for shown in stop.shown:
            one = worksheet.quantities[shown.id]
            if one.formula is None or one.layer != stop.layer or _is_step_between(one):
                continue
            several = one.id == stop.main and one.values.ndim
            for at in _farthest(one.values, MOST_CELLS if several else 1):
                cell = explain_cell(worksheet.quantities, one.id, at)
                rows.append((stop.layer, _cell(one.symbol, at), short(cell.value), one.text,
                             sum_line(worksheet, one.id, at).partition(" = ")[2]))  # fmt: skip
    return Table(("layer", "number", "value", "formula", "with numbers"), tuple(rows), (0, 1, 3, 4))


def _is_step_between(one: Quantity) -> bool:
    """Whether a quantity is one of the small steps that only the page above lists, such as a softmax's powers."""
    return one.name in {"top", "d", "share", "mean", "inside", "weight", "log_total"}


def _moves(worksheet: Worksheet) -> Table:
    rows = [
        (old.layer, *_move(worksheet, old, new, at))
        for old, new in _weights(worksheet)
        for at in _farthest(new.values - old.values, MOST_MOVES)
    ]
    return Table(("layer", "weight", "old", "slope", "new", "with numbers"), tuple(rows), (0, 1, 5))


def _move(worksheet: Worksheet, old: Quantity, new: Quantity, at: tuple[int, ...]) -> tuple[str, ...]:
    numbers = (old.values[at], worksheet.quantities[old.slope].values[at], new.values[at])
    with_numbers = sum_line(worksheet, new.id, at).partition(" = ")[2]
    return _cell(old.symbol, at), *(short(float(number)) for number in numbers), with_numbers


def _weights(worksheet: Worksheet) -> Iterator[tuple[Quantity, Quantity]]:
    for one in worksheet.quantities.values():
        new = worksheet.quantities.get(f"{one.layer}.new_{one.name}")
        if new is not None:
            yield one, new


def _span(values: np.ndarray) -> str:
    lowest, highest = short(float(values.min())), short(float(values.max()))
    return lowest if lowest == highest else f"{lowest} to {highest}"


def _farthest(values: np.ndarray, most: int) -> list[tuple[int, ...]]:
    if not values.ndim:
        return [()]
    order = np.argsort(-np.abs(values), axis=None, kind="stable")[:most]
    return [tuple(int(one) for one in np.unravel_index(int(flat), values.shape)) for flat in order]


def _cell(symbol: str, at: tuple[int, ...]) -> str:
    return f"{symbol}[{', '.join(map(str, at))}]" if at else symbol
