"""The figures of a forecast: what they say, what their tables hold, and that they are left out without one."""

from dataclasses import replace

import pytest

from constructed_facts import FORECAST, houses_facts
from legibility import stumbles
from tenfold.report.evidence import Interval
from tenfold.report.facts import Facts
from tenfold.report.figures.baselines import draw_baselines
from tenfold.report.figures.forecast import draw_forecast, draw_phases, draw_steps
from tenfold.report.forecast import RangeCheck, StepErrors
from tenfold.report.page import render_report
from tenfold.report.standing import standing_of


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


def test_simple_models_of_a_forecast_are_counted_in_stretches_of_time(facts):
    assert draw_baselines(facts, standing_of(facts)).finding.endswith("stretches of time.")


def test_errors_by_hour_name_the_worst(facts):
    drawing = draw_phases(facts)
    assert drawing.finding == "Errors are largest at 23 h; the network is nearer than the last value in 10 of 24."
    assert stumbles(drawing.panels[0]) == []


STEPS = tuple(StepErrors(f"{hour} hours", 1 + hour / 10, (1.2 + hour / 10, 9.0 * hour)) for hour in range(2, 26, 2))
WAYS = (
    RangeCheck("trained", Interval(0.81, 0.7, 0.9), 3.21, 5.0),
    RangeCheck("constant", Interval(0.66, 0.5, 0.8), 3.5, 7.0),
)


def test_errors_on_the_way_to_the_horizon(facts):
    forecast = replace(FORECAST, steps=STEPS, step_rivals=("linear on lags", "last value"))
    drawing = draw_steps(replace(facts, forecast=forecast))
    assert drawing.finding == (
        "The error grows from 1.20 2 hours ahead to 3.40 24 hours ahead; at 12 of 12 steps the network is nearer than "
        "every rival here."
    )
    assert len(drawing.table.rows) == 12
    assert stumbles(drawing.panels[0]) == []


def test_a_single_step_is_no_way():
    assert draw_steps(houses_facts(forecast=FORECAST)) is None
    assert draw_steps(houses_facts()) is None


def test_the_band_says_which_way_was_kept_and_how_often_it_held(facts):
    lows, highs = ([value + end for value in FORECAST.network] for end in (-1, 1))
    drawing = draw_forecast(
        replace(facts, forecast=replace(FORECAST, ranges=WAYS, lows=tuple(lows), highs=tuple(highs)))
    )
    assert (
        "Band: the network's own 10 and 90 %, moved. Made to hold eight in ten, it held 81 % (70 to 90) of rows that "
        "took no part in it, 3.21 wide on average; the other way, the forecast and the errors around it, held 66 %, "
        "3.50 wide. On the sealed rows 78 % came within."
    ) in drawing.reading
    assert drawing.table.rows[0][-2:] == ("0.5", "2.5")


def test_without_a_forecast_there_is_neither():
    assert draw_forecast(houses_facts()) is None
    assert draw_phases(houses_facts()) is None


def test_facts_of_a_forecast_are_kept_and_stand_on_the_page(facts):
    assert Facts.from_json(facts.to_json()).forecast == FORECAST
    page = render_report(facts)
    assert 'id="figure-forecast"' in page
    assert "One series of 900 steps of 1 hour." in page
