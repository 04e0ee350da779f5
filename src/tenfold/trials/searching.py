"""The batches of a search: ask, train, prune by fold, tell."""

import contextlib
import math
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import optuna

from tenfold.engine.evaluate import evaluate_members
from tenfold.engine.network import Batch
from tenfold.engine.variants import variant_of
from tenfold.errors import IncomparableLossWarning, ModelError
from tenfold.trials.asked import Asked, Hunt, ask, model_of
from tenfold.trials.display import Display
from tenfold.trials.found import OuterScore, Search
from tenfold.trials.studies import seed_sampler
from tenfold.trials.training import Recipe, Trainer, joined, report_folds, tell

__all__ = ["Searching"]

COMPLETE, PRUNED, FAIL = optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED, optuna.trial.TrialState.FAIL

FOLDS_BEFORE_PRUNING = 4
"""The fewest pairs on which a signed-rank test can say p < 0.1: 1/16 if one is worse four times out of four."""


INTERRUPTED = "interrupted"


class Searching:
    """The batches of a call, over one hunt or over one for each outer fold beside it."""

    def __init__(
        self, recipe: Recipe, hunts: Sequence[Hunt], sample: Batch, sizes: Mapping[str, int], display: Display
    ) -> None:
        self.recipe, self.hunts, self.sample, self.sizes, self.display = recipe, hunts, sample, sizes, display
        self.trainer = Trainer(recipe)

    def run(
        self, trials: int, batch: int, timeout: float | None, pruner: optuna.pruners.BasePruner | None, sampler: Any
    ) -> str:
        """Ask, train and tell until there are enough trials; returns what ended it otherwise, or nothing."""
        ends, num_batches = time.monotonic() + (math.inf if timeout is None else timeout), 0
        with contextlib.ExitStack() as stack:
            for hunt in self.hunts:
                stack.enter_context(_in_charge(hunt.study, pruner, sampler))
            while max(left := [trials - _num_told(hunt.study) for hunt in self.hunts]) > 0:
                if num_batches and time.monotonic() >= ends:
                    return "timeout"
                num_batches += 1
                try:
                    self._run_batch([min(batch, count) for count in left], batch, pruner, sampler)
                except KeyboardInterrupt:
                    if any(not _completed(hunt.study) for hunt in self.hunts):
                        raise
                    return "interrupted"
        return ""

    def _run_batch(
        self, counts: Sequence[int], batch: int, pruner: optuna.pruners.BasePruner | None, sampler: Any
    ) -> None:
        self.display.tell()
        asked: list[Asked] = []
        try:
            for hunt, count in zip(self.hunts, counts, strict=True):
                if sampler is None:
                    seed_sampler(hunt.study, seed=self.recipe.seed, batch=batch)
                asked += self._ask(hunt, count)
            self._train(asked, pruner)
            self._tell(asked)
        finally:
            for one in asked:
                _give_up(one)
        self.display.tell()

    def _ask(self, hunt: Hunt, count: int) -> list[Asked]:
        found: list[Asked] = []
        try:
            for _ in range(count):
                one = ask(hunt, self.recipe.build, self.sample, **self.sizes)
                found += [] if one is None else [one]
        except BaseException:
            for one in found:
                _give_up(one)
            raise
        return found

    def _train(self, asked: Sequence[Asked], pruner: optuna.pruners.BasePruner | None) -> None:
        """First some folds, then the others of the trials that are worth it."""
        first = FOLDS_BEFORE_PRUNING if pruner is not None else max((len(one.hunt.folds) for one in asked), default=0)
        self.trainer.train(asked, lambda one: range(len(one.hunt.folds))[:first])
        worth = [one for one in asked if not one.failure and not report_folds(one, one.values)]
        going_on = [one for one in worth if len(one.values) < len(one.hunt.folds)]
        self.trainer.train(going_on, lambda one: range(len(one.hunt.folds))[first:])
        for one in going_on:
            if not one.failure:
                report_folds(one, range(len(one.hunt.folds))[first:])

    def _tell(self, asked: Sequence[Asked]) -> None:
        for one in asked:
            is_whole = len(one.values) == len(one.hunt.folds)
            tell(one, FAIL if one.failure else COMPLETE if is_whole else PRUNED)
        for one in asked:
            if _completed(one.hunt.study) and one.hunt.study.best_trial.number == one.trial.number:
                one.hunt.winner = joined(one, self.recipe.build, one.trial.params)
                one.hunt.winner_number, one.hunt.winner_sizes = one.trial.number, (one.batch_size, one.epochs)
        for one in asked:
            one.parts.clear()

    def finish(self, stopped: str) -> Search:
        """What the call returns."""
        if self.recipe.measure == "loss" and (names := self._penalties()):
            warnings.warn(
                f"Trials were compared by a loss that holds {' and '.join(names)} with a strength of their own. Hint: "
                "compile a metric and name it as `measure`",
                IncomparableLossWarning, stacklevel=3,
            )  # fmt: skip
        for hunt in self.hunts:
            if not _completed(hunt.study):
                raise _nothing_finite(hunt.study)
            if hunt.winner_number != hunt.study.best_trial.number:
                self._train_again(hunt)
        self.display.close()
        hunt = self.hunts[0]
        if hunt.winner is None:
            raise ValueError("a hunt with a complete trial has its members")
        return Search.of(
            hunt.study, hunt.winner, measure=self.recipe.measure,
            sizes=dict(zip(("batch_size", "epochs"), hunt.winner_sizes, strict=True)), seed=self.recipe.seed,
            outer=tuple(self._outer_score(number, one) for number, one in enumerate(self.hunts[1:])), stopped=stopped,
            trained={
                "members": self.trainer.num_members, "programs": self.trainer.num_programs,
                "compile_seconds": round(self.trainer.compile_seconds, 3),
            },
            mute=self.recipe.mute,
        )  # fmt: skip

    def _penalties(self) -> list[str]:
        words = {"l1": "L1", "l2": "L2", "label_smoothing": "label smoothing"}
        ends = {name.rsplit(".", 1)[-1] for names in self.trainer.varied.values() for name in names}
        return [word for end, word in words.items() if end in ends]

    def _train_again(self, hunt: Hunt) -> None:
        """The members of a best trial that was trained before this call, or in another process."""
        best = hunt.study.best_trial
        fixed = optuna.trial.FixedTrial(best.params, best.number)
        variant = variant_of(model_of(self.recipe.build, best.params, best.number), self.sample)
        sizes = [best.user_attrs.get(name, best.params.get(name, given)) for name, given in self.sizes.items()]
        again = Asked(fixed, hunt, variant, *sizes)
        self.trainer.train([again], lambda one: range(len(one.hunt.folds)))
        hunt.winner = joined(again, self.recipe.build, best.params)
        hunt.winner_number, hunt.winner_sizes = best.number, (again.batch_size, again.epochs)

    def _outer_score(self, number: int, hunt: Hunt) -> OuterScore:
        members, rows, best = hunt.winner, hunt.outer_rows, hunt.study.best_trial
        if members is None or rows is None:
            raise ValueError("an outer fold has a winner and rows of its own")
        scores = evaluate_members(members.network, members.states, members.data, rows)[self.recipe.measure]
        return OuterScore(
            fold=number, num_train=len(hunt.folds[0][0]) + len(hunt.folds[0][1]), num_outer=len(rows),
            num_trials=len(hunt.study.get_trials(deepcopy=False)), inner=float(best.value or 0.0),
            outer=float(np.mean(scores)), params=dict(best.params),
        )  # fmt: skip


@contextlib.contextmanager
def _in_charge(study: optuna.Study, pruner: optuna.pruners.BasePruner | None, sampler: Any) -> Iterator[None]:
    """The study with our sampler and pruner while the block runs, then with its own."""
    before = study.sampler, study.pruner
    study.pruner = pruner or optuna.pruners.NopPruner()
    if sampler is not None:
        study.sampler = sampler
    try:
        yield
    finally:
        study.sampler, study.pruner = before


def _num_told(study: optuna.Study) -> int:
    """Trials that count: those that are over, but not those that an interruption ended."""
    ended = [one for one in study.get_trials(deepcopy=False) if one.state.is_finished()]
    return sum(one.user_attrs.get("tenfold_failure") != INTERRUPTED for one in ended)


def _completed(study: optuna.Study) -> bool:
    return bool(study.get_trials(deepcopy=False, states=(COMPLETE,)))


def _give_up(one: Asked) -> None:
    """A trial that was interrupted is told as failed, so that no study waits for it."""
    state = one.hunt.study.get_trials(deepcopy=False)[one.trial.number].state
    if not state.is_finished():
        one.trial.set_user_attr("tenfold_failure", INTERRUPTED)
        one.hunt.study.tell(one.trial, state=FAIL)


def _nothing_finite(study: optuna.Study) -> ModelError:
    trials = study.get_trials(deepcopy=False)
    failures = [one.user_attrs["tenfold_failure"] for one in trials if one.user_attrs.get("tenfold_failure")]
    return ModelError(
        "no_trial_finished", f"None of {len(trials)} trials reached a score",
        expected="at least one trial with a finite loss in every fold",
        received=failures[0] if failures else "trials that were dropped or failed",
        hint="lower the learning rates, or clip the gradients (`clipnorm=1.0`)",
    )  # fmt: skip
