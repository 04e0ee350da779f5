"""Trials of a batch, sorted by the program they share and trained as populations.

Members of one population differ in rows, seeds and settings. Which settings an architecture's program takes as
arguments is what has ever differed between its trials in this search: the others stay constants inside it.
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
import optuna

from tenfold.engine.member import Member
from tenfold.engine.population import PopulationResult, train_population
from tenfold.progress import ProgressListener
from tenfold.trials.asked import Asked, model_of

__all__ = ["Recipe", "Trainer", "joined", "report_folds", "tell"]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What all trials of a search have in common.

    Attributes:
        build: The user's function of a trial.
        x: Inputs.
        y: Targets.
        sample_weight: Weight of each row, or None.
        class_weight: Weight of each class in training, or None.
        callbacks: Callbacks of each member.
        seeds: Trainings of each fold.
        seed: Of the call.
        measure: The metric that counts, `loss` among them.
        progress: Told of the training.
        mute: What the checks of the best trial do not tell; None where they do not look.
    """

    build: Callable[[Any], Any]
    x: Any
    y: Any
    sample_weight: Any
    class_weight: dict[int, float] | None
    callbacks: Sequence[Any]
    seeds: int
    seed: int
    measure: str
    progress: ProgressListener
    mute: tuple[str, ...] | None = ()


@dataclass
class Trainer:
    """Trains trials on some of their folds.

    Args:
        recipe: What the trials have in common.

    Attributes:
        num_members: Networks trained.
        num_programs: Programs compiled.
        compile_seconds: Spent on compiling.
        varied: Settings that differed between trials of an architecture.
    """

    recipe: Recipe
    num_members: int = 0
    num_programs: int = 0
    compile_seconds: float = 0.0
    varied: dict[Hashable, set[str]] = field(default_factory=dict, repr=False)
    _seen: dict[Hashable, dict[str, float]] = field(default_factory=dict, repr=False)
    _epochs: dict[Hashable, int] = field(default_factory=dict, repr=False)
    _rooms: dict[Hashable, int] = field(default_factory=dict, repr=False)

    def train(self, trials: Sequence[Asked], folds: Callable[[Asked], Iterable[int]]) -> None:
        """Train trials, and note on each what came out.

        Args:
            trials: Trials of any architectures.
            folds: Positions of the folds to train, for a trial.
        """
        groups: dict[Hashable, list[Asked]] = {}
        for one in trials:
            groups.setdefault((one.variant.key, one.batch_size), []).append(one)
        for group in groups.values():
            self._train_group(group, folds)

    def _train_group(self, group: Sequence[Asked], folds: Callable[[Asked], Iterable[int]]) -> None:
        names = self._varied_in(group)
        members = [
            [self._member(one, fold, seed, names) for fold in folds(one) for seed in range(self.recipe.seeds)]
            for one in group
        ]
        recipe, first = self.recipe, group[0]
        population = train_population(
            model_of(recipe.build, first.trial.params, first.trial.number), recipe.x, recipe.y,
            [member for of_trial in members for member in of_trial],
            epochs=self._most_epochs(group), batch_size=first.batch_size, callbacks=recipe.callbacks,
            class_weight=recipe.class_weight, sample_weight=recipe.sample_weight, seed=recipe.seed,
            room=self._room(group, sum(map(len, members))), progress=recipe.progress,
        )  # fmt: skip
        self.num_members += len(population.members)
        self.num_programs += population.num_programs
        self.compile_seconds += population.compile_seconds
        start = 0
        for one, of_trial in zip(group, members, strict=True):
            numbers = list(range(start, start + len(of_trial)))
            start += len(of_trial)
            self._note(one, population, numbers, list(folds(one)))

    def _note(self, one: Asked, population: PopulationResult, numbers: list[int], folds: list[int]) -> None:
        """Write a part of a trial's results into it."""
        one.parts.append((population, numbers))
        one.seconds += population.run_seconds * len(numbers) / len(population.members)
        line = population.history[f"val_{self.recipe.measure}"]
        scores = line[numbers, population.best_epochs[numbers]].astype(np.float64).reshape(len(folds), -1)
        one.values |= dict(zip(folds, scores.mean(axis=1).tolist(), strict=True))
        diverged = [population.members[number].fold for number in numbers
                    if population.outcomes[number] == "nonfinite_loss"]  # fmt: skip
        if diverged or not np.isfinite(scores).all():
            one.failure = f"the loss was not finite in fold {(diverged or folds)[0]}"

    @staticmethod
    def _member(one: Asked, fold: int, seed: int, names: Iterable[str]) -> Member:
        """Trials share initial weights and order of rows, so that they are compared in pairs."""
        train, validation = one.hunt.folds[fold]
        settings = {name: one.variant.settings[name] for name in names}
        return Member(train, validation, fold=fold, seed=seed, settings=settings, epochs=one.epochs)

    def _most_epochs(self, group: Sequence[Asked]) -> int:
        """The most epochs that a trial of this architecture had so far: a program has room for a number of epochs."""
        key = group[0].variant.key
        self._epochs[key] = max([self._epochs.get(key, 0), *(one.epochs for one in group)])
        return self._epochs[key]

    def _room(self, group: Sequence[Asked], num_members: int) -> int:
        """The most members of this architecture so far: a smaller batch then needs no program of its own."""
        key = group[0].variant.key
        self._rooms[key] = max(self._rooms.get(key, 0), num_members)
        return self._rooms[key]

    def _varied_in(self, group: Sequence[Asked]) -> list[str]:
        """Settings in which trials of this architecture have differed so far, this group included."""
        key = group[0].variant.key
        before = self._seen.setdefault(key, group[0].variant.settings)
        varied = self.varied.setdefault(key, set())
        varied |= {name for one in group for name, value in one.variant.settings.items() if value != before[name]}
        return sorted(varied)


def joined(one: Asked, build: Callable[[Any], Any], params: Mapping[str, Any]) -> PopulationResult:
    """All members of a trial as one population, without the members of others.

    Args:
        one: A trial that was trained on all its folds.
        build: The user's function of a trial.
        params: What was suggested.
    """
    first = one.parts[0][0]
    states = [jax.tree.map(lambda leaf, own=numbers: leaf[own], part.states) for part, numbers in one.parts]

    def lined_up(lines: Iterable[np.ndarray]) -> np.ndarray:
        return np.concatenate([line[numbers] for line, (_, numbers) in zip(lines, one.parts, strict=True)])

    populations = [part for part, _ in one.parts]

    return dataclasses.replace(
        first,
        members=[part.members[number] for part, numbers in one.parts for number in numbers],
        history={name: lined_up(part.history[name] for part in populations) for name in first.history},
        epochs_trained=lined_up(part.epochs_trained for part in populations),
        best_epochs=lined_up(part.best_epochs for part in populations),
        outcomes=[part.outcomes[number] for part, numbers in one.parts for number in numbers],
        states=jax.tree.map(lambda *leaves: np.concatenate(leaves), *states),
        run_seconds=one.seconds,
        network=one.variant.network,
        build=model_of(build, dict(params), one.trial.number),
    )


def report_folds(one: Asked, folds: Iterable[int]) -> bool:
    """Tell Optuna a trial's values on some folds; whether its pruner would drop the trial now."""
    for fold in folds:
        one.trial.report(one.values[fold], step=fold)
    return bool(one.trial.should_prune())


def tell(one: Asked, state: optuna.trial.TrialState) -> None:
    """Tell Optuna how a trial ended, with what the table of trials shows beside it."""
    for name, value in (("epochs_trained", one.mean_epochs), ("seconds", one.seconds), ("failure", one.failure)):
        one.trial.set_user_attr(f"tenfold_{name}", value)
    is_complete = state == optuna.trial.TrialState.COMPLETE
    one.hunt.study.tell(one.trial, one.value if is_complete else None, state=None if is_complete else state)
