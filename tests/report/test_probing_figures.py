"""Calibration, importance, settings and columns as figures: what they claim holds for the numbers."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tenfold.report.decisions import Column
from tenfold.report.evidence import Histogram, Interval
from tenfold.report.facts import Facts
from tenfold.report.figures.calibration import calibration_notes
from tenfold.report.figures.columns import columns_in_order
from tenfold.report.figures.gallery import drawings_of
from tenfold.report.figures.svg import svg_panels
from tenfold.report.probing import ColumnImportance, Importance

Make = Callable[..., Facts]


def test_only_groups_whose_interval_leaves_out_the_prediction_disagree(churn: Make):
    facts = churn()
    assert drawings_of(facts)["calibration"].finding.startswith("1 of 10 groups of rows disagree")
    agreeing = replace(facts.calibration, bins=facts.calibration.bins[:9])
    found = drawings_of(replace(facts, calibration=agreeing))["calibration"].finding
    assert found == "A predicted probability may be read as it is: all 9 groups of rows agree with it."


def test_probabilities_that_were_put_right_are_shown_with_what_they_were(churn: Make):
    facts = churn()
    now, before = calibration_notes(facts.calibration)
    assert "Slope 0.96 (1 is right)" in now
    assert "Brier score 0.0921 (0.1056 without the columns)" in now
    assert "logits divided by 1.31. Before: slope 0.71" in before
    nan = float("nan")
    untouched = replace(facts.calibration, brier_before=nan, slope_before=nan, intercept_before=nan, bins_before=())
    assert len(calibration_notes(untouched)) == 1
    assert "hollow" not in drawings_of(replace(facts, calibration=untouched))["calibration"].reading


def test_a_column_matters_where_its_whole_interval_lies_beyond_noise(houses: Make):
    drawing = drawings_of(houses())["importance"]
    assert drawing.finding == "`lstat` and `rm` matter; 2 columns cannot be told from noise."
    assert [row[0] for row in drawing.table.rows] == ["lstat", "rm", "crim", "chas", "a column of noise"]
    assert [row[3] for row in drawing.table.rows] == ["above noise", "above noise", "", "", ""]


def test_without_a_noise_column_nothing_lost_is_the_threshold(houses: Make):
    columns = (ColumnImportance("a", Interval(0.1, 0.01, 0.2)), ColumnImportance("b", Interval(0.1, -0.01, 0.2)))
    drawing = drawings_of(houses(importance=Importance(columns)))["importance"]
    assert drawing.finding == "`a` matters; 1 column cannot be told from unused ones."


def test_many_columns_are_drawn_in_part_and_stand_in_the_table_whole(houses: Make):
    columns = tuple(ColumnImportance(f"c{place}", Interval(1.0, 0.9, 1.1)) for place in range(300))
    drawing = drawings_of(houses(importance=Importance(columns)))["importance"]
    assert len(drawing.table.rows) == 300
    assert "the first 20 of 300 columns" in drawing.reading
    assert len(svg_panels(drawing)[0]) < 40_000


def test_columns_stand_in_the_order_in_which_the_network_misses_them(houses: Make):
    assert [one.name for one in columns_in_order(houses())] == ["lstat", "rm", "crim", "chas", "id"]
    assert [one.name for one in columns_in_order(houses(importance=None))] == ["crim", "rm", "lstat", "chas", "id"]


def test_at_most_twelve_columns_are_drawn(houses: Make):
    facts = houses()
    many = tuple(
        Column(f"c{place}", "number", distribution=Histogram((0.0, 1.0, 2.0), (3, 4), (1.0, 2.0)))
        for place in range(40)
    )
    drawing = drawings_of(replace(facts, preparation=replace(facts.preparation, columns=many)))["columns"]
    assert len(drawing.panels) == 12
    assert "28 more in the table" in drawing.reading


@pytest.mark.parametrize("means", [(), (float("nan"), float("nan")), (2.0, 2.0)])
def test_a_column_without_a_telling_mean_is_drawn_all_the_same(houses: Make, means: tuple[float, ...]):
    facts = houses()
    column = Column("a", "number", distribution=Histogram((0.0, 1.0, 2.0), (3, 4), means))
    drawing = drawings_of(replace(facts, preparation=replace(facts.preparation, columns=(column,))))["columns"]
    assert not any("nan" in panel.lower() for panel in svg_panels(drawing))


def test_settings_are_drawn_where_enough_was_tried(houses: Make):
    facts = houses()
    shares = {"optimizer.learning_rate": 0.62, "dropout.rate": 0.11}
    drawing = drawings_of(replace(facts, tuning=replace(facts.tuning, settings_that_mattered=shares)))["settings"]
    assert drawing.finding == "The learning rate mattered most: it explains 62 % of the spread among trials."
    few = replace(facts.tuning, settings_that_mattered=shares, trials=facts.tuning.trials[:9])
    assert "settings" not in drawings_of(replace(facts, tuning=few))
