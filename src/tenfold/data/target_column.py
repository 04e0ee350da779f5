"""One column of the target, described: the range of a number, or the labels of classes in their order.

A problem has one such column, or several that are predicted at once. The description encodes the rows it was made from
and any new ones the same way, so it is what a saved model keeps of its target.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.target import MAX_CODES, as_numbers, label_text, listing, plain_label
from tenfold.errors import TargetError

__all__ = ["TargetColumn", "class_column", "label_column", "number_column", "rare_rows"]

IMBALANCED_SHARE = 0.2
"""Below this share of the rows a class of two is rare. Source: Google's Machine Learning Crash Course, "Imbalanced
datasets", calls 20 to 40 % mild and 1 to 20 % moderate imbalance. With k classes: below 0.2 * 2 / k."""


@dataclass(frozen=True)
class TargetColumn:
    """What a column of the target holds.

    Args:
        name: As in the table.
        labels: Labels of the classes in the order of the outputs, as they stand in the table; empty for a number.
        class_counts: Rows of each class, in the same order.
        low: Smallest number; NaN for classes.
        high: Largest number; NaN for classes.
        median: Half of the numbers lie at or under it; NaN for classes.
        spread: Standard deviation of a number over all rows, in its own unit; NaN for classes.
    """

    name: str
    labels: tuple[Any, ...] = ()
    class_counts: tuple[int, ...] = ()
    low: float = float("nan")
    high: float = float("nan")
    median: float = float("nan")
    spread: float = float("nan")

    @property
    def label_texts(self) -> tuple[str, ...]:
        """The labels as text, for reports and column names."""
        return tuple(label_text(label) for label in self.labels)

    def encode(self, values: pd.Series) -> Float[np.ndarray, " row"] | Int[np.ndarray, " row"]:
        """The column as numbers: itself, or the position of each row's label among `labels`.

        Args:
            values: The column, without gaps.

        Returns:
            One number a row: float64 for a number, int32 for classes.

        Raises:
            TargetError: A value that is no number, or a label that is not known.
        """
        if not self.labels:
            return np.asarray(as_numbers(values), dtype=np.float64)
        positions = np.asarray(pd.Index(self.label_texts).get_indexer(values.map(label_text)), dtype=np.int32)
        if (positions < 0).any():
            row = int(np.flatnonzero(positions < 0)[0])
            raise TargetError(
                "unknown_label",
                f"Row {row + 1} of `{self.name}` has the label `{values.iloc[row]}`, which is not a known class",
                expected=f"one of {listing(self.label_texts)}",
            )
        return positions


def number_column(numbers: pd.Series) -> TargetColumn:
    """A column of numbers.

    Args:
        numbers: Finite numbers.

    Returns:
        Its range, middle and spread.
    """
    low, high, median = float(numbers.min()), float(numbers.max()), float(numbers.quantile(0.5, interpolation="lower"))
    return TargetColumn(str(numbers.name), low=low, high=high, median=median, spread=float(numbers.std(ddof=0)))


def class_column(values: pd.Series) -> TargetColumn:
    """A column of classes. Of two the second is the positive one: the rare one, else the last in order.

    Args:
        values: Labels, without gaps.

    Returns:
        Labels in order and their rows.

    Raises:
        TargetError: A class with one row, or so many different texts that they are no classes.
    """
    column = _labelled(values)
    _check_classes(column)
    is_first_rare = column.class_counts[0] < rare_rows(len(values), 2)
    return _reversed(column) if len(column.labels) == 2 and is_first_rare else column  # noqa: PLR2004


def label_column(values: pd.Series) -> TargetColumn:
    """A column that says whether a row has a label: 1 after 0, True after False, "yes" after "no", the last in order.

    Args:
        values: Two different values, without gaps.

    Returns:
        The two values, the one that means "has it" last.

    Raises:
        TargetError: One of the two has one row only.
    """
    column = _labelled(values)
    _check_classes(column)
    return column


def rare_rows(num_rows: int, num_classes: int) -> float:
    """A class with fewer rows than these is rare (`IMBALANCED_SHARE`).

    >>> rare_rows(100, 2), rare_rows(100, 4)
    (20.0, 10.0)
    """
    return IMBALANCED_SHARE * 2 / num_classes * num_rows


def _labelled(values: pd.Series) -> TargetColumn:
    labels = _ordered_labels(values)
    counts = values.map(label_text).value_counts()
    class_counts = tuple(int(counts[label_text(label)]) for label in labels)
    return TargetColumn(str(values.name), tuple(labels), class_counts)


def _reversed(column: TargetColumn) -> TargetColumn:
    return TargetColumn(column.name, column.labels[::-1], column.class_counts[::-1])


def _ordered_labels(values: pd.Series) -> list[Any]:
    """The different labels as plain Python values, in their natural order; mixed kinds are ordered as text."""
    labels = [plain_label(label) for label in values.unique()]
    try:
        return sorted(labels)
    except TypeError:
        return sorted(labels, key=str)


def _check_classes(column: TargetColumn) -> None:
    num_rows, num_labels = sum(column.class_counts), len(column.labels)
    if num_labels > max(MAX_CODES, num_rows / 2):
        raise TargetError(
            "text_target",
            f"`{column.name}` holds {num_labels} different values in {num_rows} rows: too many for classes",
            expected="a number, or classes with several rows each",
        )
    single = [label for label, count in zip(column.labels, column.class_counts, strict=True) if count == 1]
    if single:
        more = f" (and {len(single) - 1} more such classes)" if len(single) > 1 else ""
        raise TargetError(
            "single_row_class",
            f"Class `{single[0]}` of `{column.name}` has one row{more}",
            expected="at least 2 rows of each class: one to learn from and one to check with",
            hint="collect more rows of it, merge it with another class, or remove it",
        )
