"""Walls as a table on the screen and as JSON."""

import json
import math
from typing import Any

from tenfold.precision.formats import DTYPES
from tenfold.precision.walls import FORMS, FUNCTIONS, LOSSES, Wall, wall

__all__ = ["walls_as_json", "walls_as_table", "walls_of"]

COLUMNS = ("format", "function", "form", "lower", "upper", "ceiling", "floor", "ceiling (0)", "floor (0)")


def walls_of(dtype: str | None, function: str | None) -> list[Wall]:
    """The walls of a format and a function.

    Args:
        dtype: A format; None for all four.
        function: A function; None for all of them, each in its own form. A loss that is named comes in all its forms.

    Returns:
        The walls, by format and function.

    Raises:
        OptionError: An unknown format or function.
    """
    dtypes = (dtype,) if dtype else DTYPES
    functions = (function,) if function else FUNCTIONS
    return [
        wall(one, name, form=form)
        for one in dtypes
        for name in functions
        for form in _forms(name, alone=bool(function))
    ]


def walls_as_table(walls: list[Wall]) -> str:
    """A line a wall, in columns; the reason below where there is but one format and function."""
    rows = [COLUMNS, *(_cells(one) for one in walls)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    shown = [column for column in range(len(COLUMNS)) if any(row[column] for row in rows[1:])]
    lines = ["  ".join(_justified(row[column], widths[column], column) for column in shown).rstrip() for row in rows]
    if len({(one.dtype, one.function) for one in walls}) == 1:
        lines += ["", walls[0].reason]
    return "\n".join(lines)


def walls_as_json(walls: list[Wall]) -> str:
    """One JSON object; what is not finite is a word."""
    return json.dumps({"walls": [{key: _plain(value) for key, value in one.as_dict().items()} for one in walls]})


def _forms(function: str, *, alone: bool) -> tuple[str | None, ...]:
    if not alone or function not in LOSSES:
        return (None,)
    return FORMS if function == "binary_crossentropy" else FORMS[1:]


def _cells(one: Wall) -> tuple[str, ...]:
    losses = (one.ceiling_positive, one.floor_positive, one.ceiling_negative, one.floor_negative)
    return (one.dtype, one.function, one.form, *(_number(value) for value in (one.lower, one.upper, *losses)))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.8g}"


def _justified(text: str, width: int, column: int) -> str:
    return text.ljust(width) if column < COLUMNS.index("lower") else text.rjust(width)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
