"""The report as one HTML file: offline, readable without scripts, light and dark, on paper and on a phone.

`render_report(facts)` is all there is to call. What the page says comes from `verdict`, `tables`, `steps` and
`figures`; the templates only put it in order. Nothing is loaded from anywhere, and only the one script whose hash the
page names may run.
"""

import base64
import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from tenfold.report.audit.documents import render_documents
from tenfold.report.audit.reforms import reforms
from tenfold.report.audit.tripod import tripod
from tenfold.report.evidence import ClassErrors, LabelErrors, NumberErrors, SeveralErrors
from tenfold.report.facts import Facts, Finding
from tenfold.report.figures.calibration import calibration_notes
from tenfold.report.figures.canvas import Drawing
from tenfold.report.figures.gallery import drawings_of
from tenfold.report.figures.svg import svg_panels
from tenfold.report.glossary import WORDS
from tenfold.report.markup import inert_json, prose, typographic
from tenfold.report.next_step import predict_command
from tenfold.report.numbers import count, moment, percent
from tenfold.report.reproducing import reproducing_lines
from tenfold.report.standing import standing_of
from tenfold.report.steps import steps_of
from tenfold.report.tables import Table, class_table, ledger_table, model_table, range_table, worst_table
from tenfold.report.target_tables import label_table, target_table
from tenfold.report.verdict import verdict_code, with_verdict
from tenfold.report.words import clean, elided, named

__all__ = ["facts_sha256", "render_report"]

Errors = NumberErrors | ClassErrors | LabelErrors | SeveralErrors

SHOWN_OF_A_KIND = 5
"""Findings of one code that stand in full; the rest are counted. From the plan; arbitrary."""

MOST_CURVES = 100
"""Learning curves in the page's JSON; `facts.json` has all of them."""


def render_report(facts: Facts) -> str:
    """The report of a run.

    Args:
        facts: What the run found; the verdict is worked out where it is missing.

    Returns:
        One HTML document, the same bytes for the same facts.
    """
    facts = facts if facts.verdict is not None else with_verdict(facts)
    made_from = facts_sha256(facts)
    if not facts.run.shows_rows:
        facts = _without_cells(facts)
    return _environment().get_template("report.html.j2").render(_context(facts) | {"facts_sha256": made_from})


def _without_cells(facts: Facts) -> Facts:
    """The facts without the value of any one row: no worst rows, no points, no categories; counts and ranges stay."""
    errors, prepared = facts.errors, facts.preparation
    if isinstance(errors, NumberErrors):
        errors = replace(errors, worst=(), cells=errors.cells if errors.is_grid else ())
    elif errors is not None:
        errors = replace(errors, worst=())
    if prepared is not None:
        columns = [
            replace(column, values=(), texts=column.texts and replace(column.texts, telling=()))
            for column in prepared.columns
        ]
        prepared = replace(prepared, columns=tuple(columns))
    return replace(facts, errors=errors, preparation=prepared, photos=None)


def _few_curves(facts: Facts) -> Facts:
    """The facts for the page's own JSON: a hundred learning curves, which would be most of its weight, are enough.

    Photos stand in the page already.
    """
    facts = replace(facts, photos=None)
    if facts.curves is None or len(facts.curves.curves) <= MOST_CURVES:
        return facts
    return replace(facts, curves=replace(facts.curves, curves=facts.curves.curves[:MOST_CURVES]))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tenfold.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "prose": prose,
        "typographic": typographic,
        "count": count,
        "percent": percent,
        "moment": moment,
        "clean": clean,
        "named": named,
        "elided": elided,
    }
    return environment


@cache
def _asset(name: str) -> str:
    return (resources.files("tenfold.report") / "templates" / name).read_text(encoding="utf-8")


def _context(facts: Facts) -> dict[str, Any]:
    drawings, standing = drawings_of(facts), standing_of(facts)
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {
        "facts": facts,
        "verdict": facts.verdict,
        "facts_json": inert_json(_few_curves(facts)),
        "style": Markup(_asset("page.css")),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own file
        "script_hash": f"sha256-{digest}",
        "drawings": drawings,
        "panels": _panels,
        "models": model_table(facts, standing) if standing else None,
        "standing": standing,
        "steps": steps_of(facts, drawings),
        "findings": _Findings(facts.findings),
        "errors": _errors(facts, drawings),
        "photos": facts.photos,
        "columns": range_table(facts.preparation) if facts.preparation else None,
        "predict": predict_command(facts) if verdict_code(facts) not in {"unfinished", "leak"} else "",
        "lines": reproducing_lines(facts),
        "ledger": ledger_table(facts.protocol.ledger) if facts.protocol and facts.protocol.ledger else None,
        "words": WORDS,
        "checklists": (reforms(facts), tripod(facts)) if facts.run.finished and facts.models else (),
        "documents": _documents(facts),
    }


def facts_sha256(facts: Facts) -> str:
    """Hash of the facts that a page was made from; the page carries it, so that a stale page is seen."""
    return hashlib.sha256(facts.to_json().encode()).hexdigest()


def _documents(facts: Facts) -> dict[str, str]:
    """Texts to copy, by what they are; the checklists stand in the page already."""
    names = {"model/card.md": "Model card", "data-sheet.md": "Data sheet", "methods.md": "Methods, a paragraph to copy",
             "results.md": "Results, a paragraph to copy"}  # fmt: skip
    return {names[path]: text for path, text in render_documents(facts).items() if path in names}


def _panels(drawing: Drawing) -> list[Markup]:
    return [Markup(panel) for panel in svg_panels(drawing)]  # noqa: S704 - matplotlib and `svg` escape all text


def _errors(facts: Facts, drawings: dict[str, Drawing]) -> dict[str, Any] | None:
    errors = facts.errors
    if errors is None:
        return None
    return {
        "drawings": [
            drawings[name]
            for name in ("forecast", "steps_ahead", "phases", "predictions", "spread")
            if name in drawings
        ],
        "calibration": drawings.get("calibration"),
        "calibration_notes": calibration_notes(facts.calibration) if facts.calibration else (),
        "confusion": _Confusion(errors) if isinstance(errors, ClassErrors) else None,
        "classes": class_table(errors) if isinstance(errors, ClassErrors) else None,
        "several": _several(errors),
        "worst": worst_table(facts, errors.worst) if errors.worst and facts.run.shows_rows else None,
        "is_number": isinstance(errors, NumberErrors),
    }


def _several(errors: Errors) -> tuple[str, Table] | None:
    """What each label or target scores, with a caption; None where one thing is predicted."""
    if isinstance(errors, LabelErrors):
        right = percent(errors.num_all_right / errors.num_rows)
        return f"Each label. All labels of a row are right in {right} of {errors.num_rows:,} rows", label_table(errors)
    if isinstance(errors, SeveralErrors):
        return "Each target, in its own unit", target_table(errors)
    return None


class _Findings:
    """Findings as the page needs them: those that fired, floods cut; tips; the others by outcome.

    Args:
        findings: In the order of the checks: likeliest first cause first.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        fired = [finding for finding in findings if finding.outcome == "finding"]
        self.shown, self.more = _without_floods(fired)
        self.tips, self.more_tips = _without_floods([finding for finding in findings if finding.outcome == "tip"])
        self.num_fired = len(fired)
        outcomes = {"passed": "passed", "not_applicable": "not applicable", "skipped": "skipped", "muted": "muted"}
        quiet = {words: [one for one in findings if one.outcome == key] for key, words in outcomes.items()}
        self.quiet = {words: found for words, found in quiet.items() if found}
        self.any = bool(findings)


def _without_floods(findings: list[Finding]) -> tuple[list[Finding], dict[str, int]]:
    """At most five of a code, and how many more of each there are."""
    codes = [finding.code for finding in findings]
    shown = [one for place, one in enumerate(findings) if codes[:place].count(one.code) < SHOWN_OF_A_KIND]
    more = {code: codes.count(code) - SHOWN_OF_A_KIND for code in dict.fromkeys(codes)}
    return shown, {code: number for code, number in more.items() if number > 0}


class _Confusion:
    """Counts with the share of their row, and the pair that is mixed up most, as a sentence.

    Args:
        errors: Counted classes.
    """

    def __init__(self, errors: ClassErrors) -> None:
        self.classes = errors.classes
        self.lines = [
            (label, sum(line), [(rows, rows / (sum(line) or 1), guess == true) for guess, rows in enumerate(line)])
            for true, (label, line) in enumerate(zip(errors.classes, errors.confusion, strict=True))
        ]
        wrong = [
            (rows, true, guess)
            for true, line in enumerate(errors.confusion)
            for guess, rows in enumerate(line)
            if true != guess
        ]
        rows, true, guess = max(wrong)
        total = sum(errors.confusion[true])
        taken = f"{named(errors.classes[true])} is taken for {named(errors.classes[guess])}"
        self.finding = f"{taken} in {rows:,} of {total:,} rows, the most frequent mistake."
        if rows == 0:
            self.finding = "No row is taken for another class."
