"""Columns that are not what they seem, whatever is predicted: zeros for gaps, repeats, nearly constant ones, caps."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from tenfold.prepare.suspects.reading import ReadColumn
from tenfold.prepare.suspects.suspect import Suspect

__all__ = ["capped_suspect", "constant_suspect", "repeat_suspects", "zero_suspect"]

FEWEST_VALUES = 20
"""A measurement has more different values; a count or a code with fewer may well hold zeros (arbitrary)."""

MOST_ZEROS = 0.5
"""More zeros than this share are a quantity that is mostly absent (a capital gain), not gaps (arbitrary)."""

HOLE = 2.0
"""Zeros lie outside, where nothing is found between them and a value so many of the longest steps away (arbitrary)."""

SAME_NUMBERS = 0.9999
"""Correlation from which two columns of numbers are the same one in two units (arbitrary)."""

MOST_LEVELS = 50
"""A category of more levels is not compared with the others (arbitrary)."""

CONSTANT = 0.99
"""Share of the rows with one value from which a column is nearly constant (arbitrary)."""

MIN_CAP_SHARE, CAP_EXCESS = 0.005, 5.0
"""A cap holds this share of the rows, and so many times more than the ten values below it do on average (arbitrary)."""

_FEWEST_CAPPED, _FEWEST_ZEROS = 5, 2


def zero_suspect(column: ReadColumn) -> Suspect | None:
    """Zeros far below the smallest other value, in a column of positive measurements (insulin, blood pressure).

    Source: zeros that mean missing are those far below the lowest hundredth of the others; far is judged by the steps
    between the values at that end.
    """
    if column.numbers is None:
        return None
    filled = column.numbers[~np.isnan(column.numbers)]
    others, num_zeros = np.unique(filled[filled != 0]), int((filled == 0).sum())
    if (
        num_zeros < _FEWEST_ZEROS
        or len(others) < FEWEST_VALUES
        or others[0] < 0
        or num_zeros > MOST_ZEROS * len(filled)
    ):
        return None
    steps = np.diff(others[: max(6, len(others) // 10)])
    middle = float(np.median(filled[filled != 0]))
    if others[0] < HOLE * steps.max() or np.quantile(filled[filled != 0], 0.01) < middle / 10:
        return None
    sentence = (
        f"`{column.name}` is 0 in {num_zeros} of {len(filled)} rows, while all others are {others[0]:g} or more: "
        "zero may mean missing."
    )
    hint = "if so, empty these cells: gaps are filled and marked"
    return Suspect(column.name, "zeros", num_zeros / len(filled), sentence, "note", hint)


def capped_suspect(name: str, target: Float[np.ndarray, " row"]) -> Suspect | None:
    """A target that is cut off: its highest value is far more frequent than those below it.

    Args:
        name: Of the target.
        target: Numbers.

    Returns:
        The suspicion, or None.
    """
    values, counts = np.unique(target, return_counts=True)
    if len(values) < 2 * FEWEST_VALUES:
        return None
    top, below = int(counts[-1]), float(counts[-11:-1].mean())
    if top < max(_FEWEST_CAPPED, MIN_CAP_SHARE * len(target)) or top < CAP_EXCESS * below:
        return None
    sentence = f"`{name}` is exactly {values[-1]:,.10g} in {top} of {len(target)} rows, its highest value: a cap."
    hint = "what lies above is unknown: predictions near the cap are too low, and errors there look too small"
    return Suspect(name, "capped", top / len(target), sentence, "note", hint)


def constant_suspect(column: ReadColumn) -> Suspect | None:
    """One value in nearly every row."""
    counts = np.bincount(column.levels, minlength=1)
    share = float(counts.max() / len(column.levels))
    if column.num_levels < 2 or share < CONSTANT:  # noqa: PLR2004 (a constant is dropped anyway)
        return None
    others = len(column.levels) - int(counts.max())
    sentence = f"`{column.name}` has one value in all but {others} of {len(column.levels)} rows."
    return Suspect(column.name, "nearly_constant", share, sentence, "note", "what is learnt from it rests on few rows")


def repeat_suspects(columns: Sequence[ReadColumn]) -> list[Suspect]:
    """Columns that follow from one before them: the same levels under other names, or the same numbers in another unit.

    Args:
        columns: All columns, of the same rows.

    Returns:
        A suspicion for each such column, naming the first that it follows from.
    """
    found = []
    for place, column in enumerate(columns):
        earlier = next((one for one in columns[:place] if _is_same(one, column)), None)
        teller = earlier or next((one for one in columns if one is not column and _tells(one, column)), None)
        if teller is not None:
            what = "holds the same as" if earlier is not None else "follows from"
            sentence = f"`{column.name}` {what} `{teller.name}`."
            hint = "one of them is enough; what is said of importance is shared between them"
            found.append(Suspect(column.name, "repeats", 1.0, sentence, "note", hint))
    return found


def _is_same(one: ReadColumn, other: ReadColumn) -> bool:
    if _are_categories(one, other):
        return one.num_levels == other.num_levels and _num_pairs(one, other) == one.num_levels
    if one.numbers is None or other.numbers is None or (one.is_missing != other.is_missing).any():
        return False
    left, right = one.numbers[~one.is_missing], other.numbers[~one.is_missing]
    if len(left) < FEWEST_VALUES or np.ptp(left) == 0 or np.ptp(right) == 0:
        return False
    return abs(float(np.corrcoef(left, right)[0, 1])) > SAME_NUMBERS


def _tells(one: ReadColumn, other: ReadColumn) -> bool:
    """Whether each level of one column stands beside a single level of the other, which has fewer."""
    if not _are_categories(one, other) or one.num_levels <= other.num_levels:
        return False
    return _num_pairs(one, other) == one.num_levels and constant_suspect(other) is None


def _are_categories(one: ReadColumn, other: ReadColumn) -> bool:
    return all(2 <= column.num_levels <= MOST_LEVELS for column in (one, other))  # noqa: PLR2004 (not a constant)


def _num_pairs(one: ReadColumn, other: ReadColumn) -> int:
    return len(np.unique(one.levels * other.num_levels + other.levels))
