"""Programs trained side by side and scored by the same measure on the same rows.

Programs of one architecture that differ in settings only (a learning rate, a strength of L2) are members of one
population and share its compiled program; every program has the same seeds, rows and orders. Trained as Keras itself
trains: heads are not fused with their losses here, so that a loss that is cut off hurts as it would in `Model.fit`.
"""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from jaxtyping import Float

from tenfold.engine.arrays import first_rows, num_rows, to_arrays
from tenfold.engine.member import Member
from tenfold.engine.network import Batch
from tenfold.engine.population import PopulationResult, train_population
from tenfold.engine.variants import Variant, variant_of
from tenfold.errors import TenfoldError
from tenfold.progress import ProgressListener, silence
from tenfold.repairing.outputs import in_order, targets_again, threshold_of
from tenfold.repairing.program import STOP_SHARE, FitArguments, Program
from tenfold.repairing.task import Target, row_scores

__all__ = ["Scored", "Scorer", "callbacks_of", "train_whole"]

_FORWARD_NUMBERS = (".negative_slope", ".alpha")
"""Endings of settings that change what a trained network answers."""

Pairs = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass
class Scored:
    """A program after its trainings.

    Attributes:
        program: The program.
        rows: For each seed, what each scored row adds to the score; empty where it could not be trained.
        seconds: Time that its trainings took.
        best_epochs: Epochs up to the weights that each seed kept.
        failure: Why it could not be trained, as a sentence; else empty.
        diverged: Seeds whose loss was not finite.
    """

    program: Program
    rows: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0
    best_epochs: list[int] = field(default_factory=list)
    failure: str = ""
    diverged: int = 0

    @property
    def scores(self) -> Float[np.ndarray, " seed"]:
        """Score of each seed, 0 (no better than a constant answer) and more."""
        return np.array([max(0.0, float(rows.mean())) for rows in self.rows])

    @property
    def gained(self) -> list[Float[np.ndarray, " _row"]]:
        """What each row adds to each seed's score; nothing where a seed is worse than a constant answer."""
        return [rows if rows.mean() > 0 else np.zeros_like(rows) for rows in self.rows]


class Scorer:
    """Trains and scores programs.

    Args:
        x: All inputs, as NumPy arrays.
        y: All targets.
        targets: What the untouched program's targets ask for.
        seed: Of the call.
        progress: Told of the training.
    """

    def __init__(
        self, x: Any, y: Any, targets: Sequence[Target], *, seed: int, progress: ProgressListener = silence
    ) -> None:
        self.x, self.y, self.targets = x, y, list(targets)
        self.seed, self.progress = seed, progress
        self.num_programs = self.num_members = 0
        self._seconds_an_epoch = 0.0  # of one member, as last measured

    def score(self, programs: Sequence[Program], pairs: Pairs, deadline: float = float("inf")) -> list[Scored]:
        """Train every program on the training rows of each pair, and score it on the other rows.

        Args:
            programs: Programs, the most promising first.
            pairs: For each seed, rows to train on and rows to score on.
            deadline: Moment (`time.monotonic`) after which no further training begins.

        Returns:
            The programs in their order.
        """
        found = [Scored(one) for one in programs]
        groups: dict[Hashable, list[tuple[Scored, Variant]]] = {}
        for one in found:
            variant = self._variant(one)
            if variant is not None:
                groups.setdefault(_key(one.program, variant), []).append((one, variant))
        for group in groups.values():
            timely = self._in_time(group, len(pairs), deadline)
            _fail([one for one, _ in group[len(timely) :]], "no time was left")
            if timely:
                self._train(timely, pairs)
        return found

    def seconds_for(self, programs: Sequence[Program], num_pairs: int) -> float:
        """What training them takes, by the last measurement; 0 where nothing was measured."""
        return sum(one.fit.epochs for one in programs) * num_pairs * self._seconds_an_epoch

    def _in_time(
        self, group: Sequence[tuple[Scored, Variant]], num_pairs: int, deadline: float
    ) -> Sequence[tuple[Scored, Variant]]:
        """The first of a group, as many as can be expected to be over before the deadline."""
        left = deadline - time.monotonic()
        costs = np.cumsum([one.program.fit.epochs for one, _ in group]) * num_pairs * self._seconds_an_epoch
        return group[: int((costs < left).sum())] if left > 0 else []

    def _variant(self, one: Scored) -> Variant | None:
        try:
            x, y = one.program.rows(self.x, self.y)
            return variant_of(
                one.program.build, first_rows(to_arrays(x, y), one.program.fit.batch_size), fuse=one.program.is_fused
            )
        except (TenfoldError, ValueError, TypeError) as error:
            _fail([one], _sentence(error))
        return None

    def _train(self, group: Sequence[tuple[Scored, Variant]], pairs: Pairs) -> None:
        start, first = time.monotonic(), group[0][0].program
        names = _differing([variant for _, variant in group])
        x, y = first.rows(self.x, self.y)
        members = [
            _member(one.program, {name: variant.settings[name] for name in names}, seed, train, self.seed)
            for one, variant in group
            for seed, (train, _) in enumerate(pairs)
        ]
        try:
            population = _trained(
                first, x, y, members, max(one.program.fit.epochs for one, _ in group), self.seed, self.progress
            )
        except (TenfoldError, ValueError, TypeError) as error:
            _fail([one for one, _ in group], _sentence(error))
            return
        self.num_programs += population.num_programs
        self.num_members += len(members)
        self._seconds_an_epoch = population.run_seconds / max(1, int(population.epochs_trained.sum()))
        answers = population.predict_rows([held for _ in group for _, held in pairs])
        targets = self._targets(first, y)
        for number, (one, _) in enumerate(group):
            mine = range(number * len(pairs), (number + 1) * len(pairs))
            one.rows = [
                _scores(targets, answers[place], y, pairs[seed][1], first.model) for seed, place in enumerate(mine)
            ]
            one.best_epochs = [int(population.best_epochs[place]) + 1 for place in mine]
            one.diverged = sum(population.outcomes[place] == "nonfinite_loss" for place in mine)
            one.seconds = (time.monotonic() - start) / len(group)

    def _targets(self, program: Program, y: Any) -> list[Target]:
        """The targets as the program's own lines leave them."""
        return targets_again(program.model, y, self.targets) if program.steps else self.targets


def _trained(
    program: Program,
    x: Any,
    y: Any,
    members: Sequence[Member],
    epochs: int,
    seed: int,
    progress: ProgressListener,
) -> PopulationResult:
    fit = program.fit
    weights = None if fit.class_weight is None else dict(fit.class_weight)
    return train_population(
        program.build, x, y, members, epochs=epochs, batch_size=fit.batch_size, callbacks=callbacks_of(fit),
        class_weight=weights, shuffle=fit.shuffle, seed=seed, fuse=program.is_fused, progress=progress,
    )  # fmt: skip


def train_whole(program: Program, data: Batch, *, seed: int) -> Any:
    """The program trained on all rows.

    Args:
        program: The program; early stopping, where it has it, holds rows back.
        data: All rows.
        seed: Of initial weights and order.

    Returns:
        A Keras model.
    """
    x, y = program.rows(data.x, data.y)
    member = _member(program, {}, 0, np.arange(num_rows(data)), seed)
    trained = _trained(program, x, y, [member], program.fit.epochs, seed, silence).model(0)
    model = program.finished()
    model.set_weights(trained.get_weights())
    return model


def callbacks_of(fit: FitArguments) -> list[Any]:
    """The callbacks of a program's `fit`."""
    if fit.patience is None:
        return []
    return [keras.callbacks.EarlyStopping(monitor="val_loss", patience=fit.patience, restore_best_weights=True)]


def _member(program: Program, settings: dict[str, float], seed: int, train: np.ndarray, run_seed: int) -> Member:
    fit = program.fit
    share = fit.validation_split or (STOP_SHARE if fit.patience is not None else 0.0)
    if not share or len(train) * share < 1:
        return Member(train, seed=seed, settings=settings, epochs=fit.epochs)
    mixes = fit.mixes_rows or not fit.validation_split
    rows = np.random.default_rng([run_seed, seed]).permutation(train) if mixes else train
    cut = len(rows) - int(len(rows) * share)
    return Member(rows[:cut], rows[cut:], seed=seed, settings=settings, epochs=fit.epochs)


def _scores(targets: Sequence[Target], answers: Any, y: Any, rows: np.ndarray, model: Any) -> np.ndarray:
    """What each row adds to the score, the mean over the outputs."""
    outputs, truths = keras.tree.flatten(answers), in_order(model, y)
    if len(outputs) != len(targets):
        return np.zeros(len(rows))
    found = [
        row_scores(target, answer, np.asarray(truth)[rows], threshold=threshold_of(model, number, target))
        for number, (target, answer, truth) in enumerate(zip(targets, outputs, truths, strict=True))
    ]
    return np.asarray(np.mean(found, axis=0))


def _key(program: Program, variant: Variant) -> Hashable:
    """Equal for programs that can be members of one population."""
    fit = program.fit
    weights = None if fit.class_weight is None else tuple(sorted(fit.class_weight.items()))
    forward = tuple(sorted((n, v) for n, v in variant.settings.items() if n.endswith(_FORWARD_NUMBERS)))
    steps = tuple(step.code for step in program.steps)
    of_fit = (fit.batch_size, fit.shuffle, fit.patience, fit.validation_split, weights)
    return (variant.key, forward, program.is_fused, of_fit, steps)


def _differing(variants: Sequence[Variant]) -> list[str]:
    first = variants[0].settings
    return sorted({name for one in variants for name, value in one.settings.items() if value != first[name]})


def _fail(group: Sequence[Scored], failure: str) -> None:
    for one in group:
        one.failure = failure


def _sentence(error: Exception) -> str:
    return error.what if isinstance(error, TenfoldError) else f"{type(error).__name__}: {error}".splitlines()[0]
