"""The seven steps: each a function that trains or scores something and adds it to the facts.

Inner folds choose; what the outer folds say of the choice comes after the steps (`answering.after_steps`). Every look
is a line in the ledger before its scores are used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tenfold.answering.workbench import Workbench
from tenfold.baselines.fitting import BaselineScores, score_baseline
from tenfold.baselines.forecasts import with_forecasts
from tenfold.baselines.pictures import choose_photo_baselines
from tenfold.baselines.rivals import Baseline, choose_baselines
from tenfold.capacity import Climb, choose_ladder, climb_ladder, compile_ladder
from tenfold.measures.choice import inner_measure
from tenfold.measures.measure import Measure
from tenfold.nested.fine_tuning import fine_tune
from tenfold.nested.frozen_base import with_frozen_base
from tenfold.nested.linear_start import can_start_linear, with_linear_start
from tenfold.nested.origins import levels_of
from tenfold.nested.rows import NestedRows
from tenfold.networks.ladder import Rung, choose_contenders
from tenfold.prepare.suspects.finding import find_suspects
from tenfold.prepare.suspects.suspect import Suspect, leaking
from tenfold.progress import Note, Warned
from tenfold.report.facts import Facts
from tenfold.run_facts.preparation import preparation_facts, with_base_told
from tenfold.run_facts.protocol import protocol_facts
from tenfold.run_facts.repeated_texts import repeated_texts
from tenfold.run_facts.suspects import suspect_findings
from tenfold.run_facts.trained import capacity_facts, curve_facts, tuning_facts
from tenfold.tune import Tuned, TuningPlan, compile_trials, tune_network

__all__ = ["SevenSteps", "Taken"]


NUM_NAMED = 4
"""Rare classes that are named."""


@dataclass(frozen=True)
class Taken:
    """What the steps left behind.

    Args:
        nested: Folds and prepared rows.
        suspects: What is strange about the columns, the worst first.
        baselines: On the outer folds.
        climb: The ladder's results.
        tuned: Trials, and what each fold chose.
    """

    nested: NestedRows
    suspects: tuple[Suspect, ...]
    baselines: tuple[BaselineScores, ...]
    climb: Climb
    tuned: Tuned


class SevenSteps:
    """Steps 1 to 7 of a run.

    Args:
        bench: Question, folder, listener.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.question, self.progress, self.kept = bench, bench.question, bench.progress, bench.kept

    def take(self, facts: Facts) -> tuple[Taken, Facts]:
        """Take all steps.

        Args:
            facts: What is known of the run, the problem and the measure.

        Returns:
            What was trained and chosen, and the facts of every step.
        """
        self._tell_steps_1_and_2(facts)
        nested, facts = self._protocol(facts)
        suspects, facts = self._preparation(nested, facts)
        self._compile_ahead(nested)
        baselines, facts = self._baselines(nested, facts)
        climb, facts = self._capacity(nested, facts)
        tuned, facts = self._tuning(nested, climb, facts)
        return Taken(nested, suspects, baselines, climb, tuned), facts

    def _tell_steps_1_and_2(self, facts: Facts) -> None:
        with self.bench.step(1, "problem") as outcome:
            outcome.text = facts.problem.decision.rstrip(".")
        with self.bench.step(2, "measure") as outcome:
            outcome.text = facts.measure.decision.rstrip(".")
        rare = self.question.rare_classes
        if rare:
            self.progress(Warned("rare_class", *_told_rare(rare, len(self.question.problem.labels))))

    def _protocol(self, facts: Facts) -> tuple[NestedRows, Facts]:
        question = self.question
        with self.bench.step(3, "protocol") as outcome:
            nested = self.bench.nest(question.inputs)
            if can_start_linear(nested):
                self.progress(Note("linear models to start from"))
                nested = with_linear_start(nested, question.measures.primary, question.target)
            if question.weights is not None:
                self.progress(Note(f"what {question.weights.words} makes of the photos"))
                nested = with_frozen_base(nested, question.weights, kept=self.kept)
            num_seeds = max(map(max, nested.seeds)) + 1
            found = protocol_facts(
                question.protocol, question.rows, nested.outer, num_seeds, question.alike, question.order
            )
            outcome.text = found.decision.rstrip(".")
        return nested, replace(facts, protocol=found)

    def _preparation(self, nested: NestedRows, facts: Facts) -> tuple[tuple[Suspect, ...], Facts]:
        with self.bench.step(4, "preparation") as outcome:
            question, rows = self.question, self.question.rows.working
            working, target = question.inputs.iloc[rows], question.target[rows]
            suspects = find_suspects(working, target, question.problem, question.options.text)
            fitted = nested.table.preparations[nested.final]
            repeats = {
                one.name: repeated_texts(
                    question.inputs[one.name], target, rows, question.rows.sealed, question.alike.groups
                )
                for one in fitted.columns
                if one.kind == "prose"
            }
            found = preparation_facts(
                working, fitted, problem=question.problem, target=target, suspects=suspects, repeats=repeats
            )
            if nested.base is not None:
                found = with_base_told(found, nested.base.name, nested.shape.features)
            outcome.text = found.decision.rstrip(".")
        for one in leaking(suspects, question.options.allow):
            self.progress(Warned(one.code, one.sentence, one.hint))
        told = suspect_findings(suspects, question.options.mute)
        return suspects, replace(facts, preparation=found, findings=(*facts.findings, *told))

    def _ladder(self, nested: NestedRows) -> tuple[Rung, ...]:
        has_texts = nested.shape.reads_texts
        num_rows, has_photos = len(self.question.rows.working), bool(nested.shape.photo)
        ladder = choose_ladder(self.question.budget.ladder, num_rows, has_texts=has_texts, has_photos=has_photos)
        starts = bool(levels_of(nested)) and nested.shape.has_start
        return tuple(replace(rung, starts_linear=True) for rung in ladder) if starts else ladder

    def _plan(self, nested: NestedRows) -> TuningPlan:
        budget = self.question.budget
        contenders = choose_contenders(nested.shape, budget.num_contenders)
        minutes = float(self.question.options.minutes or 0)
        is_slow = bool(nested.shape.photo) and not self.question.options.trials
        num_trials = budget.photo_trials if is_slow else budget.num_trials
        return TuningPlan(num_trials, contenders, minutes, is_wide=budget.is_wide)

    def _compile_ahead(self, nested: NestedRows) -> None:
        """Compile the programs of later steps while baselines, which need one core, are fitted."""
        compile_ladder(nested, self._ladder(nested), kept=self.kept)
        compile_trials(nested, self._plan(nested), kept=self.kept)

    def _baselines(self, nested: NestedRows, facts: Facts) -> tuple[tuple[BaselineScores, ...], Facts]:
        measure = self.question.measures.primary
        with self.bench.step(5, "baseline", "guess, linear, boosted trees") as outcome:
            rivals = self._rivals(nested, measure)
            self.bench.note_look("outer", f"{len(rivals)} baselines on outer folds", len(rivals) * len(nested.outer))
            scores = tuple(self._score_baseline(nested, one) for one in rivals)
            outcome.text = ", ".join(f"{one.baseline.name} {one.mean:.3g}" for one in scores)
        best = max(scores, key=lambda one: measure.gain(one.mean, 0.0))
        decision = f"A network must beat {best.baseline.words}: {measure.short} {best.mean:.3g} on the outer folds."
        return scores, replace(facts, baseline_decision=decision)

    def _rivals(self, nested: NestedRows, measure: Measure) -> tuple[Baseline, ...]:
        problem, table, seed = self.question.problem, nested.table, self.question.seed
        if nested.shape.photo:
            return choose_photo_baselines(problem, measure, seed=seed, num_others=nested.shape.num_inputs)
        num_codes, num_terms = len(table.code_sizes), table.text_sizes.num_terms
        rivals = choose_baselines(
            problem,
            measure,
            seed=seed,
            num_codes=num_codes,
            num_terms=num_terms,
            levels=levels_of(nested),
            in_logs=table.scales[0].is_log,
        )
        return rivals if self.question.series is None else with_forecasts(rivals, self.question.series)

    def _score_baseline(self, nested: NestedRows, baseline: Baseline) -> BaselineScores:
        name, about = f"baseline {baseline.name}", [str(baseline.settings), f"{len(nested.outer)} outer folds"]
        arrays = self.kept.read(name, about)
        if arrays is not None:
            return BaselineScores.from_arrays(baseline, arrays)
        self.progress(Note(baseline.words))
        question = self.question
        measure = question.measures.primary
        known = tuple(one for one in nested.linear if one.baseline.name == baseline.name)
        scores = score_baseline(baseline, question.problem, measure, nested.table, question.target, nested.outer, known)
        self.kept.write(name, about, scores.to_arrays())
        return scores

    def _capacity(self, nested: NestedRows, facts: Facts) -> tuple[Climb, Facts]:
        ladder = self._ladder(nested)
        sizes = f"{ladder[0].words}{''.join(f', {rung.label}' for rung in ladder[1:])}"
        with self.bench.step(6, "scale up", sizes) as outcome:
            climb = climb_ladder(nested, ladder, kept=self.kept, progress=self.progress)
            self.bench.note_look("inner", f"{len(ladder)} sizes of network on inner folds", climb.tally.num_members)
            found = capacity_facts(nested, climb)
            outcome.text = f"{found.decision.rstrip('.')}; {found.because[0].lower()}{found.because[1:].rstrip('.')}"
        return climb, replace(facts, capacity=found)

    def _tuning(self, nested: NestedRows, climb: Climb, facts: Facts) -> tuple[Tuned, Facts]:
        question, plan = self.question, self._plan(nested)
        amount = f"{plan.minutes:g} minutes of" if plan.minutes else plan.num_trials
        with self.bench.step(7, "tune", f"{amount} trials of {plan.words(nested)}") as outcome:
            tuned = tune_network(nested, climb, plan, kept=self.kept, progress=self.progress)
            tuned, said = self._fine_tuned(nested, tuned)
            self.bench.note_look("inner", f"{len(tuned.trials)} trials on inner folds", tuned.tally.num_members)
            judge = inner_measure(question.problem)
            found = tuning_facts(nested, climb, tuned, question.measures.primary, judge, question.target)
            found = replace(found, because=f"{found.because} {said}".rstrip())
            outcome.text = found.decision.rstrip(".")
        return tuned, replace(facts, tuning=found, curves=curve_facts(nested, tuned.chosen[nested.final]))

    def _fine_tuned(self, nested: NestedRows, tuned: Tuned) -> tuple[Tuned, str]:
        """The same after fine-tuning, where folds chose a frozen base, and what is said of it."""
        if nested.base is None:
            return tuned, ""
        budget = self.question.budget
        self.progress(Note("fine-tuning of the base's last block"))
        found = fine_tune(
            nested, tuned.chosen, budget.photo_rates, budget.photo_work, kept=self.kept, progress=self.progress
        )
        if found.tally.num_members:
            self.bench.note_look("inner", "fine-tuning on inner folds", found.tally.num_members)
        return replace(tuned, chosen=found.chosen, tally=tuned.tally + found.tally), found.words


def _told_rare(labels: Sequence[str], num_classes: int) -> tuple[str, str]:
    """What is said of classes with fewer rows than folds, and what to do.

    >>> _told_rare(["tea", "jet", "cpu", "dlr", "fuel"], 51)[0]
    '5 of 51 classes (`tea`, `jet`, `cpu`, `dlr` and 1 more) have fewer rows than there are folds: some folds lack them'
    """
    if len(labels) == 1:
        text = f"Class `{labels[0]}` has fewer rows than there are folds: some folds train or score without it"
        return text, "collect more rows of it, or merge it with another class"
    named = ", ".join(f"`{label}`" for label in labels[:NUM_NAMED])
    more = f" and {len(labels) - NUM_NAMED} more" if len(labels) > NUM_NAMED else ""
    text = f"{len(labels)} of {num_classes} classes ({named}{more}) have fewer rows than there are folds"
    return f"{text}: some folds lack them", "collect more rows of them, or merge them with other classes"
