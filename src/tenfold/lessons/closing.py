"""The closing table of a lesson: the published number, ours over seeds, and what differs. Filled from the record."""

from collections.abc import Mapping, Sequence

import numpy as np

from tenfold.lessons.header import Header, Published
from tenfold.lessons.records import LessonRecord

__all__ = ["closing_rows", "closing_table"]

NOTHING = "-"
COLUMNS = ("what", "published", "where", "ours: mean ± sd (n)", "min … max", "difference")


def closing_rows(header: Header, values: Mapping[str, Sequence[float]]) -> list[tuple[str, ...]]:
    """Rows of the table, one a published number.

    Args:
        header: Of the lesson.
        values: Ours by key, one value a seed or run; a key without values has no number of ours.

    Returns:
        Cells as text, in the order of `COLUMNS`.
    """
    rows = header.published
    return [(one.what, one.value, one.where, *_ours(one, values.get(one.key, ())), _difference(one)) for one in rows]


def closing_table(
    header: Header, record: LessonRecord | None, measured: Mapping[str, Sequence[float]] | None = None
) -> str:
    """The table as Markdown, and under it where ours comes from.

    Args:
        header: Of the lesson.
        record: Of its full form; None: not run yet, and the table says so.
        measured: What the full form has measured that runs just now; it stands in the table in place of the record.

    Returns:
        Markdown; empty where the sources print no number.
    """
    if not header.published:
        return ""
    values = measured if measured is not None else record.values if record else {}
    rows = closing_rows(header, values)
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS)), *(_line(row) for row in rows)]
    origin = _origin(record) if measured is None else "*Ours: the full form, in this run.*"
    return "\n".join([*lines, "", origin])


def _ours(one: Published, values: Sequence[float]) -> tuple[str, str]:
    if not values:
        return NOTHING, NOTHING
    if one.difference == "none":  # reproduced exactly: every number is shown, and none has a spread
        return ", ".join(map(_short, values)), NOTHING
    numbers = np.asarray(values, dtype=float)
    if len(numbers) == 1:
        return f"{_short(numbers[0])} (1)", NOTHING
    return (
        f"{_short(numbers.mean())} ± {_spread(numbers.std(ddof=1))} ({len(numbers)})",
        f"{_short(numbers.min())} … {_short(numbers.max())}",
    )


def _short(value: float) -> str:
    """Four digits that tell something; whole numbers as they are.

    >>> _short(0.97781), _short(407050.0), _short(-24.0)
    ('0.9778', '407,050', '-24')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"


def _spread(value: float) -> str:
    """Two digits, as decimals down to a hundred-thousandth.

    >>> _spread(0.13), _spread(0.000047), _spread(5.5e-7)
    ('0.13', '0.000047', '5.5e-07')
    """
    if 0 < value < 1e-5:  # noqa: PLR2004 (chosen so that a row stays short)
        return f"{value:.2g}"
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


def _difference(one: Published) -> str:
    return one.because if one.difference == "none" else f"{one.difference}: {one.because}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _origin(record: LessonRecord | None) -> str:
    if record is None:
        return "*The full form of this lesson has not been run yet: its own numbers are missing.*"
    packages = ", ".join(f"{name} {version}" for name, version in sorted(record.versions.items()))
    return f"*Ours: the full form, {record.minutes:.3g} minutes on {record.machine}, {record.date}; {packages}.*"
