"""Steps 1 to 4 as facts: what is predicted, measured, split and prepared, each with its reason."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from tenfold.metrics import Measure, Measures
from tenfold.prepare.cells import as_levels, as_numbers
from tenfold.prepare.table import DroppedColumn, FittedColumn, TablePreparation
from tenfold.problem import LAST_LAYERS, Problem
from tenfold.report import decisions
from tenfold.report.evidence import Histogram
from tenfold.split import Protocol, SealedRows

__all__ = ["measure_facts", "preparation_facts", "problem_facts", "protocol_facts"]

NUM_BINS = 24
NUM_VALUES = 12
"""Bins of a histogram and most frequent values of a category that the report shows (arbitrary)."""

SPIKE_SHARE = 0.02
SPIKE_ROWS = 10
"""A value of a number is a spike where it stands in this share of the rows, and in so many of them (arbitrary)."""

MEASURED_VALUES = 30
"""Numbers with fewer different values are counts or grades: each of their values is shared by many rows (arbitrary)."""

_OUTPUTS = {"number": "one linear unit", "two_classes": "one sigmoid unit", "several_classes": "softmax units"}
_LOSSES = {
    "mse": "mean squared error",
    "binary_crossentropy": "binary cross-entropy",
    "sparse_categorical_crossentropy": "categorical cross-entropy",
}


def problem_facts(problem: Problem, target: np.ndarray, working: np.ndarray) -> decisions.Problem:
    """Step 1.

    Args:
        problem: From `define_problem`.
        target: Encoded target of all rows.
        working: Rows that are not sealed; only they are described.

    Returns:
        The facts.
    """
    values = target[working]
    output = _OUTPUTS[problem.kind]
    output = f"{problem.num_outputs} {output}" if problem.kind == "several_classes" else output
    loss = _LOSSES[problem.last_layer.loss]
    counts = Counter(values.tolist())
    return decisions.Problem(
        problem.kind,
        problem.target,
        f"`{problem.target}` is {_kind_in_words(problem)}: {output}, {loss}.",
        f"{problem.because}.",
        output=output,
        loss=loss,
        distribution=histogram(values) if problem.is_number else None,
        spikes=_spikes(counts, len(values)) if problem.is_number else (),
        classes=problem.label_texts,
        class_counts=tuple(counts.get(place, 0) for place in range(len(problem.labels))),
        positive=problem.label_texts[1] if problem.kind == "two_classes" else "",
        alternatives=_other_kinds(problem),
    )


def measure_facts(measures: Measures, target: np.ndarray, working: np.ndarray) -> decisions.Measure:
    """Step 2.

    Args:
        measures: From `choose_measures`.
        target: Encoded target of all rows.
        working: Rows that are not sealed.

    Returns:
        The facts.
    """
    measure = measures.primary
    return decisions.Measure(
        measure.key,
        measure.name,
        measure.short,
        measure.better,
        no_skill=measure.no_skill(target[working]),
        no_skill_words=measure.guess,
        as_percent=_is_percent(measure),
        decision=f"{measure.name[0].upper()}{measure.name[1:]} ({measure.short}), {measure.better} is better."
        if measure.short != measure.name
        else f"{measure.name[0].upper()}{measure.name[1:]}, {measure.better} is better.",
        because=f"{measures.because[0].upper()}{measures.because[1:]}.",
        alternatives=tuple(f"{other.name[0].upper()}{other.name[1:]} was not taken." for other in measures.others),
    )


def protocol_facts(
    protocol: Protocol,
    rows: SealedRows,
    folds: Sequence[decisions.FoldRows],
    num_seeds: int,
    kept_together: str = "",
) -> decisions.Protocol:
    """Step 3.

    Args:
        protocol: From `choose_protocol`.
        rows: Working and sealed rows.
        folds: Rows in each part of the first repeat.
        num_seeds: Seeds of each outer fold.
        kept_together: What is never parted, as a phrase; empty where every row goes its own way.

    Returns:
        The facts, without the ledger.
    """
    because = f"{protocol.because[0].upper()}{protocol.because[1:]}."
    if kept_together:
        because += f" On one side of every split: {kept_together}."
    return decisions.Protocol(
        protocol.kind,
        len(rows.working),
        len(rows.sealed),
        rows.sha256,
        tuple(folds),
        num_seeds=num_seeds,
        num_inner_folds=protocol.num_inner_folds,
        decision=f"{len(rows.sealed):,} rows sealed; {len(rows.working):,} to work on: {_protocol_in_words(protocol)}.",
        drawn=f"kept together: {kept_together}" if kept_together else decisions.Protocol.drawn,
        because=because,
        alternatives=_other_protocols(protocol),
    )


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


def histogram(values: np.ndarray) -> Histogram:
    """Rows per bin of equal width."""
    counts, edges = np.histogram(values, bins=min(NUM_BINS, max(1, len(np.unique(values)))))
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))


def _kind_in_words(problem: Problem) -> str:
    if problem.is_number:
        return f"a number, {problem.low:g} to {problem.high:g}"
    return LAST_LAYERS[problem.kind].problem.replace("several", str(len(problem.labels)))


def _spikes(counts: Counter[float], num_rows: int) -> tuple[decisions.Spike, ...]:
    """Values that many rows share, where most values are shared by few."""
    if len(counts) < MEASURED_VALUES:
        return ()
    low, high = min(counts), max(counts)
    shared = [
        (value, count) for value, count in counts.most_common(3) if count >= max(SPIKE_ROWS, SPIKE_SHARE * num_rows)
    ]
    return tuple(
        decisions.Spike(float(value), count, "lowest" if value == low else "highest" if value == high else "inside")
        for value, count in shared
    )


def _other_kinds(problem: Problem) -> tuple[str, ...]:
    if problem.kind == "several_classes" and all(isinstance(label, int) for label in problem.labels):
        return ('Not taken for a number; `tenfold.run(..., problem="number")` does that.',)
    return ()


def _is_percent(measure: Measure) -> bool:
    return measure.key in {"accuracy", "balanced_accuracy"}


def _protocol_in_words(protocol: Protocol) -> str:
    if protocol.kind == "hold_out":
        return "a fifth held out, and a fifth of the rest inside"
    again = f", dealt {protocol.num_repeats} times" if protocol.num_repeats > 1 else ""
    return f"{protocol.num_folds} folds{again}, {protocol.num_inner_folds} inner folds in each"


def _other_protocols(protocol: Protocol) -> tuple[str, ...]:
    groups = "Rows were not kept together by group nor in order of time: no column was named for it."
    return (
        (groups,)
        if protocol.kind != "hold_out"
        else (groups, "K-fold was not taken: it would cost five times as much.")
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
