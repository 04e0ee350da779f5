"""The closing block: short, narrow, in any encoding, the same numbers as page and JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tenfold.report.evidence import Interval
from tenfold.report.facts import Facts, Finding
from tenfold.report.json_line import json_line
from tenfold.report.page import render_report
from tenfold.report.terminal import closing_block, headline_line

Make = Callable[..., Facts]
Each = dict[str, Facts]


def test_the_closing_block_of_each_code(each_code: Each, golden: Callable[[str, str], None]):
    blocks = (f"[{code}]\n{closing_block(facts)}" for code, facts in each_code.items())
    golden("closing_blocks.txt", "\n\n".join(blocks) + "\n")


@pytest.mark.parametrize("width", [60, 80, 132])
def test_twenty_lines_and_the_terminals_width_are_enough(each_code: Each, width: int):
    many = tuple(Finding("TF1", "finding", "word " * 40, hint="word " * 40) for _ in range(9))
    for code, facts in each_code.items():
        for told in (facts, replace(facts, findings=many)):
            lines = closing_block(told, width=width).split("\n")
            assert len(lines) <= 20, code
            assert max(map(len, lines)) <= width, code


def test_a_path_is_never_cut(houses: Make):
    path = "/a/very/long/way/to/the/" + "x" * 90 + "/report.html"
    facts = houses()
    assert path in closing_block(replace(facts, paths=replace(facts.paths, report=path)), width=60)


def test_without_unicode_every_byte_is_ascii(each_code: Each, churn: Make):
    for facts in (*each_code.values(), churn()):
        block = closing_block(facts, unicode=False)
        assert block.isascii()
        assert "?" not in block


def test_nothing_on_a_terminal_moves_the_cursor(houses: Make):
    facts = houses()
    wild = replace(facts, problem=replace(facts.problem, target="a\x1b[2J\rb\x08"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", closing_block(wild))


def test_quiet_is_the_headline_and_the_path(houses: Make):
    assert headline_line(houses()) == (
        "The network predicts price better than gradient-boosted trees: MAE 2.31 against 2.58.\nhouses-run/report.html"
    )


def test_more_models_than_five_are_counted(houses: Make):
    facts = houses()
    linear = facts.models[2]
    more = tuple(replace(linear, name=f"linear {number}") for number in range(6))
    block = closing_block(replace(facts, models=(*facts.models, *more)))
    assert "and 4 more in the report" in block
    assert "network 64-64" in block
    assert "  mean " in block


def test_json_is_one_object_with_the_verdict(houses: Make):
    found = json.loads(json_line(houses()))
    assert found["schema"] == 1
    assert found["verdict"]["code"] == "beats"
    assert found["verdict"]["score"] == {
        "value": 2.31, "low": 2.05, "high": 2.57, "unit": "thousand dollars", "measure": "mae", "better": "lower"
    }  # fmt: skip
    assert found["models"][1]["network_better_by"] == {"value": 0.27, "low": 0.08, "high": 0.46}
    assert [one["code"] for one in found["findings"]] == ["TF508"]
    assert found["looks"] == 1
    assert found["paths"]["report"] == "houses-run/report.html"
    assert json_line(houses()).isascii()


def test_json_has_null_where_there_is_no_number(each_code: Each, houses: Make):
    facts = houses()
    holed = replace(
        facts, models=(replace(facts.models[0], score=Interval(2.3, float("nan"), float("nan"))), *facts.models[1:])
    )
    assert json.loads(json_line(holed))["models"][0]["score"] == {"value": 2.3, "low": None, "high": None}
    for told in each_code.values():
        json.loads(json_line(told))


def _numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def _page_row(html: str, name: str) -> str:
    row = re.search(rf"<tr><th scope=\"row\">{re.escape(name)}</th>(.*?)</tr>", html)
    assert row is not None
    return re.sub(r"<[^>]+>", " ", row.group(1))


@pytest.mark.parametrize("kind", ["houses", "churn"])
def test_the_same_facts_three_times_are_the_same_numbers(kind: str, request: pytest.FixtureRequest):
    """Score and interval of every model: in the terminal, in the page and, rounded alike, in the JSON."""
    facts = request.getfixturevalue(kind)()
    block, html, found = closing_block(facts), render_report(facts), json.loads(json_line(facts))
    for model in found["models"]:
        name = model["name"].replace("`", "")
        line = next(line for line in block.split("\n") if line.startswith(f"  {name} "))
        in_terminal, in_page = _numbers(line.replace(name, "", 1))[:3], _numbers(_page_row(html, name))[:3]
        in_json = [round(model["score"][key], 2) for key in ("value", "low", "high")]
        assert in_terminal == in_page == in_json


@pytest.mark.parametrize("kind", ["houses", "churn"])
def test_the_same_sentences_stand_in_page_and_json(kind: str, request: pytest.FixtureRequest):
    facts = request.getfixturevalue(kind)()
    verdict = json.loads(json_line(facts))["verdict"]
    page = re.sub(r"<[^>]+>", "", render_report(facts)).replace("\u00a0", " ")
    for sentence in (verdict["headline"], *verdict["sentences"], verdict["trust"]):
        assert sentence.replace("`", "") in page
