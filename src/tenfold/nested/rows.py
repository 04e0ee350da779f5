"""The folds of a run and their prepared rows.

For each outer fold its training rows are divided into inner folds. All working rows form one more fold without outer
rows: its members are the final network, so what is scored and what is delivered are made alike.

Inner folds share the preparation of their outer training rows. That looks at inner validation rows' medians, levels and
the scale of their target, which can only blur a choice; rows that score are never looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float, Int, Num

from tenfold.baselines.fitting import FittedBaseline
from tenfold.data.word_vectors import WordVectors
from tenfold.measures.measure import Prediction
from tenfold.networks.ladder import InputShape, Rung
from tenfold.networks.recipes import Recipe, choose_recipe
from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.prepare.target import answers_to_predictions
from tenfold.prepare.tokens import TextWays
from tenfold.problem.definition import Problem
from tenfold.shapes import Rows
from tenfold.split.folds import Fold
from tenfold.split.protocol import Protocol
from tenfold.split.splitter import RowSplitter

__all__ = ["LinearStart", "NestedRows", "nest_rows"]

NO_WAYS = TextWays()


@dataclass(frozen=True)
class LinearStart:
    """A linear model in the units of a network's last layer before its activation.

    Args:
        kernel: A line for each term of texts, then for each input.
        bias: One number an output.
        num_terms: Lines that belong to terms.
    """

    kernel: Float[np.ndarray, "column output"]
    bias: Float[np.ndarray, " output"]
    num_terms: int

    def in_units_of(self, unit: Float[np.ndarray, " output"]) -> "LinearStart":
        """The same model whose answers are in other units, one an output."""
        return replace(self, kernel=self.kernel / unit, bias=self.bias / unit)

    def answers(self, inputs: Any) -> Float[np.ndarray, "row output"]:
        """For rows as `rival_inputs` lays them out."""
        return np.asarray(inputs @ self.kernel + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class NestedRows:
    """The folds of a run, their prepared rows, and how members train on them.

    Args:
        problem: What is predicted.
        table: Block `i` as prepared by the training rows of `folds[i]`.
        folds: Outer folds; the last one trains on all working rows and has none to score.
        seeds: Seeds of each fold's members.
        recipe: Epochs, patience, batch size of all architectures; None for each architecture's own.
        seed: The run's seed.
        base: A trained network, frozen, whose numbers stand in `table.lookups["features"]`; None without.
        starts: Linear models that the last fold's networks start from (`linear_start`): of all its rows, then of each
            of its inner folds; none where networks start by themselves.
        linear: The same models of all training rows of each fold, as the rivals that they are.
    """

    problem: Problem
    table: FoldedTable
    folds: tuple[Fold, ...]
    seeds: tuple[tuple[int, ...], ...]
    recipe: Recipe | None
    seed: int
    starts: tuple[LinearStart, ...] = ()
    linear: tuple[FittedBaseline, ...] = ()
    base: Any = None

    @property
    def shape(self) -> InputShape:
        """What the prepared rows offer to a network."""
        table = self.table
        photos, windows = table.lookups.get("photos"), table.lookups.get("history")
        return InputShape(
            table.inputs.shape[1],
            table.ranks.shape[1],
            table.code_sizes,
            table.text_sizes,
            photo=() if photos is None else photos.shape[1:],
            window=() if windows is None else windows.shape[1:],
            base="" if self.base is None else self.base.name,
            features=() if self.base is None else table.lookups["features"].shape[1:],
            has_start=table.start.shape[1] > 0,
            vectors=table.vectors,
            trained=self.base,
        )

    def recipe_of(self, rung: Rung) -> Recipe:
        """Epochs, patience and batch size of an architecture."""
        num_rows, has_texts = len(self.folds[-1].train_rows), self.shape.reads_texts
        has_windows = "history" in self.table.lookups
        return self.recipe or choose_recipe(rung, num_rows, has_texts=has_texts, has_windows=has_windows)

    def inputs_of(self, rung: Rung, fold: int, rows: Rows) -> dict[str, Num[np.ndarray, "row ..."]]:
        """What an architecture's network takes for rows of the table, as a fold prepares them."""
        arrays = self.table.arrays(rung.arrays(self.shape))
        return {name: array[self.table.rows(fold, rows)] for name, array in arrays.items()}

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
    texts: Sequence[str] = (),
    vectors: WordVectors | None = None,
    ways: TextWays = NO_WAYS,
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
        texts: Columns that are texts to read, whatever their cells look like.
        vectors: Of words, where a file brings them.
        ways: What a user says of how texts are read.

    Returns:
        Folds and rows.
    """
    outer = splitter.folds(working, protocol)
    nobody = np.zeros(0, dtype=np.int64)
    final = Fold(-1, protocol.num_repeats, working, nobody, splitter.inner(working, protocol.num_inner_folds, 0, 1))
    folds = (*outer, final)
    every_seed = tuple(range(max(num_seeds, protocol.num_repeats)))
    seeds = tuple(every_seed if protocol.num_repeats == 1 else (fold.repeat,) for fold in outer)
    table = fold_table(frame, problem, target, [fold.train_rows for fold in folds], texts, vectors, ways)
    return NestedRows(problem, table, folds, (*seeds, every_seed), None, splitter.seed)
