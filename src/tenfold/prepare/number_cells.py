"""Numbers as people write them: "1,234.5", "1.234,5", "$5", "12 %", "3 kg", "(5)", "1e3", and "n/a" or "-" for none.

How a column writes its numbers, its decimal sign and its unit, is found on the training rows and kept as two words, so
that cells to predict are read the same way. All cells must agree: "3 kg" beside "500 g" is no column of numbers, nor is
"12a" beside "7". skrub's `ToFloat` does the same once it is told the signs; it is the oracle of the tests. It is not
used because it reads into single precision, knows no units, and its fitted state is an object instead of two words.
"""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from tenfold.shapes import Mask

__all__ = ["PLAIN", "NumberFormat", "find_number_format", "is_missing_word", "read_numbers"]

MISSING_WORDS = frozenset(
    {"", "-", "--", "---", ".", "..", "?", "n/a", "na", "nan", "null", "none", "#n/a", "n.a.", "k.a."}
)
"""What stands for no value in a column of numbers, in lower case; in a column of text these may be levels."""

_CURRENCY = r"[$€£¥₹]|(?:USD|EUR|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CAD|AUD|INR|CNY)\b"
_CELL = re.compile(
    rf"(?P<open>\()?(?P<sign>[+-]?)\s*(?P<before>{_CURRENCY})?\s*(?P<inner>-?)"
    r"(?P<body>\d[\d.,']*(?:[ \u00a0\u202f]\d{3}(?!\d)[\d.,']*)*|[.,]\d+)(?P<exponent>[eE][+-]?\d+)?\s*"
    rf"(?P<after>%|‰|{_CURRENCY}|°?[^\W\d_]{{1,8}}\.?(?:/[^\W\d_]{{1,4}})?[²³]?)?(?P<close>\))?"
)
_BODY = {
    ".": re.compile(r"\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:([,' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?"),
    ",": re.compile(r"\d+(?:,\d*)?|,\d+|\d{1,3}(?:([.' \u00a0\u202f])\d{3})(?:\1\d{3})*(?:,\d*)?"),
}
_THOUSANDS = {".": re.compile(r"[,' \u00a0\u202f]"), ",": re.compile(r"[.' \u00a0\u202f]")}


@dataclass(frozen=True)
class NumberFormat:
    """How a column writes its numbers.

    Args:
        decimal: `"."` or `","`; the other one, a blank or an apostrophe may divide thousands.
        unit: What stands before or after each number, in lower case: `"$"`, `"%"`, `"kg"`; empty for none.
    """

    decimal: str = "."
    unit: str = ""


PLAIN = NumberFormat()
"""Numbers as programs write them."""


def read_numbers(values: pd.Series, form: NumberFormat = PLAIN) -> Float[np.ndarray, " row"]:
    """Each cell as a number; NaN where it is missing, infinite, text, or in another unit.

    Args:
        values: Numbers, or text in the column's format. Numbers without a unit count as being in the column's unit.
        form: As `find_number_format` found it on the training rows.

    >>> read_numbers(pd.Series(["1.234,5 kg", "(3 kg)", "7", "5 g", "-", None]), NumberFormat(",", "kg"))
    array([1234.5,   -3. ,    7. ,    nan,    nan,    nan])
    """
    if pd.api.types.is_timedelta64_dtype(values):
        return np.asarray(values.dt.total_seconds(), dtype=np.float64)
    if pd.api.types.is_numeric_dtype(values) and not isinstance(values.dtype, pd.CategoricalDtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    else:
        places, different = pd.factorize(values.astype(object))  # each different cell is read once
        numbers = np.array([*(_number(_text(cell), form) for cell in different), np.nan])[places]
    numbers[~np.isfinite(numbers)] = np.nan
    return np.asarray(numbers)


def find_number_format(values: pd.Series) -> tuple[NumberFormat, Mask]:
    """The format in which most cells read as numbers.

    Args:
        values: A column of any kind.

    Returns:
        The format, and which rows are neither numbers in it nor missing; all filled ones where no cell is a number.

    >>> find_number_format(pd.Series(["$1,200", "$5", None, "free"]))
    (NumberFormat(decimal='.', unit='$'), array([False, False, False,  True]))
    """
    if pd.api.types.is_timedelta64_dtype(values) or pd.api.types.is_numeric_dtype(values):
        return PLAIN, np.isnan(read_numbers(values)) & values.notna().to_numpy()
    places, different = pd.factorize(values.astype(object))
    texts = [_text(cell) for cell in different]
    rows = Counter(dict(zip(texts, np.bincount(places[places >= 0], minlength=len(texts)).tolist(), strict=True)))
    form = _most_common_format(rows)
    is_bad = [text.lower() not in MISSING_WORDS and not _agrees(text, form) for text in texts]
    return form, np.array([*is_bad, False])[places]


def is_missing_word(values: pd.Series) -> Mask:
    """Cells that stand for no value in a column of numbers: "n/a", "-", "."."""
    if pd.api.types.is_numeric_dtype(values):
        return np.zeros(len(values), dtype=bool)
    words = values.astype(object).map(lambda cell: isinstance(cell, str) and _text(cell).lower() in MISSING_WORDS)
    return np.asarray(words, dtype=bool)


def _text(cell: object) -> str:
    return str(cell).strip().replace("\N{MINUS SIGN}", "-")


def _most_common_format(rows: Counter[str]) -> NumberFormat:
    """The unit of most rows, and the decimal sign that reads most of them: a point where both do."""
    if all(text.lower() in MISSING_WORDS or np.isfinite(_float(text)) for text in rows):
        return PLAIN
    units: Counter[str] = Counter()
    for text, count in rows.items():
        found = _split(text)
        if found is not None:
            units[found[2]] += count
    if not units:
        return PLAIN
    unit = units.most_common(1)[0][0]
    formats = [NumberFormat(decimal, unit) for decimal in (".", ",")]
    return max(formats, key=lambda form: sum(n for text, n in rows.items() if np.isfinite(_number(text, form))))


def _agrees(text: str, form: NumberFormat) -> bool:
    """Whether a training cell is a number in the column's unit; only 0 needs none."""
    number, found = _number(text, form), _split(text)
    is_bare = form.unit != "" and found is not None and found[2] == ""
    return bool(np.isfinite(number)) and (not is_bare or number == 0)


def _number(text: str, form: NumberFormat) -> float:
    found = _split(text)
    if found is None or found[2] not in {form.unit, ""} or not _BODY[form.decimal].fullmatch(found[1]):
        return _float(text) if form == PLAIN else float("nan")
    sign, body, _, exponent = found
    return sign * _float(_THOUSANDS[form.decimal].sub("", body).replace(form.decimal, ".") + exponent)


def _split(text: str) -> tuple[float, str, str, str] | None:
    """Sign, digits with their dividers, unit in lower case and exponent; None where the cell is no number."""
    found = _CELL.fullmatch(text)
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["before"] and found["after"]):
        return None
    is_negative = "-" in found["sign"] + found["inner"] or bool(found["open"])
    unit = (found["before"] or found["after"] or "").lower()
    return -1.0 if is_negative else 1.0, found["body"], unit, found["exponent"] or ""


def _float(text: str) -> float:
    try:
        return float("nan") if "_" in text else float(text)
    except ValueError:
        return float("nan")
