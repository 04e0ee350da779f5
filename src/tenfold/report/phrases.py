"""Phrases about scores: the same number said the same way in every verdict.

Errors in the target's unit are said as "off by 2.31 on average", everything else as "average precision 0.41". A score
stands with its unit and interval, a gain with its interval, and what a guess scores is said once.
"""

import math
from dataclasses import dataclass

from tenfold.report.evidence import (
    ClassErrors,
    Interval,
    LabelErrors,
    Model,
    NumberErrors,
    Ranking,
    SealedResult,
    SeveralErrors,
)
from tenfold.report.facts import Facts
from tenfold.report.numbers import duration, percent, score_format, significant
from tenfold.report.standing import Standing
from tenfold.report.words import counted, elided, is_plural, listed, named, opening

__all__ = ["Phrases", "target_of", "unit_of"]

OFF_BY = {
    "mae": "{} on average",
    "rmse": "{} (root mean square)",
    "median_absolute_error": "{} in half of the rows",
    "mape": "{} on average",
    "mae_in_spreads": "{} spreads on average",
}
"""Measures of which one says that a prediction is off by so much."""

MOST_TARGETS = 3
"""More targets than these are counted, not named. Arbitrary."""


def unit_of(facts: Facts) -> str:
    """The score's unit in words; empty for a score without one.

    For an error in the target's unit of which nobody said the name: "in the unit of `price`".
    """
    measure = facts.measure
    if measure.unit or measure.as_percent or measure.key not in OFF_BY:
        return "" if measure.unit == "%" else elided(measure.unit, 30)
    if measure.key == "mae_in_spreads":
        return f"in standard deviations, averaged over {len(facts.problem.targets)} targets"
    if len(facts.problem.targets) > 1:
        return f"averaged over {len(facts.problem.targets)} targets"
    unit = facts.problem.unit or (facts.card.unit if facts.card else "")
    return elided(unit, 30) or f"in the unit of {named(facts.problem.target)}"


def target_of(facts: Facts) -> str:
    """What is predicted, in a sentence: "`price`", "`low` and `high`", "the 6 labels"."""
    problem = facts.problem
    if len(problem.targets) <= 1:
        return named(problem.target)
    if len(problem.targets) <= MOST_TARGETS:
        return listed([named(one) for one in problem.targets])
    return f"the {len(problem.targets)} {'labels' if problem.kind == 'several_labels' else 'numbers'}"


@dataclass(frozen=True)
class Phrases:
    """Says what a run's models score.

    Args:
        facts: What the run found.
        standing: Its network, best baseline and constant guess.
    """

    facts: Facts
    standing: Standing

    @property
    def is_error(self) -> bool:
        """Whether one says "off by"."""
        return self.facts.measure.key in OFF_BY

    def score(self, value: float) -> str:
        """A score, "2.31" or "87.3 %"."""
        return self.standing.form.value(value)

    def reaches(self, value: float, *, past: bool = False) -> str:
        """"is off by 2.31" or "scores 0.41"."""  # fmt: skip
        if self.is_error:
            return f"{'was' if past else 'is'} off by {self.score(value)}"
        return f"{'scored' if past else 'scores'} {self.score(value)}"

    def interval(self, found: Interval, *, first: bool = False) -> str:
        """"(2.05 to 2.57)"; at first mention with unit and level."""  # fmt: skip
        form = score_format(found, as_percent=self.facts.measure.as_percent)
        span = form.span(found.low, found.high)
        if not first:
            return f"({span})"
        unit = unit_of(self.facts)
        return f"({unit + '; ' if unit else ''}95 % interval {span})"

    def gain(self, found: Interval) -> str:
        """"0.27 (0.08 to 0.46)", in points for percents."""  # fmt: skip
        form = score_format(found, as_percent=self.facts.measure.as_percent)
        return f"{form.gain(found.value)} ({form.span(found.low, found.high)})"

    def difference(self, value: float) -> str:
        """The size of a difference between network and baseline."""
        return self.standing.difference_form.gain(value)

    def worse_to_better(self) -> str:
        """The interval of the difference in words: "0.12 worse to 0.28 better", "0.02 to 0.09 better"."""
        found = self.standing.against_baseline.interval
        low, high = self.difference(found.low), self.difference(found.high)
        if found.low == found.high == 0:
            return "none at all, the same score everywhere"
        if found.low >= 0:
            return f"{low} to {high} better"
        return f"{low} worse to {high} better" if found.high > 0 else f"{high} to {low} worse"

    def stated(self, value: float) -> str:
        """A difference that the user stated: his own digits, not ours."""
        shown = 100 * value if self.facts.measure.as_percent else value
        text = f"{shown:,.6g}"
        return f"{text} points" if self.facts.measure.as_percent else text

    def scores(self) -> str:
        """Network with interval, best baseline, no-skill value: the first sentence where the network leads."""
        network, baseline = self.standing.network.score, self.standing.baseline
        brackets = self.interval(network, first=True)
        if self.is_error:
            average = OFF_BY[self.facts.measure.key].format(self.score(network.value))
            return (
                f"Its predictions are off by {average} {brackets}, those of {baseline.words} by {self._of(baseline)}."
            )
        against = f"{self._short()} {self.score(network.value)} {brackets} against {self._of(baseline)}"
        return f"{against}; {self._guess_would_give()}."

    def both_scores(self) -> str:
        """Both scores with intervals and owners, for verdicts that put neither first; no full stop."""
        network, baseline = self.standing.network.score, self.standing.baseline
        own = f"{self.score(network.value)} {self.interval(network, first=True)}"
        other = f"{self.score(baseline.score.value)} {self.interval(baseline.score)}"
        if self.is_error:
            return f"The network is off by {own}, {baseline.words} by {other}"
        return f"{self._short()}: the network {own}, {baseline.words} {other}"

    def ahead(self) -> str:
        """Who is ahead and by how much, with what else it could be; no full stop."""
        found = self.standing.against_baseline.interval
        by = self.difference(found.value)
        place = f"{by} {'ahead' if found.value >= 0 else 'behind'}"
        if not any(digit in "123456789" for digit in by):
            place = "level"
        return f"The network is {place}, and could be anything from {self.worse_to_better()}"

    def better_by(self) -> str:
        """The paired difference and how many pairs it held in."""
        gained = self.gain(self.standing.against_baseline.interval)
        return f"That is better by {gained}, in {self.standing.won}."

    def guess(self) -> str:
        """What the guess scores, where the first sentence did not say it."""
        if not self.is_error:
            return ""
        return f"{opening(self.standing.guess.words)} would be off by {self._of(self.standing.guess)}."

    def against_guess(self) -> str:
        """Whether both models clearly beat the guess."""
        guess = f"{self.standing.guess.words} ({self._of(self.standing.guess)})"
        clear = [self.standing.network_gain.interval.low > 0, self.standing.baseline_gain.interval.low > 0]
        if all(clear):
            return f"Both clearly beat {guess}."
        if not any(clear):
            return ""
        only = self.standing.network.words if clear[0] else self.standing.baseline.words
        return f"Only {only} clearly {'beat' if is_plural(only) else 'beats'} {guess}."

    def seed_noise(self) -> str:
        """What another seed does to one network."""
        spread = self.standing.network.seed_spread
        if not spread > 0:
            return ""
        return f"Another seed alone moves one network by {self.difference(spread)}."

    def sealed(self, who: str = "the network") -> str:
        """The one look at the sealed rows against what the folds had predicted."""
        found = self.facts.sealed
        if found is None:
            return ""
        rows = f"On {counted(found.num_rows, 'sealed row')}, looked at {self._times()}, {who}"
        return f"{rows} {self.reaches(found.score, past=True)}; the folds had predicted {self.expected(found)}."

    def expected(self, found: SealedResult) -> str:
        """The range that the folds predict, "1.9 to 2.8"."""
        form = score_format(found.expected, as_percent=self.facts.measure.as_percent)
        return form.span(found.expected.low, found.expected.high)

    def rows(self) -> str:
        """One sentence in rows instead of scores."""
        errors = self.facts.errors
        if isinstance(errors, NumberErrors):
            half, most = significant(errors.half_under), significant(errors.nine_in_ten_under)
            return f"Half of the errors are under {half}, nine in ten under {most}."
        if isinstance(errors, LabelErrors):
            return self._labels(errors)
        if isinstance(errors, SeveralErrors):
            return self._targets(errors)
        if not isinstance(errors, ClassErrors):
            return ""
        if errors.ranking is None or self.facts.measure.key == "accuracy":
            num_rows = sum(map(sum, errors.confusion))
            share = percent(errors.num_right / num_rows)
            return f"It names the right class for {errors.num_right:,} of {num_rows:,} rows ({share})."
        return self._ranking(errors.ranking)

    def takes(self, model: Model) -> str:
        """", which train in 2 s"."""  # fmt: skip
        if not model.seconds >= 0:
            return ""
        return f", which {'train' if is_plural(model.words) else 'trains'} in {duration(model.seconds)}"

    def _labels(self, errors: LabelErrors) -> str:
        """Rows of which everything is right, and the label that goes worst."""
        right = percent(errors.num_all_right / errors.num_rows)
        first = f"All labels are right in {errors.num_all_right:,} of {errors.num_rows:,} rows ({right})"
        ranked = [one for one in errors.labels if one.average_precision >= 0]
        if len(ranked) < 2:  # noqa: PLR2004 - worst and best need two
            return f"{first}."
        shares = {one.name: one.num_there / errors.num_rows for one in ranked}
        # How far of the way from a random order to a perfect one: a rare label starts lower.
        worst = min(ranked, key=lambda one: (one.average_precision - shares[one.name]) / (1 - shares[one.name]))
        share = shares[worst.name]
        return (
            f"{first}; hardest is {named(worst.name)}, average precision {worst.average_precision:.2f} where a random "
            f"order has {share:.2f}."
        )

    def _targets(self, errors: SeveralErrors) -> str:
        """The mean error of each target in its own unit, at most four of them."""
        shown = [f"{named(one.name)} {significant(one.mean_error)}" for one in errors.targets[:4]]
        more = f", and {len(errors.targets) - 4} more" if len(errors.targets) > 4 else ""  # noqa: PLR2004
        return f"Mean absolute error of each: {', '.join(shown)}{more}."

    def _ranking(self, top: Ranking) -> str:
        positive, rival = named(self.facts.problem.positive), self.standing.baseline
        verb = "is" if top.num_found == 1 else "are"
        first = f"Among the {counted(top.num_rows, 'row')} it ranks highest, {top.num_found} {verb} {positive}"
        return f"{first}; by {rival.words} {top.num_rival}." if top.num_rival is not None else f"{first}."

    def _of(self, model: Model) -> str:
        return self.score(model.score.value)

    def _short(self) -> str:
        name = self.facts.measure.name
        return name if name[:2].isupper() else opening(name)

    def _guess_would_give(self) -> str:
        measure = self.facts.measure
        if not math.isnan(measure.no_skill):
            return f"{measure.no_skill_words} would give {self.score(measure.no_skill)}"
        return f"{self.standing.guess.words} would give {self._of(self.standing.guess)}"

    def _times(self) -> str:
        looks = self.facts.protocol.sealed_looks if self.facts.protocol else 1
        return "once" if looks <= 1 else f"{looks} times"
