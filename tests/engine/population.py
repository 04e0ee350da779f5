"""A small population that the tests of the engine's contracts train again and again: its program is compiled once."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from engine.models import dense, numbers, sequential
from engine.oracle import ragged_folds
from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population

X, Y = numbers(22, 5), numbers(22, 1, seed=1)


def optimizer() -> keras.optimizers.Optimizer:
    return keras.optimizers.SGD(0.2, momentum=0.5)


build = sequential(
    dense(4, activation="tanh", name="hidden"), lambda: keras.layers.Dropout(0.2, name="dropout"), dense(1),
    optimizer=optimizer, metrics=lambda: ["mae"],
)  # fmt: skip


def five_members() -> list[Member]:
    """Three ragged folds, two of them with another seed as well."""
    folds = ragged_folds(22, 3)
    again = [Member(one.train_rows, one.validation_rows, fold=one.fold, seed=1) for one in folds[:2]]
    return [*folds, *again]


def train(members: Sequence[Member], **arguments: Any) -> PopulationResult:
    """Train some members for three epochs, with an order of rows of their own."""
    given = {"epochs": 3, "batch_size": 4, "seed": 11, "mode": "map"} | arguments
    return train_population(build, X, Y, members, **given)


def assert_same(one: PopulationResult, other: PopulationResult, members: Sequence[int], allowed: float = 0.0) -> None:
    """The members of `one` are those of `other` at these positions, to rounding or bit for bit."""
    for name, lines in one.history.items():
        np.testing.assert_allclose(lines, other.history[name][list(members)], rtol=allowed, atol=allowed, err_msg=name)
    assert one.outcomes == [other.outcomes[member] for member in members]
    np.testing.assert_array_equal(one.best_epochs, other.best_epochs[list(members)])
    for own, theirs in zip(one.states.trainable, other.states.trainable, strict=True):
        np.testing.assert_allclose(own, theirs[list(members)], rtol=allowed, atol=allowed)
