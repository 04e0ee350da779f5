"""The rows of a program, and how programs prepare them: steps that follow one another.

`of(circles, standardised, validated())` reads: the rows of `circles`, standardised, with a part held back to validate.
A step takes rows and a random generator and gives rows; the faults of data in `spoiling.py` are steps too.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

__all__ = [
    "Rows",
    "Step",
    "divided",
    "of",
    "one_hot",
    "standardised",
    "target_divided",
    "target_standardised",
    "validated",
]


@dataclass(frozen=True)
class Rows:
    """All rows of a program.

    Attributes:
        x: Inputs that the model is trained on.
        y: Their targets.
        held_x: New rows, prepared as the program would prepare them.
        held_y: Their true answers: class numbers, labels, or numbers in the unit in which the program answers.
        validation: Inputs and targets that the program validates on, if it does.
    """

    x: Any
    y: Any
    held_x: Any
    held_y: Any
    validation: tuple[Any, Any] | None = None


Step = Callable[[Rows, np.random.Generator], Rows]


def of(problem: Callable[[int], Rows], *steps: Step) -> Callable[[int], Rows]:
    """Rows of a problem after these steps, for any seed."""

    def rows(seed: int) -> Rows:
        found, generator = problem(seed), np.random.default_rng([seed, 7])
        for step in steps:
            found = step(found, generator)
        return found

    return rows


def on_inputs(change: Callable[[Any], Any]) -> Step:
    """The same change to all inputs."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        validation = rows.validation and (change(rows.validation[0]), rows.validation[1])
        return replace(rows, x=change(rows.x), held_x=change(rows.held_x), validation=validation)

    return step


def on_targets(change: Callable[[Any], Any]) -> Step:
    """The same change to the targets that the model sees; the true answers of new rows stay."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        validation = rows.validation and (rows.validation[0], change(rows.validation[1]))
        return replace(rows, y=change(rows.y), validation=validation)

    return step


def on_numbers(change: Callable[[Any], Any]) -> Step:
    """The same change to all targets, the true answers of new rows with them: another unit."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        return replace(on_targets(change)(rows, generator), held_y=change(rows.held_y))

    return step


def divided(by: float) -> Step:
    """Inputs divided by a number, as pixels by 255."""
    return on_inputs(lambda x: (x / by).astype("float32"))


def target_divided(by: float) -> Step:
    """Targets divided by a number: another unit."""
    return on_numbers(lambda y: (y / by).astype("float32"))


def target_raised(by: float) -> Step:
    """Targets far from zero."""
    return on_numbers(lambda y: (y + by).astype("float32"))


def one_hot(num_classes: int) -> Step:
    """Class numbers as rows of zeros and a one."""
    return on_targets(lambda y: np.eye(num_classes, dtype="float32")[y.astype(int).ravel()])


def standardised(rows: Rows, generator: np.random.Generator) -> Rows:
    """Mean 0 and deviation 1 in each input column, by the training rows."""
    mean, deviation = rows.x.mean(axis=0), rows.x.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return on_inputs(lambda x: ((x - mean) / deviation).astype("float32"))(rows, generator)


def target_standardised(rows: Rows, generator: np.random.Generator) -> Rows:
    """Mean 0 and deviation 1 in the targets, by the training rows."""
    mean, deviation = rows.y.mean(axis=0), rows.y.std(axis=0)
    return on_numbers(lambda y: ((y - mean) / deviation).astype("float32"))(rows, generator)


def validated(share: float = 0.2) -> Step:
    """Holds a random share of the training rows back to validate on."""

    def step(rows: Rows, generator: np.random.Generator) -> Rows:
        order = generator.permutation(len(rows.y))
        return _split(rows, order, round(share * len(order)))

    return step


def validated_at_the_end(share: float = 0.2) -> Step:
    """Holds the last share of the training rows back, as `validation_split` does."""

    def step(rows: Rows, _: np.random.Generator) -> Rows:
        return _split(rows, np.arange(len(rows.y)), round(share * len(rows.y)))

    return step


def oversampled(rows: Rows, generator: np.random.Generator) -> Rows:
    """Rows of the rare class repeated until there is one to each two of the other."""
    rare, common = np.flatnonzero(rows.y == 1), np.flatnonzero(rows.y == 0)
    order = generator.permutation(np.concatenate([common, generator.choice(rare, len(common) // 2)]))
    return replace(rows, x=rows.x[order], y=rows.y[order])


def pair_of_targets(rows: Rows, _: np.random.Generator) -> Rows:
    """The number and the root of its size, as two targets."""
    first, second = (rows.y, np.sqrt(np.abs(rows.y))), (rows.held_y, np.sqrt(np.abs(rows.held_y)))
    return replace(rows, y=[one[:, None] for one in first], held_y=np.stack(second, axis=1))


def few(number: int) -> Step:
    """The first rows only."""
    return lambda rows, _: replace(rows, x=rows.x[:number], y=rows.y[:number])


def _split(rows: Rows, order: np.ndarray, held: int) -> Rows:
    first, last = order[: len(order) - held], order[len(order) - held :]
    return replace(rows, x=rows.x[first], y=rows.y[first], validation=(rows.x[last], rows.y[last]))


def standardised_as_a_whole(rows: Rows, generator: np.random.Generator) -> Rows:
    """A series and its next value on one scale: mean 0 and deviation 1 of all training values."""
    mean, deviation = rows.x.mean(), rows.x.std()
    inputs = on_inputs(lambda x: ((x - mean) / deviation).astype("float32"))
    return on_numbers(lambda y: ((y - mean) / deviation).astype("float32"))(inputs(rows, generator), generator)


def targets_are_inputs(rows: Rows, _: np.random.Generator) -> Rows:
    """For an autoencoder."""
    return replace(rows, y=rows.x, held_y=rows.held_x)
