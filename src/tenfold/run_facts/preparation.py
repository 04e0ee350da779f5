"""Step 4 as facts: what each column holds and what becomes of it."""

import pandas as pd

from tenfold.prepare.cells import as_levels, as_numbers
from tenfold.prepare.table import DroppedColumn, FittedColumn, TablePreparation
from tenfold.report import decisions
from tenfold.run_facts.histogram import histogram

__all__ = ["preparation_facts"]

NUM_VALUES = 12
"""Most frequent values of a category that the report shows (arbitrary)."""


def preparation_facts(frame: pd.DataFrame, preparation: TablePreparation) -> decisions.Preparation:
    """Step 4.

    Args:
        frame: Input columns of the working rows.
        preparation: Fitted on them.

    Returns:
        The facts, columns in the order of the table.
    """
    fitted: dict[str, FittedColumn | DroppedColumn] = {one.name: one for one in preparation.columns}
    fitted |= {one.name: one for one in preparation.dropped}
    columns = tuple(_column_facts(frame[name], fitted[name]) for name in frame.columns)
    num_inputs = len(preparation.input_names)
    dropped = [one.name for one in preparation.dropped]
    words = f"; not used: {', '.join(f'`{name}`' for name in dropped)}" if dropped else ""
    return decisions.Preparation(
        columns,
        num_inputs,
        decision=f"{len(columns)} columns become {num_inputs} inputs{words}.",
        because="Medians, quartiles, levels and words are those of the training rows of each fold, so that no row that "
        "scores has taken part.",
        alternatives=("Mean and standard deviation were not taken for scaling: one outlier moves both.",),
    )


def _column_facts(values: pd.Series, column: FittedColumn | DroppedColumn) -> decisions.Column:
    num_distinct, num_missing = int(as_levels(values).nunique()), int(values.isna().sum())
    if isinstance(column, DroppedColumn):
        return decisions.Column(
            column.name, column.kind, num_missing, num_distinct, num_inputs=0, dropped=f"{column.kind}: {column.reason}"
        )
    num_inputs = len(column.input_names)
    if column.kind == "number":
        filled = as_numbers(values.dropna())
        return decisions.Column(
            column.name, "number", num_missing, num_distinct, num_inputs, column.treatment,
            low=float(filled.min()), high=float(filled.max()), distribution=histogram(filled),
        )  # fmt: skip
    if column.kind != "category":
        return decisions.Column(column.name, column.kind, num_missing, num_distinct, num_inputs, column.treatment)
    levels = as_levels(values).value_counts().index[:NUM_VALUES]
    return decisions.Column(
        column.name, "yes_no" if column.is_yes_no else "category", num_missing, num_distinct, num_inputs,
        column.treatment, values=tuple(map(str, levels)),
    )  # fmt: skip
