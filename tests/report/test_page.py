"""The page: offline, readable without scripts, safe with strangers' words, the same numbers as everywhere."""

import base64
import hashlib
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np

from tenfold.report.decisions import Column
from tenfold.report.evidence import Curve
from tenfold.report.facts import Facts, Finding
from tenfold.report.page import render_report

Make = Callable[..., Facts]
Each = dict[str, Facts]

VOID = {"meta", "br", "hr", "img", "input", "link", "path", "use", "wbr"}


class Page(HTMLParser):
    """What a reader's browser finds: elements with attributes, and the text of each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data))

    def text(self) -> str:
        """What is read, in order: all but scripts and styles."""
        return " ".join(data for tag, data in self.texts if tag not in {"script", "style"})

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_every_verdict_makes_a_well_formed_page_with_its_headline(each_code: Each):
    for code, facts in each_code.items():
        page = Page(render_report(facts))
        assert page.open == [], code
        assert len(page.all("h1")) == 1, code
        assert re.search(r"class=\"answer verdict-" + code, render_report(facts)), code


def test_nothing_is_loaded_from_anywhere(houses: Make, churn: Make):
    for facts in (houses(), churn()):
        html = render_report(facts)
        page = Page(html)
        for tag, attributes in page.elements:
            assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
            assert "src" not in attributes
            for name in ("href", "xlink:href"):
                assert attributes.get(name, "#").startswith("#"), attributes
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
        assert style is not None
        assert not re.search(r"url\(|@import|https?:", style.group(1))


def test_every_anchor_has_its_place_and_every_id_is_one(houses: Make, churn: Make):
    for facts in (houses(), churn()):
        page = Page(render_report(facts))
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        wanted = [attributes["href"][1:] for tag, attributes in page.elements if tag in {"a", "use"}]
        wanted += " ".join(one["aria-labelledby"] for one in page.all("svg") if "aria-labelledby" in one).split()
        assert set(wanted) <= set(ids)


def test_only_the_one_script_may_run(houses: Make):
    html = render_report(houses())
    policy = next(
        one["content"] for one in Page(html).all("meta") if one.get("http-equiv") == "Content-Security-Policy"
    )
    script = html[html.rindex("<script>") + len("<script>") : html.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert len(script.encode()) <= 5000


def test_the_page_reads_in_order_without_scripts_and_styles(houses: Make):
    text = re.sub(r"\s+", " ", Page(render_report(houses())).text()).replace("\u00a0", " ")
    parts = [
        "The network predicts price better than gradient-boosted trees.",
        "Its predictions are off by 2.31 on average",
        "tenfold predict houses-run new_houses.csv",
        "405 rows worked on, 101 sealed",
        "Findings",
        "price stops at 50.0",
        "Seven steps",
        "Where it errs",
        "Using it",
        "Can I repeat it",
        "Words",
    ]
    places = [text.index(part, text.index("Skip to the answer")) for part in parts[:4]]
    main = text.index("All models on the same outer folds")
    places += [text.index(part, main) for part in parts[4:]]
    assert places == sorted(places)


def test_no_heading_stands_without_content(each_code: Each):
    unfinished = render_report(each_code["unfinished"])
    bare = replace(
        each_code["unfinished"], protocol=None, preparation=None, capacity=None, curves=None, tuning=None, errors=None,
        findings=(), baseline_decision="", work=None, machine=None,
    )  # fmt: skip
    html = render_report(bare)
    assert 'id="errors"' in unfinished
    for missing in ("errors", "findings", "use", "step-3", "step-4", "step-5", "step-6", "step-7"):
        assert f'id="{missing}"' not in html, missing
        assert f'href="#{missing}"' not in html, missing


def test_headings_go_down_one_level_at_a_time(houses: Make):
    levels = [int(tag[1]) for tag, _ in Page(render_report(houses())).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_tables_and_figures_say_what_they_are(houses: Make, churn: Make):
    for facts in (houses(), churn()):
        page = Page(render_report(facts))
        assert len(page.all("caption")) == len(page.all("table"))
        assert all("scope" in one for one in page.all("th"))
        named = [one for one in page.all("svg") if one.get("role") == "img"]
        hidden = [one for one in page.all("svg") if one.get("aria-hidden") == "true"]
        assert len(named) + len(hidden) == len(page.all("svg"))
        assert len(page.all("title")) == len(named) + 1
        assert len(page.all("figcaption")) == len(page.all("figure"))


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)> $x$ 💥 \u202eabc\n' + "y" * 300


def _hostile(facts: Facts) -> Facts:
    """A stranger's words wherever a stranger has a say."""
    column = Column(HOSTILE, "category", values=(HOSTILE, "z" * 10_000), num_distinct=2, treatment="one input a value")
    worst = tuple(replace(row, actual=HOSTILE, cells={HOSTILE: "c" * 10_000}) for row in facts.errors.worst)
    return replace(
        facts,
        run=replace(facts.run, name=HOSTILE, command=HOSTILE, source=replace(facts.run.source, file=HOSTILE)),
        problem=replace(facts.problem, target=HOSTILE, classes=(HOSTILE, "no"), positive=HOSTILE, unit=HOSTILE),
        preparation=replace(facts.preparation, columns=(column,)),
        models=tuple(
            replace(model, words=f"always guessing {HOSTILE}") if model.role == "guess" else model
            for model in facts.models
        ),
        errors=replace(facts.errors, classes=(HOSTILE, "no"), worst=worst),
        findings=(Finding("TF1", "finding", HOSTILE, hint=HOSTILE, numbers={HOSTILE: 1.0}),),
        verdict=None,
    )


def test_hostile_words_are_shown_and_never_run(churn: Make):
    html = render_report(_hostile(churn()))
    page = Page(html)
    assert page.open == []
    assert len(page.all("script")) == 2
    assert page.all("img") == []
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert "<script>alert(1)</script>" in page.text()
    assert "$x$" in page.text()
    assert len(html) < 480_000


def test_the_facts_in_the_page_are_the_facts(churn: Make):
    for facts in (churn(), _hostile(churn())):
        html = render_report(facts)
        found = re.search(r'<script type="application/json" id="facts">(.*?)</script>', html, re.DOTALL)
        assert found is not None
        assert json.loads(found.group(1))["problem"]["target"] == facts.problem.target
        assert Facts.from_json(found.group(1)).verdict is not None


def test_without_rows_no_cell_value_is_anywhere_in_the_file(houses: Make, churn: Make):
    secret = Column("town", "category", values=("Secretville",), num_distinct=1)
    for facts in (houses(), churn()):
        worst = tuple(replace(row, cells={"name": "Jane Doe"}) for row in facts.errors.worst)
        told = replace(
            facts, errors=replace(facts.errors, worst=worst), preparation=replace(facts.preparation, columns=(secret,))
        )
        hidden = replace(told, run=replace(told.run, shows_rows=False))
        assert "Jane Doe" in render_report(told)
        for word in ("Jane Doe", "Secretville", 'id="figure-predictions"'):
            assert word not in render_report(hidden)
        assert "without cell values" in render_report(hidden)


def test_same_facts_are_the_same_bytes_whatever_style_the_user_has_set(houses: Make):
    import matplotlib as mpl

    plain = render_report(houses())
    before = mpl.rcParams["font.size"], mpl.rcParams["axes.facecolor"]
    try:
        mpl.rcParams.update({"font.size": 31, "axes.facecolor": "red", "axes.grid": True})
        styled = render_report(houses())
        assert mpl.rcParams["font.size"] == 31
    finally:
        mpl.rcParams.update({"font.size": before[0], "axes.facecolor": before[1], "axes.grid": False})
    assert plain == styled
    assert plain == render_report(Facts.from_json(houses().to_json()))


def test_a_standard_report_is_small_and_quick(houses: Make, churn: Make):
    for facts in (houses(), churn()):
        begin = time.perf_counter()
        html = render_report(facts)
        assert len(html.encode()) < 300_000
        assert time.perf_counter() - begin < 10  # under 2 s on a quiet machine; this only catches a disaster


def test_a_wide_table_and_a_thousand_members_stay_within_their_budgets(houses: Make):
    rng = np.random.default_rng(0)
    facts = houses()
    columns = tuple(
        Column(f"column {number}", "number", low=0.0, high=float(number), treatment="scaled to mean 0 and spread 1")
        for number in range(300)
    )
    assert len(render_report(replace(facts, preparation=replace(facts.preparation, columns=columns))).encode()) < 1e6
    losses = np.exp(-np.arange(100) / 30) + rng.random((1000, 100)) * 0.05
    many = tuple(
        Curve(row % 5, row // 5, tuple(map(float, line.round(4))), tuple(map(float, line.round(5))), best_epoch=9)
        for row, line in enumerate(losses)
    )
    assert len(render_report(replace(facts, curves=replace(facts.curves, curves=many))).encode()) < 1.5e6


def test_floods_of_findings_are_counted(houses: Make):
    flood = tuple(Finding("TF301", "finding", f"`a{number}` and `b` agree.") for number in range(12))
    html = render_report(houses(findings=flood))
    assert html.count('class="finding warning"') == 5
    assert "7 more of TF301" in html
    assert "12 findings" in html


def test_tips_are_folded_away(houses: Make):
    wrong = Finding("TF201", "finding", "Inputs reach 1e6.", "warning", "Scale them.", {"largest": 1e6})
    tip = Finding("TF404", "tip", "The loss swings.", "note", "Lower the rate.")
    html = render_report(houses(findings=(wrong, tip)))
    assert "1 finding</a>" in html
    before, _, folded = html.partition('<details class="tips">')
    assert "The loss swings." not in before.partition('id="findings"')[2]
    assert "The loss swings." in folded
    assert "Inputs reach" in before.partition('id="findings"')[2]
    sound = render_report(houses(findings=(tip,)))
    assert "No check found anything that is wrong." in sound
    assert "1 tip: what works and could be better" in sound


def test_neither_jax_nor_keras_is_imported():
    script = """
import sys
import tenfold.report.page, tenfold.report.terminal, tenfold.report.json_line, tenfold.report.error_facts
heavy = {"jax", "jaxlib", "keras", "tensorflow", "torch", "sklearn", "pandas", "matplotlib.pyplot"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_keep_their_contrast_in_both_themes(houses: Make):
    style = re.search(r"<style>(.*?)</style>", render_report(houses()), re.DOTALL)
    assert style is not None
    themes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r"{([^{}]*--paper:[^{}]*)}", style[1])
    ]
    assert len(themes) == 4  # light, dark by the system, dark by the switch, print
    assert themes[1] == themes[2]
    for theme in themes:
        for text in ("ink", "quiet", "link", "warn"):
            for ground in ("paper", "raised"):
                assert _contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
        for mark in ("network", "rival", "grey"):
            assert _contrast(theme[mark], theme["paper"]) >= 3, mark
