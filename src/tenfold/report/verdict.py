"""The verdict: which of ten rules holds, said as a headline, sentences, a next step and what stands behind it.

The first rule that holds decides, in the order of `VerdictCode`. Nothing is called equal without a stated smallest
difference that matters, and no difference is called one while its interval holds 0.

    facts = Facts(...)
    decide(facts).headline      # "The network predicts `price` better than gradient-boosted trees."
    may_open_sealed_rows(facts) # asked before the one look
"""

from collections.abc import Iterator
from dataclasses import replace

from tenfold.report.facts import Facts, Verdict, VerdictCode
from tenfold.report.next_step import next_step
from tenfold.report.sentences import headline_of, sentences_of
from tenfold.report.standing import FEWEST_IN_A_CLASS, FEWEST_ROWS, Standing, num_scored_rows, standing_of
from tenfold.report.words import counted

__all__ = ["decide", "may_open_sealed_rows", "verdict_code", "with_verdict"]

WORTH_HAVING_SHARE = 0.02
WORTH_HAVING_SCORE = 0.02
"""A gain worth having over the constant guess where nobody stated one: 2 % of its error, or 0.02 of a score where more
is better (AUC, accuracy). From the plan; arbitrary."""


def decide(facts: Facts) -> Verdict:
    """The verdict of these facts.

    Args:
        facts: What the run found; its own `verdict` field is not read.

    Returns:
        Code, headline, sentences, next step, trust line, and the numbers behind them.
    """
    code, standing = verdict_code(facts), standing_of(facts)
    verdict = Verdict(
        code=code,
        headline=headline_of(code, facts, standing),
        sentences=sentences_of(code, facts, standing),
        next=next_step(code, facts, standing),
        trust=" · ".join(_trust(facts)),
    )
    if standing is None:
        return verdict
    return replace(
        verdict,
        score=standing.network.score,
        baseline=standing.baseline.name,
        difference=standing.against_baseline.interval,
        pairs_won=standing.against_baseline.pairs_won,
        num_pairs=standing.against_baseline.num_pairs,
    )


def with_verdict(facts: Facts) -> Facts:
    """The same facts with their verdict filled in."""
    return replace(facts, verdict=decide(facts))


def may_open_sealed_rows(facts: Facts) -> bool:
    """Whether this run deserves its look: not with `unfinished`, `leak` or `too_little`.

    Args:
        facts: All that was found on the working rows, `sealed` still None.
    """
    return verdict_code(replace(facts, sealed=None)) not in {"unfinished", "leak", "too_little"}


def verdict_code(facts: Facts) -> VerdictCode:
    """The first rule that holds."""
    standing = standing_of(facts)
    if not facts.run.finished or standing is None:
        return "unfinished"
    if facts.leak is not None:
        return "leak"
    return _code_against_guess(facts, standing) or _code_against_baseline(facts, standing)


def _code_against_guess(facts: Facts, standing: Standing) -> VerdictCode | None:
    gain = standing.gain.interval
    if not gain.low > 0:  # also where there is no interval
        return "nothing" if gain.high < _gain_worth_having(facts, standing) else "too_little"
    if _has_too_few_rows(facts):
        return "too_little"
    sealed = facts.sealed
    if sealed is not None and not sealed.expected.low <= sealed.score <= sealed.expected.high:
        return "disagrees"
    return None


def _code_against_baseline(facts: Facts, standing: Standing) -> VerdictCode:
    found, matters = standing.against_baseline.interval, facts.measure.matters
    if found.high < 0:
        return "worse"
    if matters is not None and -matters < found.low and found.high < matters:
        return "same"
    if not found.low > 0:
        return "unclear"
    small = matters if matters is not None else standing.network.seed_spread
    return "beats_little" if found.value < small else "beats"


def _gain_worth_having(facts: Facts, standing: Standing) -> float:
    if facts.measure.matters is not None:
        return facts.measure.matters
    if facts.measure.better == "higher":
        return WORTH_HAVING_SCORE
    return WORTH_HAVING_SHARE * abs(standing.guess.score.value)


def _has_too_few_rows(facts: Facts) -> bool:
    counts = facts.problem.class_counts
    # One rare label among several leaves the others' scores as they are.
    rarest = max(counts, default=0) if facts.problem.kind == "several_labels" else min(counts, default=0)
    return num_scored_rows(facts) < FEWEST_ROWS or (bool(counts) and rarest < FEWEST_IN_A_CLASS)


def _trust(facts: Facts) -> Iterator[str]:
    """The parts of the line under every verdict."""
    protocol, work = facts.protocol, facts.work
    if protocol:
        yield f"{counted(protocol.num_working, 'row')} worked on, {protocol.num_sealed:,} sealed"
    if work:
        settings = f", {counted(work.num_settings, 'setting')} tried" if work.num_settings else ""
        yield f"{counted(work.num_networks, 'network')} trained{settings}"
    if protocol:
        yield f"these sealed rows: {_looks(protocol.sealed_looks, protocol.sealed_runs)}"
        yield protocol.drawn


def _looks(num_looks: int, num_runs: int) -> str:
    if num_looks == 0:
        return "not looked at"
    looks = counted(num_looks, "look")
    if num_looks == 1:
        return looks
    by = f" by {counted(num_runs, 'run')}" if num_runs > 1 else ""
    return f"{looks}{by}: each further look flatters the number"
