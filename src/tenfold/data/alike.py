"""Which rows must stay on one side of every split: rows of one group, and rows that are the same row twice.

A row that is trained on and scored as well is remembered, not predicted. Of the 6,497 rows of the wine data 1,179
repeat another, and published splits part them; a patient with several visits does the same harm without equal rows.

Rows that are equal by chance go their own way; `data.copies` tells them from copies.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tenfold.data.copies import find_copies
from tenfold.data.long_texts import text_groups
from tenfold.errors import TableError, did_you_mean

__all__ = ["Alike", "rows_alike"]


@dataclass(frozen=True)
class Alike:
    """Rows that stay together.

    Args:
        groups: Group of each row, numbered from 0; None where every row may go its own way.
        column: The column that names groups; empty where none was given.
        num_groups: Different values of that column; 0 without one.
        num_repeated: Rows that are kept with an earlier one, to which they are equal in every column.
        num_near: Rows that are kept with an earlier one, to which they are nearly equal.
        num_by_chance: Rows that equal an earlier one and are not kept with it, because such rows are common.
        num_texts: Further rows that are kept with an earlier one, because they repeat its text and its answer.
    """

    groups: Int[np.ndarray, " row"] | None
    column: str
    num_groups: int
    num_repeated: int
    num_near: int = 0
    num_by_chance: int = 0
    num_texts: int = 0

    @property
    def words(self) -> str:
        """What is kept together, as a phrase; empty where nothing is."""
        parts = []
        if self.column:
            parts.append(f"rows of one `{self.column}` ({self.num_groups:,} of them)")
        if self.num_repeated:
            parts.append(f"{_rows(self.num_repeated, 'repeated')} and what {_it_repeats(self.num_repeated)}")
        if self.num_near:
            parts.append(f"{_rows(self.num_near, 'nearly repeated')} and what {_it_repeats(self.num_near)}")
        if self.num_texts:
            rows = _rows(self.num_texts, "further")
            parts.append(f"{rows} with a repeated text and answer and what {_it_repeats(self.num_texts)}")
        return " and ".join(parts)

    @property
    def words_apart(self) -> str:
        """What is equal and goes its own way all the same, as a sentence; empty where nothing is."""
        if not self.num_by_chance:
            return ""
        rows = "1 row equals an earlier one" if self.num_by_chance == 1 else f"{self.num_by_chance:,} rows equal others"
        return f"{rows} as new rows will too: they are common cases, not copies, and go their own way."


def _rows(count: int, what: str) -> str:
    return f"1 {what} row" if count == 1 else f"{count:,} {what} rows"


def _it_repeats(count: int) -> str:
    return "it repeats" if count == 1 else "they repeat"


def rows_alike(
    frame: pd.DataFrame,
    group: str | None = None,
    *,
    ignore: Sequence[str] = (),
    compare: Sequence[str] = (),
    answers: Sequence[str] = (),
) -> Alike:
    """Find the rows that must stay together.

    Args:
        frame: The whole table, target included: rows of equal inputs and different targets are no copies.
        group: A column whose equal values mark rows that belong together, such as a patient; None for none.
        ignore: Columns that two copies may differ in, besides those that look like identifiers.
        compare: Columns that must be equal whatever they look like: the target, the time.
        answers: Targets: rows that share them and a long text stay together; none where texts may repeat.

    Returns:
        The groups. Rows are together if they share a value of `group`, repeat each other, or both at a remove.

    Raises:
        TableError: No such column, or a value of it is missing.

    >>> frame = pd.DataFrame({"size": [0.71, 0.32, 0.71, 0.58], "price": [5, 6, 5, 7], "id": [1, 2, 3, 4]})
    >>> alike = rows_alike(frame)
    >>> alike.groups, alike.num_repeated, alike.num_near
    (array([0, 1, 0, 2]), 0, 1)
    """
    labels = [] if group is None else [_group_of_rows(frame, group)]
    cells = frame if group is None else frame.drop(columns=[group])
    copies = find_copies(cells, ignore, compare)
    labels += [] if copies.labels is None else [_numbered(copies.labels)]
    num_groups = 0 if group is None else int(frame[group].nunique())
    groups = _joined(labels)
    texts = text_groups(cells, answers) if answers else None
    num_texts = 0
    if texts is not None:
        before = np.arange(len(frame)) if groups is None else groups
        joined = _joined([before, _numbered(texts)])
        num_texts = len(np.unique(before)) - len(np.unique(np.asarray(joined)))
        groups = joined if num_texts else groups
    return Alike(groups, group or "", num_groups, copies.num_repeated, copies.num_near, copies.num_by_chance, num_texts)


def _group_of_rows(frame: pd.DataFrame, group: str) -> Int[np.ndarray, " row"]:
    if group not in frame.columns:
        raise TableError(
            "unknown_group",
            f"`{group}` is not a column of the table",
            expected=f"one of {', '.join(map(str, frame.columns[:12]))}",
            hint=did_you_mean(group, list(map(str, frame.columns))),
        )
    missing = int(frame[group].isna().sum())
    if missing:
        raise TableError(
            "missing_group",
            f"`{group}` is missing in {missing:,} row{'' if missing == 1 else 's'}",
            expected="a group for each row",
            hint="fill them in, or leave the rows out",
        )
    return _numbered(frame[group])


def _numbered(values: pd.Series | Int[np.ndarray, " row"]) -> Int[np.ndarray, " row"]:
    """Equal values as equal numbers, counted in the order in which they appear."""
    return np.asarray(pd.factorize(values)[0], np.int64)


def _joined(labels: list[Int[np.ndarray, " row"]]) -> Int[np.ndarray, " row"] | None:
    """Rows that are together by any of these labels, directly or through other rows."""
    if len(labels) < 2:  # noqa: PLR2004  # one labelling needs no joining
        return labels[0] if labels else None
    first, second = labels
    num_first = int(first.max()) + 1
    size = num_first + int(second.max()) + 1
    edges = coo_array((np.ones(len(first), bool), (first, num_first + second)), shape=(size, size))
    _, components = connected_components(edges, directed=False)
    return _numbered(components[first])
