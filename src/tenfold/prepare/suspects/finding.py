"""All suspicions about a table's columns, found on the working rows alone.

A user meets them on the data page, and as findings of the report. Large tables are judged by a sample of their rows.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from jaxtyping import Int

from tenfold.data.lookup_column import is_lookup_column
from tenfold.prepare.suspects.answering import Answer, answering_suspects
from tenfold.prepare.suspects.reading import ReadColumn, read_column
from tenfold.prepare.suspects.strange import capped_suspect, constant_suspect, repeat_suspects, zero_suspect
from tenfold.prepare.suspects.suspect import Severity, Suspect
from tenfold.prepare.table import TablePreparation
from tenfold.problem.definition import EncodedTarget, Problem

__all__ = ["MAX_ROWS", "find_suspects"]

MAX_ROWS = 5_000
"""Rows by which a column is judged: enough for three decimals, and 50 columns take seconds (arbitrary)."""

_ORDER: tuple[Severity, ...] = ("error", "warning", "note")


def find_suspects(
    frame: pd.DataFrame, target: EncodedTarget, problem: Problem, texts: Sequence[str] = ()
) -> tuple[Suspect, ...]:
    """Look at each column by itself, at each beside the others, and at the target.

    Args:
        frame: Input columns of the working rows, in the order of the table; those of photos or windows are left out.
        target: Encoded target of the same rows.
        problem: What is predicted.
        texts: Columns that are texts to read, whatever their cells look like.

    Returns:
        Suspicions, the worst first, at most one of each kind for a column.
    """
    frame = frame[[name for name in frame.columns if not is_lookup_column(frame[name])]]
    sample = _sample(len(frame))
    columns = [read_column(frame[name]) for name in frame.columns]
    sampled = [column.at(sample) for column in columns]
    answers = _answers(target, problem)
    found = [one for column in sampled for one in _strongest(column, [answer.at(sample) for answer in answers])]
    for column in columns:
        found += [one for one in (zero_suspect(column), constant_suspect(column)) if one]
    found += repeat_suspects(sampled)
    found += [
        one for answer in answers if not answer.num_classes and (one := capped_suspect(answer.name, answer.target))
    ]
    found += _identifiers(frame, texts)
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.severity), one.code)))


def _sample(num_rows: int) -> Int[np.ndarray, " row"]:
    """Rows in random order: folds are dealt out in turn."""
    return np.random.default_rng(0).permutation(num_rows)[:MAX_ROWS]


def _answers(target: EncodedTarget, problem: Problem) -> list[Answer]:
    """Each column of the target; labels are two classes each."""
    if problem.has_classes:
        return [Answer(problem.target, target, len(problem.labels))]
    lines = target.reshape(len(target), -1)
    num_classes = 2 if problem.kind == "several_labels" else 0
    return [Answer(name, lines[:, place], num_classes) for place, name in enumerate(problem.targets)]


def _strongest(column: ReadColumn, answers: list[Answer]) -> list[Suspect]:
    """The worst suspicion of a column over all targets."""
    found = [
        one for answer in answers if len(np.unique(answer.target)) > 1 for one in answering_suspects(column, answer)
    ]
    return sorted(found, key=lambda one: (_ORDER.index(one.severity), -one.score))[:1]


def _identifiers(frame: pd.DataFrame, texts: Sequence[str]) -> list[Suspect]:
    dropped = [one for one in TablePreparation.fit(frame, texts).dropped if one.kind == "identifier"]
    return [
        Suspect(one.name, "identifier", 1.0, f"`{one.name}` tells rows apart ({one.reason}): it is not used.", "note")
        for one in dropped
    ]
