"""The question of a run: a table and a target, and what follows from them before anything is fitted (steps 1 to 3).

Everything a user can get wrong about the data shows here, before a folder is made or a library of networks is loaded.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.budget import Budget, find_budget
from tenfold.data.alike import Alike, rows_alike
from tenfold.data.table import LoadedTable, read_table, table_from_frame
from tenfold.errors import OptionError, TableError
from tenfold.metrics import Measures, choose_measures
from tenfold.prepare.cells import check_inputs
from tenfold.prepare.table import TablePreparation
from tenfold.problem import Problem, define_problem
from tenfold.split import NUM_FOLDS, Protocol, RowSplitter, SealedRows, choose_protocol

__all__ = ["Question", "open_table", "pose_question"]


@dataclass(frozen=True)
class Question:
    """What is asked, and how it will be answered.

    Args:
        table: The table with its source.
        inputs: Its columns without the target.
        problem: Step 1.
        target: The target, encoded.
        measures: Step 2.
        splitter: Makes every split.
        alike: Step 3: rows that stay together.
        rows: Step 3: working and sealed rows.
        protocol: Step 3: how the working rows are divided.
        budget: How much may be tried.
        seed: From which everything random is drawn.
    """

    table: LoadedTable
    inputs: pd.DataFrame
    problem: Problem
    target: Float[np.ndarray, " row"] | Int[np.ndarray, " row"]
    measures: Measures
    splitter: RowSplitter
    alike: Alike
    rows: SealedRows
    protocol: Protocol
    budget: Budget
    seed: int

    @property
    def rare_classes(self) -> tuple[str, ...]:
        """Labels with fewer working rows than folds: some folds train or score without them; none for a number."""
        if not self.problem.label_texts:
            return ()
        counts = np.bincount(self.target[self.rows.working].astype(np.int64), minlength=len(self.problem.labels))
        return tuple(text for text, count in zip(self.problem.label_texts, counts, strict=False) if count < NUM_FOLDS)


def open_table(table: str | Path | pd.DataFrame | LoadedTable) -> LoadedTable:
    """A table however it is given.

    Args:
        table: A CSV or Parquet file, a pandas frame, or a table that is loaded.

    Returns:
        The table with its source.

    Raises:
        TableError: It cannot be read.
    """
    if isinstance(table, LoadedTable):
        return table
    return table_from_frame(table) if isinstance(table, pd.DataFrame) else read_table(table)


def pose_question(
    table: LoadedTable, target: str, *, problem: str | None, budget: str, seed: int, group: str | None = None
) -> Question:
    """Take steps 1 to 3.

    Args:
        table: The table.
        target: Name of the column to predict.
        problem: Kind of problem, or None to tell it from the target.
        budget: `"quick"`, `"standard"` or `"thorough"`.
        seed: 0 or above.
        group: Column whose equal values mark rows that belong together; it is no input. None for none.

    Returns:
        The question.

    Raises:
        OptionError: An unknown budget or kind of problem, or a negative seed.
        TargetError: The target cannot be predicted as it stands.
        TableError: A column of numbers with text in it, or no column that can be used.
        SplitError: Too few rows.
    """
    effort = find_budget(budget)
    if seed < 0:
        raise OptionError("seed", f"`seed` is {seed}", expected="0 or above")
    if group is not None and group == target:
        raise OptionError("group_is_target", f"`{group}` is both target and group", expected="two different columns")
    found = define_problem(table.frame, target, kind=problem)
    alike = rows_alike(table.frame, group)
    inputs = table.frame.drop(columns=[target, *([] if group is None else [group])])
    check_inputs(inputs, inputs.columns)
    encoded = found.encode(table.frame[target])
    classes = None if found.is_number else np.asarray(encoded, dtype=np.int64)
    splitter = RowSplitter(len(inputs), classes, seed, alike.groups)
    rows = splitter.seal(table.source.sha256)
    _check_usable(inputs.iloc[rows.working])
    protocol = choose_protocol(len(rows.working), num_repeats=effort.num_repeats)
    measures = choose_measures(found)
    return Question(table, inputs, found, encoded, measures, splitter, alike, rows, protocol, effort, seed)


def _check_usable(inputs: pd.DataFrame) -> None:
    preparation = TablePreparation.fit(inputs)
    if not preparation.input_names:
        reasons = "; ".join(f"`{one.name}`: {one.reason}" for one in preparation.dropped[:6])
        raise TableError(
            "no_usable_columns",
            "No column of the table can be used to predict from",
            expected="a column of numbers, categories or dates that differs from row to row",
            received=reasons,
        )
