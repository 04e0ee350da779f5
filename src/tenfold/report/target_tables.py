"""Tables of what is predicted: the last layers to choose from, and the scores of labels and of several numbers."""

import math

from tenfold.report.decisions import Problem
from tenfold.report.evidence import LabelErrors, SeveralErrors
from tenfold.report.numbers import count, number, percent, significant
from tenfold.report.tables import NONE, Table, as_table
from tenfold.report.words import clean

__all__ = ["label_table", "last_layer_table", "target_table"]


def label_table(errors: LabelErrors) -> Table:
    """For each label: rows that have it, how far up they are ranked, how many were found, how many named were right."""
    rows = [
        (
            clean(one.name),
            count(one.num_there),
            percent(one.num_there / errors.num_rows),
            _score(one.average_precision),
            _score(one.rival),
            _score(one.roc_auc),
            percent(one.num_found / one.num_there) if one.num_there else NONE,
            percent(one.num_found / one.num_named) if one.num_named else NONE,
        )
        for one in errors.labels
    ]
    head = ("label", "rows", "share", "average precision", "of the best baseline", "ROC AUC", "of these found",
            "right when named")  # fmt: skip
    return as_table(head, rows)


def target_table(errors: SeveralErrors) -> Table:
    """For each target, in its own unit: the network's error beside the guess's and the best baseline's."""
    rows = [
        (
            clean(one.name),
            significant(one.mean_error, 3),
            significant(one.rival, 3) if math.isfinite(one.rival) else NONE,
            significant(one.guess, 3),
            significant(one.half_under),
            significant(one.nine_in_ten_under),
            significant(one.bias),
            _score(one.explained),
        )
        for one in errors.targets
    ]
    head = ("target", "MAE", "of the best baseline", "of the median", "half under", "nine in ten under",
            "true minus predicted", "R2")  # fmt: skip
    return as_table(head, rows)


def last_layer_table(problem: Problem) -> Table:
    """The table of last layers and losses, the row that was taken marked."""
    rows = [
        (row.problem, row.activation or NONE, " or ".join(row.losses), "taken" if row.is_taken else "")
        for row in problem.last_layers
    ]
    return as_table(("problem", "activation of the last layer", "loss", ""), rows, words=(0, 1, 2, 3))


def _score(value: float) -> str:
    """A score from 0 to 1 of rows that are counted beside it."""
    return number(value, 2) if math.isfinite(value) else NONE
