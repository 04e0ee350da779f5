"""Which last layer and loss a kind of problem asks for: the table of the universal workflow, one row a kind.

Source of the table: F. Chollet, Deep Learning with Python (2017), section 4.5, table 4.1. Its row for values between 0
and 1 leaves the loss open (mse or binary cross-entropy): cross-entropy is taken, because squared error hardly moves a
sigmoid that is wrong and sure. The row for counts is not in the table: the canonical link of the Poisson distribution
(McCullagh and Nelder 1989, section 6.2).
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["LAST_LAYERS", "LastLayer", "ProblemKind"]

ProblemKind: TypeAlias = Literal[
    "two_classes", "several_classes", "several_labels", "number", "share", "count", "several_numbers"
]


@dataclass(frozen=True)
class LastLayer:
    """A row of the table: what the last layer and the loss must be.

    Args:
        problem: In words.
        activation: Of the last layer, Keras' name; None for none.
        loss: Keras' name. `sparse_categorical_crossentropy` is `categorical_crossentropy` for classes given as numbers.
        other_losses: Those that the table allows as well.
    """

    problem: str
    activation: str | None
    loss: str
    other_losses: tuple[str, ...] = ()


LAST_LAYERS: dict[ProblemKind, LastLayer] = {
    "two_classes": LastLayer("one of two classes", "sigmoid", "binary_crossentropy"),
    "several_classes": LastLayer("one of several classes", "softmax", "sparse_categorical_crossentropy"),
    "several_labels": LastLayer("several labels, each there or not", "sigmoid", "binary_crossentropy"),
    "number": LastLayer("a number", None, "mse"),
    "share": LastLayer("a share from 0 to 1", "sigmoid", "binary_crossentropy", ("mse",)),
    "count": LastLayer("a count", "exponential", "poisson"),
    "several_numbers": LastLayer("several numbers", None, "mse"),
}
