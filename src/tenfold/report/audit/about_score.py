"""What a run can say of its result: score, uncertainty, comparison, how far it reaches."""

import math

from tenfold.report.facts import Facts
from tenfold.report.numbers import score_format
from tenfold.report.phrases import Phrases
from tenfold.report.standing import standing_of
from tenfold.report.verdict import decide
from tenfold.report.words import counted

__all__ = [
    "about_comparison",
    "about_drift",
    "about_limits",
    "about_measure",
    "about_score",
    "about_size",
    "about_uncertainty",
    "about_verdict",
    "about_why_learning",
]


def about_size(facts: Facts) -> str:
    """Rows, and rows with each outcome."""
    protocol = facts.protocol
    if protocol is None:
        return ""
    rows = f"{counted(protocol.num_working, 'row')} were worked on, {protocol.num_sealed:,} sealed."
    standing = standing_of(facts)
    if standing is None:
        return rows
    half = (standing.network.score.high - standing.network.score.low) / 2
    if not math.isfinite(half):
        return rows
    form = score_format(standing.network.score, as_percent=facts.measure.as_percent)
    width = f"{form.gain(half)} ({facts.measure.short}) to either side"
    return f"{rows} They fix the network's score to {width}. No size was calculated beforehand."


def about_why_learning(facts: Facts) -> str:
    """Whether anything was gained over simple models."""
    standing = standing_of(facts)
    return decide(facts).headline if standing and facts.run.finished else ""


def about_measure(facts: Facts) -> str:
    """The measure and why."""
    others = " ".join(facts.measure.alternatives[:2])
    return f"{facts.measure.decision} {facts.measure.because} {others}".strip()


def about_uncertainty(facts: Facts) -> str:
    """How intervals are made."""
    if not facts.models:
        return ""
    return (
        "95 % intervals from Student's t over outer folds, seeds averaged, with the correction of Nadeau and Bengio "
        "(2003) for folds that share training rows, its second term taken 4/3 times; differences are taken within the "
        "same fold and seed first."
    )


def about_comparison(facts: Facts) -> str:
    """The comparison that the headline stands on, and its assumptions."""
    standing = standing_of(facts)
    if standing is None:
        return ""
    say = Phrases(facts, standing)
    found = standing.against_baseline.interval
    return (
        f"Paired, the network ahead in {standing.won}: against {standing.baseline.words} {say.worse_to_better()} "
        f"(mean {say.difference(found.value)}). It assumes differences between folds that are near normal."
    )


def about_score(facts: Facts) -> str:
    """The score with its interval, the rival's, the sealed one."""
    standing = standing_of(facts)
    if standing is None:
        return ""
    say = Phrases(facts, standing)
    return " ".join(part for part in (f"{say.both_scores()}.", say.sealed(), say.rows()) if part)


def about_verdict(facts: Facts) -> str:
    """The headline and its sentences."""
    verdict = facts.verdict or decide(facts)
    return " ".join((verdict.headline, *verdict.sentences))


def about_drift(facts: Facts) -> str:
    """Sealed rows against the others, as far as the score tells."""
    found = facts.sealed
    standing = standing_of(facts)
    if found is None or standing is None:
        return "The sealed rows were not opened, so nothing is known of a difference." if facts.protocol else ""
    say = Phrases(facts, standing)
    inside = found.expected.low <= found.score <= found.expected.high
    words = "inside" if inside else "outside"
    reached = say.reaches(found.score, past=True)
    return f"On the sealed rows the network {reached}, {words} the {say.expected(found)} that the folds led to expect."


def about_limits(facts: Facts) -> str:
    """What the evidence does not carry: findings and the kind of protocol."""
    parts = []
    found = [one.sentence for one in facts.findings if one.outcome == "finding"]
    parts += found[:3]
    if facts.protocol is not None and facts.protocol.kind not in {"time", "groups"}:
        parts.append("Rows were drawn at random: later rows, other places, other people were not tested.")
    parts.append("All rows come from one table.")
    return " ".join(parts)
