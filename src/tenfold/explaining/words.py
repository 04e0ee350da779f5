"""One row through a model as text: every stop with its largest cells, one layer whole, or one cell to its last term."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tenfold.errors import OptionError, did_you_mean
from tenfold.explaining.cell import CellExplained, Term, explain_cell
from tenfold.explaining.figures_in_text import exact, short
from tenfold.explaining.losses import clip_note
from tenfold.explaining.worksheet import Quantity, Stop, Worksheet
from tenfold.report.words import counted
from tenfold.scratch.tracing import LayerTrace

__all__ = [
    "cell_as_text", "cell_named", "direction", "headline", "layer_as_text", "settings_in_words", "sum_line", "tell",
    "told_cells", "verdict",
]  # fmt: skip

SHOWN_TERMS = 3
"""Terms of a sum on one line. Arbitrary."""

MOST_TERMS = 8
"""Terms of a sum in the table of one cell, as on the page; the rest is one number."""


_BY_CLASS = ("CategoricalCrossentropy", "SparseCategoricalCrossentropy")


def headline(worksheet: Worksheet) -> str:
    """The row, what the network says of it, and what is true."""
    trace = worksheet.trace
    said, truth = verdict(worksheet)
    return f"Row {trace.row} through `{trace.model}`: prediction {said}, truth {truth}, loss {short(trace.loss.value)}."


def verdict(worksheet: Worksheet) -> tuple[str, str]:
    """What the network says of the row, and what is true: a class where it chooses one, else numbers."""
    loss = worksheet.trace.loss
    said, truth = np.asarray(loss.prediction[0]), np.asarray(loss.target[0])
    if loss.name not in _BY_CLASS or said.ndim > 1:
        return _few(said), _few(truth)
    how = "logit" if getattr(loss.loss, "from_logits", False) else "probability"
    right = int(truth.argmax()) if loss.name == "CategoricalCrossentropy" else int(truth.reshape(()))
    return f"class {int(said.argmax())} ({how} {short(float(said.max()))})", f"class {right}"


def tell(worksheet: Worksheet) -> str:
    """All stops, each with its largest cells."""
    lines = [headline(worksheet), *([f"{note}."] if (note := clip_note(worksheet)) else [])]
    phase = ""
    for stop in worksheet.stops:
        if stop.phase != phase:
            phase = stop.phase
            lines += ["", _phase_line(worksheet, phase)]
        lines += [_stop_line(worksheet, stop)]
        lines += [f"    {line}" for line in told_cells(worksheet, stop)]
    update = worksheet.trace.update
    compared = f"before {short(update.loss_before)}; the slopes alone promise {short(update.loss_expected)}"
    lines += ["", f"Loss of this row after the step: {short(update.loss_after)} ({compared})."]
    lines += [f"{worksheet.trace.agreement.sentence}."]
    return "\n".join(lines)


def layer_as_text(worksheet: Worksheet, name: str) -> str:
    """Everything of one layer: each quantity with its formula, its range and its largest cell.

    Args:
        worksheet: The row.
        name: The layer.

    Raises:
        OptionError: There is no such layer.
    """
    stops = [stop for stop in worksheet.stops if stop.layer == name]
    if not stops:
        names = list(dict.fromkeys(stop.layer for stop in worksheet.stops))
        raise OptionError(
            "no_such_layer", f"There is no layer `{name}` in `{worksheet.trace.model}`",
            expected=f"one of {', '.join(names)}", hint=did_you_mean(name, names),
        )  # fmt: skip
    lines = []
    for stop in stops:
        lines += [f"{stop.phase}   {stop.layer}   {stop.kind}", f"  {stop.formula}"]
        for shown in stop.shown:
            one = worksheet.quantities[shown.id]
            lines += ["", f"  {shown.symbol}   {_shape(one)}   {one.what}   ({one.address})"]
            lines += [f"    {_range(one)}"]
            if one.formula is not None:
                lines += [f"    {one.text}", f"    {sum_line(worksheet, one.id, _largest(one.values))}"]
        lines.append("")
    return "\n".join(lines).rstrip("\n")


def cell_named(worksheet: Worksheet, named: str) -> CellExplained:
    """One cell by its name, as the page's address has it.

    Args:
        worksheet: The row.
        named: Such as `"dense_1/z/17"` or `"dense_1/W/3,17"`.

    Raises:
        OptionError: There is no such cell.
    """
    layer, _, rest = named.rpartition("/")[0].rpartition("/")
    index = named.rpartition("/")[2]
    key = f"{layer}.{rest}" if layer else ""
    places = [part.strip() for part in index.split(",") if part.strip()]
    if key not in worksheet.quantities or not all(part.isdigit() for part in places):
        known = [one.address for one in worksheet.quantities.values()]
        raise OptionError(
            "cell", f"`--cell {named}` names no cell of `{worksheet.trace.model}`",
            expected=f"LAYER/QUANTITY/INDEX, such as {_example(worksheet)}",
            hint=did_you_mean(f"{layer}/{rest}", known) if key not in worksheet.quantities else None,
        )  # fmt: skip
    return explain_cell(worksheet.quantities, key, [int(part) for part in places])


def cell_as_text(worksheet: Worksheet, found: CellExplained) -> str:
    """One cell with its formula, its largest terms and the exact rest."""
    one = found.quantity
    name = _cell_name(one.symbol, found.index)
    lines = [f"{one.layer}   {name}   {one.what}"]
    if one.formula is None:
        return "\n".join([*lines, f"  {name} = {exact(found.value)} (given)"])
    lines += [f"  {one.text}", f"  {sum_line(worksheet, one.id, found.index)}", ""]
    rows = [(_factors(term, one.called), _numbers(term), short(term.value)) for term in found.terms]
    shown = rows[:MOST_TERMS]
    widths = [max(len(row[column]) for row in shown) for column in range(3)] if shown else [0, 0, 0]
    lines += [f"  {what:<{widths[0]}}   {how:<{widths[1]}}   {value:>{widths[2]}}" for what, how, value in shown]
    if one.formula.kind == "sum":
        if len(rows) > MOST_TERMS:
            lines.append(f"  the other {len(rows) - MOST_TERMS} terms together   {short(found.rest(MOST_TERMS))}")
        lines.append(f"  sum {exact(found.total)}, rounding {short(found.total - found.value)}")
    lines.append(f"  value {exact(found.value)}")
    if one.slope:
        slope = float(worksheet.quantities[one.slope].values[found.index])
        lines.append(f"  slope of the loss by it {short(slope)}: {direction(slope)}")
    return "\n".join(lines)


def direction(slope: float) -> str:
    """What a slope means, in words."""
    if slope == 0:
        return "moving it a little changes nothing"
    return "raising it a little raises the loss" if slope > 0 else "raising it a little lowers the loss"


def settings_in_words(part: Any) -> str:
    """An optimizer's settings that are in force: `"learning rate 0.01, momentum 0.9"`."""
    values = {name.replace("_", " "): value for name, value in vars(part).items() if value}
    return ", ".join(f"{name} {short(value)}" if isinstance(value, float) else name for name, value in values.items())


def told_cells(worksheet: Worksheet, stop: Stop) -> Iterator[str]:
    """The cells that tell a stop best, one line each."""
    if stop.phase == "update":
        yield from _moves(worksheet, stop)
        return
    names = [shown.id for shown in stop.shown if worksheet.quantities[shown.id].layer == stop.layer]
    wanted = {"forward": ("z", "c", "a"), "loss": ("error", "L", "g_p"),
              "backward": ("delta", "g_W", "g_K", "g_U", "g_E", "g_gamma", "g_x")}[stop.phase]  # fmt: skip
    main = worksheet.quantities[stop.main]
    index = _largest(main.values)
    for key in names:
        one = worksheet.quantities[key]
        if one.name not in wanted or one.formula is None:
            continue
        same = stop.phase == "forward" and one.values.shape == main.values.shape
        yield sum_line(worksheet, key, index if same else _largest(one.values))


def sum_line(worksheet: Worksheet, key: str, index: tuple[int, ...]) -> str:
    """One cell on one line: `"z[17] = 0.5 · 1.2 + 0.3 · 0.4 + 11 more (−0.21) = 0.51"`."""
    found = explain_cell(worksheet.quantities, key, index)
    one = found.quantity
    left = _cell_name(one.symbol, index)
    if one.formula is None:
        return f"{left} = {short(found.value)}"
    if one.formula.kind == "function":
        return f"{left} = {_factors(found.terms[0], one.called)} → {_numbers(found.terms[0])} → {short(found.value)}"
    if one.formula.kind == "max":
        return f"{left} = largest of {len(found.terms)} = {short(found.value)}"
    if one.formula.kind in ("same", "join"):
        return f"{left} = {_factors(found.terms[0], one.called)} = {short(found.value)}"
    text = ""
    for term in found.terms[:SHOWN_TERMS]:
        text += (" + " if term.sign > 0 else " − ") if text else ("" if term.sign > 0 else "−")
        text += _numbers(term, is_first=not text)
    if len(found.terms) > SHOWN_TERMS:
        text += f" + {len(found.terms) - SHOWN_TERMS} more ({short(found.rest(SHOWN_TERMS))})"
    text = text or "no term"
    return f"{left} = {text} = {short(found.value)}" if text != short(found.value) else f"{left} = {text}"


def _moves(worksheet: Worksheet, stop: Stop) -> Iterator[str]:
    for shown in stop.shown:
        new = worksheet.quantities[shown.id]
        if not new.name.startswith("new_"):
            continue
        old = worksheet.quantities[f"{new.layer}.{new.name.removeprefix('new_')}"]
        slope = worksheet.quantities[old.slope]
        at = _largest(new.values - old.values)
        left = _cell_name(old.symbol, at)
        yield (f"{left}   {short(float(old.values[at]))} → {short(float(new.values[at]))}   "
               f"(slope {short(float(slope.values[at]))})")  # fmt: skip


def _phase_line(worksheet: Worksheet, phase: str) -> str:
    trace = worksheet.trace
    if phase == "update":
        return f"update   {trace.update.name}   {settings_in_words(trace.update.optimizer)}\n  {trace.update.formula}"
    return f"loss   {trace.loss.name}   {trace.loss.formula}" if phase == "loss" else phase


def _stop_line(worksheet: Worksheet, stop: Stop) -> str:
    if stop.phase == "loss":
        return f"  loss of this row {short(worksheet.trace.loss.value)}"
    layer = _layer(worksheet, stop.layer)
    told = f"  {stop.layer}   {stop.kind}"
    if stop.phase == "forward":
        num = sum(weight.size for weight in layer.weights.values())
        told += f"   {layer.input_shape} → {layer.output_shape}" + (f"   {counted(num, 'weight')}" if num else "")
    return told if stop.phase == "update" else f"{told}\n    {stop.formula}"


def _layer(worksheet: Worksheet, name: str) -> LayerTrace:
    return next(layer for layer in worksheet.trace.layers if layer.name == name)


def _largest(values: np.ndarray) -> tuple[int, ...]:
    """Where the number stands that is farthest from 0."""
    return (
        tuple(int(one) for one in np.unravel_index(int(np.abs(values).argmax()), values.shape)) if values.shape else ()
    )


def _cell_name(symbol: str, index: tuple[int, ...]) -> str:
    return f"{symbol}[{', '.join(map(str, index))}]" if index else symbol


def _factors(term: Term, called: Mapping[str, str]) -> str:
    return " · ".join(_cell_name(called[one.quantity], one.index) for one in term.factors)


def _numbers(term: Term, *, is_first: bool = True) -> str:
    values = [*term.numbers, *(one.value for one in term.factors)]
    bare = is_first and term.sign > 0
    return " · ".join(
        f"({short(value)})" if value < 0 and (place or not bare) else short(value) for place, value in enumerate(values)
    )


def _shape(one: Quantity) -> str:
    return " × ".join(map(str, one.values.shape)) or "one number"


def _range(one: Quantity) -> str:
    values, zeros = one.values, float((one.values == 0).mean())
    lowest, highest, mean = (short(float(value)) for value in (values.min(), values.max(), values.mean()))
    return f"{lowest} to {highest}, mean {mean}{f', {zeros:.0%} zeros' if zeros else ''}"


def _few(values: np.ndarray) -> str:
    flat = values.ravel()
    shown = ", ".join(short(float(value)) for value in flat[:10])
    return shown if flat.size <= 10 else f"{shown}, … ({flat.size} numbers)"  # noqa: PLR2004  # ten classes fit a line


def _example(worksheet: Worksheet) -> str:
    one = next(one for one in worksheet.quantities.values() if one.formula is not None)
    return f"{one.address}/{','.join('0' * one.values.ndim)}"
