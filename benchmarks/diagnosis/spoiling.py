"""Faults of data: steps that spoil rows which were sound."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from diagnosis.rows import Rows, Step, on_inputs

__all__ = [
    "classes_shifted",
    "inputs_times",
    "one_input_times",
    "rows_sorted",
    "some_targets_wrong",
    "targets_misaligned",
    "validation_changed",
]


def inputs_times(factor: float, offset: float = 0.0) -> Step:
    """All inputs in another unit."""
    return on_inputs(lambda x: (x * factor + offset).astype("float32"))


def one_input_times(column: int, factor: float, offset: float = 0.0) -> Step:
    """One input column in another unit."""

    def change(x: Any) -> Any:
        x = x.astype("float32").copy()
        x[..., column] = x[..., column] * factor + offset
        return x

    return on_inputs(change)


def targets_misaligned(rows: Rows, generator: np.random.Generator) -> Rows:
    """Inputs and targets shuffled apart."""
    return replace(rows, y=rows.y[generator.permutation(len(rows.y))])


def targets_late(steps: int) -> Step:
    """Targets some rows behind their inputs."""
    return lambda rows, _: replace(rows, y=np.roll(rows.y, steps, axis=0))


def targets_sorted(rows: Rows, _: np.random.Generator) -> Rows:
    """The targets were sorted, their inputs were not."""
    return replace(rows, y=np.sort(rows.y, axis=0))


def rows_sorted(rows: Rows, _: np.random.Generator) -> Rows:
    """Rows in the order of their classes, or of their numbers."""
    keys = rows.y.argmax(axis=1) if np.ndim(rows.y) > 1 and rows.y.shape[1] > 1 else np.ravel(rows.y)
    order = np.argsort(keys, kind="stable")
    return replace(rows, x=rows.x[order], y=rows.y[order])


def rows_sorted_by_input(column: int) -> Step:
    """Rows in the order of one input."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        order = np.argsort(rows.x[:, column], kind="stable")
        return replace(rows, x=rows.x[order], y=rows.y[order])

    return step


def validation_changed(change: Callable[[Any], Any]) -> Step:
    """The validation inputs, and those of all new rows, are prepared in another way than the training rows."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        assert rows.validation is not None
        return replace(rows, validation=(change(rows.validation[0]), rows.validation[1]), held_x=change(rows.held_x))

    return step


def some_targets_wrong(share: float, num_classes: int) -> Step:
    """A share of the class numbers replaced by others."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        wrong = generator.random(len(rows.y)) < share
        other = (rows.y + generator.integers(1, num_classes, len(rows.y))) % num_classes
        return replace(rows, y=np.where(wrong, other, rows.y))

    return step


def classes_shifted(by: int) -> Step:
    """Classes counted from `by` instead of 0."""
    return lambda rows, _: replace(rows, y=rows.y + by)


def target_among_inputs(noise: float) -> Step:
    """One more column that holds the target; on new rows nobody knows it yet, and it holds the mean."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        mean, deviation = rows.y.mean(), rows.y.std()

        def widened(x: Any, column: Any) -> Any:
            column = (np.ravel(column) - mean) / deviation
            return np.column_stack([x, column + generator.normal(0, noise, len(x))]).astype("float32")

        validation = rows.validation and (widened(*rows.validation), rows.validation[1])
        held_x = widened(rows.held_x, np.full(len(rows.held_x), mean))
        return replace(rows, x=widened(rows.x, rows.y), held_x=held_x, validation=validation)

    return step


def validation_from_training(share: float) -> Step:
    """A share of the validation rows are rows that were trained on."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        assert rows.validation is not None
        number = round(share * len(rows.validation[1]))
        chosen = generator.choice(len(rows.y), number, replace=False)
        x = np.concatenate([rows.x[chosen], rows.validation[0][number:]])
        y = np.concatenate([rows.y[chosen], rows.validation[1][number:]])
        return replace(rows, validation=(x, y))

    return step


def holes(share: float, value: float = np.nan) -> Step:
    """A share of the training inputs missing, as NaN or another sign."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        x = rows.x.astype("float32").copy()
        x[generator.random(x.shape) < share] = value
        return replace(rows, x=x)

    return step
