"""Training of candidates: every inner fold and seed of some outer folds is a member of one population.

A candidate (a size of network and what holds it back) is trained once an inner fold and seed, stopping early on that
inner fold's rows. The inner folds' losses choose among candidates; the mean answer of the chosen candidate's members is
the fold's prediction for its outer rows, which none of them has seen in any way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

import keras
import numpy as np
from jaxtyping import Float

from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, compile_ahead, train_population
from tenfold.nested.kept import described, from_arrays, to_arrays
from tenfold.nested.origins import thinned
from tenfold.nested.results import (
    Candidate,
    FoldResult,
    Members,
    Tally,
    best_of_each_fold,
    with_numbers_of_others,
)
from tenfold.nested.rows import NestedRows
from tenfold.networks.inner_loss import inner_loss_name
from tenfold.networks.ladder import InputShape
from tenfold.networks.recipes import SCHEDULE_LENGTH
from tenfold.networks.table import table_network
from tenfold.problem.definition import Problem
from tenfold.progress import ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = [
    "Asked",
    "Starts",
    "build_network",
    "compile_pairs",
    "keeps_members",
    "network_of",
    "network_targets",
    "settings_of",
    "train_candidates",
    "train_pairs",
]

Starts: TypeAlias = Mapping[int, Sequence[Mapping[str, np.ndarray]]]
"""What members begin with: by fold, then for each inner fold and seed, then by Keras' path of the variable."""

NOWHERE_ELSE: Starts = {}
"""Members begin where their model does."""


def train_candidates(
    nested: NestedRows,
    candidates: Sequence[Candidate],
    folds: Sequence[int],
    *,
    name: str = "",
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> tuple[list[FoldResult], Tally]:
    """Train candidates of one size on the inner folds of some outer folds, as one population.

    Args:
        nested: Folds and rows.
        candidates: What to train: of one size, and all free or all held back.
        folds: Positions of the outer folds.
        name: Of this stage of the run.
        kept: Finished stages: what is there is read instead of trained.
        progress: Listener of the engine.

    Returns:
        A result for each candidate and fold, candidate by candidate, and what it took.
    """
    pairs = [(candidate, fold) for candidate in candidates for fold in folds]
    return train_pairs(nested, pairs, name=name, kept=kept, progress=progress)


def train_pairs(
    nested: NestedRows,
    pairs: Sequence[tuple[Candidate, int]],
    *,
    name: str = "",
    room: int = 0,
    only_best: bool = False,
    starts: Starts = NOWHERE_ELSE,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> tuple[list[FoldResult], Tally]:
    """Train candidates of one size, each in a fold of its own, as one population.

    Args:
        nested: Folds and rows.
        pairs: A candidate and the position of an outer fold, each; the candidates are of one size, and all free or all
            held back.
        name: Of this stage of the run.
        room: Members that the program has room for at least, so that later stages find it.
        only_best: Whether only the best candidate of each fold keeps its answers and members; of the others, which
            nobody chooses, losses alone stay.
        starts: Values that members begin with: by fold, then for each inner fold and seed, by Keras' path.
        kept: Finished stages: what is there is read instead of trained.
        progress: Listener of the engine.

    Returns:
        A result for each pair, and what it took.
    """
    about = described(pairs)
    found = kept.read(name, about)
    if found is not None:
        return from_arrays(found, pairs)
    results, tally = _trained(nested, pairs, room, starts, progress)
    if only_best:
        results = with_numbers_of_others(results, best_of_each_fold(results))
    kept.write(name, about, to_arrays(results, tally))
    return results, tally


def compile_pairs(
    nested: NestedRows, pairs: Sequence[tuple[Candidate, int]], *, name: str = "", room: int = 0, kept: Stages = NOWHERE
) -> None:
    """Begin to compile what `train_pairs` will run, unless the stage is finished.

    Args:
        nested: Folds and rows.
        pairs: As there; of the candidates only the size counts, and whether they are held back.
        name: Of the stage.
        room: As there.
        kept: Finished stages.
    """
    if not kept.has(name):
        asked = _asked(nested, pairs[0][0], [_member(nested, *place) for place in _places(nested, pairs)], room)
        compile_ahead(*asked.data, **asked.options)


def _trained(
    nested: NestedRows, pairs: Sequence[tuple[Candidate, int]], room: int, starts: Starts, progress: ProgressListener
) -> tuple[list[FoldResult], Tally]:
    places = _places(nested, pairs)
    members = [_member(nested, *place, starts) for place in places]
    asked = _asked(nested, pairs[0][0], members, room)
    population = train_population(*asked.data, seed=nested.seed, progress=progress, **asked.options)
    outer = [nested.table.rows(fold, nested.folds[fold].validation_rows) for _, fold, *_ in places]
    answers = _Answers(population.predict_rows(outer), population.validation_predictions)
    losses = _best_losses(nested, population)
    results, start = [], 0
    for candidate, fold in pairs:
        stop = start + len(nested.folds[fold].inner) * len(nested.seeds[fold])
        results.append(_fold_result(nested, candidate, fold, population, losses, answers, range(start, stop)))
        start = stop
    return _with_members(nested, results, population), Tally.of(population)


class _Answers:
    """What the members of a population answer.

    Args:
        outer: For the outer rows of each member's fold; None where it has none.
        inner: For each member's inner validation rows.
    """

    def __init__(self, outer: Sequence[Any], inner: Sequence[Any]) -> None:
        self.outer, self.inner = outer, inner


def _member(
    nested: NestedRows, candidate: Candidate, fold: int, inner: int, seed: int, starts: Starts = NOWHERE_ELSE
) -> Member:
    """The member of a place. Candidates share initial weights and order of rows: their comparison is paired."""
    train, validation = nested.folds[fold].inner[inner]
    number = fold * max(len(one.inner) for one in nested.folds) + inner
    train = thinned(nested, train, number)
    return Member(
        nested.table.rows(fold, train),
        nested.table.rows(fold, validation),
        fold=number,
        seed=seed,
        settings=settings_of(nested, candidate, len(train)),
        start=starts[fold][inner * len(nested.seeds[fold]) + nested.seeds[fold].index(seed)] if starts else {},
    )


def settings_of(nested: NestedRows, candidate: Candidate, num_rows: int) -> dict[str, float]:
    """What the program is told of a candidate, by the engine's names.

    Args:
        nested: Folds and rows.
        candidate: Its architecture, and what holds it back.
        num_rows: Rows that the member trains on.
    """
    settings = dict[str, float]()
    if candidate.trial:
        settings |= candidate.regularisation.settings(candidate.rung, has_codes=bool(nested.shape.code_sizes))
    if candidate.rung.recipe == "realmlp" or candidate.rung.is_tuned:
        settings[SCHEDULE_LENGTH] = nested.recipe_of(candidate.rung).num_steps(num_rows)
    return settings


def network_targets(nested: NestedRows) -> np.ndarray:
    """The targets of all blocks in the shape of the network's output."""
    targets = nested.table.targets
    return targets[:, None] if targets.ndim == 1 and nested.problem.num_outputs == 1 else targets


def network_of(nested: NestedRows, candidate: Candidate) -> Callable[[], keras.Model]:
    """A function that builds a candidate's network.

    Args:
        nested: Folds and rows.
        candidate: Its architecture, and what holds it back.

    Returns:
        A function without arguments.
    """
    return build_network(nested.shape, nested.problem, candidate)


def build_network(shape: InputShape, problem: Problem, candidate: Candidate) -> Callable[[], keras.Model]:
    """The same for prepared rows of a shape.

    Args:
        shape: What the table offers.
        problem: What is predicted.
        candidate: Its architecture, and what holds it back.
    """
    held = candidate.regularisation.in_use if candidate.trial else candidate.regularisation
    return table_network(shape, problem, candidate.rung, held)


def _places(nested: NestedRows, pairs: Sequence[tuple[Candidate, int]]) -> list[tuple[Candidate, int, int, int]]:
    """A candidate, an outer fold, an inner fold and a seed for each member."""
    return [
        (candidate, fold, inner, seed)
        for candidate, fold in pairs
        for inner in range(len(nested.folds[fold].inner))
        for seed in nested.seeds[fold]
    ]


class Asked(NamedTuple):
    """What the engine is asked for: what builds networks, inputs, targets, members; and how to train them."""

    data: tuple[Any, Any, Any, list[Member]]
    options: dict[str, Any]


def _asked(nested: NestedRows, candidate: Candidate, members: list[Member], room: int) -> Asked:
    recipe = nested.recipe_of(candidate.rung)
    stopping = keras.callbacks.EarlyStopping(
        inner_loss_name(nested.problem), patience=recipe.patience, mode="min", restore_best_weights=True
    )
    arrays = nested.table.arrays(candidate.rung.arrays(nested.shape))
    options = {
        "epochs": recipe.epochs,
        "batch_size": recipe.batch_size,
        "callbacks": [stopping],
        "room": room,
    }
    return Asked((network_of(nested, candidate), arrays, network_targets(nested), members), options)


def _best_losses(nested: NestedRows, population: PopulationResult) -> Float[np.ndarray, " member"]:
    """Inner loss of each member at its best epoch; infinite where it was never finite."""
    history = population.history[inner_loss_name(nested.problem)]
    best = history[np.arange(len(history)), population.best_epochs].astype(np.float64)
    return np.where(np.isfinite(best), best, np.inf)


def _fold_result(
    nested: NestedRows,
    candidate: Candidate,
    fold: int,
    population: PopulationResult,
    losses: Float[np.ndarray, " member"],
    answers: _Answers,
    numbers: range,
) -> FoldResult:
    num_seeds = len(nested.seeds[fold])

    def mean_prediction(of: Sequence[Any], members: Sequence[int]) -> Any:
        return nested.predictions(fold, np.mean([of[number] for number in members], axis=0))

    by_inner = [numbers[start : start + num_seeds] for start in range(0, len(numbers), num_seeds)]
    outer = None
    if fold != nested.final:
        outer = tuple(mean_prediction(answers.outer, numbers[seed::num_seeds]) for seed in range(num_seeds))
    return FoldResult(
        candidate,
        fold,
        nested.seeds[fold],
        losses[numbers].reshape(-1, num_seeds),
        population.best_epochs[numbers].reshape(-1, num_seeds) + 1,
        outer,
        tuple(mean_prediction(answers.inner, members) for members in by_inner),
        seconds=population.run_seconds * len(numbers) / len(population.members),
    )


def _with_members(nested: NestedRows, results: list[FoldResult], population: PopulationResult) -> list[FoldResult]:
    """The same, and the members of the best candidate in the folds that need them: only they can be chosen."""
    inner_loss = inner_loss_name(nested.problem)
    losses = list(dict.fromkeys(["loss", "val_loss", inner_loss.removeprefix("val_"), inner_loss]))
    best, found, start = best_of_each_fold(results), list[FoldResult](), 0
    for one in results:
        numbers, start = np.arange(start, start + one.losses.size), start + one.losses.size
        is_needed = one is best[one.fold] and keeps_members(nested, one)
        found.append(replace(one, members=Members.of(population, numbers, losses)) if is_needed else one)
    return found


def keeps_members(nested: NestedRows, result: FoldResult) -> bool:
    """Whether a result's members are asked for later: the network that is delivered, and heads that fine-tuning needs.

    Args:
        nested: Folds and rows.
        result: Of a candidate and a fold.
    """
    rung = result.candidate.rung
    return result.fold == nested.final or bool(rung.base and not rung.is_tuned)
