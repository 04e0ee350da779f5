"""Figure 8: every setting tried, and what choosing among them cost in optimism."""

import math
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from tenfold.report.evidence import Trial, Tuning
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    MOST_TICKS,
    NETWORK,
    PAPER,
    Drawing,
    figure_of,
    lines_across,
    name_x,
    name_y,
    new_axes,
    write,
)
from tenfold.report.numbers import ScoreFormat, decimals_for, score_format
from tenfold.report.tables import Table, as_table
from tenfold.report.words import counted, opening, setting_words

__all__ = ["draw_tuning", "setting_text"]


def draw_tuning(facts: Facts) -> Drawing | None:
    """Inner scores in the order tried; None where nothing was tried."""
    tuning = facts.tuning
    if tuning is None or not tuning.trials:
        return None
    axes = new_axes(250, left=48, right=16, top=34, bottom=44)
    axes.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, integer=True))
    form = _form(facts, tuning)
    for trial in tuning.trials:
        _point(
            axes,
            trial,
            form,
            is_chosen=trial.number == tuning.chosen,
            lower=tuning.better == "lower",
            last=tuning.trials[-1].number,
        )
    _running(axes, tuning, form)
    axes.margins(y=0.12)
    lines_across(axes, "y")
    measure = tuning.measure or facts.measure.short
    name_y(axes, f"inner {measure}{', %' if form.as_percent else ''}")
    name_x(axes, "trials in the order tried", drop=36)
    reading = (
        f"Inner {tuning.measure or facts.measure.name}, {tuning.better} is better; line: 95 % interval over folds and "
        "seeds, steps: the best so far. Outer rows were not looked at."
    )
    return Drawing("tuning", _finding(tuning, form), reading, (figure_of(axes),), _table(tuning, form))


def _form(facts: Facts, tuning: Tuning) -> ScoreFormat:
    chosen = next((trial for trial in tuning.trials if trial.number == tuning.chosen), tuning.trials[0])
    return score_format(chosen.score, as_percent=facts.measure.as_percent and not tuning.measure)


def _scale(form: ScoreFormat) -> float:
    return 100.0 if form.as_percent else 1.0


def _point(axes: Axes, trial: Trial, form: ScoreFormat, *, is_chosen: bool, lower: bool, last: int) -> None:
    colour, scale, score = NETWORK if is_chosen else GREY, _scale(form), trial.score
    number = trial.number
    ends = [scale * score.low, scale * score.high]
    axes.plot([number, number], ends, color=colour, linewidth=1.8 if is_chosen else 1.0, alpha=1 if is_chosen else 0.6)
    axes.plot([number], [scale * score.value], "o", color=colour, markersize=6, markeredgecolor=PAPER)
    if is_chosen:
        axes.plot(
            [number], [scale * score.value], "o", color="none", markersize=15, markeredgecolor=INK, markeredgewidth=1.4
        )
        side = "left" if number == 0 else "right" if number == last else "center"
        free, drop = (score.low, -15) if lower else (score.high, 5)  # no other point is better, so no line is there
        write(axes, f"chosen: {number}", (number, scale * free), (0, drop), side=side, bold=True)


def _running(axes: Axes, tuning: Tuning, form: ScoreFormat) -> None:
    pick = min if tuning.better == "lower" else max
    best, steps = math.nan, []
    for trial in tuning.trials:
        best = trial.score.value if math.isnan(best) else pick(best, trial.score.value)
        steps.append(_scale(form) * best)
    numbers = [trial.number for trial in tuning.trials]
    axes.step(numbers, steps, where="post", color=INK, linewidth=1.2)


def _finding(tuning: Tuning, form: ScoreFormat) -> str:
    tried = counted(len(tuning.trials), "setting")
    if not (math.isfinite(tuning.inner) and math.isfinite(tuning.outer)):
        return f"Trial {tuning.chosen} of {tried} was chosen on inner rows."
    optimism = tuning.outer - tuning.inner if tuning.better == "lower" else tuning.inner - tuning.outer
    finer = decimals_for(optimism * (100 if form.as_percent else 1))  # so that the difference can be read off
    form = replace(form, decimals=min(max(form.decimals, finer), form.decimals + 1))
    fell = f"the choice had flattered it by {form.gain(optimism)}" if optimism > 0 else "the choice did not flatter it"
    return f"The best of {tried} had {form.value(tuning.inner)} inside, {form.value(tuning.outer)} outside: {fell}."


def setting_text(trial: Trial) -> str:
    """Network and settings of a trial in one line, "64-64: learning rate 0.0021, dropout rate 0.1"."""
    settings = (
        ", ".join(f"{setting_words(name)} {value:.3g}" for name, value in trial.settings.items()) or "as in step 6"
    )
    return f"{trial.network}: {settings}" if trial.network else settings


def _rank(tuning: Tuning, trial: Trial) -> float:
    """Sorts the best trial first and one without a finite score last."""
    score = trial.score.value
    if not math.isfinite(score):
        return math.inf
    return score if tuning.better == "lower" else -score


def _table(tuning: Tuning, form: ScoreFormat) -> Table:
    order = sorted(tuning.trials, key=lambda trial: _rank(tuning, trial))
    rows = [
        (
            f"{trial.number}{' (chosen)' if trial.number == tuning.chosen else ''}",
            form.bare(trial.score.value),
            form.span(trial.score.low, trial.score.high),
            setting_text(trial),
        )
        for trial in order
    ]
    return as_table(
        ("trial", f"inner {opening(tuning.measure) or 'score'}", "95 % interval", "values"), rows, words=(0, 3)
    )
