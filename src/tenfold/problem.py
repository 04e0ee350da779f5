"""Step 1: which problem is this, and what follows for the last layer and the loss.

The kind of problem is read off the target column and can be overruled by the user; `Problem.because` says why. From the
kind follow the last layer, its activation and the loss, by the table of the universal workflow (`LAST_LAYERS`).

Source of the table: F. Chollet, Deep Learning with Python (2017), section 4.5, table 4.1.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.data.target import MAX_CODES, as_numbers, label_text, listing, numbers_or_none, plain_label, target_values
from tenfold.errors import OptionError, TargetError, did_you_mean

__all__ = ["IMBALANCED_SHARE", "LAST_LAYERS", "LastLayer", "Problem", "ProblemKind", "define_problem"]

ProblemKind: TypeAlias = Literal["number", "two_classes", "several_classes"]

IMBALANCED_SHARE = 0.2
"""Below this share of the rows a class of two is rare. Source: Google's Machine Learning Crash Course, "Imbalanced
datasets", calls 20 to 40 % mild and 1 to 20 % moderate imbalance. With k classes: below 0.2 * 2 / k."""

MIN_CODE_SHARE = 0.01
"""A code of a class stands in at least this share of the rows; rarer ones are the tail of a count (arbitrary)."""


@dataclass(frozen=True)
class LastLayer:
    """A row of the table: what the last layer and the loss must be.

    Args:
        problem: In words.
        activation: Of the last layer; None for none.
        loss: Keras' name. `sparse_categorical_crossentropy` is `categorical_crossentropy` for classes given as numbers.
    """

    problem: str
    activation: str | None
    loss: str


LAST_LAYERS: dict[ProblemKind, LastLayer] = {
    "two_classes": LastLayer("one of two classes", "sigmoid", "binary_crossentropy"),
    "several_classes": LastLayer("one of several classes", "softmax", "sparse_categorical_crossentropy"),
    "number": LastLayer("a number", None, "mse"),
}


@dataclass(frozen=True)
class Problem:
    """What is predicted.

    Args:
        kind: A number, one of two classes, or one of several.
        target: Name of the column to predict.
        because: One sentence: why this kind.
        num_rows: Rows that the problem was told from.
        labels: Labels of the classes in the order of the outputs, as they stand in the table; empty for a number. Of
            two classes the second is the positive one: the rare one, else the last in order.
        class_counts: Rows of each class, in the same order.
        low: Smallest value of a number; NaN for classes.
        high: Largest value of a number; NaN for classes.
    """

    kind: ProblemKind
    target: str
    because: str
    num_rows: int
    labels: tuple[Any, ...] = ()
    class_counts: tuple[int, ...] = ()
    low: float = float("nan")
    high: float = float("nan")

    @property
    def is_number(self) -> bool:
        """Whether a number is predicted, rather than a class."""
        return self.kind == "number"

    @property
    def last_layer(self) -> LastLayer:
        """Activation and loss that follow from the kind."""
        return LAST_LAYERS[self.kind]

    @property
    def num_outputs(self) -> int:
        """Units of the last layer: one for a number or two classes, else one a class."""
        return len(self.labels) if self.kind == "several_classes" else 1

    @property
    def label_texts(self) -> tuple[str, ...]:
        """The labels as text, for reports and column names."""
        return tuple(label_text(label) for label in self.labels)

    @property
    def is_imbalanced(self) -> bool:
        """Whether the rarest class is rare (`IMBALANCED_SHARE`); False for a number."""
        return bool(self.labels) and min(self.class_counts) < _rare_rows(self.num_rows, len(self.labels))

    def encode(self, values: pd.Series) -> Float[np.ndarray, " row"] | Int[np.ndarray, " row"]:
        """The target as numbers: itself, or the position of each row's label among `labels`.

        Args:
            values: The target column, without gaps.

        Returns:
            One number a row: float64 for a number, int32 for classes.

        Raises:
            TargetError: A value that is no number, or a label that is not known.
        """
        if self.is_number:
            return np.asarray(as_numbers(values), dtype=np.float64)
        texts = values.map(label_text)
        positions = np.asarray(pd.Index(self.label_texts).get_indexer(texts), dtype=np.int32)
        if (positions < 0).any():
            row = int(np.flatnonzero(positions < 0)[0])
            raise TargetError(
                "unknown_label",
                f"Row {row + 1} of `{self.target}` has the label `{values.iloc[row]}`, which is not a known class",
                expected=f"one of {listing(self.label_texts)}",
            )
        return positions


def define_problem(frame: pd.DataFrame, target: str, *, kind: str | None = None) -> Problem:
    """Tell from the target column which problem this is.

    Args:
        frame: The table.
        target: Name of the column to predict.
        kind: `"number"`, `"two_classes"` or `"several_classes"`: overrules what would be inferred.

    Returns:
        The problem, with the reason.

    Raises:
        TargetError: No such column or no other one, values missing or infinite, one value only, a class with one row,
            text where numbers should be, or dates.
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
    values = target_values(frame, target)
    if kind == "number":
        return _number_problem(as_numbers(values))
    numbers = numbers_or_none(values)
    if kind is None and numbers is not None and not _are_codes(numbers):
        return _number_problem(numbers)
    return _class_problem(values if numbers is None else numbers, kind)


def _are_codes(numbers: pd.Series) -> bool:
    """Two values, or whole numbers from 0 or 1 on without a gap, none of them very rare."""
    counts = numbers.value_counts().sort_index()
    if len(counts) <= 2:  # noqa: PLR2004 (two values are two classes)
        return True
    first = counts.index[0]
    has_no_gap = first in {0, 1} and (counts.index == first + np.arange(len(counts))).all()
    return bool(has_no_gap and len(counts) <= MAX_CODES and counts.min() >= max(2, MIN_CODE_SHARE * len(numbers)))


def _number_problem(numbers: pd.Series) -> Problem:
    target = str(numbers.name)
    because = f"`{target}` holds {numbers.nunique()} different numbers"
    return Problem("number", target, because, len(numbers), low=float(numbers.min()), high=float(numbers.max()))


def _class_problem(values: pd.Series, kind: str | None) -> Problem:
    target = str(values.name)
    labels = _ordered_labels(values)
    counts = values.map(label_text).value_counts()
    class_counts = [int(counts[label_text(label)]) for label in labels]
    _check_classes(labels, class_counts, target)
    found: ProblemKind = "two_classes" if len(labels) == 2 else "several_classes"  # noqa: PLR2004
    if kind not in {None, found}:
        words = LAST_LAYERS[found].problem
        raise TargetError("wrong_problem", f"`{target}` has {len(labels)} classes", expected=f"problem: {words}")
    if len(labels) == 2 and class_counts[0] < _rare_rows(len(values), 2):  # noqa: PLR2004
        labels, class_counts = labels[::-1], class_counts[::-1]
    because = _why_classes(values, target, labels)
    return Problem(found, target, because, len(values), tuple(labels), tuple(class_counts))


def _ordered_labels(values: pd.Series) -> list[Any]:
    """The different labels as plain Python values, in their natural order; mixed kinds are ordered as text."""
    labels = [plain_label(label) for label in values.unique()]
    try:
        return sorted(labels)
    except TypeError:
        return sorted(labels, key=str)


def _check_classes(labels: list[Any], counts: list[int], target: str) -> None:
    num_rows = sum(counts)
    if len(labels) > max(MAX_CODES, num_rows / 2):
        raise TargetError(
            "text_target",
            f"`{target}` holds {len(labels)} different texts in {num_rows} rows",
            expected="a number, or classes with several rows each",
        )
    single = [label for label, count in zip(labels, counts, strict=True) if count == 1]
    if single:
        more = f" (and {len(single) - 1} more such classes)" if len(single) > 1 else ""
        raise TargetError(
            "single_row_class",
            f"Class `{single[0]}` of `{target}` has one row{more}",
            expected="at least 2 rows of each class: one to learn from and one to check with",
            hint="collect more rows of it, merge it with another class, or remove it",
        )


def _why_classes(values: pd.Series, target: str, labels: list[Any]) -> str:
    if len(labels) == 2:  # noqa: PLR2004
        return f"`{target}` holds two values, `{labels[0]}` and `{labels[1]}`"
    if pd.api.types.is_numeric_dtype(values):
        low, high = min(labels), max(labels)
        return f"`{target}` holds the whole numbers {low} to {high} without a gap, which look like codes of classes"
    return f"`{target}` holds {len(labels)} different texts"


def _rare_rows(num_rows: int, num_classes: int) -> float:
    return IMBALANCED_SHARE * 2 / num_classes * num_rows
