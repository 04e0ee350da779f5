"""Which figures a run has: every one whose facts are there, by name, in the order of the report."""

from collections.abc import Callable

from tenfold.report.facts import Facts
from tenfold.report.figures.answer import draw_answer
from tenfold.report.figures.baselines import draw_baselines
from tenfold.report.figures.calibration import draw_calibration
from tenfold.report.figures.canvas import Drawing
from tenfold.report.figures.columns import draw_columns
from tenfold.report.figures.errors import draw_error_spread, draw_predictions
from tenfold.report.figures.forecast import draw_forecast, draw_phases, draw_steps
from tenfold.report.figures.importance import draw_importance
from tenfold.report.figures.settings import draw_settings
from tenfold.report.figures.split_map import draw_split
from tenfold.report.figures.svg import own_settings
from tenfold.report.figures.target import draw_target
from tenfold.report.figures.training import draw_capacity, draw_curves
from tenfold.report.figures.tuning import draw_tuning
from tenfold.report.figures.words import draw_words
from tenfold.report.standing import standing_of

__all__ = ["drawings_of"]


def drawings_of(facts: Facts) -> dict[str, Drawing]:
    """The figures of a run.

    Args:
        facts: What the run found.

    Returns:
        Name to drawing: answer, target, split, columns, words, baselines, capacity, curves, tuning, settings,
        predictions, spread, forecast, phases, calibration, importance; those without facts are left out.
    """
    standing = standing_of(facts)
    makers: list[Callable[[], Drawing | None]] = [
        lambda: draw_target(facts),
        lambda: draw_split(facts),
        lambda: draw_columns(facts),
        lambda: draw_words(facts),
        lambda: draw_capacity(facts),
        lambda: draw_curves(facts),
        lambda: draw_tuning(facts),
        lambda: draw_settings(facts),
        lambda: draw_predictions(facts),
        lambda: draw_error_spread(facts),
        lambda: draw_forecast(facts),
        lambda: draw_steps(facts),
        lambda: draw_phases(facts),
        lambda: draw_calibration(facts),
        lambda: draw_importance(facts),
    ]
    if standing is not None:
        makers += [lambda: draw_answer(facts, standing), lambda: draw_baselines(facts, standing)]
    with own_settings("report"):
        drawn = [make() for make in makers]
    return {drawing.name: drawing for drawing in drawn if drawing is not None}
