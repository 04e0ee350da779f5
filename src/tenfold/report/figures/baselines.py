"""Figure 5: models on the same folds, lines joining the same fold."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from tenfold.report.evidence import Model
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    NETWORK,
    PAPER,
    QUIET,
    RIVAL,
    Drawing,
    figure_of,
    lines_across,
    name_y,
    new_axes,
    short_label,
    write,
)
from tenfold.report.phrases import unit_of
from tenfold.report.standing import STRETCH, STRETCHES, Standing
from tenfold.report.tables import as_table
from tenfold.report.words import is_plural, opening

__all__ = ["draw_baselines"]

NAMES_A_LINE = 3
"""Names of models that fit side by side; more take turns on several lines."""


def draw_baselines(facts: Facts, standing: Standing) -> Drawing | None:
    """Baselines and the network, worst first; None with fewer than two of them."""
    sign = 1 if facts.measure.better == "lower" else -1
    models = sorted(
        (model for model in facts.models if model is not standing.guess), key=lambda model: -sign * model.score.value
    )
    if len(models) < 2:  # noqa: PLR2004 - lines join two
        return None
    scale = 100 if facts.measure.as_percent else 1
    table = {model.name: {fold: scale * score for fold, score in by_fold(model).items()} for model in models}
    num_lines = -(-len(models) // NAMES_A_LINE)
    axes = new_axes(235 + 15 * num_lines, left=44, right=20 + 24 * (num_lines > 1), top=34, bottom=25 + 15 * num_lines)
    _lines(axes, models, table)
    for place, model in enumerate(models):
        _mean(axes, place, model, scale, standing, drop=20 + 15 * (place % num_lines))
    axes.set_xlim(-0.35, len(models) - 0.65)
    axes.set_xticks([])
    lines_across(axes, "y")
    unit = "%" if facts.measure.as_percent else unit_of(facts).replace("`", "")
    name_y(axes, f"{facts.measure.short}{', ' + unit if unit else ''}")
    folds = sorted(table[models[0].name])
    one = standing.pair.split("-", maxsplit=1)[0].split(maxsplit=1)[0]
    rows = [
        (
            f"{one} {fold + 1}",
            *(standing.form.bare(table[model.name].get(fold, float("nan")) / scale) for model in models),
        )
        for fold in folds
    ]
    head = (one, *(model.name for model in models))
    averaged = ", seeds averaged" if "seed" in standing.pair else ""
    reading = f"{opening(facts.measure.name)}, {facts.measure.better} is better; a thin line a {one}{averaged}."
    return Drawing(
        "baselines", _finding(models, table, sign, facts, one), reading, (figure_of(axes),), as_table(head, rows)
    )


def by_fold(model: Model) -> dict[int, float]:
    """Mean over seeds of each fold's score."""
    folds = sorted({member.fold for member in model.scores})
    return {fold: float(np.mean([m.score for m in model.scores if m.fold == fold])) for fold in folds}


def _lines(axes: Axes, models: Sequence[Model], table: Mapping[str, Mapping[int, float]]) -> None:
    for fold in table[models[0].name]:
        scores = [table[model.name].get(fold, np.nan) for model in models]
        axes.plot(range(len(models)), scores, color=GREY, linewidth=1, alpha=0.55, marker="o", markersize=3.5)


def _mean(axes: Axes, place: int, model: Model, scale: float, standing: Standing, *, drop: float) -> None:
    colour = NETWORK if model is standing.network else RIVAL if model is standing.baseline else GREY
    marker, value = "o" if model is standing.network else "s", scale * model.score.value
    axes.plot([place], [value], marker, color=colour, markersize=9, markeredgecolor=PAPER)
    bold = model is standing.network
    write(axes, standing.form.bare(model.score.value), (place, value), (10, 0), upright="center_baseline", bold=bold)
    label, at = short_label(model.name, 16), ("data", "axes fraction")
    write(axes, label, (place, 0), (0, -drop), at=at, side="center", bold=bold, colour=QUIET)


def _finding(
    models: Sequence[Model], table: Mapping[str, Mapping[int, float]], sign: int, facts: Facts, one: str
) -> str:
    """In how many folds (`one` is the word for a fold, a part or a stretch) the best simple model leads."""
    baselines = [model for model in models if model.role == "baseline"]
    folds = sorted(table[models[0].name])
    if len(baselines) < 2:  # noqa: PLR2004 - one has nobody to beat
        return facts.baseline_decision or f"{opening(models[-1].words)} leads on these folds."
    best = baselines[-1]
    won = sum(
        all(sign * table[best.name][fold] <= sign * table[other.name].get(fold, np.inf) for other in baselines)
        for fold in folds
    )
    lead = "lead" if is_plural(best.words) else "leads"
    plural = STRETCHES if STRETCH.startswith(one) else f"{one}s"
    return f"Among the simple models, {best.words} {lead} in {won} of {len(folds)} {plural}."
