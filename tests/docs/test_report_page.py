"""The page on the report names what there is: every verdict, every question of a card, every section."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from constructed_facts import churn_facts, houses_facts
from tenfold.report.card import Card
from tenfold.report.facts import VerdictCode
from tenfold.report.gates import GATES
from tenfold.report.page import render_report

PAGE = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def test_every_verdict_stands_there_in_the_order_of_the_rules() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE) == list(get_args(VerdictCode))


def test_every_question_of_a_card_stands_there() -> None:
    (questions,) = re.findall(r"The questions: (.*?)\n\n", PAGE, flags=re.DOTALL)
    assert re.findall(r"`(\w+)`", questions) == [one.name for one in fields(Card)]


def test_every_gate_stands_there() -> None:
    assert all(f"`--require {gate}`" in PAGE for gate in GATES)


def test_its_sections_are_those_of_a_report() -> None:
    told = re.findall(r"^\| ([A-Z][\w ]+) \|", PAGE, flags=re.MULTILINE)
    html = render_report(houses_facts()) + render_report(churn_facts())
    shown = ["Answer", *re.findall(r"<h2>([^<]+)</h2>", html)]
    assert set(told) == set(shown) - {"Words"}
