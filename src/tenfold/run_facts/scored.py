"""Scores as facts: models with intervals on the outer folds, who is better than whom, where the network errs."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from tenfold.baselines.fitting import BaselineScores
from tenfold.data.lookup_column import is_lookup_column
from tenfold.evaluation.scoring import OuterRows, OuterScores
from tenfold.intervals import expected_range, share_spread
from tenfold.measures.measure import Prediction
from tenfold.problem.definition import Problem
from tenfold.report.comparison import compare_models, scored_model
from tenfold.report.error_facts import class_errors, number_errors
from tenfold.report.evidence import (
    ClassErrors,
    Difference,
    Interval,
    LabelErrors,
    Model,
    NumberErrors,
    SealedResult,
    SeveralErrors,
)
from tenfold.report.several_facts import (
    NUM_WORST,
    label_errors,
    label_losses,
    several_errors,
    several_losses,
)

__all__ = ["baseline_model", "differences_of", "error_facts", "network_model", "sealed_result"]

Errors: TypeAlias = NumberErrors | ClassErrors | LabelErrors | SeveralErrors

SHOWN_CELLS = 6
"""Columns shown beside a badly predicted row (arbitrary)."""


def network_model(label: str, scores: OuterScores, rows: OuterRows, *, seconds: float, num_parameters: int) -> Model:
    """The network on the outer folds.

    Args:
        label: Its size, "64-64".
        scores: One a fold and seed.
        rows: What they were scored on.
        seconds: Training time of the final network.
        num_parameters: Of the final network, all its members counted.

    Returns:
        The facts.
    """
    return scored_model(
        label.split(",", maxsplit=1)[0] if "net " in label or label.startswith("frozen ") else f"network {label}",
        "the network",
        "network",
        scores.table,
        rows_ratio=rows.rows_ratio,
        redrawn=rows.is_redrawn,
        smallest_spread=scores.smallest_spread,
        within=rows.measure.bounds,
        seconds=seconds,
        num_parameters=num_parameters,
    )


def baseline_model(scores: BaselineScores, rows: OuterRows) -> Model:
    """A baseline on the same folds."""
    found = rows.score([(prediction,) for prediction in scores.predictions])
    return scored_model(
        scores.baseline.name,
        scores.baseline.words,
        scores.baseline.role,
        found.table,
        rows_ratio=rows.rows_ratio,
        redrawn=rows.is_redrawn,
        smallest_spread=found.smallest_spread,
        within=rows.measure.bounds,
        seconds=scores.seconds,
    )


def differences_of(models: Sequence[Model], rows: OuterRows) -> tuple[Difference, ...]:
    """Who is better than whom, in pairs on the same folds and seeds."""
    return compare_models(
        models,
        better=rows.measure.better,
        rows_ratio=rows.rows_ratio,
        redrawn=rows.is_redrawn,
        smallest_spread=share_spread(0.0, rows.num_rows) if rows.measure.unit == "share" else 0.0,
    )


def sealed_result(score: float, rival: float, num_rows: int, scores: OuterScores, rows: OuterRows) -> SealedResult:
    """The one look at the sealed rows, beside what the folds led to expect.

    Args:
        score: Of the final network on the sealed rows.
        rival: Of the best baseline on them.
        num_rows: Sealed rows.
        scores: Of the network on the outer folds.
        rows: What those were scored on.

    Returns:
        The facts.
    """
    found = expected_range(
        scores.table,
        rows_ratio=rows.rows_ratio,
        validation_rows=rows.num_rows,
        new_rows=num_rows,
        redrawn=rows.is_redrawn,
        smallest_spread=scores.smallest_spread,
        within=rows.measure.bounds,
    )
    return SealedResult(num_rows, score, Interval(found.value, found.low, found.high), rival)


def error_facts(
    problem: Problem,
    target: np.ndarray,
    rows: np.ndarray,
    predictions: Prediction,
    rival: Prediction,
    frame: pd.DataFrame,
) -> Errors:
    """Where the network errs on rows it was not trained on.

    Args:
        problem: What is predicted.
        target: Encoded target of all rows.
        rows: Positions of the predicted rows.
        predictions: Of the network, out of fold.
        rival: Of the best baseline, out of fold.
        frame: Input columns of all rows, a few of which are shown beside the worst rows.

    Returns:
        The facts.
    """
    lines, truth = rows.astype(np.int64) + 1, target[rows]
    spreads = np.array([column.spread for column in problem.columns])
    worst = np.argsort(-_losses(problem, truth, predictions, spreads), kind="stable")[:NUM_WORST]
    told = [name for name in frame.columns if not (is_lookup_column(frame[name]) and frame[name].array.lookup.length)]
    cells = _cells(frame[told].iloc[:, :SHOWN_CELLS], rows[worst])
    if problem.is_number:
        return number_errors(truth, predictions, lines, cells_of=cells)
    if problem.kind == "several_numbers":
        return several_errors(truth, predictions, lines, problem.targets, spreads, rival=rival, cells_of=cells)
    if problem.kind == "several_labels":
        return label_errors(truth, predictions, lines, problem.targets, rival=rival, cells_of=cells)
    return class_errors(truth.astype(np.int64), predictions, lines, problem.label_texts, rival=rival, cells_of=cells)


def _losses(problem: Problem, truth: np.ndarray, predictions: Prediction, spreads: np.ndarray) -> np.ndarray:
    """How wrong each row is, by what its worst rows are chosen."""
    if problem.is_number:
        return np.asarray(np.abs(truth - predictions))
    if problem.kind == "several_numbers":
        return several_losses(truth, predictions, spreads)
    if problem.kind == "several_labels":
        return label_losses(truth, predictions)
    return np.asarray(-predictions[np.arange(len(truth)), truth.astype(np.int64)])


def _cells(frame: pd.DataFrame, rows: np.ndarray) -> dict[int, dict[str, str]]:
    """Line in the file -> column -> cell as text."""
    return {int(row) + 1: {str(name): _shown(cell) for name, cell in frame.iloc[int(row)].items()} for row in rows}


def _shown(cell: object) -> str:
    """A cell as text: of photos and windows their size, of days no hour."""
    if isinstance(cell, np.ndarray):
        return " x ".join(map(str, cell.shape))
    if isinstance(cell, pd.Timestamp):
        return str(cell).removesuffix(" 00:00:00")
    return "" if pd.isna(cell) else str(cell)
