"""How a CSV file is written: encoding, delimiter, decimal sign, header, and whether every line has as many cells.

CSV has no standard that files obey. Nothing here guesses silently: each answer is kept in a `CsvLayout`, which the run
folder records, and what cannot be a table is refused with the line at which it stops being one. pandas alone would fill
short lines with missing values and shift long ones.
"""

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise

from tenfold.errors import TableError

__all__ = ["CsvLayout", "decode_text", "describe_layout"]

DELIMITERS = ("\t", ";", ",")
"""In order of preference where several divide the sample equally well: a comma is a decimal sign too, a tab is not."""

SAMPLE_LINES = 100
"""Lines from which the delimiter and the header are told (arbitrary; the whole file is then checked against them)."""

MAX_UNREADABLE = 0.001
"""Share of undefined characters up to which a text counts as Windows-1252 (arbitrary; old exports hold some)."""

_SIGNATURES = {
    b"PK\x03\x04": ("a zip archive or a spreadsheet", "save the sheet as CSV, or unpack the archive"),
    b"\xd0\xcf\x11\xe0": ("an old spreadsheet (.xls)", "save the sheet as CSV"),
    b"\x1f\x8b": ("compressed with gzip", "unpack it first"),
    b"\x89PNG": ("a picture", None),
    b"\xff\xd8\xff": ("a picture", None),
    b"GIF8": ("a picture", None),
    b"%PDF": ("a PDF document", "copy its table into a CSV file"),
    b"\x89HDF": ("an HDF5 file", "save its table as CSV or Parquet"),
    b"SQLite format 3": ("a database", "export one table of it as CSV"),
    b"\x93NUMPY": ("a NumPy array", "save it as CSV with column names"),
}
_MARKUP = {
    "<": ("markup (HTML or XML)", "save its table as CSV"),
    "{": ("JSON", "write it as CSV, one line a row"),
    "[": ("JSON", "write it as CSV, one line a row"),
}
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_DECIMAL_POINT = re.compile(r"[+-]?\d+\.\d+")


@dataclass(frozen=True)
class CsvLayout:
    """How the cells of a CSV file are to be read.

    Args:
        delimiter: The character between cells; a comma where there is only one column.
        decimal: `"."` or `","`.
        has_header: Whether the first line names the columns.
        names: Names of the columns; `column_1`, `column_2`, ... where the file gives none.
    """

    delimiter: str
    decimal: str
    has_header: bool
    names: tuple[str, ...]


def decode_text(raw: bytes, name: str) -> tuple[str, str]:
    """The text of a file, and the encoding it was written in.

    Args:
        raw: Content of the file.
        name: Name of the file, for messages.

    Returns:
        Text without byte order mark, and the name of the encoding: UTF-8, UTF-16 with a mark, else Windows-1252 (a few
        bytes that it leaves undefined become U+FFFD).

    Raises:
        TableError: A known format that is no table, or bytes that are no text.
    """
    for signature, (kind, hint) in _SIGNATURES.items():
        if raw.startswith(signature):
            raise _not_a_table(name, f"it is {kind}", hint)
    encoding = next((found for mark, found in _BYTE_ORDER_MARKS.items() if raw.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\x00" in raw:
        raise _not_a_table(name, "it holds bytes that are no text", None)
    try:
        return raw.decode(encoding), encoding
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if text.count("\ufffd") > MAX_UNREADABLE * len(text):
        raise _not_a_table(name, "its bytes are neither UTF-8 nor Windows-1252", "save it as UTF-8")
    return text, "cp1252"


def describe_layout(text: str, name: str) -> CsvLayout:
    r"""Find out how a CSV text is written, and check that every line fits.

    Args:
        text: The whole text, not empty.
        name: Name of the file, for messages.

    Returns:
        The layout.

    Raises:
        TableError: No columns can be told, a line has more or fewer cells than the first, or two columns share a name.

    >>> describe_layout("a;b\n1,5;2\n", "t.csv")
    CsvLayout(delimiter=';', decimal=',', has_header=True, names=('a', 'b'))
    """
    stripped = text.lstrip()
    if stripped[:1] in _MARKUP:
        kind, hint = _MARKUP[stripped[:1]]
        raise _not_a_table(name, f"it looks like {kind}", hint)
    delimiter = _find_delimiter(text, name)
    sample = list(islice(_lines(text, delimiter), SAMPLE_LINES))
    _check_widths(text, delimiter, name)
    first = [cell.strip() for cell in sample[0][1]]
    has_header = _is_header(first, [cells for _, cells in sample[1:]])
    names = tuple(first) if has_header else ("",) * len(first)
    filled = tuple(given or f"column_{position}" for position, given in enumerate(names, start=1))
    _check_names(filled, name)
    return CsvLayout(delimiter, _find_decimal(sample, delimiter), has_header, filled)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells be as long as they are (the csv module refuses more than 131,072 characters), and restore the limit."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number of the line (from 1) and its cells, empty lines left out."""
    with _long_cells():
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield reader.line_num, cells


def _find_delimiter(text: str, name: str) -> str:
    shares = {}
    for delimiter in DELIMITERS:
        widths = Counter(len(cells) for _, cells in islice(_lines(text, delimiter), SAMPLE_LINES))
        width, count = widths.most_common(1)[0]
        shares[delimiter] = count / widths.total() if width > 1 else 0.0
    best = max(DELIMITERS, key=lambda delimiter: shares[delimiter])
    if shares[best] > 0.5:  # noqa: PLR2004 (more than half of the lines agree)
        return best
    first = text.lstrip().splitlines()[0].rstrip()
    if " " in first and not first.startswith('"'):
        hint = "divide the columns by commas; if there is one column only, put its name in double quotes"
        raise _not_a_table(name, "no comma, semicolon or tab divides its lines into columns", hint)
    return ","  # one column


def _check_widths(text: str, delimiter: str, name: str) -> None:
    widths = [(number, len(cells)) for number, cells in _lines(text, delimiter)]
    uneven = [(number, width) for number, width in widths if width != widths[0][1]]
    if len(uneven) > len(widths) / 2:
        number, width = uneven[0]
        raise TableError(
            "ragged",
            f"The first line of `{name}` has {_count(widths[0][1])}, but line {number} has {_count(width)}",
            expected="as many cells in the first line as in the others",
            hint="give each column a name, and remove lines above the names",
        )
    if uneven:
        more = f" (and {len(uneven) - 1} more such lines)" if len(uneven) > 1 else ""
        raise TableError(
            "ragged",
            f"Line {uneven[0][0]} of `{name}` has {_count(uneven[0][1])}{more}",
            expected=f"{_count(widths[0][1])}, as in its first line",
            hint=f'put cells that contain "{_readable(delimiter)}" in double quotes, or remove the line',
        )


def _count(num_cells: int) -> str:
    return f"{num_cells} cell" + "s" * (num_cells != 1)


def _is_header(first: list[str], others: list[list[str]]) -> bool:
    """Whether the first line names columns: it does not, where every column of numbers begins with a number too.

    Evenly rising whole numbers (the years 2012, 2013, ...; the pixels 0, 1, 2, ...) do name columns. A line alone is
    a row if it holds nothing but numbers.
    """
    if not others:
        return not all(_is_number(cell) for cell in first)
    numeric = [position for position in range(len(first)) if _all_numbers(others, position)]
    if not numeric or not all(_is_number(first[position]) for position in numeric):
        return True
    heads = [float(first[position].replace(",", ".")) for position in numeric]
    steps = {later - earlier for earlier, later in pairwise(heads)}
    return len(steps) == 1 and min(steps) > 0 and all(head.is_integer() for head in heads)


def _all_numbers(rows: list[list[str]], position: int) -> bool:
    cells = [cells[position].strip() for cells in rows if position < len(cells)]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_is_number(cell) for cell in filled)


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _find_decimal(sample: list[tuple[int, list[str]]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell.strip() for _, line in sample for cell in line]
    has_comma = any(_DECIMAL_COMMA.fullmatch(cell) for cell in cells)
    return "," if has_comma and not any(_DECIMAL_POINT.fullmatch(cell) for cell in cells) else "."


def _check_names(names: tuple[str, ...], name: str) -> None:
    twice = [column for column, count in Counter(names).items() if count > 1]
    if twice:
        raise TableError(
            "duplicate_columns",
            f"`{name}` has {Counter(names)[twice[0]]} columns named `{twice[0]}`",
            expected="a different name for each column",
            received=f"repeated: {', '.join(f'`{column}`' for column in twice[:6])}",
            hint="rename or remove the copies",
        )


def _readable(delimiter: str) -> str:
    return {"\t": "tab"}.get(delimiter, delimiter)


def _not_a_table(name: str, reason: str, hint: str | None) -> TableError:
    return TableError("not_a_table", f"`{name}` is not a table: {reason}", expected="a CSV or Parquet file", hint=hint)
