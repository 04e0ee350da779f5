"""One table for a whole population: the prepared rows of every fold stacked in blocks.

Preparation differs from fold to fold, because it is fitted on the fold's own training rows. The engine keeps one array
of inputs: block `b` holds all rows as fold `b` prepares them, and a member's rows point into its fold's block. Inputs
are aligned by name; where a fold lacks one (a level that its training rows do not have) its block holds zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.prepare.table import TablePreparation
from tenfold.prepare.target import TargetScale
from tenfold.problem import Problem
from tenfold.shapes import Rows, Table

__all__ = ["FoldedTable", "align_inputs", "fold_table"]


@dataclass(frozen=True)
class FoldedTable:
    """Prepared rows of several folds, one block a fold.

    Args:
        inputs: Blocks of `num_rows` lines, one below the other.
        targets: Numbers, scaled as the block's training rows say, or positions of classes.
        input_names: Of the columns of `inputs`.
        num_rows: Rows of the table, and lines of a block.
        preparations: One a block.
        scales: One a block.
    """

    inputs: Table
    targets: Float[np.ndarray, " row"] | Int[np.ndarray, " row"]
    input_names: tuple[str, ...]
    num_rows: int
    preparations: tuple[TablePreparation, ...]
    scales: tuple[TargetScale, ...]

    @property
    def num_blocks(self) -> int:
        """Folds in the stack."""
        return len(self.preparations)

    def rows(self, block: int, rows: Rows) -> Rows:
        """Positions in `inputs` of a table's rows as one fold prepares them.

        Args:
            block: 0 to `num_blocks - 1`.
            rows: Positions in the table.

        Returns:
            Positions in the stack.
        """
        return rows + block * self.num_rows

    def block(self, block: int, rows: Rows) -> Table:
        """Inputs of a table's rows as one fold prepares them."""
        return np.asarray(self.inputs[self.rows(block, rows)])


def fold_table(
    frame: pd.DataFrame,
    problem: Problem,
    target: Float[np.ndarray, " row"] | Int[np.ndarray, " row"],
    folds: Sequence[Int[np.ndarray, " _"]],
) -> FoldedTable:
    """Prepare a table once a fold, each fitted on the fold's training rows.

    Args:
        frame: Input columns of all rows, without the target. Rows that no member uses (sealed ones) may be among them:
            nothing is fitted on them.
        problem: Says whether the target is scaled.
        target: Encoded target of all rows.
        folds: Training rows of each fold.

    Returns:
        The stack, a block a fold.
    """
    preparations = tuple(TablePreparation.fit(frame.iloc[rows]) for rows in folds)
    names = tuple(dict.fromkeys(name for preparation in preparations for name in preparation.input_names))
    inputs = np.concatenate([align_inputs(one.transform(frame).inputs, one.input_names, names) for one in preparations])
    scales = tuple(TargetScale.fit(target[rows]) if problem.is_number else TargetScale() for rows in folds)
    targets = [scale.scale(target) if problem.is_number else target for scale in scales]
    dtype = np.float32 if problem.is_number else np.int32
    return FoldedTable(inputs, np.concatenate(targets).astype(dtype), names, len(frame), preparations, scales)


def align_inputs(
    inputs: Float[np.ndarray, "row own"], own: Sequence[str], names: Sequence[str]
) -> Float[np.ndarray, "row feature"]:
    """Columns put in the places of their names; zeros where a name has none.

    >>> align_inputs(np.array([[1.0, 2.0]]), ["b", "a"], ["a", "b", "c"])
    array([[2., 1., 0.]])
    """
    place = {name: position for position, name in enumerate(names)}
    aligned = np.zeros((len(inputs), len(names)), dtype=inputs.dtype)
    aligned[:, [place[name] for name in own]] = inputs
    return aligned
