"""The page in a real browser: clicked and keyed through, compared cell by cell with Python, in both colour schemes.

Chromium comes from the system (Debian: `apt-get install chromium`); without one these tests are skipped.
"""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest

from tenfold.explaining.cell import explain_cell
from tenfold.explaining.page import render_page
from traced_models import MODELS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")

NAMES = [make.__name__ for make in MODELS]
SHOWN = ["house_prices", "digits", "reviews"]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Visit:
    """One page in the browser, with all that goes wrong on it."""

    def __init__(self, browser, file, address="", **settings):
        self.context = browser.new_context(**settings)
        self.page = self.context.new_page()
        self.wrong, self.asked = [], []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type == "error" else None)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(f"{file.as_uri()}{address}")
        self.page.wait_for_selector("#bench[data-ready]")

    def text(self, selector):
        return self.page.inner_text(selector)

    def pressed(self):
        return self.page.inner_text('[data-phase][aria-pressed="true"]').lower().lstrip("1234").strip()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def visit(browser, files, worksheets) -> Iterator:
    open_now = []

    def opened(name, address="", **settings):
        if not (files / f"{name}.html").exists():
            (files / f"{name}.html").write_text(render_page(worksheets[name], source="rows.csv"), encoding="utf-8")
        open_now.append(Visit(browser, files / f"{name}.html", address, **settings))
        return open_now[-1]

    yield opened
    for one in open_now:
        assert one.wrong == []
        assert [url for url in one.asked if not url.startswith("file:")] == []
        one.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_explains_cells_as_python_does(visit, worksheets, name):
    quantities = worksheets[name].quantities
    rows = np.random.default_rng(0)
    cells = [
        (place, [int(rows.integers(size)) for size in one.values.shape])
        for place, one in enumerate(quantities.values())
    ]
    found = visit(name).page.evaluate(
        """async (cells) => {
          const data = JSON.parse(document.getElementById("worksheet").textContent);
          const letters = atob(document.getElementById("numbers").textContent);
          const packed = Uint8Array.from(letters, (one) => one.charCodeAt(0));
          const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
          const numbers = await new Response(stream).arrayBuffer();
          const { quantities, explain } = Cells(data, numbers);
          return cells.map(([place, index]) => {
            const one = explain(quantities[place], index);
            return [one.value, one.total ?? null, one.terms.map((term) => term.value)];
          });
        }""",
        cells,
    )
    for (place, index), (value, total, terms) in zip(cells, found, strict=True):
        one = list(quantities.values())[place]
        ours = explain_cell(quantities, one.id, index)
        assert value == pytest.approx(ours.value, rel=1e-12, abs=1e-15), one.id
        if total is not None:
            assert total == pytest.approx(ours.total, rel=1e-9, abs=1e-12), one.id
        np.testing.assert_allclose(sorted(terms), sorted(term.value for term in ours.terms), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", SHOWN)
def test_clicked_through_forward_loss_backward_and_update(visit, worksheets, name):
    seen = visit(name)
    page, sheet = seen.page, worksheets[name]
    for phase in ("forward", "loss", "backward", "update"):
        page.click(f'[data-phase="{phase}"]')
        assert seen.pressed() == phase
        stops = page.locator(".stops button")
        assert stops.count() == sum(stop.phase == phase for stop in sheet.stops)
        stops.last.click()
        tabs = page.locator(".tabs button")
        for number in range(tabs.count()):
            tabs.nth(number).click()
            assert tabs.nth(number).get_attribute("aria-pressed") == "true"
            assert page.locator('.grid td[aria-selected="true"]').count() == 1
    sources = page.locator(".cell button.to")
    before = page.url
    sources.first.click()
    assert page.url != before
    page.go_back()
    assert page.url == before
    page.locator(".grid td").first.click()
    assert "[0" in seen.text(".cell h3") or "[" not in seen.text(".cell h3")


@pytest.mark.parametrize("name", SHOWN)
def test_keyed_through_without_a_mouse(visit, worksheets, name):
    seen = visit(name)
    page, sheet = seen.page, worksheets[name]
    phases = []
    for _ in sheet.stops:
        phases.append(seen.pressed())
        page.keyboard.press("n")
    assert phases == [stop.phase for stop in sheet.stops]
    page.keyboard.press("3")
    assert seen.pressed() == "backward"
    page.keyboard.press("1")
    page.locator('.stops [aria-current="step"]').focus()
    for _ in sheet.trace.layers:
        page.keyboard.press("ArrowUp")
    assert page.inner_text('.stops [aria-current="step"] b') == sheet.trace.layers[0].name
    page.keyboard.press("Enter")  # into the cells
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"
    page.keyboard.press("Home")
    before = seen.text(".cell h3")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    assert seen.text(".cell h3") != before
    page.keyboard.press("Enter")  # into what it is made of
    assert page.evaluate("document.activeElement.className") == "cell"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "gridcell"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "step"
    page.keyboard.press("?")
    assert page.locator("#help[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#help[open]").count() == 0
    assert "[" in seen.text(".said")


def test_an_address_opens_its_cell(visit, worksheets):
    sheet = worksheets["house_prices"]
    layer = sheet.trace.layers[0].name
    seen = visit("house_prices", f"#backward/{layer}/g_W/3,5")
    assert seen.text(".cell h3") == f"{layer} · ∂L/∂W[3, 5]"
    value = float(seen.text(".cell .value").replace("−", "-"))
    assert value == pytest.approx(sheet.quantities[f"{layer}.g_W"].values[3, 5], rel=1e-3)


def test_a_covered_number_is_asked_for(visit, worksheets):
    sheet = worksheets["house_prices"]
    layer = sheet.trace.layers[0].name
    seen = visit("house_prices", f"#forward/{layer}/z/2")
    seen.page.click("[data-ask]")
    assert seen.page.locator(".cell .value").count() == 0
    seen.page.fill(".asking input", str(sheet.quantities[f"{layer}.z"].values[2] * 1.02))
    seen.page.keyboard.press("Enter")
    assert "Right." in seen.text(".cell")
    assert seen.page.locator(".cell .value").count() == 1


def test_a_page_that_keeps_a_part_of_the_weights_says_so(visit, worksheets, files, monkeypatch):
    sheet = worksheets["house_prices"]
    layer = sheet.trace.layers[0].name
    monkeypatch.setattr("tenfold.explaining.page.BUDGET", 1)
    monkeypatch.setattr("tenfold.explaining.packing._KEPT_UNITS", 3)
    (files / "part.html").write_text(render_page(sheet), encoding="utf-8")
    moved = np.abs(sheet.quantities[f"{layer}.g_W"].values).sum(axis=0)
    most, least = int(moved.argmax()), int(moved.argmin())
    kept = visit("part", f"#forward/{layer}/z/{most}")
    assert kept.page.locator(".cell tbody tr").count() == 10  # eight terms, the rest, the sum
    lost = visit("part", f"#forward/{layer}/z/{least}")
    assert "weights that this page does not keep" in lost.text(".cell")
    assert float(lost.text(".cell .value").replace("−", "-")) == pytest.approx(
        sheet.quantities[f"{layer}.z"].values[least], rel=1e-3
    )
    assert lost.page.locator(".grid td.absent").count() == (13 + 1) * (8 - 3)  # weights and bias of five units


@pytest.mark.parametrize("name", SHOWN)
def test_on_a_phone_nothing_is_wider_than_the_screen(visit, name):
    seen = visit(name, viewport=PHONE, reduced_motion="reduce")
    for phase in ("forward", "loss", "backward", "update"):
        seen.page.click(f'[data-phase="{phase}"]')
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_no_violation_in_either_colour_scheme(visit, name):
    from axe_playwright_python.sync_playwright import Axe

    seen = visit(name)
    for scheme, phase in (("light", "forward"), ("dark", "backward")):
        seen.page.emulate_media(color_scheme=scheme)
        seen.page.click(f'[data-phase="{phase}"]')
        found = Axe().run(seen.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_without_scripts_the_tables_are_there(browser, files, worksheets):
    (files / "plain.html").write_text(render_page(worksheets["house_prices"]), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((files / "plain.html").as_uri())
    assert not page.is_visible("#bench")
    assert page.is_visible("#tables")
    assert page.locator("#tables table").count() >= 6
    context.close()
