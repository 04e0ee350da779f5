"""Columns that hold the answer: a copy of the target, one that predicts it alone, one that is filled in afterwards.

Each column is judged by itself: a small tree on a number, the target's mean of each level of a category, both scored on
rows they were not fitted on. An error is said only where the evidence is overwhelming. Strong columns are legitimate:
payments' `V14` reaches an area of 0.947 alone, a cell's size in a biopsy 0.97. A column that rises with the rows is a
time; its strength is a trend and not a copy, so that it is never an error.
"""

from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import rankdata
from sklearn.metrics import balanced_accuracy_score, r2_score, roc_auc_score
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tenfold.prepare.suspects.reading import ReadColumn
from tenfold.prepare.suspects.suspect import Severity, Suspect
from tenfold.shapes import Rows

__all__ = ["Answer", "answering_suspects"]

OVERWHELMING = 0.99
"""A score of one column alone from which nothing else is needed (from the plan of the checks; arbitrary)."""

STRONG = {"number": 0.9, "classes": 0.95}
"""A score of one column alone that is worth a note: R2; area under the ROC curve or balanced accuracy (arbitrary)."""

TELLING_GAPS = {"number": 0.5, "classes": 0.85}
"""The same for gaps alone, from which a warning is given (arbitrary; the titanic's `boat` reaches 0.97)."""

COPIED = 0.9999
"""Correlation of ranks from which a number is the target in another unit (arbitrary)."""

SAME_CLASSES = 0.995
"""Balanced accuracy with which a copy's few values stand for classes (arbitrary: a slip in 200 rows is allowed)."""

FEWEST_ROWS = 20
"""With fewer rows, or fewer gaps, nothing is overwhelming (arbitrary)."""

_FOLDS = 3


class Answer:
    """One target column as the checks see it.

    Args:
        name: Of the column.
        target: Numbers, or positions of classes.
        num_classes: 0 for a number.
    """

    def __init__(
        self, name: str, target: Float[np.ndarray, " row"] | Int[np.ndarray, " row"], num_classes: int
    ) -> None:
        self.name, self.num_classes = name, num_classes
        self.kind = "classes" if num_classes else "number"
        self.target: Any = target.astype(np.int64) if num_classes else target.astype(np.float64)
        self.folds = _folds(self.target)

    def at(self, rows: Rows) -> "Answer":
        """The same for some of the rows."""
        return Answer(self.name, self.target[rows], self.num_classes)

    @property
    def measure(self) -> str:
        """What columns are judged by, in words."""
        if not self.num_classes:
            return "R2"
        return "an area under the ROC curve" if self.num_classes == 2 else "a balanced accuracy"  # noqa: PLR2004

    def score(self, predicted: Float[np.ndarray, "row output"]) -> float:
        """R2, area under the ROC curve or balanced accuracy of predictions."""
        if not self.num_classes:
            return float(r2_score(self.target, predicted[:, 0]))
        if self.num_classes == 2:  # noqa: PLR2004 (two classes)
            return float(roc_auc_score(self.target, predicted[:, 1]))
        return float(balanced_accuracy_score(self.target, predicted.argmax(axis=1)))

    def one_hot(self) -> Float[np.ndarray, "row output"]:
        """The values as columns: the number, or 1 in the place of the class."""
        return np.asarray(np.eye(self.num_classes)[self.target] if self.num_classes else self.target[:, np.newaxis])


def answering_suspects(column: ReadColumn, answer: Answer) -> list[Suspect]:
    """What one column says about one target.

    Args:
        column: Its cells, of a sample of the rows.
        answer: The target of the same rows.

    Returns:
        At most one suspicion: a copy, else gaps that tell, else strength alone.
    """
    if len(answer.target) < FEWEST_ROWS or column.num_levels < 2:  # noqa: PLR2004 (a constant says nothing)
        return []
    found = _copy(column, answer) or _gaps(column, answer) or _alone(column, answer)
    return [found] if found else []


def _copy(column: ReadColumn, answer: Answer) -> Suspect | None:
    same = _same_classes(column, answer) if answer.num_classes else _same_number(column, answer)
    if not same:
        return None
    severity: Severity = "warning" if column.is_rising else "error"
    what = "each of its values stands for one class" if answer.num_classes else "its rows stand in the same order"
    sentence = f"`{column.name}` is `{answer.name}` in other words: {what}."
    return Suspect(column.name, "copy", same, sentence, severity, f"leave it out: --drop {column.name}")


def _same_classes(column: ReadColumn, answer: Answer) -> float:
    """How well few values stand for classes, from 0 to 1; 0 where it is no copy."""
    if column.num_levels > 2 * answer.num_classes:
        return 0.0
    counts = np.zeros((column.num_levels, answer.num_classes))
    np.add.at(counts, (column.levels, answer.target), 1)
    said = counts.argmax(axis=1)[column.levels]
    score = float(balanced_accuracy_score(answer.target, said))
    return score if score >= SAME_CLASSES else 0.0


def _same_number(column: ReadColumn, answer: Answer) -> float:
    """Correlation of ranks with the target; 0 where it is no copy."""
    if column.numbers is None or min(column.num_levels, len(np.unique(answer.target))) < FEWEST_ROWS:
        return 0.0
    filled = ~column.is_missing
    if filled.sum() < FEWEST_ROWS or np.ptp(answer.target[filled]) == 0:
        return 0.0
    score = abs(float(np.corrcoef(rankdata(column.numbers[filled]), rankdata(answer.target[filled]))[0, 1]))
    return score if score >= COPIED else 0.0


def _gaps(column: ReadColumn, answer: Answer) -> Suspect | None:
    num_missing = int(column.is_missing.sum())
    if min(num_missing, len(column.is_missing) - num_missing) < FEWEST_ROWS:
        return None
    score = answer.score(_by_level(column.is_missing.astype(np.int64), 2, answer))
    if score < TELLING_GAPS[answer.kind]:
        return None
    severity: Severity = "error" if score > OVERWHELMING and not column.is_rising else "warning"
    sentence = (
        f"Whether `{column.name}` is filled in tells `{answer.name}`: gaps alone reach {answer.measure} of {score:.3f}."
    )
    hint = f"if it is filled in only after the fact, leave it out: --drop {column.name}"
    return Suspect(column.name, "missingness", score, sentence, severity, hint)


def _alone(column: ReadColumn, answer: Answer) -> Suspect | None:
    if column.numbers is None:
        score = answer.score(_by_level(column.levels, column.num_levels, answer))
        is_general = column.num_levels <= len(column.levels) / 10
    else:
        score, is_general = answer.score(_by_tree(column.numbers, answer)), True
    if score < STRONG[answer.kind]:
        return None
    is_error = score > OVERWHELMING and is_general and not column.is_rising
    severity: Severity = "error" if is_error else "note"
    sentence = f"`{column.name}` alone predicts `{answer.name}`: {answer.measure} of {score:.3f}."
    hint = f"is it known when you predict? if not, leave it out: --drop {column.name}"
    return Suspect(column.name, "alone", score, sentence, severity, hint)


def _folds(target: Float[np.ndarray, " row"] | Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """A fold for each row, with like targets spread evenly; rows were drawn at random before."""
    folds = np.empty(len(target), dtype=np.int64)
    folds[np.argsort(target, kind="stable")] = np.arange(len(target)) % _FOLDS
    return folds


def _by_level(levels: Int[np.ndarray, " row"], num_levels: int, answer: Answer) -> Float[np.ndarray, "row output"]:
    """Mean target of each level among the other folds, drawn to the overall mean as by one more row."""
    hot = answer.one_hot()
    predicted = np.zeros_like(hot)
    for fold in range(_FOLDS):
        training = answer.folds != fold
        sums = np.zeros((num_levels, hot.shape[1]))
        np.add.at(sums, levels[training], hot[training])
        rows = np.bincount(levels[training], minlength=num_levels)[:, np.newaxis]
        means = (sums + hot[training].mean(axis=0)) / (rows + 1)
        predicted[~training] = means[levels[~training]]
    return predicted


def _by_tree(numbers: Float[np.ndarray, " row"], answer: Answer) -> Float[np.ndarray, "row output"]:
    """A tree of at most 32 leaves, fitted on the other folds (scikit-learn takes gaps as they are)."""
    predicted = np.zeros_like(answer.one_hot())
    make = DecisionTreeClassifier if answer.num_classes else DecisionTreeRegressor
    inputs = numbers.astype(np.float32)[:, np.newaxis]
    for fold in range(_FOLDS):
        training = answer.folds != fold
        tree = make(max_leaf_nodes=32, min_samples_leaf=5, random_state=0).fit(
            inputs[training], answer.target[training]
        )
        if answer.num_classes:
            predicted[np.ix_(~training, tree.classes_)] = tree.predict_proba(inputs[~training])
        else:
            predicted[~training, 0] = tree.predict(inputs[~training])
    return predicted
