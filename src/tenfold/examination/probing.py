"""The probe trainings: one population over ways and seeds, and small ones for a single batch and another optimizer."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np

from tenfold.checks.facts import Contrast, DataFacts, HistoryFacts, LayerSigns, ModelFacts, ProbeFacts
from tenfold.checks.guess import guess_loss
from tenfold.engine.arrays import first_rows, num_rows
from tenfold.engine.fits import compiled_targets
from tenfold.engine.member import Member
from tenfold.engine.network import Batch, Network
from tenfold.engine.population import PopulationResult, train_population
from tenfold.engine.settings import LEARNING_RATE, find_settings
from tenfold.engine.telemetry import Telemetry
from tenfold.examination.answers import class_of, error_of, guess_error, true_class
from tenfold.examination.copies import copier
from tenfold.examination.plan import ProbePlan, plan_probe, seconds_a_step
from tenfold.examination.ways import START, Blocks, Way, choose_ways, dropout_rates

__all__ = ["Probing", "probe"]

_BATCH = 16
"""Rows of the batch that must be learnt by heart. Source: TheDeepChecker's single-batch test."""

_BATCH_STEPS = 500
"""Steps given to it. TheDeepChecker gives 1,000."""

_ADAPTIVE = ("adam", "adamw", "nadam", "adamax", "lion", "lossscaleoptimizer")
"""Optimizers beside which Adam at its default rate would tell nothing new."""

_HARDLY = 1e-6
"""A rate of dropout that takes nothing away; 0 would be another program."""

_EPSILON = 1e-7
"""Keras' clip of probabilities."""


@dataclass(frozen=True)
class Probing:
    """What the probe found and what it was.

    Attributes:
        facts: The facts.
        history: The ordinary training's logs, as the user's own `fit` would show them.
    """

    facts: ProbeFacts
    history: HistoryFacts


def probe(
    network: Network,
    data: Batch,
    held_out: Batch | None,
    model_facts: ModelFacts,
    data_facts: DataFacts,
    *,
    epochs: int,
    batch_size: int,
    budget_seconds: float,
    seed: int,
) -> Probing:
    """Train the network in several ways and see.

    Args:
        network: The user's model, unfused: trained as Keras would.
        data: Training rows.
        held_out: The user's validation rows, or None.
        model_facts: The model.
        data_facts: The data.
        epochs: Epochs of the user's own `fit`.
        batch_size: Its batch size.
        budget_seconds: Time for the main population, compiling not counted.
        seed: Seed of everything that is drawn.
    """
    ways = choose_ways(network, model_facts, data_facts)
    leaves = keras.tree.flatten(data.x)
    plan = plan_probe(
        num_rows(data),
        None if held_out is None else num_rows(held_out),
        sum(leaf[0].nbytes for leaf in leaves),
        epochs=epochs,
        batch_size=batch_size,
        step_seconds=seconds_a_step(network, first_rows(data, min(batch_size, num_rows(data)))),
        budget_seconds=budget_seconds,
        trainings=len(ways) + 3,
        seed=seed,
    )
    return _Probe(network, data, held_out, model_facts, data_facts, plan, ways, seed).run()


class _Probe:
    """The rows and trainings of one probe."""

    def __init__(
        self, network: Network, data: Batch, held_out: Batch | None, model_facts: ModelFacts, data_facts: DataFacts,
        plan: ProbePlan, ways: list[Way], seed: int,
    ) -> None:  # fmt: skip
        self.network, self.plan, self.ways, self.seed = network, plan, ways, seed
        self.model_facts, self.data_facts = model_facts, data_facts
        source = data if held_out is None else held_out
        self.train, self.held_out = np.arange(len(plan.train_rows)), np.arange(len(plan.held_out_rows))
        self.held_out += len(self.train)
        self.structure = data
        x = [_joined(one, other, plan) for one, other in zip(*map(keras.tree.flatten, (data.x, source.x)), strict=True)]
        y = [_joined(one, other, plan) for one, other in zip(*map(keras.tree.flatten, (data.y, source.y)), strict=True)]
        tokens = [one.kind == "tokens" for one in data_facts.inputs]
        self.blocks = Blocks(x, y, len(self.train), ways, tokens)
        self.build = copier(network.model)

    def run(self) -> Probing:
        """Train, and put together what was seen."""
        members = [self._member(way, seed) for way in self.ways for seed in range(self.plan.seeds)]
        result = self._trained(self.build, members, self.plan.epochs * self.plan.longer, fuse=False, telemetry=True)
        of_members = self._answers(result)
        contrasts = self._contrasts(self.ways, result, of_members)
        as_it_is = self._lines(Way("as it is"))
        contrasts |= self._other_optimizer(contrasts["as it is"])
        answers = [of_members[line] for line in as_it_is]
        shares = [self._clipped_share(own) for own in answers]
        clipped = [share for share in shares if share is not None]
        if any(clipped):
            contrasts |= self._fused()
        before, after, error = self._one_batch()
        start = contrasts.pop(START, None)
        facts = ProbeFacts(
            epochs=self.plan.epochs,
            steps_an_epoch=self.plan.steps_an_epoch,
            covers=self.plan.covers,
            num_rows=len(self.train),
            signs=self._signs(result, as_it_is),
            contrasts=contrasts,
            start_loss=np.full(self.plan.seeds, np.nan) if start is None else start.loss[:, 0],
            guess_loss=self._guess_loss(),
            guess_error=guess_error(self.data_facts.targets),
            batch_loss=np.stack([before, after], axis=1),
            batch_error=error,
            constant_answers=np.array([_is_constant(own) for own in answers]),
            recall=self._recall(answers),
            clipped_share=float(np.mean(clipped)) if clipped else None,
        )
        return Probing(facts, self._history(result, as_it_is))

    def _guess_loss(self) -> float:
        outputs, targets = self.model_facts.outputs, self.data_facts.targets
        known = guess_loss(targets[0], outputs[0]) if len(outputs) == len(targets) == 1 else None
        return float("nan") if known is None else known

    def _member(self, way: Way, seed: int) -> Member:
        rate = find_settings(self.network.model).get(LEARNING_RATE)
        settings = {} if rate is None else {LEARNING_RATE: rate * way.rate}
        if not way.drops:
            settings |= dict.fromkeys(dropout_rates(self.network.model), _HARDLY)
        epochs = 1 if way.name == START else self.plan.epochs * (self.plan.longer if way.is_longer else 1)
        train, held_out = self.blocks.rows(way, self.train), self.blocks.rows(way, self.held_out)
        return Member(train, held_out, seed=seed, settings=settings, epochs=epochs)

    def _trained(
        self, build: Any, members: Sequence[Member], epochs: int, *, fuse: bool, telemetry: bool = False,
        batch_size: int | None = None,
    ) -> PopulationResult:  # fmt: skip
        watched = Telemetry.for_steps(self.plan.steps_an_epoch) if telemetry else None
        x = keras.tree.pack_sequence_as(self.structure.x, self.blocks.x)
        y = keras.tree.pack_sequence_as(self.structure.y, self.blocks.y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return train_population(
                build, x, y, members, epochs=epochs, batch_size=batch_size or self.plan.batch_size, seed=self.seed,
                fuse=fuse, telemetry=watched,
            )  # fmt: skip

    def _lines(self, way: Way) -> list[int]:
        names = [one.name for one in self.ways]
        first = names.index(way.name) * self.plan.seeds
        return list(range(first, first + self.plan.seeds))

    def _answers(self, result: PopulationResult) -> list[list[np.ndarray]]:
        """What each member answers for its training rows and then its held-out rows, output by output."""
        rows = [np.concatenate([member.train_rows, member.validation_rows]) for member in result.members]
        answers = result.predict_rows(rows)
        return [[np.asarray(one, np.float64) for one in keras.tree.flatten(answer)] for answer in answers]

    def _contrasts(
        self, ways: Sequence[Way], result: PopulationResult, answers: Sequence[list[np.ndarray]] | None = None
    ) -> dict[str, Contrast]:
        answers = self._answers(result) if answers is None else answers
        count = len(self.train)
        pairs = list(zip(answers, result.members, strict=True))
        trained = np.array([self._error([leaf[:count] for leaf in own], one.train_rows) for own, one in pairs])
        held_out = np.array([self._error([leaf[count:] for leaf in own], one.validation_rows) for own, one in pairs])
        found = {}
        for number, way in enumerate(ways):
            lines = slice(number * self.plan.seeds, (number + 1) * self.plan.seeds)
            epochs = max(int(result.epochs_trained[lines].max()), 1)
            loss = result.history["loss"][lines, :epochs]
            validation = result.history.get("val_loss", np.full_like(result.history["loss"], np.nan))[lines, :epochs]
            finite = np.array([one != "nonfinite_loss" for one in result.outcomes[lines]])
            found[way.name] = Contrast(
                way.name, np.asarray(loss, float), np.asarray(validation, float),
                np.where(finite, trained[lines], np.nan), np.where(finite, held_out[lines], np.nan), finite,
            )  # fmt: skip
        return found

    def _error(self, answers: Sequence[np.ndarray], rows: np.ndarray) -> float:
        if not len(rows):
            return float("nan")
        outputs, targets = self.model_facts.outputs, self.data_facts.targets
        parts = zip(answers, self._truth_leaves(), targets, outputs, strict=False)
        return float(np.mean([error_of(one, truth[rows], target, output) for one, truth, target, output in parts]))

    def _truth_leaves(self) -> list[np.ndarray]:
        """Targets in the order of the outputs."""
        packed = keras.tree.pack_sequence_as(self.structure.y, self.blocks.y)
        return compiled_targets(self.network.model, packed)

    def _truths(self, output: int, rows: np.ndarray) -> np.ndarray:
        return np.asarray(self._truth_leaves()[output][rows])

    def _signs(self, result: PopulationResult, lines: list[int]) -> tuple[LayerSigns, ...]:
        if not result.signs:
            return ()
        sampled = np.flatnonzero(~np.isnan(result.signs["weights"][lines]).all(axis=(0, 2)))
        start = self._lines(Way(START)) if START in [way.name for way in self.ways] else None
        found = []
        for number, layer in enumerate(result.network.taps.layers):
            series = {}
            for name, values in result.signs.items():
                series[name] = values[lines][:, sampled, number]
                if start is not None:
                    series[name] = np.concatenate([values[start][:, :1, number], series[name]], axis=1)
            found.append(LayerSigns(layer.name, **{name: np.asarray(one, float) for name, one in series.items()}))
        return tuple(found)

    def _other_optimizer(self, as_it_is: Contrast) -> dict[str, Contrast]:
        """The same training with Adam at its default rate, where it could tell something new."""
        kind = self.model_facts.optimizer.kind
        if kind in _ADAPTIVE or self.build is self.network.model or np.nanmedian(as_it_is.error) < _GOOD:
            return {}
        build = copier(self.network.model, optimizer=keras.optimizers.serialize(keras.optimizers.Adam()))
        way = Way("adam")
        members = [replace(self._member(way, seed), settings={}) for seed in range(self.plan.seeds)]
        return self._contrasts([way], self._trained(build, members, self.plan.epochs, fuse=False))

    def _fused(self) -> dict[str, Contrast]:
        """The same training on logits, where some of the rows are cut off."""
        if not Network(self.network.model, self._sample(), fuse=True).heads:
            return {}
        way = Way("fused")
        members = [self._member(way, seed) for seed in range(self.plan.seeds)]
        return self._contrasts([way], self._trained(self.build, members, self.plan.epochs, fuse=True))

    def _sample(self) -> Batch:
        count = min(self.plan.batch_size, len(self.train))
        parts = (self.blocks.x, self.structure.x), (self.blocks.y, self.structure.y)
        x, y = (keras.tree.pack_sequence_as(shape, [leaf[:count] for leaf in leaves]) for leaves, shape in parts)
        return Batch(x, y, None)

    def _one_batch(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Loss before and after training on one small batch alone, and its error after."""
        rows = self.train[np.random.default_rng(self.seed).permutation(len(self.train))[:_BATCH]]
        first = self._member(Way("as it is"), 0)
        members = [
            Member(self.blocks.rows(Way("as it is"), rows), seed=seed, settings=first.settings)
            for seed in range(self.plan.seeds)
        ]
        result = self._trained(self.build, members, _BATCH_STEPS, fuse=False, batch_size=len(rows))
        loss = np.asarray(result.history["loss"], float)
        last = np.array([loss[i, int(count) - 1] for i, count in enumerate(result.epochs_trained)])
        errors = [self._error(own, one.train_rows) for own, one in zip(self._answers(result), members, strict=True)]
        return loss[:, 0], last, np.array(errors)

    def _history(self, result: PopulationResult, lines: list[int]) -> HistoryFacts:
        logs = {name: np.asarray(line[lines][:, : self.plan.epochs], float) for name, line in result.history.items()}
        outcomes = tuple(result.outcomes[line] for line in lines)
        return HistoryFacts(logs, self.plan.epochs, outcomes, keeps_best=False)

    def _recall(self, answers: list[list[np.ndarray]]) -> tuple[float, ...]:
        """Recall of each class on held-out rows, mean over seeds."""
        target, output = self.data_facts.targets[0], self.model_facts.outputs[0]
        if not target.is_classes or len(self.model_facts.outputs) > 1 or not len(self.held_out):
            return ()
        truth = true_class(self._truths(0, self.blocks.rows(Way("as it is"), self.held_out)), target)
        lines = []
        for own in answers:
            guessed = class_of(own[0][len(self.train) :], target, output)
            lines.append([np.mean(guessed[truth == one] == one) if (truth == one).any() else np.nan
                          for one in range(len(target.counts))])  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a class without held-out rows has no recall
            return tuple(float(one) for one in np.nanmean(lines, axis=0))

    def _clipped_share(self, answers: list[np.ndarray]) -> float | None:
        """Fraction of the training rows that Keras' clip keeps from teaching although they are answered wrongly."""
        output = self.model_facts.outputs[0]
        if len(self.model_facts.outputs) > 1 or output.from_logits:
            return None
        count = len(self.train)
        answer, truth = answers[0][:count], self._truths(0, self.blocks.rows(Way("as it is"), self.train))
        if not np.isfinite(answer).all():
            return None
        if output.loss == "binary_crossentropy" and answer.size == truth.size:
            truth = truth.reshape(answer.shape)
            wrong = ((answer <= _EPSILON) & (truth > 0.5)) | ((answer >= 1 - _EPSILON) & (truth < 0.5))  # noqa: PLR2004
            return float(np.mean(wrong))
        if output.loss in ("sparse_categorical_crossentropy", "categorical_crossentropy") and answer.ndim == 2:  # noqa: PLR2004
            own = answer[np.arange(count), true_class(truth, self.data_facts.targets[0]).clip(0, answer.shape[1] - 1)]
            return float(np.mean(own <= _EPSILON))
        return None


_GOOD = 0.02
"""Error on training rows below which another optimizer has nothing to show."""


def _joined(train: Any, held_out: Any, plan: ProbePlan) -> np.ndarray:
    return np.concatenate([np.asarray(train)[plan.train_rows], np.asarray(held_out)[plan.held_out_rows]])


def _is_constant(answers: list[np.ndarray]) -> bool:
    """Whether every row gets (nearly) the same answer."""
    return all(bool(np.ptp(one, axis=0).max() <= 1e-4 * max(1.0, float(np.abs(one).max()))) for one in answers
               if np.isfinite(one).all())  # fmt: skip
