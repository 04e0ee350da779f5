"""The folds of a run, written down so that rivals train on exactly these rows.

They are dealt by the code that `tenfold run` deals them with: sealed rows are put away, repeated rows stay on one side,
classes are spread evenly. A file holds, for each outer fold, the rows to train on, the rows that score, and the inner
pairs that a method may choose its settings by.
"""

import hashlib
import json
from typing import Any

from tenfold.data.table import LoadedTable
from tenfold.evaluation.scoring import OuterRows
from tenfold.options import Options
from tenfold.question.posing import Question, pose_question
from tenfold.split.folds import Fold

__all__ = ["SEED", "folds_as_json", "hash_folds", "outer_rows", "question_of"]

SEED = 0
"""Of the runs that are compared, hence of their folds."""

BUDGET = "standard"


def question_of(table: LoadedTable, target: str) -> Question:
    """The question as `tenfold run TABLE --target TARGET --seed 0` poses it."""
    return pose_question(table, [target], Options(budget=BUDGET, seed=SEED))


def outer_rows(question: Question) -> OuterRows:
    """The outer folds of a question, ready to score predictions as the run's own report does."""
    folds = question.splitter.folds(question.rows.working, question.protocol)
    return OuterRows(question.protocol, folds, question.measures.primary, question.target, question.splitter)


def folds_as_json(folds: tuple[Fold, ...]) -> list[dict[str, Any]]:
    """Outer folds as plain numbers; rows are positions in the table, counted from 0."""
    return [
        {
            "fold": one.fold,
            "repeat": one.repeat,
            "train": one.train_rows.tolist(),
            "validation": one.validation_rows.tolist(),
            "inner": [[train.tolist(), validation.tolist()] for train, validation in one.inner],
        }
        for one in folds
    ]


def hash_folds(table_sha256: str, folds: list[dict[str, Any]]) -> str:
    """Name of these folds of this table: other rows, another name.

    >>> hash_folds("a", [{"train": [0, 1]}]) == hash_folds("a", [{"train": [0, 2]}])
    False
    """
    return hashlib.sha256(json.dumps([table_sha256, folds]).encode()).hexdigest()
