"""After the seven steps: the last choices, the score on the outer folds, what the network was asked, and the one look.

The order is the protocol. Inner folds have chosen; now outer folds score, and the sealed rows are looked at once, after
all else, and only if the run deserves its look. Every look is a line in the ledger before its scores are used.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from tenfold.answering.leak import leak_facts
from tenfold.answering.network_checks import final_network_findings
from tenfold.answering.path import ScoredPath, take_path
from tenfold.answering.seven_steps import Taken
from tenfold.answering.workbench import Workbench
from tenfold.baselines.fitting import FittedBaseline, fit_baseline, rival_inputs
from tenfold.baselines.rivals import Baseline
from tenfold.evaluation.final_choice import FinalChoice, choose_finally
from tenfold.evaluation.importance import column_losses
from tenfold.evaluation.scoring import OuterRows, OuterScores, out_of_fold
from tenfold.measures.measure import Prediction
from tenfold.model_folder.network import TrainedModel
from tenfold.nested.network import final_network
from tenfold.nested.origins import starts_from_past
from tenfold.nested.results import Tally
from tenfold.prepare.suspects.suspect import leaking
from tenfold.progress import Note
from tenfold.report.comparison import best_baseline
from tenfold.report.facts import Facts
from tenfold.report.photos import PhotoSheet
from tenfold.report.verdict import may_open_sealed_rows
from tenfold.run_facts.checks import check_findings, in_order
from tenfold.run_facts.forecasting import forecast_facts, share_within
from tenfold.run_facts.opened import opened_network
from tenfold.run_facts.photos import photo_sheet
from tenfold.run_facts.probing import calibration_facts, importance_facts
from tenfold.run_facts.scored import baseline_model, differences_of, error_facts, network_model, sealed_result
from tenfold.run_facts.surroundings import work_facts
from tenfold.run_facts.trained import delivered_words

__all__ = ["Answer", "Evaluation"]


@dataclass(frozen=True)
class Answer:
    """What a run leaves behind.

    Args:
        facts: All that was found, without verdict and surroundings.
        model: The final network, ready to predict.
        baseline: The best baseline, fitted on all working rows.
        rows: Positions of the rows that were scored out of fold.
        predictions: Of the network for them.
        path: All steps to the horizon, where something is forecast.
    """

    facts: Facts
    model: TrainedModel
    baseline: FittedBaseline
    rows: np.ndarray = field(repr=False)
    predictions: Prediction = field(repr=False)
    path: ScoredPath | None = None


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


class Evaluation:
    """From what the steps left to the answer.

    Args:
        bench: Question, folder, listener.
        taken: What the steps left behind.
    """

    def __init__(self, bench: Workbench, taken: Taken) -> None:
        self.bench, self.taken = bench, taken
        self.question, self.nested = bench.question, taken.nested

    def finish(self, facts: Facts) -> Answer:
        """Make the last choices, score, look.

        Args:
            facts: Of the steps.

        Returns:
            Facts, final network, predictions out of fold.
        """
        choice = self._choose_finally()
        model = self._model(choice)
        scored, facts = self._score(choice, model, facts)
        path, facts = self._take_path(scored, facts)
        facts = self._probe(choice, scored, facts)
        facts = self._suspect(scored, facts)
        facts = self._check(facts)
        baseline = self._fit_rival(scored)
        facts = self._look(scored, model, baseline, path, facts)
        tally = self.taken.climb.tally + self.taken.tuned.tally + choice.tally + (path.tally if path else Tally())
        num_settings = len(self.taken.climb.evidence) + len(self.taken.tuned.trials)
        if facts.tuning is not None:
            way = delivered_words(choice.is_retrained, choice.gain, starts_from_past=starts_from_past(self.nested))
            facts = replace(facts, tuning=replace(facts.tuning, because=f"{facts.tuning.because} {way}"))
        facts = replace(facts, work=work_facts(tally, num_settings))
        return Answer(facts, model, baseline, scored.positions, scored.predictions, path)

    def _choose_finally(self) -> FinalChoice:
        self.bench.progress(Note("one network on all rows, or the mean of the inner folds'"))
        return choose_finally(
            self.nested,
            self.question.measures.primary,
            self.question.target,
            self.taken.tuned.chosen,
            in_time=bool(self.question.options.time),
            kept=self.bench.kept,
            progress=self.bench.progress,
        )

    def _model(self, choice: FinalChoice) -> TrainedModel:
        nested, final = self.nested, self.nested.final
        return TrainedModel(
            final_network(nested, choice.results[final]),
            nested.table.preparations[final],
            nested.table.input_names,
            nested.table.scales[final],
            nested.problem,
            nested.table.rank_names,
            nested.table.code_names,
            nested.table.text_sizes.num_terms,
            choice.corrections[final],
        )

    def _score(self, choice: FinalChoice, model: TrainedModel, facts: Facts) -> tuple[Scored, Facts]:
        """Score the chosen networks on the outer rows, beside the baselines."""
        question, nested = self.question, self.nested
        rows = OuterRows(
            question.protocol, nested.outer, question.measures.primary, question.target, question.splitter,
            question.order if question.series is not None else None,
        )  # fmt: skip
        self.bench.note_look("outer", "the chosen networks on outer folds", len(nested.outer))
        final, scores = choice.results[nested.final], rows.score(choice.predictions)
        network = network_model(
            final.candidate.rung.label,
            scores,
            rows,
            seconds=final.seconds,
            num_parameters=model.network.count_params(),
        )
        models = (network, *(baseline_model(one, rows) for one in self.taken.baselines))
        best = best_baseline(models, rows.measure.better)
        rival = next(one for one in self.taken.baselines if best is not None and one.baseline.name == best.name)
        positions, predictions = out_of_fold(nested.outer, choice.predictions, len(question.inputs))
        _, rival_predictions = out_of_fold(nested.outer, [(one,) for one in rival.predictions], len(question.inputs))
        errors = error_facts(
            question.problem, question.target, positions, predictions, rival_predictions, question.shown
        )
        facts = replace(facts, models=models, differences=differences_of(models, rows), errors=errors)
        facts = replace(facts, photos=self._photos(positions, predictions))
        if question.series is not None and question.order is not None:
            found = forecast_facts(
                question.series, question.inputs, question.order.times, question.target, positions, predictions,
                rival_predictions, rival.baseline, question.notes,
            )  # fmt: skip
            facts = replace(facts, forecast=found)
        return Scored(rows, scores, rival.baseline, positions, predictions), facts

    def _photos(self, positions: np.ndarray, predictions: Prediction) -> PhotoSheet | None:
        """Photos to look at, and the network that is behind the answer, opened."""
        sheet = photo_sheet(self.question, positions, predictions)
        if sheet is None:
            return None
        self.bench.progress(Note("what the network looks at"))
        chosen = self.taken.tuned.chosen[self.nested.final]
        return replace(sheet, opened=opened_network(self.question, self.nested, chosen))

    def _take_path(self, scored: Scored, facts: Facts) -> tuple[ScoredPath | None, Facts]:
        """Forecast all steps to the horizon, with ranges."""
        question = self.question
        path = take_path(self.bench, self.taken)
        if path is None or question.series is None or question.order is None or facts.forecast is None:
            return None, facts
        path = path.with_last(scored.positions, scored.predictions)
        return path, replace(facts, forecast=path.add_to(facts.forecast, question.series, question.order.times))

    def _probe(self, choice: FinalChoice, scored: Scored, facts: Facts) -> Facts:
        """Ask the network whether its probabilities are true, and which columns it uses."""
        question, nested = self.question, self.nested
        _, before = out_of_fold(nested.outer, choice.uncorrected, len(question.inputs))
        truth = question.target[scored.positions]
        calibration = calibration_facts(
            question.problem, truth, before, scored.predictions, choice.corrections[nested.final].words
        )
        chosen = self.taken.tuned.chosen[nested.final]
        if len(nested.table.preparations[nested.final].columns) == 1 and nested.shape.photo:
            return replace(facts, calibration=calibration)  # photos alone: nothing to compare them with
        self.bench.progress(Note("which columns the network uses"))
        losses = column_losses(nested, chosen, question.measures.primary, question.target, seed=question.seed)
        importance = importance_facts(losses, question.measures.primary, chosen.losses.size)
        return replace(facts, calibration=calibration, importance=importance)

    def _suspect(self, scored: Scored, facts: Facts) -> Facts:
        """Where columns may give the answer away, score without them."""
        found = leaking(self.taken.suspects, self.question.options.allow)
        if not found or len(found) == self.question.inputs.shape[1]:
            return facts
        self.bench.progress(Note(f"once more without {', '.join(one.column for one in found)}"))
        leak = leak_facts(self.bench, self.taken, found, scored.rival, scored.rows, scored.scores)
        return replace(facts, leak=leak)

    def _check(self, facts: Facts) -> Facts:
        """What the checks say of the final network."""
        chosen = self.taken.tuned.chosen[self.nested.final]
        found = check_findings(final_network_findings(self.nested, chosen, self.question.options.mute))
        return replace(facts, findings=in_order((*facts.findings, *found)))

    def _fit_rival(self, scored: Scored) -> FittedBaseline:
        """The best baseline on all working rows, as the network is."""
        question, nested = self.question, self.nested
        final, inputs = nested.folds[nested.final], rival_inputs(nested.table, nested.final, scored.rival.sees)
        return fit_baseline(
            scored.rival, question.problem, scored.rows.measure, inputs, question.target, final.train_rows, final.inner
        )

    def _look(
        self, scored: Scored, model: TrainedModel, baseline: FittedBaseline, path: ScoredPath | None, facts: Facts
    ) -> Facts:
        """The one look at the sealed rows, if the run deserves it."""
        if not may_open_sealed_rows(facts):
            self.bench.progress(Note("the sealed rows stay closed: the folds leave nothing to confirm"))
            return facts
        self.bench.progress(Note("one look at the sealed rows"))
        self.bench.note_look("sealed", f"the final network and {scored.rival.name}", 2)
        question, nested, measure = self.question, self.nested, scored.rows.measure
        sealed = question.rows.sealed
        prediction, _ = model.predict(question.inputs.iloc[sealed])
        truth = question.target[sealed]
        found = sealed_result(
            measure.score(truth, prediction),
            measure.score(truth, baseline.predict(rival_inputs(nested.table, nested.final, scored.rival.sees)[sealed])),
            len(sealed),
            scored.scores,
            scored.rows,
        )
        if facts.forecast is not None:
            share = share_within(facts.forecast.network_range, truth, prediction)
            if path is not None:
                share = path.share_within(question.inputs, question.origins, sealed, truth, prediction)
            facts = replace(facts, forecast=replace(facts.forecast, sealed_share=share))
        return replace(facts, sealed=found)
