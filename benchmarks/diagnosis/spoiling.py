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


def validation_changed(change: Callable[[Any], Any]) -> Step:
    """The validation inputs, and those of all new rows, are prepared in another way than the training rows."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        assert rows.validation is not None
        return replace(rows, validation=(change(rows.validation[0]), rows.validation[1]), held_x=change(rows.held_x))

    return step


def validation_targets_changed(change: Callable[[Any], Any]) -> Step:
    """The validation targets are prepared in another way than the training targets."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        assert rows.validation is not None
        return replace(rows, validation=(rows.validation[0], change(rows.validation[1])))

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


def copied(times: int) -> Step:
    """Every training row several times, shuffled: a later split puts copies on both sides."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        order = generator.permutation(np.repeat(np.arange(len(rows.y)), times))
        return replace(rows, x=rows.x[order], y=rows.y[order])

    return step


def next_value_among_inputs(rows: Rows, _: np.random.Generator) -> Rows:
    """Windows one step too long end with the answer; on new rows the last known value stands there."""
    last = rows.y.reshape(-1, 1, 1)
    held_x = np.concatenate([rows.held_x[:, 1:], rows.held_x[:, -1:]], axis=1)
    return replace(rows, x=np.concatenate([rows.x[:, 1:], last], axis=1), held_x=held_x)


def rare(label: int, share: float) -> Step:
    """Only a share of the training rows of one class is left."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        kept = (rows.y != label) | (generator.random(len(rows.y)) < share)
        return replace(rows, x=rows.x[kept], y=rows.y[kept])

    return step


def classes_swapped(first: int, second: int, share: float) -> Step:
    """In a share of the rows two classes carry each other's name, as after joining files with different codes."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        swapped = np.where(rows.y == first, second, np.where(rows.y == second, first, rows.y))
        return replace(rows, y=np.where(generator.random(len(rows.y)) < share, swapped, rows.y))

    return step


def holes(share: float, value: float = np.nan) -> Step:
    """A share of the training inputs missing, as NaN or another sign."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        x = rows.x.astype("float32").copy()
        x[generator.random(x.shape) < share] = value
        return replace(rows, x=x)

    return step
