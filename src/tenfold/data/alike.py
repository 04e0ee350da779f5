"""Which rows must stay on one side of every split: rows of one group, and rows that are the same row twice.

A row that is trained on and scored as well is remembered, not predicted. Of the 6,497 rows of the wine data 1,179
repeat another, and published splits part them; a patient with several visits does the same harm without equal rows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Int
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tenfold.errors import TableError, did_you_mean

__all__ = ["Alike", "rows_alike"]


@dataclass(frozen=True)
class Alike:
    """Rows that stay together.

    Args:
        groups: Group of each row, numbered from 0; None where every row may go its own way.
        column: The column that names groups; empty where none was given.
        num_groups: Different values of that column; 0 without one.
        num_repeated: Rows that are equal to an earlier one in every other column.
    """

    groups: Int[np.ndarray, " row"] | None
    column: str
    num_groups: int
    num_repeated: int

    @property
    def words(self) -> str:
        """What is kept together, as a phrase; empty where nothing is."""
        parts = []
        if self.column:
            parts.append(f"rows of one `{self.column}` ({self.num_groups:,} of them)")
        if self.num_repeated:
            rows = "1 repeated row" if self.num_repeated == 1 else f"{self.num_repeated:,} repeated rows"
            parts.append(f"{rows} and what {'it repeats' if self.num_repeated == 1 else 'they repeat'}")
        return " and ".join(parts)


def rows_alike(frame: pd.DataFrame, group: str | None = None) -> Alike:
    """Find the rows that must stay together.

    Args:
        frame: The whole table, target included: rows that are equal in every column but `group` are one row twice.
        group: A column whose equal values mark rows that belong together, such as a patient; None for none.

    Returns:
        The groups. Rows are together if they share a value of `group`, repeat each other, or both at a remove.

    Raises:
        TableError: No such column, or a value of it is missing.

    >>> rows_alike(pd.DataFrame({"size": [1, 2, 1, 3], "price": [5, 6, 5, 5]})).groups
    array([0, 1, 0, 2])
    """
    labels = [] if group is None else [_group_of_rows(frame, group)]
    cells = frame if group is None else frame.drop(columns=[group])
    repeated = cells.duplicated().to_numpy()
    if repeated.any():
        labels.append(_numbered(pd.util.hash_pandas_object(cells, index=False)))
    num_groups = 0 if group is None else int(frame[group].nunique())
    return Alike(_joined(labels), group or "", num_groups, int(repeated.sum()))


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


def _numbered(values: pd.Series) -> Int[np.ndarray, " row"]:
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
    return _numbered(pd.Series(components[first]))
