"""Step 7: hold back what overfits.

Trials of dropout, weight decay and learning rate on one or several architectures; a wide search also tries penalties on
weights (L1, L2) and label smoothing. What needs a program of its own (width, depth, activation, batch size, embeddings
of numbers, heads) is a property of the architectures. The first batch is drawn evenly over the ranges and is the same
in every fold; in later batches Optuna proposes to each fold, from what that fold's own inner rows have said so far, so
that no fold learns from rows that score it. The trials of a batch with one architecture are one population over all
folds. Trials share initial weights and orders of rows, so that their inner losses are compared in pairs. Each outer
fold then chooses among all it has seen, by its own inner folds, free networks included.

What is asked next follows from the seed and the results so far. So a run that was killed reads its finished batches and
asks the same next one.

Trials are not dropped halfway. A signed-rank test over inner folds is below 0.1 from four pairs on (1 / 16), so of five
inner folds only the last could be saved, a fifth of a dropped trial; and each population would have to run twice.
"""

import math
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import optuna
from jaxtyping import Float
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from scipy.stats import qmc

from tenfold.capacity import Climb
from tenfold.nested.results import Candidate, FoldResult, Tally, best_of_each_fold, with_numbers_of_others
from tenfold.nested.retraining import compile_retraining
from tenfold.nested.rows import NestedRows
from tenfold.nested.training import compile_pairs, train_pairs
from tenfold.networks.ladder import Rung
from tenfold.networks.recipes import Regularisation, default_regularisation, usual_ranges, wide_ranges
from tenfold.progress import Note, ProgressListener, silence
from tenfold.report.words import setting_words
from tenfold.run_folder.stages import NOWHERE, Stages
from tenfold.trials.studies import quiet_optuna, seed_sampler

__all__ = ["Tuned", "TuningPlan", "compile_trials", "draw_trials", "tune_network"]

SMALLEST_BATCH = 4
"""Trials of a batch about, or a third of all trials: two batches learn from what came before (arbitrary)."""

CODE_RANGES = {"code_bias_l2": (2e-6, 5e-5), "code_vector_l2": (1e-4, 3e-3)}
"""Penalties of a recommender's levels: a factor of five to both sides of their defaults."""

ARCHITECTURE = "architecture"

ENOUGH_TO_RANK = 8
"""Trials below which nothing is said about which setting mattered (arbitrary; below, any order is luck)."""


@dataclass(frozen=True)
class TuningPlan:
    """How much is tried, and on what.

    Args:
        num_trials: Trials of each fold, at least one.
        rungs: Architectures to choose among, at least one.
        minutes: Time after which no further batch begins, in place of `num_trials`; 0 for none. The number of trials
            then depends on the machine.
        is_wide: Whether trials are of penalties and label smoothing too.
    """

    num_trials: int
    rungs: tuple[Rung, ...]
    minutes: float = 0.0
    is_wide: bool = False

    @property
    def batch(self) -> int:
        """Trials that a fold is asked for at a time; each architecture is tried in the first batch.

        Batches are about equally large, so that one program serves all.

        >>> TuningPlan(6, (Rung((8,)),)).batch, TuningPlan(32, (Rung((8,)),)).batch
        (3, 11)
        """
        most = max(SMALLEST_BATCH, len(self.rungs), math.ceil(self.num_trials / 3))
        return most if self.minutes else math.ceil(self.num_trials / math.ceil(self.num_trials / most))

    def ranges(self, rung: Rung, nested: NestedRows) -> dict[str, tuple[float, float]]:
        """What is tried on an architecture: name of the setting to its least and its largest value."""
        wide = wide_ranges(rung, nested.problem) if self.is_wide else {}
        return {**usual_ranges(rung), **wide, **(CODE_RANGES if nested.shape.code_sizes else {})}

    def words(self, nested: NestedRows) -> str:
        """What is tried, as a list in words."""
        names = dict.fromkeys(name for rung in self.rungs for name in self.ranges(rung, nested))
        settings = ", ".join(map(setting_words, names))
        return f"{settings} on {len(self.rungs)} architectures" if len(self.rungs) > 1 else settings


@dataclass(frozen=True)
class Tuned:
    """What was tried, and what each fold chose.

    Args:
        trials: The trials of the fold of all working rows, in the order tried; trial number `i` is `trials[i - 1]`,
            number 0 is free. Other folds were asked other trials after the first batch.
        results: Of every trial and fold; only those that were chosen have their answers, so that memory stays flat.
        chosen: The result that each fold chose by its inner loss, by position of the fold.
        tally: What it took.
        mattered: Share of what tells good trials from others, by setting, on all working rows; empty for few trials.
        is_timed: Whether time ended it, so that the number of trials depends on the machine.
    """

    trials: tuple[Regularisation, ...]
    results: tuple[FoldResult, ...]
    chosen: tuple[FoldResult, ...]
    tally: Tally
    mattered: Mapping[str, float] = field(default_factory=dict)
    is_timed: bool = False


def tune_network(
    nested: NestedRows,
    climb: Climb,
    tuning: int | TuningPlan,
    *,
    kept: Stages = NOWHERE,
    progress: ProgressListener = silence,
) -> Tuned:
    """Try trials in batches, and let each fold choose.

    Args:
        nested: Folds and rows.
        climb: The ladder's results.
        tuning: How much to try and on what; a number of trials for the ladder's largest rung.
        kept: Finished stages of the run.
        progress: Told of each batch, then of its training.

    Returns:
        Trials, results, choices.
    """
    if isinstance(tuning, int):
        tuning = TuningPlan(tuning, (climb.top,))
    ends = time.monotonic() + 60.0 * tuning.minutes
    results, best = list[FoldResult](), best_of_each_fold(climb.results)
    tally, batch, tried = Tally(), 0, 0
    with quiet_optuna():
        asking = _Asking(nested, tuning)
        while tried < tuning.num_trials or tuning.minutes:
            if tuning.minutes and batch and time.monotonic() >= ends:
                break
            count = tuning.batch if tuning.minutes else min(tuning.batch, tuning.num_trials - tried)
            batch, tried = batch + 1, tried + count
            progress(Note(f"trials {tried - count + 1} to {tried} of each fold"))
            pairs = asking.pairs(count, tried - count)
            found, spent = _train_batch(nested, pairs, batch, kept, progress, room=_room(nested, tuning))
            asking.tell(found)
            tally, best = tally + spent, best_of_each_fold([*best.values(), *found])
            results = with_numbers_of_others([*results, *found], best)
        mattered = asking.mattered()
    trials = tuple(one.candidate.regularisation for one in results if one.fold == nested.final)
    chosen = tuple(best[fold] for fold in range(len(nested.folds)))
    return Tuned(trials, tuple(results), chosen, tally, mattered, is_timed=tuning.minutes > 0)


def compile_trials(nested: NestedRows, tuning: TuningPlan, *, kept: Stages = NOWHERE) -> None:
    """Begin to compile the first batch in the background, and the retraining of the first architecture.

    Args:
        nested: Folds and rows.
        tuning: What will be tried.
        kept: Finished stages of the run.
    """
    with quiet_optuna():
        pairs = _Asking(nested, tuning).pairs(tuning.batch, 0)
    for rung, group in _alike(pairs).items():
        compile_pairs(nested, group, name=_stage_name(1, rung), room=_room(nested, tuning), kept=kept)
    compile_retraining(nested, pairs[0][0])


def draw_trials(num_trials: int, tuning: TuningPlan, *, nested: NestedRows) -> tuple[tuple[Rung, Regularisation], ...]:
    """Trials spread evenly over the ranges of their architectures.

    Args:
        num_trials: How many.
        tuning: Its architectures are dealt in turn.
        nested: Its seed decides; its shape says whether there are codes, its problem how fast RealMLP learns.

    Returns:
        For each architecture a Latin hypercube (of `n` trials one lies in each `n`-th part of each range), of which an
        architecture with settings of its own has these first.
    """
    drawn, rungs = [], tuning.rungs
    for place, rung in enumerate(rungs):
        count, ranges = len(range(place, num_trials, len(rungs))), tuning.ranges(rung, nested)
        rng = np.random.default_rng([nested.seed, place])
        points = qmc.LatinHypercube(d=len(ranges), rng=rng).random(max(1, count))[:count]
        held = [_between(ranges, point) for point in points]
        own = default_regularisation(rung, nested.problem)
        if own != Regularisation() and held:
            held[0] = replace(own, **{name: 0.0 for name in ranges if getattr(own, name) is None})
        drawn.append([(rung, one) for one in held])
    return tuple(drawn[number % len(rungs)][number // len(rungs)] for number in range(num_trials))


class _Asking:
    """What each fold is asked to try next, from a study of its own that is told what came of it."""

    def __init__(self, nested: NestedRows, tuning: TuningPlan) -> None:
        self.nested, self.tuning, self.rungs = nested, tuning, tuning.rungs
        self.labels = [rung.label for rung in tuning.rungs]
        self.studies = [optuna.create_study() for _ in nested.folds]

    def pairs(self, count: int, tried: int) -> list[tuple[Candidate, int]]:
        """Candidates and folds of the next batch, trial by trial.

        Args:
            count: Trials of the batch.
            tried: Trials of each fold before it, all of them told.
        """
        folds = range(len(self.nested.folds))
        if not tried:
            same = draw_trials(count, self.tuning, nested=self.nested)
            by_fold = dict.fromkeys(folds, same)
        else:
            by_fold = {fold: self._proposed(fold, count) for fold in folds}
        return [
            (Candidate(*by_fold[fold][number], tried + number + 1), fold) for number in range(count) for fold in folds
        ]

    def tell(self, results: Sequence[FoldResult]) -> None:
        """What came of a batch, in the order of its trials: what was asked of a study, or drawn for it."""
        for one in results:
            study, number = self.studies[one.fold], one.candidate.trial - 1
            told = self._told(one)
            if number < len(study.get_trials(deepcopy=False)):
                study.tell(number, told.value, state=told.state)
            else:
                study.add_trial(told)

    def mattered(self) -> dict[str, float]:
        """Shares of the settings in what tells good trials from others, on all working rows."""
        study = self.studies[self.nested.final]
        complete = [one.value for one in study.trials if one.state == optuna.trial.TrialState.COMPLETE]
        if len(complete) < ENOUGH_TO_RANK or len(set(complete)) == 1:
            return {}
        shares = dict[str, float]()
        with warnings.catch_warnings():
            # Of many architectures each has a trial or two: their own settings then count for little, as they should.
            warnings.filterwarnings("ignore", message="Some regimes for parameter", category=UserWarning)
            importances = optuna.importance.get_param_importances(study)
        for name, share in importances.items():
            setting = name.rsplit(" ", 1)[-1]
            shares[setting] = shares.get(setting, 0.0) + share
        return shares

    def _proposed(self, fold: int, count: int) -> tuple[tuple[Rung, Regularisation], ...]:
        study = self.studies[fold]
        seed_sampler(study, seed=self.nested.seed, batch=self.tuning.batch)
        return tuple(self._read(study.ask()) for _ in range(count))

    def _read(self, trial: optuna.Trial) -> tuple[Rung, Regularisation]:
        label = trial.suggest_categorical(ARCHITECTURE, self.labels) if len(self.rungs) > 1 else self.labels[0]
        rung = self.rungs[self.labels.index(label)]
        values = {
            name: trial.suggest_float(self._name(rung, name), *own, log=own[0] > 0)
            for name, own in self.tuning.ranges(rung, self.nested).items()
        }
        return rung, Regularisation(**values)

    def _told(self, result: FoldResult) -> optuna.trial.FrozenTrial:
        rung, params, kinds = result.candidate.rung, dict[str, object](), dict[str, BaseDistribution]()
        if len(self.rungs) > 1:
            params[ARCHITECTURE], kinds[ARCHITECTURE] = rung.label, CategoricalDistribution(self.labels)
        for name, (low, high) in self.tuning.ranges(rung, self.nested).items():
            own = self._name(rung, name)
            params[own] = float(np.clip(getattr(result.candidate.regularisation, name), low, high))
            kinds[own] = FloatDistribution(low, high, log=low > 0)
        is_finite = math.isfinite(result.loss)
        states = optuna.trial.TrialState
        return optuna.trial.create_trial(
            state=states.COMPLETE if is_finite else states.FAIL, value=result.loss if is_finite else None,
            params=params, distributions=kinds,
        )  # fmt: skip

    def _name(self, rung: Rung, name: str) -> str:
        """A setting's name in the study: ranges differ between kinds."""
        return name if len({_kind(one) for one in self.rungs}) == 1 else f"{_kind(rung)} {name}"


def _train_batch(
    nested: NestedRows,
    pairs: Sequence[tuple[Candidate, int]],
    batch: int,
    kept: Stages,
    progress: ProgressListener,
    room: int,
) -> tuple[list[FoldResult], Tally]:
    """Train a batch, one population an architecture; results trial by trial."""
    results, tally = dict[tuple[int, int], FoldResult](), Tally()
    for rung, group in _alike(pairs).items():
        name = _stage_name(batch, rung)
        found, spent = train_pairs(nested, group, name=name, room=room, only_best=True, kept=kept, progress=progress)
        results |= {(one.candidate.trial, one.fold): one for one in found}
        tally += spent
    return [results[candidate.trial, fold] for candidate, fold in pairs], tally


def _kind(rung: Rung) -> str:
    """What architectures with the same ranges have in common, in a word."""
    if rung.base:
        return "frozen"
    if rung.filters:
        return "convolutional"
    if rung.starts_linear:
        return "started"
    return "additive" if rung.is_additive else rung.recipe


def _alike(pairs: Sequence[tuple[Candidate, int]]) -> dict[Rung, list[tuple[Candidate, int]]]:
    """The pairs of each architecture."""
    alike: dict[Rung, list[tuple[Candidate, int]]] = {}
    for pair in pairs:
        alike.setdefault(pair[0].rung, []).append(pair)
    return alike


def _room(nested: NestedRows, tuning: TuningPlan) -> int:
    """Members of a batch where every fold tries one architecture only: then one program serves all batches."""
    each = sum(len(fold.inner) * len(seeds) for fold, seeds in zip(nested.folds, nested.seeds, strict=True))
    return tuning.batch * each


def _stage_name(batch: int, rung: Rung) -> str:
    return f"trials {batch} of {rung.label}"


def _between(ranges: Mapping[str, tuple[float, float]], shares: Float[np.ndarray, " setting"]) -> Regularisation:
    """The settings at shares of the way through their ranges, on a logarithmic scale where a range is above zero."""
    return Regularisation(
        **{
            name: float(low * (high / low) ** share if low > 0 else low + (high - low) * share)
            for (name, (low, high)), share in zip(ranges.items(), shares, strict=True)
        }
    )
