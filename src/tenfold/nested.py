"""Nested evaluation: inner folds choose, outer folds score, and every member of one architecture is one population.

For each outer fold its training rows are divided into inner folds. A candidate (a size of network and what holds it
back) is trained once an inner fold and seed, stopping early on that inner fold's rows. The inner folds' losses choose
among candidates; the mean answer of the chosen candidate's members is the fold's prediction for its outer rows, which
none of them has seen in any way. All working rows form one more fold without outer rows: its members are the final
network, so what is scored and what is delivered are made alike.

Inner folds share the preparation of their outer training rows. That looks at inner validation rows' medians, levels and
the scale of their target, which can only blur a choice; rows that score are never looked at.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

import jax
import keras
import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population
from tenfold.metrics import Prediction
from tenfold.networks.ladder import Rung
from tenfold.networks.table import Regularisation, average_network, inner_loss_name, table_network
from tenfold.prepare.folded import FoldedTable, fold_table
from tenfold.prepare.target import answers_to_predictions
from tenfold.problem import Problem
from tenfold.progress import ProgressListener, silence
from tenfold.split import Fold, Protocol, RowSplitter

__all__ = [
    "Candidate",
    "FoldResult",
    "NestedRows",
    "Recipe",
    "Tally",
    "choose_recipe",
    "final_network",
    "nest_rows",
    "train_candidates",
]

BATCH_SIZES = ((2_800, 32), (4_500, 64), (6_400, 128), (32_000, 256), (108_000, 512))
"""Rows up to which a batch size is used; 1,024 above. Source: the rule of TabM (Gorishniy et al. 2024)."""

EPOCHS = ((1_000, 150), (3_000, 100), (10_000, 60))
"""Rows up to which so many epochs are trained at most; 40 above (arbitrary; most members stop before)."""

PATIENCE_SHARE = 0.15
"""Epochs without improvement before a member stops, as a share of all epochs (arbitrary)."""

FREE = Regularisation()
BUILT_IN = Regularisation(dropout=0.1, l2=1e-4)
"""Any values above zero: they only put dropout and L2 into the program; each member brings values of its own."""


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
class Candidate:
    """What may be chosen: a size and what holds it back.

    Args:
        rung: Size of the network.
        regularisation: Dropout, L2, learning rate.
        trial: 0 for the free network of the ladder, else the number of the trial.
    """

    rung: Rung
    regularisation: Regularisation = FREE
    trial: int = 0


@dataclass(frozen=True)
class Tally:
    """How much was trained.

    Args:
        num_members: Networks.
        num_programs: Programs compiled.
        num_stopped: Networks that stopped early.
        num_nonfinite: Networks frozen at a loss that was not finite.
        compile_seconds: Spent on compiling.
    """

    num_members: int = 0
    num_programs: int = 0
    num_stopped: int = 0
    num_nonfinite: int = 0
    compile_seconds: float = 0.0

    @classmethod
    def of(cls, population: PopulationResult) -> "Tally":
        """The tally of one population."""
        outcomes = population.outcomes
        return cls(
            len(outcomes),
            population.num_programs,
            outcomes.count("stopped_early"),
            outcomes.count("nonfinite_loss"),
            population.compile_seconds,
        )

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class FoldResult:
    """One candidate on one outer fold.

    Args:
        candidate: What was trained.
        fold: Position of the outer fold among `NestedRows.folds`.
        seeds: Seeds of its members.
        losses: Inner loss at each member's best epoch, lower is better; infinite where a member was not finite.
        predictions: For the outer rows, a row of answers a seed: the mean over the inner folds' members, as numbers in
            the target's unit or probabilities. None where there are no outer rows.
        members: The members themselves, by inner fold, then by seed; only kept where there are no outer rows.
        seconds: Time that its members' training took, compilation not counted.
    """

    candidate: Candidate
    fold: int
    seeds: tuple[int, ...]
    losses: Float[np.ndarray, "inner seed"]
    predictions: tuple[Prediction, ...] | None = None
    members: PopulationResult | None = field(default=None, repr=False)
    seconds: float = float("nan")

    @property
    def loss(self) -> float:
        """What the inner folds choose by: the mean over inner folds and seeds."""
        return float(self.losses.mean())


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
    target: Float[np.ndarray, " row"] | Int[np.ndarray, " row"],
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


def train_candidates(
    nested: NestedRows,
    rung: Rung,
    candidates: Sequence[Candidate],
    folds: Sequence[int],
    *,
    progress: ProgressListener = silence,
) -> tuple[list[FoldResult], Tally]:
    """Train candidates of one size on the inner folds of some outer folds, as one population.

    Args:
        nested: Folds and rows.
        rung: The size that all candidates share.
        candidates: What to train.
        folds: Positions of the outer folds.
        progress: Listener of the engine.

    Returns:
        A result for each candidate and fold, candidate by candidate, and what it took.
    """
    places = [
        (candidate, fold, inner, seed)
        for candidate in candidates
        for fold in folds
        for inner in range(len(nested.folds[fold].inner))
        for seed in nested.seeds[fold]
    ]
    population = _train(nested, rung, [_member(nested, *place) for place in places], progress)
    answers = population.predict_rows(
        [nested.table.rows(fold, nested.folds[fold].validation_rows) for _, fold, *_ in places]
    )
    losses = _best_losses(nested.problem, population)
    results, start = [], 0
    for candidate in candidates:
        for fold in folds:
            stop = start + len(nested.folds[fold].inner) * len(nested.seeds[fold])
            results.append(_fold_result(nested, candidate, fold, population, losses, answers, range(start, stop)))
            start = stop
    return results, Tally.of(population)


def final_network(result: FoldResult) -> keras.Model:
    """The members of the fold that holds all working rows, averaged in one Keras model."""
    population = result.members
    if population is None:
        raise ValueError("only the fold of all working rows keeps its members")
    return average_network([population.model(number) for number in range(len(population.members))])


def _member(nested: NestedRows, candidate: Candidate, fold: int, inner: int, seed: int) -> Member:
    """The member of a place. Candidates share initial weights and order of rows: their comparison is paired."""
    train, validation = nested.folds[fold].inner[inner]
    settings = {} if candidate.trial == 0 else candidate.regularisation.settings(candidate.rung)
    number = fold * max(len(one.inner) for one in nested.folds) + inner
    return Member(
        nested.table.rows(fold, train), nested.table.rows(fold, validation), fold=number, seed=seed, settings=settings
    )


def _train(nested: NestedRows, rung: Rung, members: list[Member], progress: ProgressListener) -> PopulationResult:
    held = BUILT_IN if any(member.settings for member in members) else FREE
    targets = nested.table.targets
    stopping = keras.callbacks.EarlyStopping(
        inner_loss_name(nested.problem), patience=nested.recipe.patience, mode="min", restore_best_weights=True
    )
    return train_population(
        table_network(nested.table.inputs.shape[1], nested.problem, rung, held),
        nested.table.inputs,
        targets[:, None] if nested.problem.num_outputs == 1 else targets,
        members,
        epochs=nested.recipe.epochs,
        batch_size=nested.recipe.batch_size,
        callbacks=[stopping],
        seed=nested.seed,
        progress=progress,
    )


def _best_losses(problem: Problem, population: PopulationResult) -> Float[np.ndarray, " member"]:
    """Inner loss of each member at its best epoch; infinite where it was never finite."""
    history = population.history[inner_loss_name(problem)]
    best = history[np.arange(len(history)), population.best_epochs].astype(np.float64)
    return np.where(np.isfinite(best), best, np.inf)


def _fold_result(
    nested: NestedRows,
    candidate: Candidate,
    fold: int,
    population: PopulationResult,
    losses: Float[np.ndarray, " member"],
    answers: Sequence[Any],
    numbers: range,
) -> FoldResult:
    seeds = nested.seeds[fold]
    by_seed = losses[numbers].reshape(-1, len(seeds))
    seconds = population.run_seconds * len(numbers) / len(population.members)
    if fold == nested.final:
        return FoldResult(candidate, fold, seeds, by_seed, members=_only(population, numbers), seconds=seconds)
    predictions = tuple(
        nested.predictions(fold, np.mean([answers[number] for number in numbers[place :: len(seeds)]], axis=0))
        for place in range(len(seeds))
    )
    return FoldResult(candidate, fold, seeds, by_seed, predictions, seconds=seconds)


def _only(population: PopulationResult, numbers: range) -> PopulationResult:
    """Some members of a population, so that the weights of the others can be forgotten."""
    kept = np.array(numbers)
    return dataclasses.replace(
        population,
        members=[population.members[number] for number in numbers],
        history={name: lines[kept] for name, lines in population.history.items()},
        epochs_trained=population.epochs_trained[kept],
        best_epochs=population.best_epochs[kept],
        outcomes=[population.outcomes[number] for number in numbers],
        states=jax.tree.map(lambda leaf: leaf[kept], population.states),
    )
