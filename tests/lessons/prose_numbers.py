"""Numbers in the prose of a lesson, and those that the lesson holds: in an assert, its header, or by definition.

What an exercise gives stands in its solution, too, and the right answer in the header: the lesson's run judges both.

A number counts from three digits on, leading zeros left out: 0.05 has one, 0.978 three. It is held where some held
number, rounded to as many decimals, is the same; a percentage also by the share that it is.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

from tenfold.lessons.header import Header
from tenfold.lessons.source import opening

DIGITS = 3

NUMBER = re.compile(
    r"(?<![\w.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\.\d+|\d+)(?P<exponent>e[+-]?\d+)?"
    r"(?![\w]|\.\d|,\d{3})(?P<percent>\s*\\?%)?"
)
LEFT_OUT = (
    re.compile(r"(`+).+?\1", re.DOTALL),  # code is run, or is a name
    re.compile(r"(?<=\])\([^)\s]*\)"),  # where a link leads; its words stay
    re.compile(r"https?://\S+"),
    re.compile(r"</?\w[^>]*>"),  # a tag of HTML; what stands between tags stays
    re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),  # a date
    re.compile(r"(?<=[( ])(?:19|20)\d{2}(?=[);.,])(?!,\d|\.\d)"),  # a year: "(2017)", "Kohavi 1995."
    re.compile(  # "in 2017", "from 2013 to 2018"
        r"\b(?:in|from|since|until|before|after|between) (?:19|20)\d{2}\b(?![,.]\d)"
        r"(?:(?: to | and |-)(?:19|20)\d{2}\b)?"
    ),
    re.compile(r"(?<![\d,.])00[0-4]\b"),  # a document of the course
    re.compile(r"\b(?:of|in) 100\b(?!,)|(?<![\d,.])100(?=\s*\\?%)"),  # 97 of 100: what a percentage is
)


@dataclass(frozen=True)
class Stated:
    """A number as the prose writes it."""

    text: str
    value: Decimal
    is_percent: bool


def stated(prose: str) -> Iterator[Stated]:
    """Numbers of three digits and more."""
    for pattern in LEFT_OUT:
        prose = pattern.sub(" ", prose)
    for found in NUMBER.finditer(prose.replace("{,}", ",").replace("−", "-")):
        if len(re.sub("[,.]", "", found["number"]).lstrip("0")) >= DIGITS:
            yield Stated(found["number"], _value(found), bool(found["percent"]))


def held(header: Header, code: Iterable[Any]) -> set[Decimal]:
    """Numbers that a lesson's asserts, its header and its exercises hold."""
    found = {abs(value) for cell in code for value in _asserted(cell)}
    said = [one.value for one in header.published] + list(header.definitions)
    found |= {_value(one) for text in said for one in NUMBER.finditer(text)}
    found |= {abs(value) for one in header.exercises for value in _flat(one.right)}
    return found


def unheld(header: Header, cells: Iterable[Any]) -> list[str]:
    """Numbers in the prose of a lesson that nothing holds.

    Args:
        header: Of the lesson.
        cells: Of its notebook.
    """
    cells = list(cells)
    known = held(header, [cell for cell in cells if cell.cell_type == "code"])
    prose = [cell["source"] for cell in cells if cell.cell_type == "markdown" and cell["source"] != opening(header)]
    return [one.text for text in prose for one in stated(text) if not _is_held(one, known)]


def _is_held(one: Stated, known: set[Decimal]) -> bool:
    scales = (Decimal(1), Decimal(100)) if one.is_percent else (Decimal(1),)
    unit = Decimal(1).scaleb(one.value.as_tuple().exponent)
    return any(
        (number * scale).quantize(unit, rounding) == one.value
        for number in known
        for scale in scales
        for rounding in (ROUND_HALF_UP, ROUND_HALF_EVEN)
        if abs(number * scale - one.value) <= unit
    )


def _value(found: re.Match[str]) -> Decimal:
    return Decimal(found["number"].replace(",", "") + (found["exponent"] or ""))


def _asserted(cell: Any) -> Iterator[Decimal]:
    """Numbers within `assert ...`, within calls of functions that are named `assert_...`, and within solutions."""
    is_solution = "solution" in cell.metadata.get("tags", ())
    for node in ast.walk(ast.parse(cell["source"])):
        called = getattr(getattr(node, "func", None), "attr", "") or getattr(getattr(node, "func", None), "id", "")
        if is_solution or isinstance(node, ast.Assert) or called.startswith("assert_"):
            yield from (_decimal(one.value) for one in ast.walk(node) if _is_number(one))


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in {int, float}


def _decimal(value: float) -> Decimal:
    return Decimal(repr(value))


def _flat(value: Any) -> Iterator[Decimal]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    elif isinstance(value, int | float):
        yield _decimal(value)
