"""The seven steps as the page tells them: decision, because, evidence, what was not done.

A step without content is left out: a stopped run has fewer steps, never empty headings.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import Drawing
from tenfold.report.tables import Table, column_table
from tenfold.report.target_tables import last_layer_table
from tenfold.report.text_tables import telling_tables, text_notes

__all__ = ["Step", "steps_of"]


@dataclass(frozen=True)
class Step:
    """One of the seven.

    Args:
        number: 1 to 7.
        title: Its name.
        decision: What was decided, one sentence.
        because: Why, one sentence.
        drawings: Evidence.
        tables: More evidence, with captions, folded.
        notes: Plain facts, a sentence each.
        alternatives: What was not done.
    """

    number: int
    title: str
    decision: str
    because: str = ""
    drawings: tuple[Drawing, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    notes: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


def steps_of(facts: Facts, drawings: Mapping[str, Drawing]) -> list[Step]:
    """The steps that have something to say."""

    def drawn(*names: str) -> tuple[Drawing, ...]:
        return tuple(drawings[name] for name in names if name in drawings)

    problem, measure = facts.problem, facts.measure
    steps = [
        Step(
            1,
            "What is predicted",
            problem.decision,
            problem.because,
            drawn("target"),
            tables=(("Last layers and losses", last_layer_table(problem)),) if problem.last_layers else (),
            notes=_problem_notes(facts),
            alternatives=problem.alternatives,
        ),
        Step(2, "How success is measured", measure.decision, measure.because, alternatives=measure.alternatives),
    ]
    if facts.protocol:
        protocol = facts.protocol
        split = drawn("split")
        steps.append(
            Step(
                3,
                "Who is scored on what",
                protocol.decision,
                protocol.because,
                split,
                alternatives=protocol.alternatives,
            )
        )
    if facts.preparation:
        prepared = facts.preparation
        columns = (("All columns", column_table(prepared)), *telling_tables(prepared))
        steps.append(
            Step(
                4,
                "How the data is prepared",
                prepared.decision,
                prepared.because,
                drawn("columns", "words"),
                tables=columns,
                notes=(*(facts.forecast.notes if facts.forecast else ()), *text_notes(prepared)),
                alternatives=prepared.alternatives,
            )
        )
    steps.append(Step(5, "What must be beaten", facts.baseline_decision, drawings=drawn("baselines")))
    if facts.capacity:
        steps.append(
            Step(
                6,
                "Bigger until it overfits",
                facts.capacity.decision,
                facts.capacity.because,
                drawn("capacity", "curves"),
            )
        )
    if facts.tuning:
        steps.append(
            Step(7, "Regularised and tuned", facts.tuning.decision, facts.tuning.because, drawn("tuning", "settings"))
        )
    return [step for step in steps if step.decision or step.drawings]


def _problem_notes(facts: Facts) -> tuple[str, ...]:
    problem = facts.problem
    notes = []
    if problem.output and problem.loss:
        notes.append(f"Last layer: {problem.output}; loss: {problem.loss}.")
    notes += problem.remarks
    if problem.num_missing_target:
        notes.append(f"{problem.num_missing_target:,} rows were left out: their target is missing.")
    return tuple(notes)
