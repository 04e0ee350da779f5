"""The folds of a run and their prepared rows.

For each outer fold its training rows are divided into inner folds. All working rows form one more fold without outer
rows: its members are the final network, so what is scored and what is delivered are made alike.

Inner folds share the preparation of their outer training rows. That looks at inner validation rows' medians, levels and
the scale of their target, which can only blur a choice; rows that score are never looked at.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.metrics import Prediction
from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.prepare.target import answers_to_predictions
from tenfold.problem import Problem
from tenfold.split import Fold, Protocol, RowSplitter

__all__ = ["NestedRows", "Recipe", "choose_recipe", "nest_rows"]

BATCH_SIZES = ((2_800, 32), (4_500, 64), (6_400, 128), (32_000, 256), (108_000, 512))
"""Rows up to which a batch size is used; 1,024 above. Source: the rule of TabM (Gorishniy et al. 2024)."""

EPOCHS = ((1_000, 150), (3_000, 100), (10_000, 60))
"""Rows up to which so many epochs are trained at most; 40 above (arbitrary; most members stop before)."""

PATIENCE_SHARE = 0.15
"""Epochs without improvement before a member stops, as a share of all epochs (arbitrary)."""


@dataclass(frozen=True)
class Recipe:
    """How long and in what portions members train.

    Args:
        epochs: At most.
        patience: Epochs without a better inner loss before a member stops.
        batch_size: Rows of a training step.
    """

    epochs: int
    patience: int
    batch_size: int


def choose_recipe(num_rows: int) -> Recipe:
    """The recipe for an amount of training rows.

    >>> choose_recipe(400)
    Recipe(epochs=150, patience=22, batch_size=32)
    """
    epochs = next((epochs for rows, epochs in EPOCHS if num_rows <= rows), 40)
    batch_size = next((size for rows, size in BATCH_SIZES if num_rows <= rows), 1_024)
    return Recipe(epochs, max(1, int(PATIENCE_SHARE * epochs)), batch_size)


@dataclass(frozen=True)
class NestedRows:
    """The folds of a run, their prepared rows, and how members train on them.

    Args:
        problem: What is predicted.
        table: Block `i` as prepared by the training rows of `folds[i]`.
        folds: Outer folds; the last one trains on all working rows and has none to score.
        seeds: Seeds of each fold's members.
        recipe: Epochs, patience, batch size.
        seed: The run's seed.
    """

    problem: Problem
    table: FoldedTable
    folds: tuple[Fold, ...]
    seeds: tuple[tuple[int, ...], ...]
    recipe: Recipe
    seed: int

    @property
    def final(self) -> int:
        """Position of the fold without outer rows."""
        return len(self.folds) - 1

    @property
    def outer(self) -> tuple[Fold, ...]:
        """The folds that are scored."""
        return self.folds[:-1]

    def predictions(self, fold: int, answers: Float[np.ndarray, "row output"]) -> Prediction:
        """A network's answers in a fold as numbers in the target's unit, or as a probability for each class."""
        return answers_to_predictions(answers, self.problem, self.table.scales[fold])


def nest_rows(
    frame: pd.DataFrame,
    problem: Problem,
    target: Float[np.ndarray, "..."] | Int[np.ndarray, "..."],
    splitter: RowSplitter,
    working: Int[np.ndarray, " working_row"],
    protocol: Protocol,
    *,
    num_seeds: int,
) -> NestedRows:
    """Deal the working rows to outer and inner folds and prepare them.

    Args:
        frame: Input columns of all rows.
        problem: What is predicted.
        target: Encoded target of all rows.
        splitter: Makes every split.
        working: Rows that are not sealed.
        protocol: Outer folds, repeats and inner folds.
        num_seeds: Seeds of each fold; where folds are dealt anew, each repeat has a seed of its own instead.

    Returns:
        Folds, rows and recipe.
    """
    outer = splitter.folds(working, protocol)
    nobody = np.zeros(0, dtype=np.int64)
    final = Fold(-1, protocol.num_repeats, working, nobody, splitter.inner(working, protocol.num_inner_folds, 0, 1))
    folds = (*outer, final)
    every_seed = tuple(range(max(num_seeds, protocol.num_repeats)))
    seeds = tuple(every_seed if protocol.num_repeats == 1 else (fold.repeat,) for fold in outer)
    table = fold_table(frame, problem, target, [fold.train_rows for fold in folds])
    return NestedRows(problem, table, folds, (*seeds, every_seed), choose_recipe(len(working)), splitter.seed)
