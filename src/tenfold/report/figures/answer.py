"""Figure 1: every model as a point with its interval, the difference that decides, the sealed score."""

from dataclasses import dataclass

from matplotlib.axes import Axes

from tenfold.report.evidence import Model
from tenfold.report.facts import Facts
from tenfold.report.figures.canvas import (
    GREY,
    INK,
    NETWORK,
    PAPER,
    QUIET,
    RIVAL,
    WIDTH,
    Drawing,
    figure_of,
    lines_across,
    new_axes,
    short_label,
    write,
)
from tenfold.report.phrases import Phrases, unit_of
from tenfold.report.standing import Standing
from tenfold.report.tables import Table, as_table, in_order
from tenfold.report.words import is_plural, opening

__all__ = ["draw_answer"]

ROW = 48.0
"""Height of one model's row, px."""

NAMES = 112.0
"""Room for the models' names, px."""

MARGIN = 16.0
"""Room at the right, px."""

LETTER = 6.6
"""About a letter's width, px: the reader's font is not known here."""

FAR = 0.6
"""A guess further from the models than this share of their own range is named at the edge. Arbitrary."""


def draw_answer(facts: Facts, standing: Standing) -> Drawing:
    """Scores of all models on the same outer folds.

    Args:
        facts: What the run found.
        standing: Its network, best baseline and constant guess.

    Returns:
        Figure 1.
    """
    models = [model for model in in_order(facts.models, facts.measure.better) if model is not standing.guess]
    axes = new_axes(66 + ROW * len(models) + 56, left=NAMES, right=MARGIN, top=66, bottom=56)
    sheet = _Sheet(axes, facts, standing, tuple(models))
    sheet.limits()
    for row, model in enumerate(models):
        sheet.row(row, model)
    sheet.guess()
    sheet.sealed()
    sheet.bracket()
    sheet.foot()
    return Drawing("answer", _finding(standing), _reading(facts, standing), (figure_of(axes),), _table(sheet))


@dataclass(frozen=True)
class _Sheet:
    axes: Axes
    facts: Facts
    standing: Standing
    models: tuple[Model, ...]

    def x(self, score: float) -> float:
        return 100 * score if self.facts.measure.as_percent else score

    def limits(self) -> None:
        ends = [self.x(end) for model in self.models for end in (model.score.low, model.score.high)]
        ends += [self.x(member.score) for model in self.models for member in model.scores]
        if self.facts.sealed is not None:
            ends.append(self.x(self.facts.sealed.score))
        low, high = min(ends), max(ends)
        guess, reach = self.x(self.standing.guess.score.value), FAR * (high - low)
        if low - reach <= guess <= high + reach:
            low, high = min(low, guess), max(high, guess)
        room = 0.05 * (high - low or abs(high) or 1.0)
        self.axes.set_xlim(low - room, high + room)
        self.axes.set_ylim(len(self.models) - 0.5, -0.5)
        self.axes.set_yticks([])
        lines_across(self.axes, "x")

    def row(self, row: int, model: Model) -> None:
        is_network = model is self.standing.network
        colour = NETWORK if is_network else RIVAL if model is self.standing.baseline else GREY
        ticks = [self.x(member.score) for member in model.scores]
        low, value, high = self.x(model.score.low), self.x(model.score.value), self.x(model.score.high)
        self.axes.plot(ticks, [row + 0.2] * len(ticks), "|", color=colour, alpha=0.5, markersize=7, markeredgewidth=1.2)
        self.axes.plot([low, high], [row, row], color=colour, linewidth=2.6, solid_capstyle="butt")
        marker, size = ("o", 9) if is_network else ("s", 8)
        self.axes.plot([value], [row], marker, color=colour, markersize=size, markeredgecolor=PAPER)
        number = self.standing.form.bare(model.score.value)
        write(self.axes, number, (value, row), (0, 8), side="center", bold=is_network)
        place = ("axes fraction", "data")
        label = short_label(model.name)
        write(self.axes, label, (0, row), (-NAMES + 4, 0), at=place, upright="center_baseline", bold=is_network)

    def guess(self) -> None:
        low, high = self.axes.get_xlim()
        guess = self.x(self.standing.guess.score.value)
        text = f"{short_label(self.standing.guess.name, 24)} {self.standing.form.bare(self.standing.guess.score.value)}"
        right, top = guess > (low + high) / 2, ("data", "axes fraction")
        side = "right" if right else "left"
        if low <= guess <= high:
            self.axes.axvline(guess, color=GREY, linewidth=1.4, linestyle=(0, (1.5, 2)))
            write(self.axes, text, (guess, 1), (-4 if right else 4, 6), at=top, side=side, colour=QUIET)
        else:
            text = f"{text} →" if right else f"← {text}"
            write(self.axes, text, (high if right else low, 1), (0, 6), at=top, side=side, colour=QUIET)

    def sealed(self) -> None:
        if self.facts.sealed is None:
            return
        row = self.models.index(self.standing.network) + 0.4
        score = self.x(self.facts.sealed.score)
        self.axes.plot([score], [row], "D", color=PAPER, markersize=6.5, markeredgecolor=NETWORK, markeredgewidth=1.6)
        right = score > sum(self.axes.get_xlim()) / 2
        text = f"sealed rows {self.standing.form.bare(self.facts.sealed.score)}"
        offset, side = ((-8, 0), "right") if right else ((8, 0), "left")
        write(self.axes, text, (score, row), offset, side=side, upright="center_baseline", colour=QUIET)

    def bracket(self) -> None:
        """From the network's score to the best baseline's, above all rows."""
        ends = sorted([self.x(self.standing.network.score.value), self.x(self.standing.baseline.score.value)])
        place = self.axes.get_xaxis_transform()
        top = 1 + 34 / (ROW * len(self.models))
        foot = 1 + 28 / (ROW * len(self.models))
        xs, ys = [ends[0], ends[0], ends[1], ends[1]], [foot, top, top, foot]
        self.axes.plot(xs, ys, color=INK, linewidth=1.2, transform=place, clip_on=False)
        text = _difference(Phrases(self.facts, self.standing))
        write(self.axes, text, (sum(ends) / 2, top), (self._inside(text, sum(ends) / 2), 6),
              at=("data", "axes fraction"), side="center")  # fmt: skip

    def _inside(self, text: str, x: float) -> float:
        """How far centred text at x must move to the right, px, to stay on the sheet."""
        low, high = self.axes.get_xlim()
        place = NAMES + (WIDTH - NAMES - MARGIN) * (x - low) / (high - low)
        half = len(text) * LETTER / 2
        return max(0.0, NAMES + half - place) - max(0.0, place + half - WIDTH)

    def foot(self) -> None:
        measure = self.facts.measure
        unit = "%" if measure.as_percent else unit_of(self.facts).replace("`", "")
        name = f"{measure.short}, {unit}" if unit else measure.short
        arrow, side, edge = ("← better", "left", 0) if measure.better == "lower" else ("better →", "right", 1)
        other, opposite = ("right", 1) if side == "left" else ("left", 0)
        write(self.axes, arrow, (edge, 0), (0, -42), at="axes fraction", side=side, colour=QUIET)
        write(self.axes, name, (opposite, 0), (0, -42), at="axes fraction", side=other, colour=QUIET)


def _difference(say: Phrases) -> str:
    found, form = say.standing.against_baseline.interval, say.standing.difference_form
    if found.high < 0:
        return f"worse by {form.gain(found.value)} ({form.span(-found.high, -found.low)})"
    if found.low > 0:
        return f"better by {say.gain(found)}"
    return f"{form.gain(found.value)}: {say.worse_to_better()}"


def _finding(standing: Standing) -> str:
    found, rival = standing.against_baseline, standing.baseline.words
    won = f"in {standing.won}"
    if found.interval.low > 0:
        return f"The network beats {rival} {won}."
    if found.interval.high < 0:
        lost = f"{found.num_pairs - found.pairs_won} of {standing.pairs(found.num_pairs)}"
        return f"{opening(rival)} {'beat' if is_plural(rival) else 'beats'} the network in {lost}."
    return f"Network and {rival} overlap: the network leads {won}."


def _reading(facts: Facts, standing: Standing) -> str:
    measure, protocol = facts.measure, facts.protocol
    pair = standing.pair.removesuffix(" pair").replace("-and-seed", " and seed")
    each = f"one for each {pair}"
    unit = unit_of(facts)
    name = f"{opening(measure.name)}{', ' + unit if unit else ''}; {measure.better} is better."
    rows = f" {protocol.num_scored:,} rows scored out of fold." if protocol else ""
    return f"{name}{rows} Point and line: mean and 95 % interval; faint ticks: {each}."


def _table(sheet: _Sheet) -> Table:
    form, interval_form = sheet.standing.form, sheet.standing.interval_form
    rows = [
        (
            model.name,
            form.bare(model.score.value),
            interval_form.span(model.score.low, model.score.high),
            interval_form.bare(min(member.score for member in model.scores)),
            interval_form.bare(max(member.score for member in model.scores)),
        )
        for model in (*sheet.models, sheet.standing.guess)
    ]
    return as_table(("model", sheet.facts.measure.short, "95 % interval", "lowest", "highest"), rows)
