"""The figures of a forecast: what they say, what their tables hold, and that they are left out without one."""

import pytest

from constructed_facts import FORECAST, houses_facts
from legibility import stumbles
from tenfold.report.facts import Facts
from tenfold.report.figures.forecast import draw_forecast, draw_phases
from tenfold.report.page import render_report


@pytest.fixture
def facts() -> Facts:
    return houses_facts(forecast=FORECAST)


def test_the_last_stretch_says_how_far_off_both_are(facts):
    drawing = draw_forecast(facts)
    assert drawing.finding == (
        "In the last 48 steps that were scored, the network is off by 0.500 on average, the last value by 2.00."
    )
    assert "eight in ten of all errors lie between -1.00 and 2.00; on the sealed rows 78 % did." in drawing.reading
    assert stumbles(drawing.panels[0]) == []


def test_errors_by_hour_name_the_worst(facts):
    drawing = draw_phases(facts)
    assert drawing.finding == "Errors are largest at 23 h; the network is nearer than the last value in 10 of 24."
    assert stumbles(drawing.panels[0]) == []


def test_without_a_forecast_there_is_neither():
    assert draw_forecast(houses_facts()) is None
    assert draw_phases(houses_facts()) is None


def test_facts_of_a_forecast_are_kept_and_stand_on_the_page(facts):
    assert Facts.from_json(facts.to_json()).forecast == FORECAST
    page = render_report(facts)
    assert 'id="figure-forecast"' in page
    assert "One series of 900 steps of 1 hour." in page
