"""Tables as words: what page and terminal print, made once so that both print the same numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.report.decisions import Column, Look, Preparation
from tenfold.report.evidence import ClassErrors, LabelErrors, Model, NumberErrors, SeveralErrors, WorstRow
from tenfold.report.facts import Facts
from tenfold.report.numbers import count, decimals_for, duration, moment, number, percent
from tenfold.report.standing import Standing
from tenfold.report.words import clean, elided

__all__ = [
    "HUGE",
    "LARGE",
    "NONE",
    "Table",
    "as_table",
    "class_table",
    "column_table",
    "guess_head",
    "in_order",
    "ledger_table",
    "model_table",
    "over_guess",
    "range_table",
    "short_value",
    "worst_table",
]


LARGE, HUGE = 1_000, 1_000_000_000
"""From here thousands are grouped; from there an exponent is shorter. Arbitrary."""

LONGEST_CELL = 240
"""Characters of a cell beside a badly predicted row: a text's first two or three sentences (arbitrary)."""

NUMBER = re.compile(r"[-+]?[\d.,]+(?:e[-+]?\d+)?")

NONE = "\u2013"
"""Stands in a cell that has no number."""


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Args:
        head: Names of the columns.
        rows: The first cell names the row.
        words: Columns that hold words and stand at the left; the first always does.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[int, ...] = (0,)


def as_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: Sequence[int] = (0,)) -> Table:
    """A table from any sequences."""
    return Table(tuple(head), tuple(tuple(row) for row in rows), tuple(words))


def in_order(models: Sequence[Model], better: str) -> list[Model]:
    """The models, the best mean first."""
    return sorted(models, key=lambda model: model.score.value if better == "lower" else -model.score.value)


def guess_head(facts: Facts) -> str:
    """Head of the column that compares with the constant guess."""
    return "under the guess by" if facts.measure.better == "lower" else "above the guess by"


def over_guess(facts: Facts, standing: Standing, model: Model) -> str:
    """How far a model leaves the constant guess behind: an error in percent of it, a score as the difference."""
    guess = standing.guess.score.value
    if model is standing.guess:
        return NONE
    if facts.measure.better == "lower":
        return f"{round(100 * (1 - model.score.value / guess))} %" if guess else NONE
    return standing.form.bare(model.score.value - guess)


def model_table(facts: Facts, standing: Standing) -> Table:
    """The main table: every model, the best mean first."""
    measure = facts.measure
    short = f"{measure.short}, %" if measure.as_percent else measure.short
    head = (
        "model",
        short,
        "95 % interval",
        guess_head(facts),
        "network better by",
        "95 % interval of that",
        "pairs won",
        "training time",
    )
    rows = [_model_row(facts, standing, model) for model in in_order(facts.models, measure.better)]
    return as_table(head, rows)


def _model_row(facts: Facts, standing: Standing, model: Model) -> tuple[str, ...]:
    form, score = standing.form, model.score
    against = next(
        (found for found in facts.differences if (found.model, found.rival) == (standing.network.name, model.name)),
        None,
    )
    difference = (NONE, NONE, NONE)
    if against is not None:
        found = against.interval
        gained = standing.difference_form
        difference = (
            gained.bare(found.value),
            gained.span(found.low, found.high),
            f"{against.pairs_won} of {against.num_pairs}",
        )
    return (
        clean(model.name).replace("`", ""),
        form.bare(score.value),
        standing.interval_form.span(score.low, score.high),
        over_guess(facts, standing, model),
        *difference,
        duration(model.seconds),
    )


def column_table(preparation: Preparation) -> Table:
    """What was found in each column and what was made of it."""
    rows = [
        (
            clean(column.name),
            column.kind.replace("_", "/"),
            count(column.num_missing),
            count(column.num_inputs),
            column.treatment if not column.dropped else f"left out: {column.dropped}",
        )
        for column in preparation.columns
    ]
    return as_table(("column", "kind", "missing", "inputs", "what is done"), rows, words=(0, 1, 4))


def range_table(preparation: Preparation) -> Table:
    """What a new row must bring: the columns in use and the values seen in them."""
    used = [column for column in preparation.columns if not column.dropped]
    rows = [(clean(column.name), column.kind.replace("_", "/"), _seen(column)) for column in used]
    return as_table(("column", "kind", "seen"), rows, words=(0, 1, 2))


def _seen(column: Column) -> str:
    if column.kind == "number":
        return f"{short_value(column.low)} to {short_value(column.high)}"
    if column.values:
        more = column.num_distinct - len(column.values[:4])
        shown = ", ".join(clean(value)[:20] for value in column.values[:4])
        return f"{shown} and {more:,} more" if more > 0 else shown
    return f"{column.num_distinct:,} different"


def worst_table(facts: Facts, worst: Sequence[WorstRow]) -> Table:
    """The rows that the network got most wrong, with a few of their cells."""
    names = sorted({name for row in worst for name in row.cells})
    target = clean(facts.problem.target)
    is_class = isinstance(facts.errors, ClassErrors | LabelErrors)
    off, decimals = ("loss, nats", 2) if is_class else ("off by", _decimals_of_errors(facts))
    if isinstance(facts.errors, SeveralErrors):
        off, target = "off by, in spreads", target.replace(", ", "; ")
    rows = [
        (
            str(place),
            count(row.row),
            clean(row.actual),
            clean(row.predicted),
            number(row.loss, decimals),
            *(elided(row.cells.get(name, ""), LONGEST_CELL) or NONE for name in names),
        )
        for place, row in enumerate(worst, start=1)
    ]
    texts = [
        place for place, name in enumerate(names, start=5) if _has_words([row.cells.get(name, "") for row in worst])
    ]
    words = [0, 2, 3, *texts] if is_class else [0, *texts]
    return as_table(("no.", "row", f"true {target}", "predicted", off, *map(clean, names)), rows, words=words)


def short_value(value: float) -> str:
    """A value as in the file, at most four significant digits: "0.4167", "80", "12,345"."""
    return f"{value:,.0f}" if LARGE <= abs(value) < HUGE else f"{value:.4g}"


def _has_words(cells: Sequence[str]) -> bool:
    """Whether a column of cells holds anything that is not a number."""
    return any(cell and not NUMBER.fullmatch(cell) for cell in cells)


def _decimals_of_errors(facts: Facts) -> int:
    errors = facts.errors
    return max(0, decimals_for(errors.half_under)) if isinstance(errors, NumberErrors) else 2


def class_table(errors: ClassErrors) -> Table:
    """For each class: rows, how many of them were found, how many of the named were right."""
    named = [sum(line[place] for line in errors.confusion) for place in range(len(errors.classes))]
    rows = []
    for place, (label, line) in enumerate(zip(errors.classes, errors.confusion, strict=True)):
        found = percent(line[place] / sum(line)) if sum(line) else NONE
        right = percent(line[place] / named[place]) if named[place] else NONE
        rows.append((clean(label), count(sum(line)), found, right))
    return as_table(("class", "rows", "of these found", "right when named"), rows)


def ledger_table(ledger: Sequence[Look]) -> Table:
    """Every look at scores, oldest first."""
    rows = [
        (
            str(look.line or place),
            moment(look.at),
            look.part,
            clean(look.what),
            count(look.num_scores),
            clean(look.run),
        )
        for place, look in enumerate(ledger, start=1)
    ]
    head = ("line", "when", "rows", "what", "scores seen", "other run")
    return as_table(head, rows, words=(0, 1, 2, 3, 5))
