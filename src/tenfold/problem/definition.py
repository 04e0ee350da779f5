"""Step 1: which problem is this, and what follows for the last layer and the loss.

The kind of problem is read off the target column, or columns, and can be overruled by the user; `Problem.because` says
why. From the kind follow the last layer, its activation and the loss, by the table of the universal workflow
(`last_layers.LAST_LAYERS`).

    define_problem(houses, "price")                  # a number
    define_problem(mails, ["spam", "urgent"])        # several labels: each there or not
    define_problem(trips, "rides", kind="count")     # a count, only when asked for
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.target import MAX_CODES, as_numbers, numbers_or_none, target_columns, target_values
from tenfold.data.target_column import TargetColumn, class_column, label_column, number_column, rare_rows
from tenfold.errors import OptionError, TargetError, did_you_mean
from tenfold.problem.last_layers import LAST_LAYERS, LastLayer, ProblemKind

__all__ = ["EncodedTarget", "Problem", "define_problem"]

EncodedTarget = (
    Float[np.ndarray, " row"] | Int[np.ndarray, " row"] | Float[np.ndarray, "row target"] | Int[np.ndarray, "row label"]
)
"""One number a row, or a line of them where several columns are predicted."""

MIN_CODE_SHARE = 0.01
"""A code of a class stands in at least this share of the rows; rarer ones are the tail of a count (arbitrary)."""

FREQUENT_ROWS = 10
"""A combination of labels is spread over the folds as such from so many rows on: two a fold (arbitrary)."""

SEVERAL: tuple[ProblemKind, ...] = ("several_labels", "several_numbers")


@dataclass(frozen=True)
class Problem:
    """What is predicted.

    Args:
        kind: See `LAST_LAYERS`.
        columns: The target's column, or columns in the order of the outputs.
        because: One sentence: why this kind.
        num_rows: Rows that the problem was told from.
    """

    kind: ProblemKind
    columns: tuple[TargetColumn, ...]
    because: str
    num_rows: int

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> "Problem":
        """The problem that `dataclasses.asdict` and JSON have made plain."""
        columns = tuple(
            TargetColumn(**column | {name: tuple(column[name]) for name in ("labels", "class_counts")})
            for column in content["columns"]
        )
        return cls(content["kind"], columns, content["because"], content["num_rows"])

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the target's columns."""
        return tuple(column.name for column in self.columns)

    @property
    def target(self) -> str:
        """Name of the target; of several columns, their names joined by ", "."""
        return ", ".join(self.targets)

    @property
    def is_number(self) -> bool:
        """Whether one number a row is predicted: any number, a share or a count."""
        return self.kind in {"number", "share", "count"}

    @property
    def has_classes(self) -> bool:
        """Whether one class of several is predicted."""
        return self.kind in {"two_classes", "several_classes"}

    @property
    def is_scaled(self) -> bool:
        """Whether networks see the target scaled: not where the last layer fixes its range."""
        return self.kind in {"number", "several_numbers"}

    @property
    def last_layer(self) -> LastLayer:
        """Activation and loss that follow from the kind."""
        return LAST_LAYERS[self.kind]

    @property
    def num_outputs(self) -> int:
        """Units of the last layer: one for a number or two classes, else one a class, label or number."""
        return len(self.labels) if self.kind == "several_classes" else len(self.columns)

    @property
    def labels(self) -> tuple[Any, ...]:
        """Labels of the classes in the order of the outputs; empty where no class of several is predicted."""
        return self.columns[0].labels if self.has_classes else ()

    @property
    def label_texts(self) -> tuple[str, ...]:
        """The labels as text, for reports and column names."""
        return self.columns[0].label_texts if self.has_classes else ()

    @property
    def class_counts(self) -> tuple[int, ...]:
        """Rows of each class, in the order of `labels`."""
        return self.columns[0].class_counts if self.has_classes else ()

    @property
    def low(self) -> float:
        """Smallest value of a number; NaN for classes."""
        return self.columns[0].low

    @property
    def high(self) -> float:
        """Largest value of a number; NaN for classes."""
        return self.columns[0].high

    @property
    def is_imbalanced(self) -> bool:
        """Whether the rarest class is rare; False where no class of several is predicted."""
        return bool(self.labels) and min(self.class_counts) < rare_rows(self.num_rows, len(self.labels))

    @property
    def is_mostly_zero(self) -> bool:
        """Whether half of the counts or more are 0; False for anything but counts."""
        return self.kind == "count" and self.columns[0].median == 0

    def encode(self, values: pd.DataFrame | pd.Series) -> EncodedTarget:
        """The target as numbers.

        Args:
            values: A frame with the target's columns, or the one column, without gaps.

        Returns:
            A number, share or count: float64. Classes: int32, each row's position among `labels`. Several labels: int32
            [row, label], 1 where the row has it. Several numbers: float64 [row, target].

        Raises:
            TargetError: A value that is no number, or a label that is not known.
        """
        if isinstance(values, pd.Series):
            return self.columns[0].encode(values)
        encoded = [column.encode(values[column.name]) for column in self.columns]
        return np.stack(encoded, axis=1) if self.kind in SEVERAL else encoded[0]

    def count_classes(self, target: EncodedTarget) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Rows of each class, or rows that have each label.

        Args:
            target: From `encode`, of the rows to count.

        Returns:
            Texts of the classes or names of the labels, and rows of each; both empty for numbers.
        """
        if self.has_classes:
            counts = np.bincount(target.astype(np.int64), minlength=len(self.labels))
            return self.label_texts, tuple(map(int, counts))
        if self.kind == "several_labels":
            return self.targets, tuple(map(int, target.sum(axis=0)))
        return (), ()

    def strata(self, target: EncodedTarget) -> Int[np.ndarray, " row"] | None:
        """What every fold should have its share of: the classes, or frequent combinations of labels.

        A combination of labels in fewer than 10 rows counts as whether the row has the rarest label.

        Args:
            target: From `encode`.

        Returns:
            A whole number a row; None for numbers.
        """
        if self.has_classes:
            return np.asarray(target, dtype=np.int64)
        if self.kind != "several_labels":
            return None
        _, combination, counts = np.unique(target, axis=0, return_inverse=True, return_counts=True)
        rarest = target[:, np.argmin(np.minimum(target.mean(axis=0), 1 - target.mean(axis=0)))]
        strata = np.where(counts[combination] >= FREQUENT_ROWS, combination, -1 - rarest)
        return np.unique(strata, return_inverse=True)[1].astype(np.int64)


def define_problem(frame: pd.DataFrame, target: str | Sequence[str], *, kind: str | None = None) -> Problem:
    """Tell from the target which problem this is.

    Args:
        frame: The table.
        target: Name of the column to predict, or names of several.
        kind: A key of `LAST_LAYERS`: overrules what would be inferred. `"count"` is never inferred.

    Returns:
        The problem, with the reason.

    Raises:
        TargetError: No such column or no other one, values missing or infinite, one value only, a class with one row,
            text where numbers should be, dates, columns of different kinds, or values outside of what `kind` allows.
        OptionError: An unknown kind.

    >>> frame = pd.DataFrame({"rooms": [3, 4, 2], "price": [1.5, 2.5, 0.5]})
    >>> define_problem(frame, "price").because
    '`price` holds 3 different numbers'
    >>> define_problem(frame, "prise")
    Traceback (most recent call last):
    ...
    tenfold.errors.TargetError: `prise` is not a column of the table. Expected: one of 2 columns: rooms, price. Hint:
    did you mean `price`?.
    """
    if kind is not None and kind not in LAST_LAYERS:
        raise OptionError(
            "unknown_problem",
            f"`{kind}` is not a kind of problem",
            expected=f"one of {', '.join(LAST_LAYERS)}",
            hint=did_you_mean(kind, LAST_LAYERS),
        )
    names = target_columns(frame, [target] if isinstance(target, str) else list(target))
    _check_number_of_columns(names, kind)
    columns = [target_values(frame, name) for name in names]
    return _several(columns, kind) if len(columns) > 1 else _one(columns[0], kind)


def _check_number_of_columns(names: Sequence[str], kind: str | None) -> None:
    if kind is not None and (kind in SEVERAL) != (len(names) > 1):
        words = LAST_LAYERS[kind].problem  # type: ignore[index]  # a key, as checked before
        raise TargetError(
            "number_of_targets",
            f"`{kind}` ({words}) was asked for with {len(names)} target column{'s' * (len(names) > 1)}",
            expected="two or more target columns" if kind in SEVERAL else "one target column",
            hint="name each column to predict" if kind in SEVERAL else "`several_labels` or `several_numbers`?",
        )


def _one(values: pd.Series, kind: str | None) -> Problem:
    if kind in {"number", "share", "count"}:
        return _number_problem(as_numbers(values), kind)
    numbers = numbers_or_none(values)
    if kind is None and numbers is not None and not _are_codes(numbers):
        return _number_problem(numbers, None)
    return _class_problem(values if numbers is None else numbers, kind)


def _are_codes(numbers: pd.Series) -> bool:
    """Two values, or whole numbers from 0 or 1 on without a gap, none of them very rare."""
    counts = numbers.value_counts().sort_index()
    if len(counts) <= 2:  # noqa: PLR2004 (two values are two classes)
        return True
    first = counts.index[0]
    has_no_gap = first in {0, 1} and (counts.index == first + np.arange(len(counts))).all()
    return bool(has_no_gap and len(counts) <= MAX_CODES and counts.min() >= max(2, MIN_CODE_SHARE * len(numbers)))


def _number_problem(numbers: pd.Series, kind: str | None) -> Problem:
    column = number_column(numbers)
    is_whole, many = bool((numbers % 1 == 0).all()), f"`{column.name}` holds {numbers.nunique()} different"
    is_share = column.low >= 0 and column.high <= 1
    if kind == "share" and not is_share:
        raise _outside(column, "shares", "numbers from 0 to 1", "divide percentages by 100")
    if kind == "count" and not (is_whole and column.low >= 0):
        raise _outside(column, "counts", "whole numbers from 0 on", "`number` takes any")
    if kind == "count":
        return Problem("count", (column,), f"{many} whole numbers from {column.low:g} on, and counts were asked for",
                       len(numbers))  # fmt: skip
    if kind == "share" or (kind is None and is_share and not is_whole):
        return Problem("share", (column,), f"{many} numbers, all from 0 to 1", len(numbers))
    return Problem("number", (column,), f"{many} numbers", len(numbers))


def _outside(column: TargetColumn, what: str, expected: str, hint: str) -> TargetError:
    received = f"numbers from {column.low:g} to {column.high:g}"
    return TargetError(
        f"not_{what}", f"`{column.name}` holds no {what}", expected=expected, received=received, hint=hint
    )


def _class_problem(values: pd.Series, kind: str | None) -> Problem:
    column = class_column(values)
    found: ProblemKind = "two_classes" if len(column.labels) == 2 else "several_classes"  # noqa: PLR2004
    if kind not in {None, found}:
        words = LAST_LAYERS[found].problem
        raise TargetError("wrong_problem", f"`{column.name}` has {len(column.labels)} classes",
                          expected=f"problem: {words}")  # fmt: skip
    return Problem(found, (column,), _why_classes(values, column), len(values))


def _why_classes(values: pd.Series, column: TargetColumn) -> str:
    target, labels = column.name, column.labels
    if len(labels) == 2:  # noqa: PLR2004
        return f"`{target}` holds two values, `{labels[0]}` and `{labels[1]}`"
    if pd.api.types.is_numeric_dtype(values):
        low, high = min(labels), max(labels)
        return f"`{target}` holds the whole numbers {low} to {high} without a gap, which look like codes of classes"
    return f"`{target}` holds {len(labels)} different texts"


def _several(columns: Sequence[pd.Series], kind: str | None) -> Problem:
    """Several columns: all with two values, or all numbers."""
    num_rows, have_two = len(columns[0]), [values.nunique() == 2 for values in columns]  # noqa: PLR2004
    if kind == "several_labels" or (kind is None and all(have_two)):
        if not all(have_two):
            one = columns[have_two.index(False)]
            received = f"`{one.name}` with {one.nunique()} different values"
            raise TargetError("not_labels", "Not every target is a label that a row has or has not",
                              expected="two different values in each column", received=received)  # fmt: skip
        labels = tuple(label_column(_plain(values)) for values in columns)
        return Problem("several_labels", labels, f"each of the {len(labels)} columns holds two values", num_rows)
    numbers = [numbers_or_none(values) for values in columns]
    texts = [str(values.name) for values, found in zip(columns, numbers, strict=True) if found is None]
    if texts:
        raise TargetError(
            "mixed_targets",
            f"`{texts[0]}` holds no numbers, so the {len(columns)} targets cannot be predicted at once",
            expected="columns of numbers, or columns with two values each",
            hint="make a run for each of them",
        )
    found = tuple(number_column(values) for values in numbers if values is not None)
    return Problem("several_numbers", found, f"all {len(found)} columns hold numbers", num_rows)


def _plain(values: pd.Series) -> pd.Series:
    """Numbers as numbers, whatever they were read as."""
    numbers = numbers_or_none(values)
    return values if numbers is None else numbers
