"""The page as a file: complete without scripts, loading nothing, whole whatever names are."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from tenfold.explaining.as_json import worksheet_as_json
from tenfold.explaining.laying_out import lay_out
from tenfold.explaining.page import render_page
from tenfold.scratch.tracing import trace
from traced_models import MODELS, one_weight

NAMES = [make.__name__ for make in MODELS]
MOST_LETTERS = 3_000_000


class Text(HTMLParser):
    """What a reader without scripts sees."""

    def __init__(self, page):
        super().__init__()
        self.words, self.hidden = [], 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  # HTMLParser gives both
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)

    def __str__(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def seed():
    return render_page(lay_out(trace(one_weight(), np.array([[3.0]]), np.array([[10.0]]))), source="seed.csv")


def test_the_numbers_are_there_without_scripts(seed):
    text = str(Text(seed))
    assert "Prediction 6, truth 10, loss 16" in text
    assert "W[0, 0] 2 −24 2.24 2 − 0.01 · (−24)" in text
    assert "∂L/∂p[0] −8" in text
    assert "slopes agree with JAX in double precision" in text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_loaded_and_the_page_is_not_large(worksheets, name):
    page = render_page(worksheets[name])
    assert len(page.encode()) < MOST_LETTERS
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', page) == []
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(", page)
    assert "default-src 'none'" in page


def test_a_name_cannot_become_markup(worksheets):
    sheet = worksheets["house_prices"]
    name = "</script><script>alert(1)</script>"
    layers = tuple(replace(layer, name=f"{layer.name}<b>") for layer in sheet.trace.layers)
    page = render_page(lay_out(replace(sheet.trace, model=name, layers=layers)))
    assert name not in page
    assert "<b>" not in page.split('id="worksheet"')[1].split("</script>")[0]
    assert page.count("<script") == 4


def test_the_same_row_gives_the_same_page(worksheets):
    assert render_page(worksheets["reviews"]) == render_page(worksheets["reviews"])


def test_the_json_has_every_number(worksheets):
    sheet = worksheets["reviews"]
    found = json.loads(worksheet_as_json(sheet, "page.html"))
    assert set(found["quantities"]) == set(sheet.quantities)
    for key, one in sheet.quantities.items():
        np.testing.assert_array_equal(found["quantities"][key]["values"], one.values)
    assert found["agreement"]["num_slopes"] == 7
