"""The split map on the axis of time."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from matplotlib.axes import Axes

from tenfold.report.decisions import FoldRows, Protocol, TimeOrder, TimeSpan
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import FAINT, NETWORK
from tenfold.report.figures.gallery import drawings_of
from tenfold.report.figures.time_map import draw_time

DAY = 19_723.0
"""2024-01-01, in days since 1970."""

SPANS = (TimeSpan(0, DAY + 93, DAY + 100, DAY + 199), TimeSpan(1, DAY + 193, DAY + 200, DAY + 292))
ORDER = TimeOrder("Datum", "days", 7.0, "7 days", DAY, DAY + 292, DAY + 300, DAY + 400, SPANS, num_purged=7)
FOLDS = (FoldRows(0, 94, 100, 6), FoldRows(1, 194, 93, 6))
PROTOCOL = Protocol("time", 293, 101, "abc", FOLDS, num_inner_folds=3, time=ORDER)


def bars_of(axes: Axes, colour: str) -> list[tuple[float, float]]:
    """Where bars of a colour begin and end, in days of the year."""
    from matplotlib.colors import to_rgba

    found = [bar for bars in axes.containers for bar in bars if bar.get_facecolor() == to_rgba(colour)]
    return [(bar.get_x() - DAY, bar.get_x() + bar.get_width() - DAY) for bar in found]


def test_training_ends_where_the_gap_begins_and_scoring_begins_where_it_ends():
    axes = draw_time(PROTOCOL, ORDER, FOLDS)
    assert bars_of(axes, FAINT) == [(0, 93), (0, 193)]
    assert bars_of(axes, NETWORK) == [(100, 200), (200, 293)]


def test_a_gap_too_narrow_to_see_is_drawn_as_wide_as_one_can():
    axes = draw_time(PROTOCOL, replace(ORDER, gap=0.25), FOLDS)
    (_, first), _ = bars_of(axes, FAINT)
    assert 95 < first < 98


def test_a_gap_that_held_no_rows_is_not_drawn():
    folds = tuple(replace(fold, num_purged=0) for fold in FOLDS)
    axes = draw_time(PROTOCOL, replace(ORDER, num_purged=0), folds)
    assert bars_of(axes, FAINT) == [(0, 100), (0, 200)]
    assert bars_of(axes, NETWORK) == [(100, 200), (200, 300)]


def test_words_and_table_say_what_the_figure_shows(houses: Callable[..., Facts]):
    drawing = drawings_of(replace(houses(), protocol=PROTOCOL))["split"]
    assert drawing.finding == (
        "Networks are scored on rows later than all that they saw, in 2 folds that only look forward; "
        "101 rows, the last ones, stay sealed to the end."
    )
    assert "by `Datum`: grey rows train, blue rows are scored. Hatched: left out, 7 days before" in drawing.reading
    assert drawing.table.rows == (
        ("fold 1", "2024-04-03", "2024-04-10", "2024-07-18", "94", "100", "6"),
        ("fold 2", "2024-07-12", "2024-07-19", "2024-10-19", "194", "93", "6"),
        ("sealed", "2024-10-19", "2024-10-27", "2025-02-04", "293", "101", "7"),
    )


@pytest.mark.parametrize(
    ("unit", "first", "last", "expected"),
    [
        ("units of `year`", 1990.0, 2010.0, "1992"),
        ("units of `nr`", 0.0, 40_000.0, "8,000"),
        ("days", DAY, DAY + 3_000, "2026"),
        ("days", DAY, DAY + 400, "2024-05"),
        ("days", DAY, DAY + 40, "2024-01-15"),
        ("days", DAY, DAY + 2, "01-02 00:00"),
    ],
)
def test_times_are_written_as_their_unit_and_length_need(unit: str, first: float, last: float, expected: str):
    span = TimeSpan(0, first + (last - first) * 0.3, first + (last - first) * 0.4, first + (last - first) * 0.7)
    order = TimeOrder("when", unit, 0.0, "", first, span.scored_until, first + (last - first) * 0.8, last, (span,))
    axes = draw_time(PROTOCOL, order, FOLDS[:1])
    axes.figure.canvas.draw()
    assert expected in [label.get_text() for label in axes.get_xticklabels()]
