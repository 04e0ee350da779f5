"""Steps 4 to 7 and the one look at the end: each a function that trains or scores something and adds it to the facts.

The order is the protocol. Inner folds choose, outer folds score, the sealed rows are looked at once, after all else,
and only if the run deserves its look. Every look is a line in the ledger before its scores are used.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from tenfold.baselines import Baseline, BaselineScores, choose_baselines, fit_baseline, score_baseline
from tenfold.capacity import Climb, choose_ladder, climb_ladder
from tenfold.metrics import Prediction
from tenfold.model_folder import TrainedModel
from tenfold.nested.network import final_network
from tenfold.nested.rows import NestedRows, nest_rows
from tenfold.progress import Note, ProgressListener, StepFinished, StepStarted, Warned
from tenfold.question import Question
from tenfold.report.comparison import best_baseline
from tenfold.report.decisions import FoldRows
from tenfold.report.facts import Facts
from tenfold.report.verdict import may_open_sealed_rows
from tenfold.run_facts.preparation import preparation_facts
from tenfold.run_facts.protocol import protocol_facts
from tenfold.run_facts.scored import baseline_model, differences_of, error_facts, network_model, sealed_result
from tenfold.run_facts.surroundings import work_facts
from tenfold.run_facts.trained import capacity_facts, curve_facts, tuning_facts
from tenfold.run_folder.folder import RunFolder
from tenfold.run_folder.ledger import Look, add_look
from tenfold.scoring import OuterRows, OuterScores, out_of_fold
from tenfold.tune import Tuned, tune_network

__all__ = ["Answer", "SevenSteps"]


@dataclass
class Outcome:
    """What a step says when it is over."""

    text: str = ""


@dataclass(frozen=True)
class Answer:
    """What the steps left behind.

    Args:
        facts: All that was found, without verdict and surroundings.
        model: The final network, ready to predict.
        rows: Positions of the rows that were scored out of fold.
        predictions: Of the network for them.
    """

    facts: Facts
    model: TrainedModel
    rows: np.ndarray = field(repr=False)
    predictions: Prediction = field(repr=False)


class SevenSteps:
    """A question on its way to an answer.

    Args:
        question: Steps 1 to 3.
        folder: Where the ledger is.
        progress: Told of each step and training.
    """

    def __init__(self, question: Question, folder: RunFolder, progress: ProgressListener) -> None:
        self.question, self.folder, self.progress = question, folder, progress
        self.kept = folder.stages

    def take(self, facts: Facts) -> Answer:
        """Take all steps.

        Args:
            facts: What is known of the run, the problem and the measure.

        Returns:
            Facts, final network, predictions out of fold.
        """
        self._tell_steps_1_and_2(facts)
        nested, facts = self._protocol(facts)
        facts = self._preparation(nested, facts)
        baselines, facts = self._baselines(nested, facts)
        climb, facts = self._capacity(nested, facts)
        tuned, facts = self._tuning(nested, climb, facts)
        model = self._final_model(nested, tuned)
        scored, facts = self._score(nested, tuned, baselines, model, facts)
        num_settings = len(climb.evidence) + len(tuned.trials)
        facts = replace(
            self._look(nested, scored, model, facts), work=work_facts(climb.tally + tuned.tally, num_settings)
        )
        return Answer(facts, model, scored.positions, scored.predictions)

    @contextlib.contextmanager
    def _step(self, number: int, name: str, doing: str = "") -> Iterator[Outcome]:
        """Tell that a step begins and how it ended."""
        self.progress(StepStarted(number, name, doing))
        began, outcome = time.perf_counter(), Outcome()
        yield outcome
        self.progress(StepFinished(number, name, outcome.text, time.perf_counter() - began))

    def _note_look(self, part: Literal["inner", "outer", "sealed"], what: str, num_scores: int) -> None:
        rows = self.question.rows
        sha256 = rows.sha256 if part == "sealed" else rows.working_sha256
        add_look(self.folder.ledger, Look(part, what, num_scores, sha256))

    def _tell_steps_1_and_2(self, facts: Facts) -> None:
        with self._step(1, "problem") as outcome:
            outcome.text = facts.problem.decision.rstrip(".")
        with self._step(2, "measure") as outcome:
            outcome.text = facts.measure.decision.rstrip(".")
        for label in self.question.rare_classes:
            text = f"Class `{label}` has fewer rows than there are folds: some folds train or score without it"
            self.progress(Warned("rare_class", text, "collect more rows of it, or merge it with another class"))

    def _protocol(self, facts: Facts) -> tuple[NestedRows, Facts]:
        question = self.question
        with self._step(3, "protocol") as outcome:
            nested = nest_rows(
                question.inputs,
                question.problem,
                question.target,
                question.splitter,
                question.rows.working,
                question.protocol,
                num_seeds=question.budget.num_seeds,
            )
            first = nested.outer[: question.protocol.num_folds]
            folds = [FoldRows(one.fold, len(one.train_rows), len(one.validation_rows)) for one in first]
            num_seeds = max(map(max, nested.seeds)) + 1
            found = protocol_facts(question.protocol, question.rows, folds, num_seeds, question.alike.words)
            outcome.text = found.decision.rstrip(".")
        return nested, replace(facts, protocol=found)

    def _preparation(self, nested: NestedRows, facts: Facts) -> Facts:
        with self._step(4, "preparation") as outcome:
            working = self.question.inputs.iloc[self.question.rows.working]
            found = preparation_facts(working, nested.table.preparations[nested.final])
            outcome.text = found.decision.rstrip(".")
        return replace(facts, preparation=found)

    def _baselines(self, nested: NestedRows, facts: Facts) -> tuple[tuple[BaselineScores, ...], Facts]:
        question, measure = self.question, self.question.measures.primary
        with self._step(5, "baseline", "guess, linear, boosted trees") as outcome:
            rivals = choose_baselines(question.problem, measure, seed=question.seed)
            self._note_look("outer", f"{len(rivals)} baselines on outer folds", len(rivals) * len(nested.outer))
            scores = tuple(self._score_baseline(nested, one) for one in rivals)
            outcome.text = ", ".join(f"{one.baseline.name} {one.mean:.3g}" for one in scores)
        best = max(scores, key=lambda one: measure.gain(one.mean, 0.0))
        decision = f"A network must beat {best.baseline.words}: {measure.short} {best.mean:.3g} on the outer folds."
        return scores, replace(facts, baseline_decision=decision)

    def _score_baseline(self, nested: NestedRows, baseline: Baseline) -> BaselineScores:
        name, about = f"baseline {baseline.name}", [str(baseline.settings), f"{len(nested.outer)} outer folds"]
        arrays = self.kept.read(name, about)
        if arrays is not None:
            return BaselineScores.from_arrays(baseline, arrays)
        self.progress(Note(baseline.words))
        question = self.question
        scores = score_baseline(
            baseline, question.problem, question.measures.primary, nested.table, question.target, nested.outer
        )
        self.kept.write(name, about, scores.to_arrays())
        return scores

    def _capacity(self, nested: NestedRows, facts: Facts) -> tuple[Climb, Facts]:
        ladder = choose_ladder(self.question.budget.ladder, len(self.question.rows.working))
        with self._step(6, "scale up", f"width {', '.join(rung.label for rung in ladder)}") as outcome:
            climb = climb_ladder(nested, ladder, kept=self.kept, progress=self.progress)
            self._note_look("inner", f"{len(ladder)} sizes of network on inner folds", climb.tally.num_members)
            found = capacity_facts(nested, climb)
            outcome.text = f"{found.decision.rstrip('.')}; {found.because[0].lower()}{found.because[1:].rstrip('.')}"
        return climb, replace(facts, capacity=found)

    def _tuning(self, nested: NestedRows, climb: Climb, facts: Facts) -> tuple[Tuned, Facts]:
        question = self.question
        with self._step(7, "tune", f"{question.budget.num_trials} trials of dropout, L2, learning rate") as outcome:
            tuned = tune_network(nested, climb, question.budget.num_trials, kept=self.kept, progress=self.progress)
            self._note_look("inner", f"{len(tuned.trials)} trials on inner folds", tuned.tally.num_members)
            log_loss = next((one for one in question.measures.all if one.key == "log_loss"), None)
            found = tuning_facts(nested, climb, tuned, question.measures.primary, log_loss, question.target)
            outcome.text = found.decision.rstrip(".")
        return tuned, replace(facts, tuning=found, curves=curve_facts(nested, tuned.chosen[nested.final]))

    def _final_model(self, nested: NestedRows, tuned: Tuned) -> TrainedModel:
        final = nested.final
        return TrainedModel(
            final_network(nested, tuned.chosen[final]),
            nested.table.preparations[final],
            nested.table.input_names,
            nested.table.scales[final],
            nested.problem,
        )

    def _score(
        self, nested: NestedRows, tuned: Tuned, baselines: Sequence[BaselineScores], model: TrainedModel, facts: Facts
    ) -> tuple["Scored", Facts]:
        """Score the chosen networks on the outer rows, beside the baselines."""
        question = self.question
        rows = OuterRows(question.protocol, nested.outer, question.measures.primary, question.target, question.splitter)
        self._note_look("outer", "the chosen networks on outer folds", len(nested.outer))
        chosen = [one.predictions or () for one in tuned.chosen[: nested.final]]
        final = tuned.chosen[nested.final]
        scores = rows.score(chosen)
        network = network_model(
            final.candidate.rung.label,
            scores,
            rows,
            seconds=final.seconds,
            num_parameters=model.network.count_params(),
        )
        models = (network, *(baseline_model(one, rows) for one in baselines))
        best = best_baseline(models, rows.measure.better)
        rival = next(one for one in baselines if best is not None and one.baseline.name == best.name)
        positions, predictions = out_of_fold(nested.outer, chosen, len(question.inputs))
        _, rival_predictions = out_of_fold(nested.outer, [(one,) for one in rival.predictions], len(question.inputs))
        errors = error_facts(
            question.problem, question.target, positions, predictions, rival_predictions, question.inputs
        )
        facts = replace(facts, models=models, differences=differences_of(models, rows), errors=errors)
        return Scored(rows, scores, rival.baseline, positions, predictions), facts

    def _look(self, nested: NestedRows, scored: "Scored", model: TrainedModel, facts: Facts) -> Facts:
        """The one look at the sealed rows, if the run deserves it."""
        if not may_open_sealed_rows(facts):
            self.progress(Note("the sealed rows stay closed: the folds leave nothing to confirm"))
            return facts
        self.progress(Note("one look at the sealed rows"))
        self._note_look("sealed", f"the final network and {scored.rival.name}", 2)
        question, measure = self.question, scored.rows.measure
        sealed = question.rows.sealed
        prediction, _ = model.predict(question.inputs.iloc[sealed])
        final, inputs = nested.folds[nested.final], nested.table.block(nested.final, np.arange(nested.table.num_rows))
        fitted = fit_baseline(
            scored.rival, question.problem, measure, inputs, question.target, final.train_rows, final.inner
        )
        truth = question.target[sealed]
        found = sealed_result(
            measure.score(truth, prediction),
            measure.score(truth, fitted.predict(inputs[sealed])),
            len(sealed),
            scored.scores,
            scored.rows,
        )
        return replace(facts, sealed=found)


@dataclass(frozen=True)
class Scored:
    """What the outer folds said.

    Args:
        rows: What was scored together.
        scores: Of the network.
        rival: The best baseline.
        positions: Of the scored rows in the table.
        predictions: Of the network for them, out of fold.
    """

    rows: OuterRows
    scores: OuterScores
    rival: Baseline
    positions: np.ndarray
    predictions: Prediction
