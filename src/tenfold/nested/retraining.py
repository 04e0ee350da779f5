"""One network a seed, trained anew on all rows of a fold: the other way to the network that is delivered.

Inner folds leave an ensemble, each member of which has seen only a part of the rows. What they chose can also be
trained once more, on all of them, for as many epochs as the inner folds needed. Nothing is held out from that training,
so nothing stops it: the epochs are settled before.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, compile_ahead, train_population
from tenfold.nested.kept import described, from_arrays, to_arrays
from tenfold.nested.origins import thinned
from tenfold.nested.results import Candidate, FoldResult, Members, Tally
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import Asked, Starts, keeps_members, network_of, network_targets, settings_of
from tenfold.progress import ProgressListener, silence
from tenfold.run_folder.stages import NOWHERE, Stages

__all__ = ["compile_retraining", "epochs_of", "head_values", "retrain"]


def retrain(
    nested: NestedRows,
    chosen: Sequence[FoldResult],
    *,
    name: str = "retraining",
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> tuple[list[FoldResult], Tally]:
    """Train what each fold chose on all of its training rows.

    Args:
        nested: Folds and rows.
        chosen: The choice of each fold, in the order of the folds.
        name: Of this stage of the run.
        kept: Finished stages of the run.
        progress: Told of the training.

    Returns:
        A result for each fold in their order, with its own predictions for the outer rows; and what it took.
    """
    heads = [one.before for one in chosen if one.before is not None]
    anew, tally = (
        retrain(nested, heads, name=f"{name} of heads", kept=kept, progress=progress) if heads else ([], Tally())
    )
    starts = {one.fold: head_values(nested, one) for one in anew}
    alike: dict[tuple[object, bool], list[FoldResult]] = {}
    for one in chosen:
        alike.setdefault((one.candidate.rung, one.candidate.trial == 0), []).append(one)
    results = dict[int, FoldResult]()
    for number, group in enumerate(alike.values(), start=1):
        pairs = [(one.candidate, one.fold) for one in group]
        about = [f"{line}, {epochs_of(nested, one)} epochs" for line, one in zip(described(pairs), group, strict=True)]
        found = kept.read(f"{name} {number}", about)
        if found is None:
            trained, spent = _trained(nested, group, starts, progress)
            kept.write(f"{name} {number}", about, to_arrays(trained, spent))
        else:
            trained, spent = from_arrays(found, pairs)
        results |= {one.fold: one for one in trained}
        tally += spent
    return [results[one.fold] for one in chosen], tally


def compile_retraining(nested: NestedRows, candidate: Candidate) -> None:
    """Begin to compile the retraining of a candidate, as if every fold had chosen it.

    Args:
        nested: Folds and rows.
        candidate: Of the size, free or held back, that folds are likely to choose.
    """
    members = [_member(nested, candidate, fold, seed, 1) for fold, seeds in enumerate(nested.seeds) for seed in seeds]
    asked = _asked(nested, candidate, members)
    compile_ahead(*asked.data, **asked.options)


def head_values(nested: NestedRows, result: FoldResult) -> list[dict[str, np.ndarray]]:
    """The weights of a result's members by Keras' path, a dict a member: what fine-tuning begins with.

    Args:
        nested: Folds and rows.
        result: Of heads on a frozen base, with its members.
    """
    if result.members is None:
        raise ValueError("only heads on a frozen base keep the members of every fold")
    head = network_of(nested, result.candidate)()
    places = {id(variable): place for place, variable in enumerate(head.weights)}
    values = {variable.path: result.members.weights[places[id(variable)]] for variable in head.trainable_variables}
    return [
        {path: of_members[number] for path, of_members in values.items()}
        for number in range(len(result.members.outcomes))
    ]


def epochs_of(nested: NestedRows, chosen: FoldResult) -> int:
    """Epochs of the retraining: the mean of those that the inner folds needed; all, where a schedule runs to its end.

    Args:
        nested: Folds and rows.
        chosen: What a fold chose.
    """
    recipe = nested.recipe_of(chosen.candidate.rung)
    if chosen.candidate.rung.recipe == "realmlp":
        return recipe.epochs
    return max(1, round(float(chosen.best_epochs.mean())))


def _trained(
    nested: NestedRows, group: Sequence[FoldResult], starts: Starts, progress: ProgressListener
) -> tuple[list[FoldResult], Tally]:
    members = [
        replace(
            _member(nested, one.candidate, one.fold, seed, epochs_of(nested, one)),
            start={} if one.before is None else starts[one.fold][number],
        )
        for one in group
        for number, seed in enumerate(one.seeds)
    ]
    asked = _asked(nested, group[0].candidate, members)
    population = train_population(*asked.data, seed=nested.seed, progress=progress, **asked.options)
    outer = [nested.table.rows(one.fold, nested.folds[one.fold].validation_rows) for one in group for _ in one.seeds]
    answers = population.predict_rows(outer)
    results, start = [], 0
    for one in group:
        numbers = np.arange(start, start + len(one.seeds))
        results.append(_result(nested, one, population, numbers, answers))
        start += len(one.seeds)
    return results, Tally.of(population)


def _asked(nested: NestedRows, candidate: Candidate, members: list[Member]) -> Asked:
    """One program for all choices of a candidate's kind: the epochs are the members' own, and all folds have room."""
    recipe = nested.recipe_of(candidate.rung)
    arrays = nested.table.arrays(candidate.rung.arrays(nested.shape))
    options = {"epochs": recipe.epochs, "batch_size": recipe.batch_size, "room": sum(map(len, nested.seeds))}
    return Asked((network_of(nested, candidate), arrays, network_targets(nested), members), options)


def _member(nested: NestedRows, candidate: Candidate, fold: int, seed: int, epochs: int) -> Member:
    """A member whose randomness no member of the inner folds has."""
    number = len(nested.folds) * max(len(one.inner) for one in nested.folds) + fold
    rows = thinned(nested, nested.folds[fold].train_rows, number)
    return Member(
        nested.table.rows(fold, rows),
        fold=number,
        seed=seed,
        settings=settings_of(nested, candidate, len(rows)),
        epochs=epochs,
    )


def _result(
    nested: NestedRows, chosen: FoldResult, population: PopulationResult, numbers: np.ndarray, answers: Sequence[object]
) -> FoldResult:
    outer = None
    if chosen.fold != nested.final:
        outer = tuple(nested.predictions(chosen.fold, np.asarray(answers[number])) for number in numbers)
    is_kept = keeps_members(nested, chosen)
    return FoldResult(
        chosen.candidate,
        chosen.fold,
        chosen.seeds,
        chosen.losses,
        chosen.best_epochs,
        outer,
        members=Members.of(population, numbers, ["loss"]) if is_kept else None,
        seconds=population.run_seconds * len(numbers) / len(population.members),
        before=chosen.before,
    )
