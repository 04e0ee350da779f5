"""How the models of a run stand to each other: what the verdict's rules and sentences look at.

Letters as in the plan: `d` with interval `I` is network against best baseline, `g` with interval `J` the better of the
two against the constant guess; both positive where the first is better.
"""

from dataclasses import dataclass, replace

from tenfold.report.comparison import best_baseline, difference_between, guess_among, network_among
from tenfold.report.evidence import Difference, Model
from tenfold.report.facts import Facts
from tenfold.report.numbers import ScoreFormat, score_format
from tenfold.report.words import counted

__all__ = ["FEWEST_IN_A_CLASS", "FEWEST_ROWS", "STRETCH", "STRETCHES", "Standing", "num_scored_rows", "standing_of"]

STRETCH, STRETCHES = "stretch of time", "stretches of time"

FEWEST_ROWS = 30
FEWEST_IN_A_CLASS = 10
"""Fewer scored rows, or fewer of a class, are not ranked. From the plan; arbitrary."""


@dataclass(frozen=True)
class Standing:
    """The three models that matter and their differences.

    Args:
        network: The network.
        baseline: The best baseline.
        guess: The constant guess.
        against_baseline: `d` and `I`.
        gain: `g` and `J`.
        network_gain: The network against the guess.
        baseline_gain: The best baseline against the guess.
        form: How scores are printed.
        interval_form: How their intervals are.
        difference_form: How differences of network and baseline are.
        pair: What two models are compared on: the same fold, fold and seed, part of a hold-out, or stretch of time.
    """

    network: Model
    baseline: Model
    guess: Model
    against_baseline: Difference
    gain: Difference
    network_gain: Difference
    baseline_gain: Difference
    form: ScoreFormat
    interval_form: ScoreFormat
    difference_form: ScoreFormat
    pair: str

    @property
    def won(self) -> str:
        """"14 of 15 fold-and-seed pairs" in which the network was better than the best baseline."""  # fmt: skip
        return f"{self.against_baseline.pairs_won} of {self.pairs(self.against_baseline.num_pairs)}"

    def pairs(self, amount: int) -> str:
        """So many of what two models are compared on."""
        return counted(amount, self.pair, STRETCHES if self.pair == STRETCH else "")


def standing_of(facts: Facts) -> Standing | None:
    """The standing, or None where network, guess or a comparison is missing (a stopped run)."""
    better, differences = facts.measure.better, facts.differences
    network, guess = network_among(facts.models), guess_among(facts.models)
    baseline = best_baseline(facts.models, better)
    against_baseline = difference_between(differences, network, baseline)
    network_gain = difference_between(differences, network, guess)
    baseline_gain = network_gain if baseline is guess else difference_between(differences, baseline, guess)
    if not (network and baseline and guess and against_baseline and network_gain and baseline_gain):
        return None
    network_leads = against_baseline.interval.value >= 0
    interval_form = score_format(network.score, as_percent=facts.measure.as_percent)
    difference_form = score_format(against_baseline.interval, as_percent=facts.measure.as_percent)
    return Standing(
        network=network,
        baseline=baseline,
        guess=guess,
        against_baseline=against_baseline,
        gain=network_gain if network_leads else baseline_gain,
        network_gain=network_gain,
        baseline_gain=baseline_gain,
        form=_form_of_scores(interval_form, difference_form),
        interval_form=interval_form,
        difference_form=difference_form,
        pair=_pair(facts, network),
    )


def _form_of_scores(of_interval: ScoreFormat, of_difference: ScoreFormat) -> ScoreFormat:
    """Scores show one decimal more than their interval where only that lets a reader see the paired difference."""
    decimals = min(max(of_interval.decimals, of_difference.decimals), of_interval.decimals + 1)
    return replace(of_interval, decimals=decimals)


def _pair(facts: Facts, network: Model) -> str:
    if facts.protocol is not None and facts.protocol.kind == "hold_out":
        return "part"
    has_seeds = any(member.seed for member in network.scores)
    if facts.forecast is not None and facts.measure.better == "lower":
        return "stretch-and-seed pair" if has_seeds else STRETCH
    return "fold-and-seed pair" if has_seeds else "fold"


def num_scored_rows(facts: Facts) -> int:
    """Rows that were worked on: all but the sealed ones."""
    return facts.protocol.num_working if facts.protocol else facts.run.source.num_rows
