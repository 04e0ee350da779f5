"""Texts to keep beside the model: a model card, a data sheet, a paragraph of methods and one of results.

What the run recorded stands there as text, what only the author knows as a question; `card.toml` turns questions into
answers.

Sources: Mitchell et al. (2019), Model Cards for Model Reporting; Gebru et al. (2021), Datasheets for Datasets.
"""

import re
from collections.abc import Sequence

from tenfold.report.audit import about_data as data
from tenfold.report.audit import about_model as model
from tenfold.report.audit import about_score as score
from tenfold.report.audit.checklist import Topic
from tenfold.report.audit.reforms import reforms
from tenfold.report.audit.tripod import tripod
from tenfold.report.card import Card
from tenfold.report.facts import Facts
from tenfold.report.phrases import target_of
from tenfold.report.words import clean, named

__all__ = ["render_documents"]

CARD, SHEET, METHODS, RESULTS = "model/card.md", "data-sheet.md", "methods.md", "results.md"
LISTS = "checklists.md"

CITATIONS = (
    "Nadeau, C., and Bengio, Y. (2003). Inference for the Generalization Error. Machine Learning 52, 239-281.",
    "Chollet, F. (2017). Deep Learning with Python, section 4.5. Manning.",
)

Section = tuple[str, Sequence[str]]
"""A heading and its paragraphs."""


def render_documents(facts: Facts) -> dict[str, str]:
    """The texts of a run.

    Args:
        facts: What the run found, the author's card among it.

    Returns:
        Path in the run folder to Markdown; a run that did not finish has none.
    """
    if not facts.run.finished or not facts.models:
        return {}
    return {
        CARD: _markdown(f"Model card: {target_of(facts)}", _model_card(facts)),
        SHEET: _markdown(f"Data sheet: {named(facts.run.source.file)}", _data_sheet(facts)),
        METHODS: _paragraph(
            [data.about_target, model.about_splits, model.about_preparation, model.about_baselines, model.about_choice,
             score.about_measure, score.about_uncertainty, model.about_software],
            facts, CITATIONS,
        ),
        RESULTS: _paragraph([score.about_size, score.about_score, score.about_comparison, score.about_limits], facts),
        LISTS: _lists(facts),
    }  # fmt: skip


def _model_card(facts: Facts) -> list[Section]:
    card = facts.card or Card()
    return [
        (
            "Details",
            [model.about_model(facts), model.about_software(facts), _said(card.authors, "Who answers for it?")],
        ),
        (
            "Intended use",
            [
                _said(card.purpose, "What are the predictions for, and who acts on them?"),
                _said(card.out_of_scope, "What must they not be used for?"),
                model.about_using(facts),
            ],
        ),
        ("Factors", [_said(card.population, "Whom or what do the rows stand for?"), data.about_columns(facts)]),
        ("Metrics", [score.about_measure(facts), score.about_uncertainty(facts), model.about_output(facts)]),
        ("Evaluation data", [data.about_flow(facts), model.about_splits(facts)]),
        ("Training data", [data.about_table(facts), model.about_preparation(facts), data.about_exclusions(facts)]),
        (
            "Quantitative analyses",
            [score.about_verdict(facts), score.about_comparison(facts), model.about_calibration(facts)],
        ),
        (
            "Ethical considerations",
            [
                _said(card.ethics, "Which harms are possible, and who considered them?"),
                _said(card.fairness, "For which groups do errors matter most?"),
            ],
        ),
        ("Caveats", [score.about_limits(facts), _said(card.limits, "Where else should it not be expected to hold?")]),
    ]


def _data_sheet(facts: Facts) -> list[Section]:
    card = facts.card or Card()
    return [
        ("Motivation", [_said(card.purpose, "What was the table made for?"), _said(card.funding, "Who paid?")]),
        (
            "Composition",
            [
                _said(card.population, "What does a row stand for?"),
                data.about_table(facts),
                data.about_target(facts),
                data.about_columns(facts),
                data.about_missing(facts),
                data.about_clusters(facts),
                data.about_range(facts),
                data.about_legitimacy(facts),
            ],
        ),
        (
            "Collection",
            [
                _said(card.collection, "How and by whom was it collected, and with what consent?"),
                _said(card.dates, "From when to when?"),
                _said(card.sampling, "How were these rows chosen out of all?"),
                _said(card.target_definition, "How was the target established?"),
                _said(card.ethics, "Who approved it?"),
            ],
        ),
        ("Preprocessing", [data.about_exclusions(facts), model.about_preparation(facts)]),
        ("Uses", [_said(card.out_of_scope, "What must it not be used for?")]),
        ("Distribution", [_said(card.source or card.data_access, "Where can others get it, under which licence?")]),
        ("Maintenance", [_said(card.authors, "Who answers for it, and how is it corrected?")]),
    ]


def _said(text: str, question: str) -> str:
    """The author's own words, or the question to him, marked as one."""
    return clean(text) if text else f"*For the author: {question}*"


def _markdown(title: str, sections: Sequence[Section]) -> str:
    parts = [f"# {_escaped(title)}"]
    for heading, paragraphs in sections:
        parts += [f"## {heading}", *(_escaped(one) for one in paragraphs if one)]
    return "\n\n".join(parts) + "\n"


def _paragraph(topics: Sequence[Topic], facts: Facts, citations: Sequence[str] = ()) -> str:
    text = " ".join(told for topic in topics if (told := topic(facts)))
    cited = "".join(f"\n- {one}" for one in citations)
    return _escaped(text) + "\n" + (f"{cited}\n" if cited else "")


def _lists(facts: Facts) -> str:
    parts = ["# Checklists"]
    for checklist in (reforms(facts), tripod(facts)):
        parts += [f"## {checklist.summary}", checklist.source]
        for item in checklist.items:
            asked = f" *For the author: {item.question}*" if item.question else ""
            parts.append(_escaped(f"**{item.number}** {item.asks} ({item.state}). {item.text}".rstrip() + asked))
    return "\n\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    """A stranger's `<tag>` in Markdown stays text: Markdown passes HTML through."""
    return re.sub(r"[<>]", lambda found: f"\\{found.group()}", text)
