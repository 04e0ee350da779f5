"""The target column as it stands in the table: there, filled in every row, more than one value, numbers where due.

Rows are counted from 1 as a person counts them, the header left out.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.errors import TargetError, did_you_mean

__all__ = [
    "MAX_CODES",
    "as_numbers",
    "label_text",
    "listing",
    "numbers_or_none",
    "plain_label",
    "target_columns",
    "target_values",
]

MAX_CODES = 20
"""Up to so many different numbers may be codes of classes rather than measurements (arbitrary)."""


def target_columns(frame: pd.DataFrame, targets: Sequence[str]) -> tuple[str, ...]:
    """Names of the columns to predict, once they are in the table and leave something to predict them from.

    Args:
        frame: The table.
        targets: At least one name.

    Returns:
        The names, in the order given.

    Raises:
        TargetError: No name, a name twice, no such column, or no other column.
    """
    if not targets:
        raise TargetError("no_target", "No target column is named", expected="the name of the column to predict")
    twice = next((name for name in targets if list(targets).count(name) > 1), None)
    if twice is not None:
        raise TargetError("target_twice", f"`{twice}` is named twice as a target", expected="each column once")
    for target in targets:
        _check_known(list(frame.columns), target)
    if len(frame.columns) == len(targets):
        names, are = " and ".join(f"`{name}`" for name in targets), "is" if len(targets) == 1 else "are"
        raise TargetError(
            "no_inputs",
            f"{names} {are} the only column{'s' * (len(targets) > 1)}: there is nothing to predict from",
            expected="at least one other column",
        )
    return tuple(targets)


def target_values(frame: pd.DataFrame, target: str) -> pd.Series:
    """A target column, once it can be predicted at all.

    Args:
        frame: The table.
        target: Name of a column.

    Returns:
        The column, without gaps.

    Raises:
        TargetError: Values missing or infinite, one value only, or dates.
    """
    values = frame[target]
    _check_filled(values)
    if pd.api.types.is_datetime64_any_dtype(values):
        raise TargetError("date_target", f"`{target}` holds dates", expected="numbers or classes")
    if (values.map(label_text) == label_text(values.iloc[0])).all():
        raise TargetError(
            "constant_target",
            f"`{target}` has the same value in all {len(values)} rows: `{values.iloc[0]}`",
            expected="at least two different values",
        )
    return values


def _check_known(columns: list[str], target: str) -> None:
    if target not in columns:
        raise TargetError(
            "unknown_target",
            f"`{target}` is not a column of the table",
            expected=f"one of {len(columns)} columns: {listing(columns)}",
            hint=_headless(columns) or did_you_mean(target, columns),
        )


def _check_filled(values: pd.Series) -> None:
    missing = np.flatnonzero(values.isna())
    if len(missing):
        raise TargetError(
            "missing_target",
            f"`{values.name}` is missing in {len(missing)} of {len(values)} rows (first: {_row_list(missing)})",
            expected="a value in every row",
            hint="remove these rows, or fill them in; they are not dropped here, because what is missing may matter",
        )
    if pd.api.types.is_float_dtype(values):
        _check_finite(values)


def _headless(columns: list[str]) -> str | None:
    if all(column == f"column_{place}" for place, column in enumerate(columns, start=1)):
        return f"the file has no line of names; its last column is `{columns[-1]}`"
    return None


def numbers_or_none(values: pd.Series) -> pd.Series | None:
    """The values as numbers, or None where they are text.

    Args:
        values: The target column, without gaps.

    Returns:
        Numbers, or None.

    Raises:
        TargetError: Text in at most half of the rows of a column of otherwise many different numbers, or infinity.
    """
    if pd.api.types.is_bool_dtype(values):
        return None
    parsed = _parse(values)
    if parsed.isna().any():
        if parsed.nunique() > MAX_CODES and parsed.notna().mean() >= 0.5:  # noqa: PLR2004 (half of the rows)
            raise _not_numbers(values, np.flatnonzero(parsed.isna()))
        return None
    _check_finite(parsed)
    return parsed


def as_numbers(values: pd.Series) -> pd.Series:
    """The values as numbers, where nothing else will do.

    Args:
        values: The target column, without gaps.

    Returns:
        Finite numbers.

    Raises:
        TargetError: Text or infinity.
    """
    parsed = _parse(values.astype(np.int64) if pd.api.types.is_bool_dtype(values) else values)
    if parsed.isna().any():
        raise _not_numbers(values, np.flatnonzero(parsed.isna()))
    _check_finite(parsed)
    return parsed


def _parse(values: pd.Series) -> pd.Series:
    is_number = pd.api.types.is_numeric_dtype(values)
    return values if is_number else pd.to_numeric(values.astype(str), errors="coerce")


def _not_numbers(values: pd.Series, rows: Int[np.ndarray, " row"]) -> TargetError:
    return TargetError(
        "not_numbers",
        f"`{values.name}` has {len(rows)} of {len(values)} rows that are not numbers (first: row {rows[0] + 1})",
        expected="a number in every row",
        received=f"`{values.iloc[rows[0]]}`",
        hint="write numbers there, or remove these rows",
    )


def _check_finite(numbers: pd.Series) -> None:
    infinite = np.flatnonzero(~np.isfinite(numbers.to_numpy(dtype=np.float64)))
    if len(infinite):
        raise TargetError(
            "infinite_target",
            f"`{numbers.name}` is infinite in {len(infinite)} of {len(numbers)} rows (first: {_row_list(infinite)})",
            expected="finite numbers",
            hint="a division by zero upstream? correct or remove these rows",
        )


def plain_label(label: Any) -> Any:
    """A label as a Python value; whole numbers without a decimal point.

    >>> plain_label(np.float64(2.0))
    2
    """
    value = label.item() if hasattr(label, "item") else label
    return int(value) if isinstance(value, float) and value.is_integer() else value


def label_text(label: Any) -> str:
    """A label as text, the same for `2`, `2.0` and `"2"`."""
    return str(plain_label(label))


def _row_list(rows: Int[np.ndarray, " row"]) -> str:
    """The first rows as a person counts them, from 1, the header left out."""
    shown = ", ".join(str(row + 1) for row in rows[:3])
    return f"row{'s' * (len(rows) > 1)} {shown}{', ...' * (len(rows) > 3)}"  # noqa: PLR2004 (three are shown)


def listing(names: Sequence[str]) -> str:
    """At most 12 names: all, or the first ten and the last."""
    return ", ".join(names if len(names) <= 12 else [*names[:10], "...", names[-1]])  # noqa: PLR2004
