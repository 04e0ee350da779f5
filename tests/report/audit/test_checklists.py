"""REFORMS and TRIPOD+AI: every item stands there once, and what nobody knows is a question."""

import re
from dataclasses import fields, replace

import pytest

from constructed_facts import churn_facts, houses_facts, one_of_each_code
from tenfold.report.audit.documents import render_documents
from tenfold.report.audit.reforms import reforms
from tenfold.report.audit.tripod import tripod
from tenfold.report.card import Card
from tenfold.report.facts import Facts

FULL = Card(**{one.name: f"answer on {one.name}" for one in fields(Card)})


def states(facts: Facts) -> dict[str, tuple[int, int, int]]:
    lists = {"REFORMS": reforms(facts), "TRIPOD+AI": tripod(facts)}
    return {
        name: tuple(sum(item.state == state for item in found.items) for state in ("answered", "in part", "for you"))
        for name, found in lists.items()
    }


def test_a_run_without_a_card_answers_what_the_plan_promises():
    assert states(houses_facts()) == {"REFORMS": (20, 7, 5), "TRIPOD+AI": (17, 14, 21)}
    assert reforms(houses_facts()).summary == "REFORMS: 20 of 32 answered, 7 in part, 5 for you"


def test_each_answer_of_a_card_moves_an_item():
    (r_answered, *_), (t_answered, *_) = states(houses_facts(card=FULL)).values()
    assert (r_answered, t_answered) == (32, 42)


def test_items_have_numbers_of_their_own_and_no_item_is_empty():
    for facts in (houses_facts(), churn_facts(), *one_of_each_code().values()):
        for checklist in (reforms(facts), tripod(facts)):
            numbers = [item.number for item in checklist.items]
            assert len(numbers) == len(set(numbers))
            for item in checklist.items:
                assert bool(item.question) == (item.state != "answered"), item
                assert item.text or item.question, item
                assert not re.search(r"\bnan\b|None|not known|more information|\.\.|  ", item.text), item.text


def test_a_run_that_was_stopped_claims_no_result():
    found = reforms(one_of_each_code()["unfinished"])
    state = {item.number: item.state for item in found.items}
    assert state["5a"] == state["7c"] == state["1c"] == "for you"
    assert state["2b"] == "answered"


def test_the_authors_words_stand_before_the_runs():
    found = {item.number: item for item in tripod(churn_facts()).items}
    assert found["5a"].text.startswith("https://example.org/churn · `churn.csv`")
    assert found["18a"].state == "for you"
    assert found["18a"].question == "Who paid, and what was their part?"


def test_the_documents_have_their_places_and_ask_what_is_not_known():
    found = render_documents(churn_facts())
    assert set(found) == {"model/card.md", "data-sheet.md", "methods.md", "results.md", "checklists.md"}
    assert "## Intended use\n\nto call those who may leave" in found["model/card.md"]
    assert "*For the author: What must they not be used for?*" in found["model/card.md"]
    assert "Nadeau" in found["methods.md"]
    assert "0.41" in found["results.md"]


@pytest.mark.parametrize("code", ["unfinished"])
def test_a_run_without_a_result_has_no_documents(code: str):
    assert render_documents(one_of_each_code()[code]) == {}


def test_a_stranger_cannot_put_html_into_the_documents():
    facts = houses_facts()
    wild = replace(facts, problem=replace(facts.problem, target="<script>x</script>"))
    for text in render_documents(wild).values():
        assert not re.search(r"(?<!\\)<script", text)
